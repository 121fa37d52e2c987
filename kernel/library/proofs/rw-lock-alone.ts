/**
 * The readers-writer lock, proven where one operation follows the other: what each answers, and the words that it leaves, as
 * kernel/library/rw-lock.ts draws them. One processor acts for the workers of slots 1 to 3, and for the guardian.
 *
 *     SCENE | lock | strict lock | yes | no |
 *
 * What the compiler could know is kept in memory, so that it is the library's code that is executed, not a shorter one.
 */
import { read, write } from "../../atomics";
import { blockBytes } from "../allocator";
import { IS_GUARD } from "../guard";
import { heldCount, heldObject, hold } from "../holdings";
import {
  ACQUIRED,
  ACQUIRED_ABANDONED,
  ASYNCHRONOUS,
  AWAITED,
  asynchronous,
  CONTENDED,
  DEADLOCK,
  FRESH,
  HOLDS_TOO_MANY,
  heir,
  NOBODY,
  NOW,
  ONE_TURN,
  RESERVED,
  SLEEPS,
  SLEPT,
  wakes,
} from "../lock-word";
import { Kind, kindOf } from "../objects";
import * as rwLock from "../rw-lock";
import { attempt, attemptShared, giveUp, giveUpShared, unlock, unlockShared } from "../rw-lock";
import { sleepAddress, WAIT } from "../sleep";
import { CACHE_LINE, enterAs, GENERATION, my, pending, workers } from "../space";
import { begin, expect, expectEqual, fillSpace, holdTooMuch, letAllGo, prepareAlone, SCENE } from "./worker";

const lock: usize = SCENE;
const strictLock: usize = SCENE + 4;
const yes: usize = SCENE + 8;
const no: usize = SCENE + 12;

const SLOTS: u32 = 3;
const GUARDIAN: u32 = SLOTS + 1;
/** Of an eventcount: marks, and what a wake adds. */
const SLEEPERS: u32 = 1;
const AWAITED_THERE: u32 = 2;
const WOKEN: u32 = 4;

export function rw_lock_prove_alone_init(): void {
  prepareAlone(SLOTS);
  write(yes, 1);
  write(lock, <u32>rwLock.create(read(no) != 0));
  write(strictLock, <u32>rwLock.create(read(yes) != 0));
}

/** The lock word and its heir, and who writes. */
function expectLock(word: u32, heirWord: u32, writing: u32): void {
  const L = read(lock) + rwLock.word;
  expectEqual(read(L), word);
  expectEqual(read(L + heir), heirWord);
  expectEqual(read(read(lock) + rwLock.writer), writing);
}

/** How often each slot reads, and up to which slot writers look. */
function expectReaders(first: u32, second: u32, third: u32, last: u32): void {
  const W = read(lock);
  expectEqual(read(rwLock.readsOf(W, 1)), first);
  expectEqual(read(rwLock.readsOf(W, 2)), second);
  expectEqual(read(rwLock.readsOf(W, 3)), third);
  expectEqual(read(W + rwLock.last), last);
  expect(rwLock.reads(W, 1) == (first != 0) && rwLock.reads(W, 3) == (third != 0));
}

/** Who acts lists the lock so often, and `pending` names its lock word, or nothing. */
function expectRecord(count: u32, named: bool = false): void {
  const W = read(lock);
  expectEqual(heldCount(my), count);
  if (count != 0) expectEqual(<u32>heldObject(my, count - 1), W);
  const name = ((<u64>read(W)) << 32) | ((W + rwLock.word) | IS_GUARD);
  expect(load<u64>(my + pending) == (named ? name : 0));
}

/** Where those sleep who wait for readers to be out. */
function expectDrained(word: u32, rings: u32): void {
  expectEqual(read(read(lock) + rwLock.drained), word);
  expectEqual(read(read(lock) + rwLock.drained + 4), rings);
}

/** An attempt that waits, at a word of the lock. */
function expectWait(result: u32, place: u32): void {
  expectEqual(result, WAIT);
  expectEqual(sleepAddress, read(lock) + place);
}

