/**
 * The channel, proven as a bounded queue: what is asked and answered is marked, and compared with `channel_prove_queue`,
 * one operation at a time. Senders send `turns` messages each. Receivers receive as many as each is told, or until it is
 * closed and empty: then the sender that is the last to end, or to be repaired, closes it.
 *
 *     SCENE | channel | senders | turns | receipts | ended: a bit for each sender | asynchronously | asleep: 2 words each |
 *
 * A message is a word that says which: | units of 16 bytes | turn: 8 | sender + 1: 8 |; written twice, at both ends of its payload.
 * The ring has room for 2 units, and begins where both its end and the end of all positions are near.
 */
import { read, write } from "../../atomics";
import { Failure, fail, mark, processor } from "../../machine";
import {
  CLOSED,
  cancel,
  capacityOf,
  close,
  codecOf,
  commit,
  create,
  endOf,
  finish,
  HOLDS_TOO_MANY,
  isClosed,
  putBack,
  reserve,
  take,
  usedOf,
} from "../channel";
import { ASYNCHRONOUS, FRESH, NOW, SLEPT } from "../lock-word";
import { sleep, sleepAddress, sleepValue, WAIT, waitAt } from "../sleep";
import { enterAs } from "../space";
import { begin, expectNothingHeld, holdTooMuch, letAllGo, prepareWorkers, prove_death, SCENE } from "./worker";

const channel: usize = SCENE;
const senders: usize = SCENE + 4;
const turns: usize = SCENE + 8;
/** Of each receiver; 0: until it is closed. */
const receipts: usize = SCENE + 12;
const ended: usize = SCENE + 16;
/** Whether receivers wait without blocking. */
const asynchronously: usize = SCENE + 20;
/** Of each processor: where it sleeps when it begins, and while which value is there; 0: it does not. */
const asleep: usize = SCENE + 24;

const CAPACITY: u32 = 32;
const CODEC: u32 = 7;
const UNIT: u32 = 16;
/** Of a message, before its payload. */
const HEADER: u32 = 8;

enum Operation {
  send = 0,
  receive = 1,
}

const INVOKED: u32 = 0x10000;
const ANSWERED: u32 = 0xffff;

/**
 * Processors 0 to `sending` - 1 send, the others receive; `sleepers`: so many of these have looked already, and sleep, which
 * makes fewer states.
 */
export function channel_prove_init(
  sending: u32,
  turnsEach: u32,
  receiptsEach: u32,
  withoutBlocking: bool,
  sleepers: u32,
): void {
  prepareWorkers();
  const C = create(CAPACITY, CODEC);
  write(channel, <u32>C);
  write(senders, sending);
  write(turns, turnsEach);
  write(receipts, receiptsEach);
  write(asynchronously, withoutBlocking ? 1 : 0);
  for (let p = sending; p < sending + sleepers; p++) {
    enterAs(p + 1);
    take(C, withoutBlocking ? ASYNCHRONOUS : FRESH);
    write(asleep + p * 8, sleepAddress);
    write(asleep + p * 8 + 4, sleepValue);
  }
}

export function channel_prove_send(): void {
  begin();
  const C = read(channel);
  for (let turn: u32 = 0, all = read(turns); turn < all; turn++) {
    const units = 1 + ((processor() + turn) & 1);
    const message = (units << 16) | (turn << 8) | (processor() + 1);
    mark(INVOKED + Operation.send, message);
    let payload = reserve(C, units * UNIT - HEADER, FRESH);
    while (payload == WAIT) {
      sleep(-1);
      payload = reserve(C, units * UNIT - HEADER, SLEPT);
    }
    if (payload != CLOSED) {
      store<u32>(payload, message);
      store<u32>(payload + units * UNIT - HEADER - 4, message);
      commit(C);
    }
    mark(ANSWERED, payload == CLOSED ? 0 : 1);
  }
  if (read(receipts) == 0) end(processor());
}

function end(sender: u32): void {
  atomic.or<u32>(ended, 1 << sender);
  if (haveAllEnded()) close(read(channel));
}

function haveAllEnded(): bool {
  return read(ended) == ((<u32>1) << read(senders)) - 1;
}

export function channel_prove_receive(): void {
  begin();
  const C = read(channel);
  const most = read(receipts);
  for (let received: u32 = 0; most == 0 || received < most; received++) {
    mark(INVOKED + Operation.receive, 0);
    const payload = receive(C);
    if (payload == CLOSED) {
      if (!haveAllEnded()) fail(Failure.Lost);
      mark(ANSWERED, 0);
      return;
    }
    const message = load<u32>(payload);
    const bytes = load<u32>(payload - HEADER);
    if (bytes != (message >> 16) * UNIT - HEADER || load<u32>(payload + bytes - 4) != message) fail(Failure.Lost);
    finish(C);
    mark(ANSWERED, message);
  }
}

