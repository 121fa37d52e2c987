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
import { Failure, fail, invoke, processor, result } from "../../machine";
import { blockBytes } from "../allocator";
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
  repair,
  reserve,
  take,
  usedOf,
} from "../channel";
import { announce } from "../eventcount";
import { heldCount } from "../holdings";
import { ASYNCHRONOUS, FRESH, NOW, ownerOf, SLEPT } from "../lock-word";
import { Kind, kindOf } from "../objects";
import { sleep, sleepAddress, sleepValue, WAIT, waitAt } from "../sleep";
import { enterAs, identity, me, my, pending } from "../space";
import {
  begin,
  expect,
  expectNothingHeld,
  fillSpace,
  holdTooMuch,
  letAllGo,
  prepareWorkers,
  prove_death,
  SCENE,
} from "./worker";

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
    invoke(Operation.send, message);
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
    result(payload == CLOSED ? 0 : 1);
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
    invoke(Operation.receive, 0);
    const payload = receive(C);
    if (payload == CLOSED) {
      if (!haveAllEnded()) fail(Failure.Lost);
      result(0);
      return;
    }
    const message = load<u32>(payload);
    const bytes = load<u32>(payload - HEADER);
    if (bytes != (message >> 16) * UNIT - HEADER || load<u32>(payload + bytes - 4) != message) fail(Failure.Lost);
    finish(C);
    result(message);
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

// Words of the channel, as its head draws them.
const sending: u32 = 128;
const reserved: u32 = 144;
const seenHead: u32 = 148;
const tail: u32 = 256;
const receiving: u32 = 384;
const taken: u32 = 400;
const seenTail: u32 = 404;
const head: u32 = 512;
const notEmpty: u32 = 640;
const notFull: u32 = 648;
const ring: u32 = 768;
/** Of an eventcount: the other word, that somebody may sleep, or wait without blocking, and one wake more. */
const asynchronous: u32 = 4;
const SLEEPERS: u32 = 1;
const AWAITED: u32 = 2;
const ONE: u32 = 4;
/** Where the first message begins: in the middle of the ring. */
const BEGIN: u32 = -(CAPACITY / 2);

/** Where the messages are that are there, and where senders and receivers have seen the other end. */
function expectPositions(C: usize, from: u32, to: u32, from_seen: u32, to_seen: u32): void {
  expect(read(C + head) == from && read(C + tail) == to);
  expect(read(C + seenHead) == from_seen && read(C + seenTail) == to_seen);
  expect(usedOf(C) == to - from);
}

/** Who is in which guarded section, the slot or 0; and that it lists the channel if it is in one. */
function expectInside(C: usize, sender: u32, receiver: u32): void {
  expect(ownerOf(read(C + sending)) == sender && ownerOf(read(C + receiving)) == receiver);
  const guard: usize = sender == me ? C + sending : receiver == me ? C + receiving : 0;
  expect(load<u32>(my + pending) == (guard == 0 ? 0 : guard | 1) && heldCount(my) == (guard == 0 ? 0 : 1));
}

/** Sends a message of some bytes, which is to lie at a position, and to take as many bytes as `size`. */
function expectSent(C: usize, position: u32, bytes: u32, size: u32): void {
  const payload = reserve(C, bytes, NOW);
  expect(payload == C + ring + (position & (CAPACITY - 1)) + HEADER && load<u32>(payload - HEADER) == bytes);
  expect(read(C + reserved) == position + size && read(C + tail) == position);
  expectInside(C, me, 0);
  store<u32>(payload, bytes * 3);
  commit(C);
  expect(read(C + tail) == position + size);
  expectInside(C, 0, 0);
}

/** Looks at it, puts it back, and receives it. */
function expectReceived(C: usize, position: u32, bytes: u32, size: u32): void {
  for (let puts = 1; puts >= 0; puts--) {
    const payload = take(C, NOW);
    expect(payload == C + ring + (position & (CAPACITY - 1)) + HEADER);
    expect(load<u32>(payload) == bytes * 3 && load<u32>(payload - HEADER) == bytes);
    expect(read(C + taken) == position + size && read(C + head) == position);
    expectInside(C, 0, me);
    if (puts != 0) putBack(C);
    else finish(C);
    expect(read(C + head) == (puts != 0 ? position : position + size));
    expectInside(C, 0, 0);
  }
}

