/**
 * Existence and free, proven where one operation follows the other. One processor acts for the workers of slots 1 to 3:
 * 1 frees, 2 waits inside or is inside, 3 has what 2 waits for.
 *
 *     SCENE | yes | no | name: 4 bytes |
 *
 * What the compiler could know is kept in memory, so that it is the library's code that is executed, not a shorter one.
 */
import { read, write } from "../../atomics";
import { Failure, fail } from "../../machine";
import { allocate, blockBytes, objectAround, release } from "../allocator";
import * as barrier from "../barrier";
import * as channel from "../channel";
import * as condition from "../condition";
import * as event from "../event";
import { enterObject, enterRemains, isDying, isObject, isPlace, leaveObject } from "../existence";
import { bury, freeObject } from "../free";
import * as histogram from "../histogram";
import * as latch from "../latch";
import { ACQUIRED, ASYNCHRONOUS, NOW } from "../lock-word";
import * as mutex from "../mutex";
import { bind, find } from "../names";
import { createObject, DYING, GENERATIONS, Kind, kindOf, RECLAIMED } from "../objects";
import * as once from "../once";
import * as rwLock from "../rw-lock";
import * as semaphore from "../semaphore";
import * as sharedBuffer from "../shared-buffer";
import { sleepAddress, sleepValue, WAIT } from "../sleep";
import { CACHE_LINE, DOORBELL, enterAs, firstSpan, inside, my, PAGE, recordOf } from "../space";
import { begin, expectEqual, prepareAlone, SCENE } from "./worker";

const yes: usize = SCENE;
const no: usize = SCENE + 4;
const name: usize = SCENE + 8;

const SLOTS: u32 = 4;
/** More bytes than a span has blocks of. */
const LARGE: u32 = 40000;
/** Bytes of the entry of a name of 4 bytes. */
const ENTRY_BYTES: u32 = 24;

export function existence_prove_alone_init(): void {
  prepareAlone(SLOTS);
  write(yes, 1);
  write(name, 0x64636261);
  memory.grow(24);
  // As if many objects with pages of their own had been made.
  release(createObject(Kind.Counter, LARGE));
}

/** One object, entered, freed, left and freed; and what its place says then. */
export function existence_prove_alone(): void {
  begin();
  const O = createObject(Kind.Counter, 16);
  const identity = read(O);
  const generation = identity & GENERATIONS;
  expectEqual(isObject(O, identity) ? 1 : 0, 1);
  expectEqual(isObject(O, identity + 1) ? 1 : 0, 0);
  expectEqual(isObject(O + 4, read(O + 4)) ? 1 : 0, 0);
  expectEqual(isObject(read(no), read(read(no))) ? 1 : 0, 0);
  expectEqual(isPlace(O, identity) ? 1 : 0, 1);
  expectEqual(isPlace(O, identity - 1) ? 1 : 0, 1);
  expectEqual(isPlace(O, identity + 1) ? 1 : 0, 0);
  expectEqual(isPlace(O, ((<u32>Kind.Mutex) << 24) | generation) ? 1 : 0, 0);
  expectEqual(isPlace(O + 4, read(O + 4)) ? 1 : 0, 0);
  // Nothing is read where no word begins.
  expectEqual(isPlace(O + 2, identity) ? 1 : 0, 0);
  // While one lives, none of another kind was freed in its place.
  const M = createObject(Kind.Mutex, 16);
  expectEqual(isPlace(M, read(M) + ((<u32>Kind.Mutex) << 24)) ? 1 : 0, 0);
  expectEqual(isPlace(read(no), identity) ? 1 : 0, 0);
  expectEqual(<u32>isDying(O), 0);
  // Another identity, and nothing is entered.
  expectEqual(<u32>enterObject(O, identity + 1), 0);
  expectEqual(read(my + inside), 0);
  expectEqual(enterRemains(O, identity + 1) ? 1 : 0, 0);
  expectEqual(read(my + inside), 0);
  expectEqual(freeObject(O, identity + 1) ? 1 : 0, 0);
  expectEqual(read(my + inside), 0);
  expectEqual(read(O), identity);
  expectEqual(<u32>enterObject(O, identity), 1);
  expectEqual(read(my + inside), <u32>O);
  leaveObject();
  expectEqual(read(my + inside), 0);
  expectEqual(read(O), identity);
  leaveObject();
  expectEqual(enterRemains(O, identity) ? 1 : 0, 1);
  expectEqual(read(my + inside), <u32>O);
  leaveObject();
  // Freed while others are inside: the guardian, and the worker of slot 2.
  enterAs(SLOTS + 1);
  expectEqual(enterObject(O, identity) ? 1 : 0, 1);
  expectEqual(read(my + inside), <u32>O);
  enterAs(2);
  expectEqual(enterObject(O, identity) ? 1 : 0, 1);
  expectEqual(read(my + inside), <u32>O);
  enterAs(1);
  expectEqual(freeObject(O, identity) ? 1 : 0, 1);
  expectEqual(read(my + inside), 0);
  expectEqual(read(O), identity | DYING);
  expectEqual(<u32>isDying(O), 1);
  expectEqual(freeObject(O, identity) ? 1 : 0, 0);
  expectEqual(read(O), identity | DYING);
  expectEqual(enterObject(O, identity) ? 1 : 0, 0);
  expectEqual(read(my + inside), 0);
  expectEqual(enterRemains(O, identity) ? 1 : 0, 1);
  expectEqual(isPlace(O, identity) ? 1 : 0, 1);
  expectEqual(isPlace(O, identity + 1) ? 1 : 0, 0);
  leaveObject();
  expectEqual(read(O), identity | DYING);
  enterAs(2);
  leaveObject();
  expectEqual(read(O), identity | DYING);
  if (blockBytes(O) == 0) fail(Failure.Lost);
  enterAs(1);
  expectEqual(enterRemains(O, identity) ? 1 : 0, 1);
  enterAs(SLOTS + 1);
  leaveObject();
  expectEqual(read(O), identity | DYING);
  enterAs(1);
  leaveObject();
  expectEqual(read(O), generation);
  expectEqual(blockBytes(O), 0);
  expectEqual(<u32>objectAround(O), <u32>O);
  expectEqual(isObject(O, identity) ? 1 : 0, 0);
  expectEqual(isPlace(O, identity) ? 1 : 0, 1);
  expectEqual(isPlace(O, identity - 1) ? 1 : 0, 1);
  expectEqual(isPlace(O, identity + 1) ? 1 : 0, 0);
  expectEqual(enterRemains(O, identity) ? 1 : 0, 0);
  expectEqual(enterObject(O, identity) ? 1 : 0, 0);
  // The next one in its block is another.
  const next = createObject(Kind.Counter, 16);
  expectEqual(<u32>next, <u32>O);
  expectEqual(read(next), identity + 1);
  expectEqual(isPlace(O, identity) ? 1 : 0, 1);
  // One that is RECLAIMED is for somebody else to free.
  write(my + inside, <u32>next);
  write(next, read(next) | DYING | RECLAIMED);
  leaveObject();
  expectEqual(read(next), (identity + 1) | DYING | RECLAIMED);
  expectEqual(read(my + inside), 0);
}