function receive(C: usize): usize {
  const fresh = read(asynchronously) != 0 ? ASYNCHRONOUS : FRESH;
  const slept = read(asynchronously) != 0 ? ASYNCHRONOUS : SLEPT;
  const place = read(asleep + processor() * 8);
  write(asleep + processor() * 8, 0);
  let payload: usize = place != 0 ? waitAt(place, read(asleep + processor() * 8 + 4)) : take(C, fresh);
  while (payload == WAIT) {
    sleep(-1);
    payload = take(C, slept);
  }
  return payload;
}

/** One who sleeps for a while, takes a message, which is for another, and leaves it where it is. */
export function channel_prove_put_back(): void {
  begin();
  const C = read(channel);
  waitAt(read(asleep + processor() * 8), read(asleep + processor() * 8 + 4));
  if (!sleep(1)) return;
  const payload = take(C, SLEPT);
  if (payload != WAIT && payload != CLOSED) putBack(C);
}

/** One operation after the other: tries succeed where there is room, or a message, and else say WAIT, or CLOSED. */
export function channel_prove_alone(): void {
  begin();
  const C = read(channel);
  if (capacityOf(C) != CAPACITY || codecOf(C) != CODEC || endOf(C) <= C + CAPACITY) fail(Failure.Lost);
  if (isClosed(C) || take(C, NOW) != WAIT) fail(Failure.Lost);
  holdTooMuch();
  if (reserve(C, 1, NOW) != HOLDS_TOO_MANY || take(C, NOW) != HOLDS_TOO_MANY || close(C) != HOLDS_TOO_MANY)
    fail(Failure.Lost);
  letAllGo();
  // The second fills the ring, where the sender remembers what was there before.
  for (let unitsOfOne: u32 = 1; unitsOfOne <= 2; unitsOfOne++) {
    const payload = reserve(C, unitsOfOne * UNIT - HEADER, NOW);
    if (payload == WAIT || payload == CLOSED) fail(Failure.Lost);
    store<u32>(payload, unitsOfOne);
    commit(C);
    if (usedOf(C) != unitsOfOne * UNIT) fail(Failure.Lost);
    if (unitsOfOne == 2 && reserve(C, 1, NOW) != WAIT) fail(Failure.Lost);
    const there = take(C, NOW);
    if (there == WAIT || load<u32>(there) != unitsOfOne || load<u32>(there - HEADER) != unitsOfOne * UNIT - HEADER)
      fail(Failure.Lost);
    putBack(C);
    if (take(C, NOW) != there) fail(Failure.Lost);
    finish(C);
    if (usedOf(C) != 0) fail(Failure.Lost);
  }
  if (close(C) != 1 || close(C) != 0 || !isClosed(C)) fail(Failure.Lost);
  if (reserve(C, 1, NOW) != CLOSED || take(C, NOW) != CLOSED) fail(Failure.Lost);
}

/** One who would send, and thinks better of it. */
export function channel_prove_cancel(): void {
  begin();
  const C = read(channel);
  const payload = reserve(C, UNIT - HEADER, FRESH);
  if (payload == CLOSED || payload == WAIT) fail(Failure.Lost);
  store<u32>(payload, 0xdead);
  cancel(C);
  end(processor());
}

export function channel_prove_death(dead: u32): void {
  prove_death(dead);
  enterAs(dead + 1);
  if (dead < read(senders) && read(receipts) == 0) end(dead);
}

/** The same; then who repairs receives what is left. */
export function channel_prove_heir(dead: u32): void {
  channel_prove_death(dead);
  const C = read(channel);
  while (true) {
    const payload = take(C, FRESH);
    if (payload == CLOSED) return;
    if (payload == WAIT) sleep(-1);
    else finish(C);
  }
}

/** Nothing that was sent is left behind. */
export function channel_prove_end(): void {
  expectNothingHeld();
  if (usedOf(read(channel)) != 0) fail(Failure.Lost);
}

/** In a memory of its own: units, messages, then each of them. */
const units: usize = SCENE + 256;
const count: usize = SCENE + 260;
const queue: usize = SCENE + 264;

/** A receiver is told 0 when it is empty; that it is closed, too, is no part of this. */
export function channel_prove_queue(operation: u32, argument: u32): u32 {
  const messages = load<u32>(count);
  if (operation == Operation.send) {
    const after = load<u32>(units) + (argument >> 16);
    if (after * UNIT > CAPACITY) fail(Failure.Lost);
    store<u32>(units, after);
    store<u32>(queue + messages * 4, argument);
    store<u32>(count, messages + 1);
    return 1;
  }
  if (messages == 0) return 0;
  const first = load<u32>(queue);
  memory.copy(queue, queue + 4, (messages - 1) * 4);
  store<u32>(queue + (messages - 1) * 4, 0);
  store<u32>(count, messages - 1);
  store<u32>(units, load<u32>(units) - (first >> 16));
  return first;
}
