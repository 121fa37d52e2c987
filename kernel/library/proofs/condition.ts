/**
 * The condition, proven. One thing happens, once: processors from `consumers` on make it so, each of them, and notify
 * one; those below wait for it, and the first to see it takes note of that and notifies all. If a waiter is stranded,
 * that is a deadlock. Those below `patient` wait for ever, other consumers give up in time.
 *
 *     SCENE | mutex | condition | consumers | patient | state | notified | woken | nodes ... |
 */
import { read, write } from "../../atomics";
import { Failure, fail, processor } from "../../machine";
import { allocate, blockBytes, release } from "../allocator";
import { attempt, create, FULL, HOLDS_TOO_MANY, join, notify, repair, retire, settle, WOKEN } from "../condition";
import { enterObject, leaveObject } from "../existence";
import { freeObject } from "../free";
import { enter, leave, set } from "../guard";
import { heldCount } from "../holdings";
import { BUSY, FRESH, ownerOf, SLEPT } from "../lock-word";
import * as mutex from "../mutex";
import { DYING, FREED, Kind, kindOf } from "../objects";
import { sleep, sleepAddress, sleepValue, WAIT } from "../sleep";
import { enterAs, held, inside, journal, my, pending, slept, workers } from "../space";
import { begin, expect, expectNothingHeld, fillSpace, holdTooMuch, letAllGo, prepareWorkers, SCENE } from "./worker";

const lockOf: usize = SCENE;
export const conditionOf: usize = SCENE + 4;
const consumersOf: usize = SCENE + 8;
const patientOf: usize = SCENE + 12;
export const state: usize = SCENE + 16;
/** What notify has said in all, and how many have woken of it. */
export const notified: usize = SCENE + 20;
const woken: usize = SCENE + 24;
/** Of each consumer: where it waits when it begins, or 0. */
export const nodes: usize = SCENE + 28;

const NOT_YET: u32 = 0;
const THERE: u32 = 1;
const SEEN: u32 = 2;

export const ALL: u32 = 0xffffffff;
/** More than two sections notify. */
const MANY: u32 = 30;

/** `asleep`: whether the consumers wait already, which makes fewer states. */
export function condition_prove_init(consumers: u32, patient: u32, asleep: bool): void {
  prepareWorkers();
  write(lockOf, <u32>mutex.create(false));
  const C = create();
  write(conditionOf, <u32>C);
  write(consumersOf, consumers);
  write(patientOf, patient);
  for (let p: u32 = 0; asleep && p < consumers; p++) {
    enterAs(p + 1);
    write(nodes + p * 4, <u32>join(C));
  }
}

export function condition_prove_run(): void {
  begin();
  if (processor() < read(consumersOf)) consume(processor() < read(patientOf) ? -1 : 1);
  else produce();
}

function produce(): void {
  const M = read(lockOf);
  lock(M);
  if (load<u32>(state) == NOT_YET) store<u32>(state, THERE);
  mutex.unlock(M, load<u32>(M));
  atomic.add<u32>(notified, notify(read(conditionOf), 1));
}

function consume(milliseconds: f64): void {
  const M = read(lockOf);
  const C = read(conditionOf);
  let node: usize = read(nodes + processor() * 4);
  let inTime = true;
  if (node == 0) lock(M);
  else inTime = wakesNotified(node, milliseconds);
  while (inTime && load<u32>(state) == NOT_YET) {
    const former = node;
    node = join(C);
    mutex.unlock(M, load<u32>(M));
    if (former != 0) retire(C, read(C), former);
    inTime = wakesNotified(node, milliseconds);
  }
  if (load<u32>(state) == THERE) {
    store<u32>(state, SEEN);
    atomic.add<u32>(notified, notify(C, ALL));
  }
  mutex.unlock(M, load<u32>(M));
  if (inTime && node != 0) retire(C, read(C), node);
}

/** Sleeps, and takes the lock again; false: it was not notified in time. */
function wakesNotified(node: usize, milliseconds: f64): bool {
  const C = read(conditionOf);
  for (let as = FRESH; attempt(C, node, as) == WAIT && sleep(milliseconds); as = SLEPT) {}
  lock(read(lockOf));
  if (settle(C, read(C), node) != 1) return false;
  atomic.add<u32>(woken, 1);
  return true;
}

function lock(M: usize): void {
  if (mutex.tryLock(M, load<u32>(M)) != BUSY) return;
  for (let as = FRESH; mutex.attempt(M, as) == WAIT; as = SLEPT) sleep(-1);
}

/** Nobody waits any more, and who was notified has woken. */
export function condition_prove_end(deaths: u32): void {
  expectNothingHeld();
  begin();
  if (notify(read(conditionOf), ALL) != 0) fail(Failure.Lost);
  if (deaths == 0 && read(notified) != read(woken)) fail(Failure.Lost);
}

