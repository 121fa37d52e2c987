/**
 * The condition, proven. One thing happens, once: processors from `consumers` on make it so, each of them, and notify one;
 * those below wait for it, and the first to see it takes note of that and notifies all. If a waiter is stranded, that is a
 * deadlock. Those below `patient` wait for ever, other consumers give up in time.
 *
 *     SCENE | mutex | condition | consumers | patient | state | notified | woken | nodes ... |
 */
import { read, write } from "../../atomics";
import { Failure, fail, processor } from "../../machine";
import { attempt, create, join, notify, retire, settle } from "../condition";
import { BUSY, FRESH, SLEPT } from "../lock-word";
import * as mutex from "../mutex";
import { sleep, WAIT } from "../sleep";
import { enterAs } from "../space";
import { begin, expectNothingHeld, prepareWorkers, SCENE } from "./worker";

const lockOf: usize = SCENE;
const conditionOf: usize = SCENE + 4;
const consumersOf: usize = SCENE + 8;
const patientOf: usize = SCENE + 12;
const state: usize = SCENE + 16;
/** What notify has said in all, and how many have woken of it. */
const notified: usize = SCENE + 20;
const woken: usize = SCENE + 24;
/** Of each consumer: where it waits when it begins, or 0. */
const nodes: usize = SCENE + 28;

const NOT_YET: u32 = 0;
const THERE: u32 = 1;
const SEEN: u32 = 2;

const ALL: u32 = 0xffffffff;
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
  mutex.unlock(M);
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
    mutex.unlock(M);
    if (former != 0) retire(C, read(C), former);
    inTime = wakesNotified(node, milliseconds);
  }
  if (load<u32>(state) == THERE) {
    store<u32>(state, SEEN);
    atomic.add<u32>(notified, notify(C, ALL));
  }
  mutex.unlock(M);
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
  if (mutex.tryLock(M) != BUSY) return;
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
