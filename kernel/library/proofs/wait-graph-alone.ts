/**
 * Detection of deadlocks, proven where one operation follows the other: what each answers, and the words that it leaves, as
 * kernel/library/wait-graph.ts draws them. One processor acts for the workers of slots 1 to 4.
 *
 *     SCENE | yes | no | an object of each kind | 2 more Mutexes | stuck: the address | slots: their numbers |
 *           | stuck: two words for each slot from 0 on | beyond |
 *
 * What the compiler could know is kept in memory, so that it is the library's code that is executed, not a shorter one.
 */
import { read, write } from "../../atomics";
import * as condition from "../condition";
import * as event from "../event";
import { hold } from "../holdings";
import * as latch from "../latch";
import { FRESH, NOW } from "../lock-word";
import * as mcsLock from "../mcs-lock";
import * as mutex from "../mutex";
import { Kind, kindOf } from "../objects";
import * as once from "../once";
import * as rwLock from "../rw-lock";
import * as semaphore from "../semaphore";
import { sleepAddress, waitAt } from "../sleep";
import { enterAs, my, notes, recordOf, thread, waitNumber, waitsFor } from "../space";
import * as ticketLock from "../ticket-lock";
import {
  beginWait,
  closesCycle,
  describe,
  endWait,
  forgetWait,
  has,
  heldBy,
  isSameCycle,
  keeperIn,
  notesOf,
  stuckBytes,
  threadOf,
  waitsForOf,
} from "../wait-graph";
import { begin, expect, expectEqual, prepareAlone, prepareWorkers, SCENE } from "./worker";

const yes: usize = SCENE;
const no: usize = SCENE + 4;
const objects: usize = SCENE + 8;
const second: usize = objects + 4 * (<usize>Kind.Latch + 1);
const third: usize = second + 4;

const SLOTS: u32 = 4;
const stuckAt: usize = third + 4;
const slots: usize = stuckAt + 4;
const stuckWords: usize = slots + 4 * (<usize>SLOTS + 1);
const STUCK_BYTES: u32 = 8 * (SLOTS + 1);
const beyond: usize = stuckWords + STUCK_BYTES;
/** What nobody has written. */
const GARBAGE: u32 = 0x77777777;

export function wait_graph_prove_alone_init(): void {
  prepareAlone(SLOTS);
  write(yes, 1);
  write(stuckAt, <u32>stuckWords);
  for (let slot: u32 = 1; slot <= SLOTS; slot++) write(slots + 4 * slot, slot);
  put(mutex.create(false));
  put(rwLock.create(false));
  put(ticketLock.create(false, false));
  put(mcsLock.create(false, false));
  put(once.create());
  put(semaphore.create(1));
  put(event.create());
  put(condition.create());
  put(latch.create(1));
  write(second, <u32>mutex.create(false));
  write(third, <u32>mutex.create(false));
}

/** Where the caller collects who is stuck. */
function stuck(): usize {
  return read(stuckAt);
}

/** Acts as the worker of a slot. */
function act(slot: u32): void {
  enterAs(read(slots + 4 * slot));
}

function put(object: usize): void {
  write(objects + 4 * kindOf(object), <u32>object);
}

function objectOf(kind: Kind): usize {
  return read(objects + 4 * kind);
}

/** What a slot's record says of its wait, and how many there were. */
function expectWait(slot: u32, wait: u32, number: u32): void {
  expectEqual(read(recordOf(slot) + waitsFor), wait);
  expectEqual(read(recordOf(slot) + waitNumber), number);
}

export function wait_graph_prove_waits(): void {
  begin();
  const M = objectOf(Kind.Mutex);
  const W = objectOf(Kind.RwLock);
  beginWait(M);
  expectWait(1, <u32>M, 1);
  beginWait(M);
  expectWait(1, <u32>M, 1);
  expectEqual(waitsForOf(1), <u32>M);
  endWait();
  expectWait(1, 0, 1);
  beginWait(M);
  expectWait(1, <u32>M, 2);
  // A lock of another kind has other words there.
  waitAt(M + rwLock.drained, 0);
  beginWait(M);
  expectWait(1, <u32>M, 2);
  // For the lock word, then for readers to be out.
  waitAt(W + rwLock.word, 0);
  beginWait(W);
  expectWait(1, <u32>W, 3);
  waitAt(W + rwLock.drained, 0);
  beginWait(W);
  expectWait(1, <u32>W | 1, 4);
  beginWait(W);
  expectWait(1, <u32>W | 1, 4);
  expectEqual(waitsForOf(1), <u32>W);
  // It says who it is, and dies.
  expect(threadOf(1) == -1 && notesOf(1) == 0);
  describe(0, W);
  expect(threadOf(1) == 0 && read(my + thread) == 1);
  expect(notesOf(1) == <u32>W && read(my + notes) == <u32>W);
  expectWait(2, 0, 0);
  forgetWait(my);
  expectWait(1, 0, 4);
  expect(read(my + thread) == 0 && threadOf(1) == -1 && notesOf(1) == <u32>W);
  // What it lists.
  hold(M);
  hold(W);
  expect(heldBy(1, 0) == M && heldBy(1, 1) == W && heldBy(1, 2) == 0 && heldBy(2, 0) == 0);
}

