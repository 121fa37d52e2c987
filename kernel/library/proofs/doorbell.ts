/**
 * Waiting for the first of two channels, proven: who selects receives all that others send, or sends all that others receive,
 * and nobody sleeps for ever. Each channel has room for one message.
 *
 *     SCENE | channels: 4 bytes each | others | turns | received: by channel |
 *
 * Processor 0 selects; processor c + 1 sends to channel c, or receives from it. Those beyond `others` do not exist, and
 * their channel is closed from the begin.
 */
import { read, write } from "../../atomics";
import { Failure, fail, processor } from "../../machine";
import { CLOSED, close, commit, create, finish, reserve, take, usedOf } from "../channel";
import { awaitRing, heard, ring } from "../doorbell";
import { ASYNCHRONOUS, FRESH, SLEPT } from "../lock-word";
import { sleep, sleepAddress, sleepValue, WAIT } from "../sleep";
import { DOORBELL } from "../space";
import { begin, prepareWorkers, prove_death, SCENE } from "./worker";

const channels: usize = SCENE;
const others: usize = SCENE + 8;
const turns: usize = SCENE + 12;
const received: usize = SCENE + 16;

const CAPACITY: u32 = 16;
const PAYLOAD: u32 = 8;
const CHANNELS: u32 = 2;

function channel(c: u32): usize {
  return read(channels + 4 * c);
}

export function doorbell_prove_init(others_: u32, turnsEach: u32): void {
  prepareWorkers();
  for (let c: u32 = 0; c < CHANNELS; c++) write(channels + 4 * c, <u32>create(CAPACITY, 0));
  write(others, others_);
  write(turns, turnsEach);
  for (let c = others_; c < CHANNELS; c++) close(channel(c));
}

/** Receives from whichever has something, until all are closed. */
export function doorbell_prove_receive_any(): void {
  begin();
  let over: u32 = 0;
  while (over != (1 << CHANNELS) - 1) {
    const sequence = heard();
    const before = over;
    let done = false;
    for (let c: u32 = 0; c < CHANNELS && !done; c++) {
      if (over & (1 << c)) continue;
      const payload = take(channel(c), ASYNCHRONOUS);
      if (payload == WAIT) continue;
      done = true;
      if (payload == CLOSED) over |= 1 << c;
      else receiveFrom(c, payload);
    }
    if (done || over != before) continue;
    awaitRing(sequence);
    sleep(-1);
  }
}

/** Sends to whichever has room, then closes all. */
export function doorbell_prove_send_any(): void {
  begin();
  for (let turn: u32 = 0, all = read(turns); turn < all; ) {
    const sequence = heard();
    let done = false;
    for (let c: u32 = 0; c < CHANNELS && !done; c++) {
      const payload = reserve(channel(c), PAYLOAD, ASYNCHRONOUS);
      if (payload == WAIT || payload == CLOSED) continue;
      store<u32>(payload, 1);
      commit(channel(c));
      done = true;
    }
    if (done) turn++;
    else {
      awaitRing(sequence);
      sleep(-1);
    }
  }
  for (let c: u32 = 0; c < CHANNELS; c++) close(channel(c));
}

export function doorbell_prove_send(): void {
  begin();
  const c = processor() - 1;
  const C = channel(c);
  for (let turn: u32 = 0, all = read(turns); turn < all; turn++) {
    let payload = reserve(C, PAYLOAD, FRESH);
    while (payload == WAIT) {
      sleep(-1);
      payload = reserve(C, PAYLOAD, SLEPT);
    }
    store<u32>(payload, turn + 1);
    commit(C);
  }
  close(C);
}

export function doorbell_prove_receive(): void {
  begin();
  const c = processor() - 1;
  for (;;) {
    let payload = take(channel(c), FRESH);
    while (payload == WAIT) {
      sleep(-1);
      payload = take(channel(c), SLEPT);
    }
    if (payload == CLOSED) return;
    load<u32>(payload);
    finish(channel(c));
    atomic.add<u32>(received + 4 * c, 1);
  }
}

/** One operation after the other: each ring is heard, and where to sleep is said. */
export function doorbell_prove_alone(): void {
  begin();
  for (let rings: u32 = 0; rings < 3; rings++) {
    const before = heard();
    if (before != rings || awaitRing(before) != WAIT) fail(Failure.Lost);
    if (sleepAddress != <u32>DOORBELL || sleepValue != before || read(sleepAddress) != sleepValue) fail(Failure.Lost);
    ring();
  }
}

/** Sleeps until it has been rung for the first time. */
export function doorbell_prove_sleep(): void {
  begin();
  while (heard() == 0) {
    awaitRing(0);
    sleep(-1);
  }
}

export function doorbell_prove_ring(): void {
  begin();
  ring();
}

function receiveFrom(c: u32, payload: usize): void {
  const count = read(received + 4 * c) + 1;
  if (load<u32>(payload) != count) fail(Failure.Lost);
  finish(channel(c));
  write(received + 4 * c, count);
}

/** Who selects lives; nobody sends to the channel of the dead any more. */
export function doorbell_prove_death(dead: u32): void {
  prove_death(dead);
  close(channel(dead - 1));
}

/** `dying`: a sender may have sent less. */
export function doorbell_prove_end(selectorSends: u32, dying: u32): void {
  let all: u32 = 0;
  for (let c: u32 = 0; c < CHANNELS; c++) {
    if (usedOf(channel(c)) != 0) fail(Failure.Lost);
    const count = read(received + 4 * c);
    all += count;
    if (!selectorSends && !dying && c < read(others) && count != read(turns)) fail(Failure.Lost);
  }
  if (selectorSends && all != read(turns)) fail(Failure.Lost);
}