export function rw_lock_prove_create(): void {
  begin();
  const W: usize = read(lock);
  const S: usize = read(strictLock);
  expect(kindOf(W) == Kind.RwLock && blockBytes(W) == (SLOTS + 1) * CACHE_LINE);
  expect(read(W + rwLock.strict) == 0 && read(S + rwLock.strict) == 1);
  expectEqual(<u32>rwLock.isStrict(W), read(no));
  expectEqual(<u32>rwLock.isStrict(S), read(yes));
  expectLock(0, 0, 0);
  expectReaders(0, 0, 0, 0);
  // Where there is no room, what would be its words, at address 0, are the space's.
  fillSpace();
  write(GENERATION, 7);
  while (rwLock.create(read(yes) != 0) != 0) {}
  expect(read(GENERATION) == 7 && workers() == SLOTS);
}

/** Who writes, and others that want to. */
export function rw_lock_prove_writing(): void {
  begin();
  const W: usize = read(lock);
  expect(!unlock(W));
  expectEqual(attempt(W, FRESH), ACQUIRED);
  expectLock(1, NOBODY, 1);
  expectRecord(1);
  expect(rwLock.writes(W, 1) && !rwLock.writes(W, 2) && !rwLock.isAwaited(W));
  // Again: it would wait for itself, unless it does not block.
  expect(attempt(W, FRESH) == DEADLOCK && attempt(W, SLEPT) == DEADLOCK && attempt(W, NOW) == DEADLOCK);
  expectRecord(1);
  expectWait(attempt(W, ASYNCHRONOUS), rwLock.word + asynchronous);
  expectLock(1 | AWAITED, NOBODY, 1);
  expectRecord(1);
  expect(rwLock.isAwaited(W));
  giveUp(W);
  expectLock(1 | AWAITED, NOBODY, 1);
  expectRecord(1);
  // Another: named while it waits and blocks.
  enterAs(2);
  expect(!unlock(W));
  expectEqual(attempt(W, NOW), WAIT);
  expectRecord(0, true);
  giveUp(W);
  expectRecord(0);
  expectWait(attempt(W, FRESH), rwLock.word + heir);
  expectLock(1 | AWAITED | CONTENDED, 2 | SLEEPS, 1);
  expectRecord(0, true);
  giveUp(W);
  expectLock(1 | AWAITED | CONTENDED, NOBODY, 1);
  expectRecord(0);
  expectWait(attempt(W, ASYNCHRONOUS), rwLock.word + asynchronous);
  expectRecord(0);
  holdTooMuch();
  expect(attempt(W, FRESH) == HOLDS_TOO_MANY && attempt(W, ASYNCHRONOUS) == HOLDS_TOO_MANY);
  letAllGo();
  expectRecord(0);
  // It lets go: a request of its own that waits for readers looks again.
  enterAs(1);
  write(W + rwLock.drained, AWAITED_THERE);
  expect(unlock(W) && !rwLock.isAwaited(W));
  expectLock(ONE_TURN, NOBODY, 0);
  expectRecord(0);
  expectDrained(WOKEN, 1);
  hold(W);
  expect(!unlock(W));
  expectLock(ONE_TURN, NOBODY, 0);
  expectRecord(1);
  // The heir, which slept, has it: nobody else is.
  write(W + rwLock.word + heir, 1);
  expectEqual(attempt(W, SLEPT), ACQUIRED);
  expectLock(ONE_TURN | 1, NOBODY, 1);
}