/** More waiters than one section notifies: the first of them, then all others, each once. */
export function condition_prove_many(): void {
  begin();
  const C = read(conditionOf);
  for (let i: u32 = 0; i < MANY; i++) write(nodes + i * 4, <u32>join(C));
  if (notify(C, 1) != 1 || notify(C, ALL) != MANY - 1 || notify(C, ALL) != 0) fail(Failure.Lost);
  for (let i: u32 = 0; i < MANY; i++) {
    const node = read(nodes + i * 4);
    if (attempt(C, node, SLEPT) == WAIT || settle(C, read(C), node) != 1) fail(Failure.Lost);
    retire(C, read(C), node);
  }
}

// Words of the condition and of a node, as the condition's head draws them.
const awaited: u32 = 4;
export const guard: u32 = 8;
export const first: u32 = 24;
export const waiting: u32 = 28;
export const queue: u32 = 32;
export const next: u32 = 0;
export const previous: u32 = 4;
export const stateOf: u32 = 8;
const owner: u32 = 12;
export const NODE_BYTES: u32 = 16;
export const WAITING: u32 = 0;
export const NOTIFIED: u32 = 1;
const DISMISSED: u32 = 2;

/**
 * The ring of the nodes that are given, 0 for none; the first of them that waits, and how many do. Nobody is in a
 * section.
 */
export function expectQueue(C: usize, one: usize, two: usize, three: usize, firstNode: usize, waiters: u32): void {
  const Q = C + queue;
  let last = Q;
  if (one != 0) last = follows(last, one);
  if (two != 0) last = follows(last, two);
  if (three != 0) last = follows(last, three);
  follows(last, Q);
  expect(read(C + first) == (firstNode == 0 ? Q : firstNode) && read(C + waiting) == waiters);
  expectIdle(C);
}

function follows(node: usize, after: usize): usize {
  expect(read(node + next) == after && read(after + previous) == node);
  return after;
}

function expectIdle(C: usize): void {
  expect(ownerOf(read(C + guard)) == 0 && load<u32>(my + pending) == 0 && load<u32>(my + journal) == 0);
}

export function joinAs(slot: u32): usize {
  enterAs(slot);
  const node = join(read(conditionOf));
  expect(node > FREED && read(node + stateOf) == WAITING && read(node + owner) == slot);
  return node;
}

/** Waiters of slots 1 and 2, one operation after the other: the words of the queue, and answers. */
export function condition_prove_alone(): void {
  begin();
  const C = read(conditionOf);
  const as = read(C);
  const untouched = read(C + guard);
  expectQueue(C, 0, 0, 0, 0, 0);
  expect(notify(C, ALL) == 0 && read(C + guard) == untouched && kindOf(C) == Kind.Condition);
  holdTooMuch();
  expect(join(C) == HOLDS_TOO_MANY);
  letAllGo();
  expect(heldCount(my) == 0 && read(C + awaited) == 0);

  let one = joinAs(1);
  expectQueue(C, one, 0, 0, one, 1);
  expect(read(C + awaited) == 1 && heldCount(my) == 1 && blockBytes(one) == NODE_BYTES);
  expect(attempt(C, one, FRESH) == WAIT && sleepAddress == one + stateOf && sleepValue == WAITING);
  let two = joinAs(2);
  expectQueue(C, one, two, 0, one, 2);
  let three = joinAs(1);
  expectQueue(C, one, two, three, one, 3);
  expect(heldCount(my) == 2);

  // The first is notified, and has done with it; the others give up, the last one first.
  expect(notify(C, 1) == 1 && load<u32>(my + slept) == one + stateOf);
  expectQueue(C, one, two, three, two, 2);
  expect(read(one + stateOf) == NOTIFIED && read(two + stateOf) == WAITING && read(three + stateOf) == WAITING);
  expect(attempt(C, one, SLEPT) == WOKEN && attempt(C, three, SLEPT) == WAIT);
  expectIdle(C);
  expect(settle(C, as, one) == 1 && heldCount(my) == 2);
  expectQueue(C, one, two, three, two, 2);
  retire(C, as, one);
  expectQueue(C, two, three, 0, two, 2);
  expect(heldCount(my) == 1 && blockBytes(one) == 0);
  expect(settle(C, as, three) == 0 && heldCount(my) == 0 && blockBytes(three) == 0);
  expectQueue(C, two, 0, 0, two, 1);
  enterAs(2);
  expect(settle(C, as, two) == 0 && heldCount(my) == 0);
  expectQueue(C, 0, 0, 0, 0, 0);
  expect(read(C + awaited) == 1 && notify(C, 1) == 0 && read(C + awaited) == 0);
  expectIdle(C);

  // One in the middle gives up, then the first who waits; two are notified at once.
  one = joinAs(1);
  two = joinAs(2);
  three = joinAs(1);
  enterAs(2);
  expect(settle(C, as, two) == 0);
  expectQueue(C, one, three, 0, one, 2);
  two = joinAs(2);
  expectQueue(C, one, three, two, one, 3);
  enterAs(1);
  expect(notify(C, 2) == 2 && load<u32>(my + slept) == three + stateOf);
  expectQueue(C, one, three, two, two, 1);
  expect(read(one + stateOf) == NOTIFIED && read(three + stateOf) == NOTIFIED && read(two + stateOf) == WAITING);
  retire(C, as, three);
  expectQueue(C, one, two, 0, two, 1);
  retire(C, as, one);
  expectQueue(C, two, 0, 0, two, 1);
  expect(notify(C, 3) == 1);
  expectQueue(C, two, 0, 0, 0, 0);
  enterAs(2);
  retire(C, as, two);
  expectQueue(C, 0, 0, 0, 0, 0);
  expect(load<u32>(my + inside) == 0);
}