/** An object that has pages of its own. */
export function existence_prove_pages(): void {
  begin();
  const O = createObject(Kind.Counter, LARGE);
  if (O == 0 || O % PAGE != 0) fail(Failure.Lost);
  const identity = read(O);
  expectEqual(isPlace(O, identity) ? 1 : 0, 1);
  // There was another, of which nothing can be told any more.
  expectEqual(isPlace(O, identity + 1) ? 1 : 0, 1);
  expectEqual(freeObject(O, identity) ? 1 : 0, 1);
  expectEqual(blockBytes(O), 0);
  expectEqual(<u32>objectAround(O), 0);
  expectEqual(isObject(O, identity) ? 1 : 0, 0);
  write(O, identity + 5);
  expectEqual(isPlace(O, identity) ? 1 : 0, 1);
  expectEqual(isPlace(O, identity + 5) ? 1 : 0, 0);
  expectEqual(isPlace(O + CACHE_LINE, identity) ? 1 : 0, 0);
  expectEqual(<u32>firstSpan() % PAGE, 0);
  expectEqual(isPlace(firstSpan() - PAGE, identity) ? 1 : 0, 0);
  // Who leaves it then leaves what is not there.
  write(O, identity | DYING);
  write(my + inside, <u32>O);
  leaveObject();
  expectEqual(read(my + inside), 0);
  expectEqual(read(O), identity | DYING);
}

/** Makes an object of a kind for which the worker of slot 2 waits, without blocking, or cannot. */
export function awaited(kind: Kind): usize {
  let O: usize = 0;
  let result = WAIT;
  enterAs(3);
  if (kind == Kind.Mutex) {
    O = mutex.create(read(no) != 0);
    mutex.attempt(O, NOW);
    enterAs(2);
    result = mutex.attempt(O, ASYNCHRONOUS);
  } else if (kind == Kind.RwLock) {
    O = rwLock.create(read(no) != 0);
    rwLock.attempt(O, NOW);
    enterAs(2);
    result = rwLock.attempt(O, ASYNCHRONOUS);
  } else if (kind == Kind.Semaphore) {
    O = semaphore.create(read(no));
    enterAs(2);
    result = semaphore.attempt(O, read(yes), ASYNCHRONOUS, read(no));
  } else if (kind == Kind.Barrier) {
    O = barrier.create(2, 8);
    const seat = barrier.join(O, read(no) != 0);
    barrier.arrive(O, seat, read(yes) != 0);
    result = barrier.attempt(O, seat, ASYNCHRONOUS);
  } else if (kind == Kind.Channel) {
    O = channel.create(64, 0);
    enterAs(2);
    result = <u32>channel.take(O, ASYNCHRONOUS);
  } else if (kind == Kind.Event) {
    O = event.create();
    result = event.attempt(O, event.word(O), ASYNCHRONOUS);
  } else if (kind == Kind.Latch) {
    O = latch.create(read(yes));
    result = latch.attempt(O, ASYNCHRONOUS);
  } else if (kind == Kind.Once) {
    O = once.create();
    once.attempt(O, NOW);
    enterAs(2);
    result = once.attempt(O, ASYNCHRONOUS);
  } else if (kind == Kind.Condition) {
    O = condition.create();
    result = condition.attempt(O, condition.join(O), ASYNCHRONOUS);
  } else if (kind == Kind.Histogram) {
    O = histogram.create();
    histogram.record(O, 1);
  } else if (kind == Kind.SharedBuffer) O = sharedBuffer.create(64);
  else O = createObject(kind, 16);
  if (O == 0 || result != WAIT) fail(Failure.Lost);
  return O;
}