/** A writer that waits for readers to be out. */
export function rw_lock_prove_draining(): void {
  begin();
  const W: usize = read(lock);
  enterAs(3);
  expectEqual(attemptShared(W, FRESH), ACQUIRED);
  expectReaders(0, 0, 1, 3);
  enterAs(1);
  expectWait(attempt(W, FRESH), rwLock.drained);
  expect(rwLock.isDrained(W, sleepAddress) && !rwLock.isDrained(W, W + rwLock.word) && rwLock.isAwaited(W));
  expectLock(1, NOBODY, 0);
  expectDrained(SLEEPERS, 0);
  expectRecord(1);
  expectEqual(<u32>rwLock.keepsOut(W, 1, 2), read(yes));
  expectEqual(<u32>rwLock.keepsOut(W, 1, 3), read(no));
  expectEqual(<u32>rwLock.keepsOut(W, 2, 1), read(no));
  expectWait(attempt(W, SLEPT), rwLock.drained);
  expectWait(attempt(W, ASYNCHRONOUS), rwLock.drained + 4);
  expectLock(1, NOBODY, 0);
  expectDrained(SLEEPERS | AWAITED_THERE, 0);
  expectRecord(1);
  // The reader is out.
  enterAs(3);
  expect(unlockShared(W));
  expectReaders(0, 0, 0, 3);
  expectDrained(WOKEN, 1);
  enterAs(1);
  expectEqual(attempt(W, SLEPT), ACQUIRED);
  expectLock(1, NOBODY, 1);
  expectRecord(1);
  expect(unlock(W));
  expectDrained(WOKEN, 1);
  // Who gives up lets the lock word go; another request of its looks again.
  enterAs(3);
  expectEqual(attemptShared(W, FRESH), ACQUIRED);
  enterAs(1);
  expectEqual(attempt(W, NOW), WAIT);
  expectLock(ONE_TURN | 1, NOBODY, 0);
  expectDrained(WOKEN, 1);
  expectRecord(1);
  expectWait(attempt(W, ASYNCHRONOUS), rwLock.drained + 4);
  giveUp(W);
  expectLock(2 * ONE_TURN, NOBODY, 0);
  expectDrained(2 * WOKEN, 2);
  expectRecord(0);
  hold(W);
  giveUp(W);
  expectLock(2 * ONE_TURN, NOBODY, 0);
  expectRecord(1);
}

/** Readers while nobody writes, or wants to. */
export function rw_lock_prove_reading(): void {
  begin();
  const W: usize = read(lock);
  expect(!unlockShared(W));
  enterAs(2);
  for (let as = FRESH, times: u32 = 1; as <= NOW; as++, times++) {
    expectEqual(attemptShared(W, as), ACQUIRED);
    expectReaders(0, times, 0, 2);
    // Who slept passes a wake on: it takes the lock word, and lets it go.
    expectLock(as >= SLEPT ? ONE_TURN : 0, NOBODY, 0);
    expectRecord(times);
  }
  enterAs(1);
  expectEqual(attemptShared(W, FRESH), ACQUIRED);
  expectReaders(1, 4, 0, 2);
  expectRecord(1);
  // It must not wait to write, unless it does not block.
  expect(attempt(W, FRESH) == DEADLOCK && attempt(W, NOW) == DEADLOCK);
  expectLock(ONE_TURN, NOBODY, 0);
  expectRecord(1);
  expect(unlockShared(W));
  expectReaders(0, 4, 0, 2);
  expectRecord(0);
  hold(W);
  expect(!unlockShared(W));
  expectReaders(0, 4, 0, 2);
  expectRecord(1);
  // Nobody wants to write: nobody is woken.
  write(W + rwLock.drained, SLEEPERS);
  enterAs(2);
  for (let times: u32 = 4; times > 0; times--) {
    expectReaders(0, times, 0, 2);
    expect(unlockShared(W));
  }
  expectReaders(0, 0, 0, 2);
  expectRecord(0);
  expectDrained(SLEEPERS, 0);
  // A writer died.
  write(W + rwLock.writer, rwLock.ABANDONED);
  expectEqual(attemptShared(W, FRESH), ACQUIRED_ABANDONED);
  expectEqual(attemptShared(W, SLEPT), ACQUIRED_ABANDONED);
  holdTooMuch();
  expectEqual(attemptShared(W, FRESH), HOLDS_TOO_MANY);
  expectEqual(attemptShared(W, ASYNCHRONOUS), HOLDS_TOO_MANY);
  letAllGo();
  expectReaders(0, 2, 0, 2);
  expectRecord(2);
}

