/**
 * Channel: a bounded queue of messages of bytes, for many senders and many receivers. A guard each lets one sender write
 * and one receiver read at a time, so that senders get into the way of senders only.
 *
 *     C          | identity | capacity | codec | closed |
 *     + 128      | sending: guard | reserved | seenHead |                       the senders' line
 *     + 256      | tail |
 *     + 384      | receiving: guard | taken | seenTail |                        the receivers' line
 *     + 512      | head |
 *     + 640      | notEmpty: eventcount | notFull: eventcount |
 *     + 768      | ring: capacity bytes | overflow: as many |
 *     message    | bytes | 0 | payload ... | padding to 8 |
 *
 * `head` and `tail` count bytes, modulo 2^32; the capacity is a power of two. A message lies at its position modulo the
 * capacity, whole: the last one before the end of the ring goes on into the overflow, and leaves free what it would cover at
 * the beginning.
 *
 * 1. Send: enter `sending`, write the message at `tail`; then one store of `tail` makes it part of the queue; leave, wake
 *    a receiver. The caller may write the payload itself, between `reserve` and `commit`.
 * 2. Receive: enter `receiving`, read the message at `head`; then one store of `head` takes it out; leave, wake all
 *    senders, who want room for messages of different sizes. Between `take` and `finish` the caller reads it.
 * 3. Who finds no message, or no room, leaves, announces itself, looks again, and sleeps. Nobody sleeps in a guarded
 *    section.
 *
 * Invariant: the bytes from `head` to `tail` are whole messages, and no two have a byte in common: each has those that are
 * its positions modulo the capacity, or the capacity on. `seenHead` and `seenTail` have been true, and so are never ahead.
 * Nobody stores `tail` after `closed`. Whoever is in an operation lists the channel among what it holds, so that if it
 * dies having stored and not yet woken, or having been woken for nothing, all look again.
 *
 * Source: two locks: Michael & Scott, PODC 1996; positions that are remembered: Lee, Bu & Chandranmenon, A lock-free,
 * cache-efficient shared ring buffer, ANCS 2009.
 */
import { read, write } from "../atomics";
import { work } from "../machine";
import { announce, repair as repairSleepers, wakeAll, wakeOne } from "./eventcount";
import { enter, GUARD_BYTES, leave } from "./guard";
import { canHold, drop, hold } from "./holdings";
import { FIRST_DELAY, FRESH, LAST_DELAY, NOW } from "./lock-word";
import { createObject, Kind } from "./objects";
import { WAIT } from "./sleep";
import { enoughCores } from "./space";

const capacity: u32 = 4;
const codec: u32 = 8;
const closed: u32 = 12;
const sending: u32 = 128;
const reserved: u32 = sending + GUARD_BYTES;
const seenHead: u32 = reserved + 4;
const tail: u32 = 256;
const receiving: u32 = 384;
const taken: u32 = receiving + GUARD_BYTES;
const seenTail: u32 = taken + 4;
const head: u32 = 512;
const notEmpty: u32 = 640;
const notFull: u32 = 648;
const ring: u32 = 768;

/** Bytes before a payload, which is aligned, as engines copy words then. */
const HEADER: u32 = 8;

/** Results beside addresses and WAIT. */
export const CLOSED: u32 = 1;
export const HOLDS_TOO_MANY: u32 = 4;

/** `bytes`: the capacity, a power of two of 16 at least. `codecOfAll`: what payloads are, of use to callers alone. */
export function create(bytes: u32, codecOfAll: u32): usize {
  const C = createObject(Kind.Channel, ring + 2 * bytes);
  if (C == 0) return 0;
  write(C + capacity, bytes);
  write(C + codec, codecOfAll);
  // So that positions pass both the end of the ring and 2^32 at once, and not after 4 GiB.
  const begin = -(bytes / 2);
  write(C + tail, begin);
  write(C + head, begin);
  write(C + seenHead, begin);
  write(C + seenTail, begin);
  return C;
}

export function capacityOf(C: usize): u32 {
  return load<u32>(C + capacity);
}

export function codecOf(C: usize): u32 {
  return load<u32>(C + codec);
}

export function isClosed(C: usize): bool {
  return read(C + closed) != 0;
}

/** The address behind its last byte. */
export function endOf(C: usize): usize {
  return C + ring + 2 * capacityOf(C);
}

/** Bytes of the messages in it, with their lengths and padding. */
export function usedOf(C: usize): u32 {
  const from = read(C + head);
  return min(read(C + tail) - from, capacityOf(C));
}

/**
 * Begins to send: the address for a payload, after which `commit` or `cancel` has to follow; or CLOSED, HOLDS_TOO_MANY, or
 * WAIT. `bytes`: at most the capacity - 8.
 */