/** A lock for which who is about to write waits until a reader is out. */
function awaitedByWriter(): usize {
  const W = rwLock.create(read(no) != 0);
  enterAs(3);
  expectEqual(rwLock.attemptShared(W, NOW), ACQUIRED);
  enterAs(2);
  expectEqual(rwLock.attempt(W, ASYNCHRONOUS), WAIT);
  return W;
}

/** A channel in which there is no room. */
function awaitedBySender(): usize {
  const C = channel.create(16, 0);
  enterAs(2);
  if (channel.reserve(C, 8, NOW) <= channel.HOLDS_TOO_MANY) fail(Failure.Lost);
  channel.commit(C);
  expectEqual(<u32>channel.reserve(C, 8, ASYNCHRONOUS), WAIT);
  return C;
}

/** Of a kind: how many eventcounts are told that it was freed. */
function eventcountsOf(kind: Kind): u32 {
  if (kind == Kind.Channel) return 2;
  return (kind >= Kind.RwLock && kind <= Kind.Event) || kind == Kind.Latch ? 1 : 0;
}

/**
 * Frees an object that the worker of slot 2 is inside of: who waits in it wakes, its names and other blocks are free.
 */
function freeAwaited(O: usize): void {
  const kind = kindOf(O);
  const place = sleepAddress;
  const value = sleepValue;
  const waits = eventcountsOf(kind) != 0 || kind == Kind.Mutex || kind == Kind.Condition;
  if (waits) expectEqual(read(place), value);
  enterAs(2);
  const identity = read(O);
  if (!enterObject(O, identity)) fail(Failure.Lost);
  enterAs(1);
  const entry = allocate(ENTRY_BYTES);
  release(entry);
  expectEqual(<u32>bind(name, 4, O, identity), <u32>O);
  expectEqual(<u32>find(name, 4), <u32>O);
  expectEqual(blockBytes(entry), 32);
  let block: usize = 0;
  if (kind == Kind.Histogram) block = read(O + histogram.epoch + 3 * 4);
  if (kind == Kind.SharedBuffer) block = sharedBuffer.addressOf(O);
  const rings = read(DOORBELL);
  expectEqual(freeObject(O, identity) ? 1 : 0, 1);
  expectEqual(read(O), identity | DYING);
  // A condition's waiters have a word each, which says that they are dismissed.
  if (waits && read(place) == value) fail(Failure.Lost);
  expectEqual(read(DOORBELL), rings + eventcountsOf(kind));
  if (block != 0) {
    expectEqual(blockBytes(block), 0);
    // Repair buries it again: what lies there by then is another's.
    if (kind == Kind.SharedBuffer) expectEqual(<u32>sharedBuffer.addressOf(O), 0);
    write(my + inside, <u32>O);
    bury(O);
    write(my + inside, 0);
  } else if (kind == Kind.Histogram || kind == Kind.SharedBuffer) fail(Failure.Lost);
  expectEqual(<u32>find(name, 4), 0);
  expectEqual(blockBytes(entry), 0);
  enterAs(2);
  leaveObject();
  expectEqual(blockBytes(O), 0);
}

export function existence_prove_free(): void {
  begin();
  for (let kind: u32 = Kind.Mutex; kind <= <u32>Kind.Latch; kind++) freeAwaited(awaited(<Kind>kind));
  freeAwaited(awaitedByWriter());
  freeAwaited(awaitedBySender());
  // An object that nobody is inside of is free at once, and what was its own was free before.
  enterAs(1);
  const last = sharedBuffer.create(64);
  const block = sharedBuffer.addressOf(last);
  expectEqual(blockBytes(block), CACHE_LINE);
  expectEqual(freeObject(last, read(last)) ? 1 : 0, 1);
  expectEqual(blockBytes(last), 0);
  expectEqual(blockBytes(block), 0);
  expectEqual(read(recordOf(1) + inside), 0);
}