/** The worker of a slot waits for a mutex that another has. */
function waitFor(slot: u32, M: usize): void {
  act(slot);
  mutex.attempt(M, FRESH);
  beginWait(M);
}

/** A worker that is stuck, as one keeps it, in a wait of that number; or is not. */
function expectStuck(slot: u32, keeper: u32, number: u32): void {
  expectEqual(keeperIn(stuck(), slot), keeper);
  expectEqual(load<u32>(stuck() + 8 * slot), keeper);
  expectEqual(load<u32>(stuck() + 8 * slot + 4), number);
}

/** Slot 4 waits for slot 2, that for slot 1, which closes the cycle; slot 3 waits for one of them. */
export function wait_graph_prove_cycle(): void {
  begin();
  expectEqual(stuckBytes(), STUCK_BYTES);
  const ofFirst = objectOf(Kind.Mutex);
  const ofSecond: usize = read(second);
  const ofFourth: usize = read(third);
  mutex.attempt(ofFirst, NOW);
  act(2);
  mutex.attempt(ofSecond, NOW);
  act(4);
  mutex.attempt(ofFourth, NOW);
  memory.fill(stuck(), 0x77, STUCK_BYTES + 4);
  // Slot 1 is kept by slot 4, which waits for nobody yet.
  waitFor(1, ofFourth);
  expectEqual(<u32>closesCycle(stuck()), read(no));
  for (let slot: u32 = 0; slot <= SLOTS; slot++) expectStuck(slot, 0, 0);
  waitFor(3, ofSecond);
  waitFor(2, ofFirst);
  endWait();
  beginWait(ofFirst);
  // Slots 2 and 3 wait for slot 1, which is not kept by them.
  act(1);
  expectEqual(<u32>closesCycle(stuck()), read(no));
  expectStuck(1, 0, 0);
  expectStuck(2, 1, 2);
  expectStuck(3, 2, 1);
  expectStuck(4, 0, 0);
  waitFor(4, ofSecond);
  act(1);
  memory.fill(stuck(), 0x77, STUCK_BYTES);
  expectEqual(<u32>closesCycle(stuck()), read(yes));
  expectStuck(0, 0, 0);
  expectStuck(1, 4, 1);
  expectStuck(2, 1, 2);
  expectStuck(3, 2, 1);
  expectStuck(4, 2, 1);
  expectEqual(load<u32>(beyond), GARBAGE);
  expectEqual(<u32>isSameCycle(stuck()), read(yes));
  // Who is in no cycle may go on.
  act(3);
  endWait();
  act(1);
  expectEqual(<u32>isSameCycle(stuck()), read(yes));
  // Each of the cycle has to be in the wait in which it was: the last of it, too.
  act(2);
  endWait();
  act(1);
  expectEqual(<u32>isSameCycle(stuck()), read(no));
  act(2);
  beginWait(ofFirst);
  act(1);
  expectEqual(<u32>isSameCycle(stuck()), read(no));
  expectEqual(<u32>closesCycle(stuck()), read(yes));
  expectEqual(<u32>isSameCycle(stuck()), read(yes));
  endWait();
  expectEqual(<u32>isSameCycle(stuck()), read(no));
  expectEqual(<u32>closesCycle(stuck()), read(no));
}

/** Slot 2 waits for the object, slot 1 for a mutex of slot 2: whether slot 1 waits for itself. */
function closes(object: usize, M: usize): u32 {
  act(2);
  beginWait(object);
  act(1);
  beginWait(M);
  const result = closesCycle(stuck());
  endWait();
  act(2);
  endWait();
  return result ? read(yes) : read(no);
}

/** Of an object that slot 1 has, or does not wait for. */
function expectHas(object: usize, first: u32, second: u32): void {
  expectEqual(<u32>has(1, object), first);
  expectEqual(<u32>has(2, object), second);
}

/** Who keeps whom from an object of each kind, and who has it. */
export function wait_graph_prove_kinds(): void {
  begin();
  const M: usize = read(second);
  const other = objectOf(Kind.Mutex);
  act(2);
  mutex.attempt(M, NOW);
  expectHas(M, read(no), read(yes));
  expectEqual(closes(other, M), 0);
  act(1);
  mutex.attempt(other, NOW);
  expectEqual(closes(other, M), 1);
  expectHas(other, read(yes), read(no));
  locksOf(M);
  readersOf(M);
  othersOf(M);
}