/** Readers that come while somebody has the lock word. */
export function rw_lock_prove_kept_out(): void {
  begin();
  const W: usize = read(lock);
  enterAs(2);
  expectEqual(attemptShared(W, FRESH), ACQUIRED);
  enterAs(1);
  expectWait(attempt(W, ASYNCHRONOUS), rwLock.drained + 4);
  // Who reads already does not wait, if it blocks.
  enterAs(2);
  expectEqual(attemptShared(W, FRESH), ACQUIRED);
  expectEqual(attemptShared(W, NOW), ACQUIRED);
  expectReaders(0, 3, 0, 2);
  expectDrained(AWAITED_THERE, 0);
  expectWait(attemptShared(W, ASYNCHRONOUS), rwLock.word + asynchronous);
  expectLock(1 | AWAITED, NOBODY, 0);
  expectReaders(0, 3, 0, 2);
  expectDrained(WOKEN, 1);
  expectRecord(3);
  // Nor does the worker of whose requests one is to write.
  enterAs(1);
  expectEqual(attemptShared(W, FRESH), ACQUIRED);
  expectReaders(1, 3, 0, 2);
  expectRecord(2);
  expectWait(attemptShared(W, ASYNCHRONOUS), rwLock.word + asynchronous);
  expectReaders(1, 3, 0, 2);
  expect(unlockShared(W));
  expectRecord(1);
  // Another takes itself back, and queues.
  enterAs(3);
  expectEqual(attemptShared(W, NOW), WAIT);
  expectLock(1 | AWAITED, NOBODY, 0);
  expectReaders(0, 3, 0, 3);
  expectRecord(0);
  expectWait(attemptShared(W, FRESH), rwLock.word + heir);
  expectLock(1 | AWAITED | CONTENDED, 3 | SLEEPS, 0);
  expectReaders(0, 3, 0, 3);
  expectRecord(0, true);
  giveUpShared(W);
  expectLock(1 | AWAITED | CONTENDED, NOBODY, 0);
  expectRecord(0);
  expectEqual(attemptShared(W, NOW), WAIT);
  // The writer is in.
  enterAs(2);
  for (let times: u32 = 3; times > 0; times--) expect(unlockShared(W));
  enterAs(1);
  expectEqual(attempt(W, ASYNCHRONOUS), ACQUIRED);
  expectLock(1 | AWAITED | CONTENDED, NOBODY, 1);
  expectRecord(1);
  expect(attemptShared(W, FRESH) == DEADLOCK && attemptShared(W, SLEPT) == DEADLOCK);
  expectEqual(attemptShared(W, NOW), DEADLOCK);
  expectWait(attemptShared(W, ASYNCHRONOUS), rwLock.word + asynchronous);
  expectReaders(0, 0, 0, 3);
  expectRecord(1);
  expect(unlock(W));
  // The heir that has demanded it gets in.
  enterAs(3);
  const calls = read(W + rwLock.word + wakes);
  write(W + rwLock.word, RESERVED);
  write(W + rwLock.word + heir, 3);
  expectEqual(attemptShared(W, SLEPT), ACQUIRED);
  expectLock(ONE_TURN, NOBODY, 0);
  expectReaders(0, 0, 1, 3);
  expectRecord(1);
  expectEqual(read(W + rwLock.word + wakes), calls);
}

/** Deaths, and freeing it. */
export function rw_lock_prove_repairs(): void {
  begin();
  const W: usize = read(lock);
  const L = W + rwLock.word;
  write(rwLock.readsOf(W, 1), 1);
  write(rwLock.readsOf(W, 2), 2);
  write(rwLock.readsOf(W, 3), 3);
  write(W + rwLock.last, 3);
  write(W + rwLock.writer, 3);
  write(L, 3 | CONTENDED);
  enterAs(GUARDIAN);
  rwLock.repair(W, 2);
  expectReaders(1, 0, 3, 3);
  expectLock(3 | CONTENDED, NOBODY, 3);
  expectDrained(WOKEN, 1);
  expect(read(L + wakes) == 1 && read(L + asynchronous) == 1);
  rwLock.repair(W, 3);
  expectReaders(1, 0, 0, 3);
  expectLock(0, NOBODY, rwLock.ABANDONED);
  expectDrained(2 * WOKEN, 2);
  expect(read(L + wakes) == 2 && read(L + asynchronous) == 2);
  write(rwLock.readsOf(W, 1), 0);
  // Until another has unlocked it.
  enterAs(1);
  expectEqual(attempt(W, FRESH), ACQUIRED_ABANDONED);
  expectLock(1, NOBODY, 1);
  expect(unlock(W));
  expectEqual(attempt(W, FRESH), ACQUIRED);
  rwLock.wakeAllOf(W);
  expectReaders(0, 0, 0, 3);
  expectLock(ONE_TURN | 1, NOBODY, 1);
  expectDrained(3 * WOKEN, 3);
  expect(read(L + wakes) == 3 && read(L + asynchronous) == 3);
}