/** A worker dies whose nodes are notified, or wait: what the guardian leaves of them, and what it passes on. */
export function condition_prove_repair(): void {
  const C = read(conditionOf);
  const as = read(C);
  const guardian = workers() + 1;
  let one = joinAs(1);
  let two = joinAs(2);
  const three = joinAs(1);
  notify(C, 1);
  enterAs(2);
  enter(C, C + guard);
  set(C + awaited, 1);
  enterAs(guardian);
  expect(!repair(C, 1) && load<u32>(my + pending) == 0 && ownerOf(read(C + guard)) == 2);
  // Of slot 2, which the compiler does not know.
  enterAs(read(two + owner));
  leave(C + guard);
  expectQueue(C, one, two, three, two, 2);
  enterAs(guardian);
  expect(repair(C, 1));
  expectQueue(C, two, 0, 0, 0, 0);
  expect(read(two + stateOf) == NOTIFIED && blockBytes(one) == 0 && blockBytes(three) == 0);
  expect(repair(C, 1) && repair(C, 2));
  expectQueue(C, 0, 0, 0, 0, 0);
  // Who dies without a notification passes none on.
  one = joinAs(1);
  two = joinAs(2);
  enterAs(guardian);
  expect(repair(C, 1));
  expectQueue(C, two, 0, 0, two, 1);
  expect(read(two + stateOf) == WAITING);
  enterAs(2);
  expect(settle(C, as, two) == 0);
  expectQueue(C, 0, 0, 0, 0, 0);
  forgetHeld(1);
  enterAs(1);
}

/** As repair does. */
function forgetHeld(slot: u32): void {
  enterAs(slot);
  store<u32>(my + held, 0);
}

/** Freed while two wait and one of them is inside: both are dismissed, and nobody joins any more. */
export function condition_prove_freed(): void {
  begin();
  const C = read(conditionOf);
  const as = read(C);
  // Who frees it is not so far yet that it dismisses: who was notified is told all the same.
  const before = joinAs(1);
  expect(notify(C, 1) == 1);
  write(C, as | DYING);
  expect(settle(C, as, before) == FREED);
  write(C, as);
  forgetHeld(1);
  expectQueue(C, 0, 0, 0, 0, 0);

  const one = joinAs(1);
  const three = joinAs(1);
  const two = joinAs(2);
  expect(notify(C, 1) == 1 && enterObject(C, as));
  enterAs(1);
  expect(freeObject(C, as));
  expectQueue(C, 0, 0, 0, 0, 0);
  expect(read(one + stateOf) == DISMISSED && read(two + stateOf) == DISMISSED && read(one + next) == 0);
  expect(attempt(C, three, SLEPT) == WOKEN);
  const block = allocate(NODE_BYTES);
  release(block);
  expect(join(C) == FREED);
  expectIdle(C);
  expect(allocate(NODE_BYTES) == block);
  expect(settle(C, as, one) == FREED && blockBytes(one) == 0 && load<u32>(my + inside) == 0);
  expectQueue(C, 0, 0, 0, 0, 0);
  retire(C, as, three);
  expect(blockBytes(three) == 0);
  enterAs(2);
  leaveObject();
  // It is no more.
  expect(read(C) != as && settle(C, as, two) == FREED && blockBytes(two) == 0);
  forgetHeld(2);
  forgetHeld(1);
}

/** Nothing is made, and nobody joins, where there is no room. */
export function condition_prove_full(): void {
  begin();
  const C = read(conditionOf);
  fillSpace();
  let made = C;
  for (let i = 0; i < MOST && made != 0; i++) made = create();
  expect(made == 0 && load<u32>(first) == 0 && load<u32>(queue + previous) == 0);
  while (allocate(NODE_BYTES) != 0) {}
  expect(join(C) == FULL && heldCount(my) == 0);
  expectQueue(C, 0, 0, 0, 0, 0);
}

/** More conditions than there are in a span. */
const MOST: i32 = 600;