/** One operation after the other: words, and what tries answer. */
export function channel_prove_alone(): void {
  begin();
  const C = read(channel);
  expect(!isClosed(C));
  expectPositions(C, BEGIN, BEGIN, BEGIN, BEGIN);
  expectInside(C, 0, 0);
  holdTooMuch();
  expect(reserve(C, 1, NOW) == HOLDS_TOO_MANY && take(C, NOW) == HOLDS_TOO_MANY && close(C) == HOLDS_TOO_MANY);
  letAllGo();
  expect(take(C, NOW) == WAIT && !isClosed(C));
  expectInside(C, 0, 0);

  // A quarter of the ring after the other, over its end, and that of all positions; then all of it.
  let at = BEGIN;
  for (let turn: u32 = 0; turn < 2; turn++) {
    expectSent(C, at, 1 + 7 * turn, 16);
    expectPositions(C, at, at + 16, BEGIN, at);
    expect(reserve(C, 9, NOW) == WAIT);
    expectPositions(C, at, at + 16, at, at);
    expectInside(C, 0, 0);
    store<u32>(C + seenHead, BEGIN);
    expectReceived(C, at, 1 + 7 * turn, 16);
    expectPositions(C, at + 16, at + 16, BEGIN, at + 16);
    at += 16;
  }
  expectSent(C, at, CAPACITY - HEADER, CAPACITY);
  expectPositions(C, at, at + CAPACITY, at, at);
  expect(reserve(C, 1, NOW) == WAIT);
  expectReceived(C, at, CAPACITY - HEADER, CAPACITY);
  at += CAPACITY;
  expectPositions(C, at, at, at - CAPACITY, at);

  // What is given back was never there.
  expect(reserve(C, 9, NOW) > CLOSED);
  cancel(C);
  expectInside(C, 0, 0);
  expectPositions(C, at, at, at, at);
  expect(take(C, NOW) == WAIT && read(C + notEmpty) == 0 && read(C + notFull) == 0);

  expectClosed(C, at);
}

/** What was sent is received after it was closed; nothing more is sent. */
function expectClosed(C: usize, at: u32): void {
  expectSent(C, at, 1, 16);
  expect(close(C) == 1 && isClosed(C) && close(C) == 0 && isClosed(C));
  expectInside(C, 0, 0);
  expect(reserve(C, 1, FRESH) == CLOSED);
  expectInside(C, 0, 0);
  expectReceived(C, at, 1, 16);
  expect(take(C, FRESH) == CLOSED && reserve(C, 1, NOW) == CLOSED);
  expectInside(C, 0, 0);
}

/** Who finds no message, or no room, and is going to wait, says so, and is told where; so does repair wake it. */
export function channel_prove_announce(): void {
  begin();
  const C = read(channel);
  for (let round: u32 = 0; round < 2; round++) {
    const isFull = round != 0;
    const E = C + (isFull ? notFull : notEmpty);
    if (isFull) expectSent(C, BEGIN, CAPACITY - HEADER, CAPACITY);
    const before = read(E);
    const after = read(E + asynchronous);
    for (let as: u32 = FRESH; as <= NOW; as++) {
      expect((isFull ? reserve(C, 1, as) : take(C, as)) == WAIT);
      expectInside(C, 0, 0);
      if (as == ASYNCHRONOUS) expect(sleepAddress == E + asynchronous && sleepValue == after);
      else if (as != NOW) expect(sleepAddress == E && sleepValue == read(E));
      else expect(read(E) == before);
      expect(as == NOW || (read(E) & (as == ASYNCHRONOUS ? AWAITED : SLEEPERS)) != 0);
      write(E, before);
    }
  }
  const empty = read(C + notEmpty);
  const full = read(C + notFull);
  const emptyToo = read(C + notEmpty + asynchronous);
  const fullToo = read(C + notFull + asynchronous);
  repair(C);
  expect(read(C + notEmpty) == empty + ONE && read(C + notEmpty + asynchronous) == emptyToo + 1);
  expect(read(C + notFull) == full + ONE && read(C + notFull + asynchronous) == fullToo + 1);
  expectReceived(C, BEGIN, CAPACITY - HEADER, CAPACITY);
}

/** What is made: its size, what it knows, and nothing where there is no room. */
export function channel_prove_create(): void {
  begin();
  const C = create(LARGE, CODEC);
  expect(kindOf(C) == Kind.Channel && blockBytes(C) == ring + 2 * LARGE);
  expect(capacityOf(C) == LARGE && codecOf(C) == CODEC && endOf(C) == C + ring + 2 * LARGE);
  expect(read(C + tail) == -(LARGE / 2) && read(C + head) == -(LARGE / 2) && read(C + tail) == read(C + seenHead));
  expect(read(C + seenTail) == read(C + head) && !isClosed(C) && usedOf(C) == 0);
  fillSpace();
  let made = C;
  for (let i = 0; i < MANY && made != 0; i++) made = create(LARGE, CODEC);
  expect(made == 0 && identity(0) == IDENTITY && load<u32>(tail) == 0 && load<u32>(head) == 0);
}