export function reserve(C: usize, bytes: u32, as: u32): usize {
  if (!canHold()) return HOLDS_TOO_MANY;
  if (as == FRESH && enoughCores()) {
    for (let delay = FIRST_DELAY; delay <= LAST_DELAY && !maySend(C, bytes); delay *= 2) work(delay);
  }
  hold(C);
  for (;;) {
    enter(C, C + sending);
    const isOver = isClosed(C);
    const payload = isOver ? 0 : place(C, bytes);
    if (payload != 0) return payload;
    leave(C + sending);
    if (isOver) {
      drop(C);
      return CLOSED;
    }
    if (as != NOW) {
      announce(C + notFull, as);
      if (maySend(C, bytes)) continue;
    }
    drop(C);
    return WAIT;
  }
}

/** The address for a payload at `tail`, 0 if there is no room. */
function place(C: usize, bytes: u32): usize {
  const begin = load<u32>(C + tail);
  const end = begin + sizeOf(bytes);
  if (end - load<u32>(C + seenHead) > capacityOf(C)) {
    const now = read(C + head);
    store<u32>(C + seenHead, now);
    if (end - now > capacityOf(C)) return 0;
  }
  store<u32>(C + reserved, end);
  const message = at(C, begin);
  store<u32>(message, bytes);
  return message + HEADER;
}

/** Sends what was reserved. */
export function commit(C: usize): void {
  write(C + tail, load<u32>(C + reserved));
  leave(C + sending);
  wakeOne(C + notEmpty);
  drop(C);
}

/** Gives back what was reserved. */
export function cancel(C: usize): void {
  leave(C + sending);
  drop(C);
}

/**
 * Begins to receive: the address of a payload, whose bytes the second word before it says, after which `finish` or
 * `putBack` has to follow; or CLOSED if nothing will come any more, HOLDS_TOO_MANY, or WAIT.
 */
export function take(C: usize, as: u32): usize {
  if (!canHold()) return HOLDS_TOO_MANY;
  if (as == FRESH && enoughCores()) {
    for (let delay = FIRST_DELAY; delay <= LAST_DELAY && !mayReceive(C); delay *= 2) work(delay);
  }
  hold(C);
  for (;;) {
    enter(C, C + receiving);
    let payload = first(C);
    const isOver = payload == 0 && isClosed(C);
    // What was sent before it was closed may have come after the first look.
    if (isOver) payload = first(C);
    if (payload != 0) return payload;
    leave(C + receiving);
    if (isOver) {
      drop(C);
      return CLOSED;
    }
    if (as != NOW) {
      announce(C + notEmpty, as);
      if (mayReceive(C)) continue;
    }
    drop(C);
    return WAIT;
  }
}

/** The address of the payload at `head`, 0 if there is none. */
function first(C: usize): usize {
  const begin = load<u32>(C + head);
  if (begin == load<u32>(C + seenTail)) {
    const now = read(C + tail);
    store<u32>(C + seenTail, now);
    if (begin == now) return 0;
  }
  const message = at(C, begin);
  store<u32>(C + taken, begin + sizeOf(load<u32>(message)));
  return message + HEADER;
}

/** Takes out what was read. */
export function finish(C: usize): void {
  write(C + head, load<u32>(C + taken));
  leave(C + receiving);
  wakeAll(C + notFull);
  drop(C);
}

/** Leaves what was read where it is, for others: it may be this caller who was woken for it. */
export function putBack(C: usize): void {
  leave(C + receiving);
  wakeOne(C + notEmpty);
  drop(C);
}

/** Nothing can be sent any more, what is there can be received. 1: it was open, 0: it was not; or HOLDS_TOO_MANY. */
export function close(C: usize): u32 {
  if (!canHold()) return HOLDS_TOO_MANY;
  hold(C);
  enter(C, C + sending);
  const before = read(C + closed);
  write(C + closed, 1);
  leave(C + sending);
  wakeAll(C + notEmpty);
  wakeAll(C + notFull);
  drop(C);
  return 1 - before;
}

export function repair(C: usize): void {
  repairSleepers(C + notEmpty);
  repairSleepers(C + notFull);
}

function sizeOf(bytes: u32): u32 {
  return (bytes + HEADER + 7) & ~7;
}

function at(C: usize, position: u32): usize {
  return C + ring + (position & (capacityOf(C) - 1));
}

// Read `head` first: it is not ahead of `tail` then. Where that makes them look further apart than they are, `head` has
// changed since, and who changed it wakes.
function maySend(C: usize, bytes: u32): bool {
  const from = read(C + head);
  return read(C + tail) + sizeOf(bytes) - from <= capacityOf(C) || isClosed(C);
}

function mayReceive(C: usize): bool {
  const from = read(C + head);
  return read(C + tail) != from || isClosed(C);
}