/** Locks in line, and a Once. */
function locksOf(M: usize): void {
  const T = objectOf(Kind.TicketLock);
  const Q = objectOf(Kind.McsLock);
  const O = objectOf(Kind.Once);
  act(1);
  ticketLock.take(T);
  mcsLock.tryAcquire(Q);
  once.attempt(O, NOW);
  act(2);
  ticketLock.take(T);
  expectEqual(closes(T, M), 1);
  expectHas(T, read(yes), read(no));
  expectEqual(closes(Q, M), 1);
  expectHas(Q, read(yes), read(no));
  expectEqual(closes(O, M), 1);
  expectHas(O, read(yes), read(no));
  act(1);
  ticketLock.unlock(T);
  mcsLock.release(Q);
  once.end(O, true);
  expectEqual(closes(T, M), 0);
  expectHas(T, read(no), read(yes));
  expectEqual(closes(Q, M), 0);
  expectHas(Q, read(no), read(no));
  expectEqual(closes(O, M), 0);
  expectHas(O, read(no), read(no));
}

function readersOf(M: usize): void {
  const W = objectOf(Kind.RwLock);
  act(1);
  rwLock.attempt(W, NOW);
  expectHas(W, read(yes), read(no));
  act(2);
  rwLock.attempt(W, FRESH);
  expect(!rwLock.isDrained(W, sleepAddress));
  expectEqual(closes(W, M), 1);
  rwLock.giveUp(W);
  // A reader keeps who has the lock word, and does not have what it waits for.
  act(1);
  rwLock.unlock(W);
  rwLock.attemptShared(W, NOW);
  expectHas(W, read(yes), read(no));
  act(2);
  rwLock.attempt(W, FRESH);
  expect(rwLock.isDrained(W, sleepAddress));
  expectEqual(closes(W, M), 1);
  act(1);
  rwLock.unlockShared(W);
  act(2);
  waitAt(W + rwLock.drained, 0);
  expectEqual(closes(W, M), 0);
  expectHas(W, read(no), read(no));
  rwLock.giveUp(W);
}

/** Nobody keeps others from these. */
function othersOf(M: usize): void {
  const S = objectOf(Kind.Semaphore);
  const V = objectOf(Kind.Event);
  const C = objectOf(Kind.Condition);
  const L = objectOf(Kind.Latch);
  expectHas(S, read(no), read(no));
  act(1);
  semaphore.tryAcquire(S, 1);
  expectHas(S, read(yes), read(no));
  expectHas(C, read(no), read(no));
  expectHas(V, read(no), read(no));
  expectHas(L, read(yes), read(yes));
  expectEqual(closes(S, M), 0);
  expectEqual(closes(V, M), 0);
  expectEqual(closes(C, M), 0);
  expectEqual(closes(L, M), 0);
}

/**
 * What JavaScript calls, by itself: of an object, which is at SCENE, there is nothing but its identity. `waits`: slot 1 has
 * written down before that it waits for it.
 */
export function wait_graph_prove_called_init(object: usize, kind: Kind, waits: bool): void {
  prepareWorkers();
  write(object, (<u32>kind) << 24);
  enterAs(1);
  if (waits) beginWait(object);
}

export function wait_graph_prove_begun(): void {
  expectWait(1, <u32>SCENE, 1);
}

/** Who finds the thread that slot 1 names, finds the notes. */
export function wait_graph_prove_reads(threadOfFirst: i32, notesOfFirst: u32): void {
  begin();
  if (threadOf(1) == threadOfFirst) expectEqual(notesOf(1), notesOfFirst);
}

export function wait_graph_prove_described(threadOfFirst: i32): void {
  expectEqual(threadOf(1), threadOfFirst);
}

/** Slot 1 waits for one thing after the other. */
export function wait_graph_prove_waits_again_init(): void {
  prepareWorkers();
  const W = rwLock.create(false);
  write(objects, <u32>W);
  enterAs(1);
  waitAt(W + rwLock.word, 0);
  beginWait(W);
}

export function wait_graph_prove_waits_again(): void {
  begin();
  const W = read(objects);
  waitAt(W + rwLock.drained, 0);
  beginWait(W);
  endWait();
}

/** A wait that is another has another number. */
export function wait_graph_prove_looks(): void {
  begin();
  const R = recordOf(1);
  const number = read(R + waitNumber);
  const wait = read(R + waitsFor);
  const now = read(R + waitsFor);
  if (wait != 0 && now != 0 && read(R + waitNumber) == number) expectEqual(now, wait);
}