/** With it, channels fill whole cache lines. */
const LARGE: u32 = 128;
/** More than there are in a span. */
const MANY: i32 = 200;
/** That of the space, in the low half. */
const IDENTITY: u32 = 1;

/** With cores for all: they look for a while before they get in line. */
export function channel_prove_init_looking(): void {
  prepareWorkers(true);
  write(channel, <u32>create(CAPACITY, CODEC));
}

/** Who looks for room or for a message finds it, or does not wait for ever. */
export function channel_prove_look(): void {
  begin();
  const C = read(channel);
  expect(reserve(C, CAPACITY - HEADER, FRESH) > CLOSED);
  commit(C);
  expect(reserve(C, 1, FRESH) == WAIT && take(C, FRESH) > CLOSED);
  finish(C);
  expect(take(C, FRESH) == WAIT);
}

/** Each operation, one of which its worker dies in. */
export function channel_prove_steps(): void {
  begin();
  const C = read(channel);
  reserve(C, CAPACITY - HEADER, NOW);
  commit(C);
  reserve(C, 1, NOW);
  take(C, NOW);
  putBack(C);
  take(C, NOW);
  finish(C);
  take(C, NOW);
  reserve(C, 1, NOW);
  cancel(C);
  close(C);
  reserve(C, 1, NOW);
  take(C, NOW);
}

/** Whoever comes then can do all that there is to be done. */
export function channel_prove_steps_end(): void {
  expectNothingHeld();
  begin();
  const C = read(channel);
  const payload = reserve(C, 1, NOW);
  if (payload > CLOSED && payload != WAIT) commit(C);
  else expect(payload == (isClosed(C) ? CLOSED : WAIT));
  const there = usedOf(C);
  const message = take(C, NOW);
  expect(message == CLOSED ? isClosed(C) && there == 0 : there != 0);
  if (message != CLOSED) finish(C);
  close(C);
  expectInside(C, 0, 0);
}

/** What one does, for whom another waits. */
enum Act {
  Send = 0,
  Finish = 1,
  PutBack = 2,
  Close = 3,
  SendAndClose = 4,
}

/** `messages` are there, of `messageUnits` each. `eventcount`: where one sleeps from the beginning, or 0. */
export function channel_prove_init_act(what: Act, messages: u32, messageUnits: u32, eventcount: u32): void {
  channel_prove_init(0, what, 0, false, 0);
  const C = read(channel);
  for (let i: u32 = 0; i < messages; i++) {
    expect(reserve(C, messageUnits * UNIT - HEADER, NOW) > CLOSED);
    commit(C);
  }
  if (eventcount != 0) {
    announce(C + eventcount, FRESH);
    write(asleep, sleepAddress);
    write(asleep + 4, sleepValue);
  }
}

/** Once the channel is on its list, it says that it has begun. */
export function channel_prove_act(): void {
  begin();
  act(read(channel), read(turns));
}

function act(C: usize, what: Act): void {
  if (what == Act.Close) {
    close(C);
    return;
  }
  const sends = what == Act.Send || what == Act.SendAndClose;
  expect((sends ? reserve(C, UNIT - HEADER, NOW) : take(C, NOW)) > CLOSED);
  write(ended, 1);
  if (sends) commit(C);
  else if (what == Act.Finish) finish(C);
  else putBack(C);
  if (what == Act.SendAndClose) close(C);
}

/** Who dies before it has begun, has an heir that does it. */
export function channel_prove_act_death(dead: u32): void {
  prove_death(dead);
  enterAs(dead + 1);
  const C = read(channel);
  if (read(ended) == 0 && !isClosed(C)) act(C, read(turns));
}

/** Sleeps from the beginning, and has to be woken. */
export function channel_prove_sleep(): void {
  begin();
  waitAt(read(asleep), read(asleep + 4));
  sleep(-1);
}

/** Sends a message that fills the channel, unless that is closed. */
export function channel_prove_fill(): void {
  begin();
  const C = read(channel);
  let payload = reserve(C, CAPACITY - HEADER, FRESH);
  for (; payload == WAIT; payload = reserve(C, CAPACITY - HEADER, SLEPT)) sleep(-1);
  expect(isClosed(C) == (payload == CLOSED));
  if (payload != CLOSED) commit(C);
}

/** Receives a message, unless there is none and the channel is closed. */
export function channel_prove_take_one(): void {
  begin();
  const C = read(channel);
  let payload = take(C, FRESH);
  for (; payload == WAIT; payload = take(C, SLEPT)) sleep(-1);
  if (payload != CLOSED) finish(C);
  else expect(isClosed(C));
}

export function channel_prove_act_end(used: u32): void {
  expectNothingHeld();
  expect(usedOf(read(channel)) == used);
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
