/**
 * Scheduling, proven. Each processor asks for a task, executes it, says that it is done, and makes it ready again, until
 * all tasks have run their turns. Who finds none sleeps at its bell; who is told to wait does so until it is over.
 *
 *     SCENE   | scheduler | policy | tasks | bound | present when all begins |
 *     tasks   | turns left | 1 while somebody executes it | the processors that have executed it: 32 bits | of each
 *     owned   a word for each slot: the task that it is about to make ready, and one more; its turns left then
 *
 * Failures: a task that two execute at once, or that somebody takes whom nobody has told of, or that is left. Lost tasks
 * and lost wake-ups are deadlocks.
 */
import { fetch_and_store, NIL, read, write } from "../../atomics";
import { processor } from "../../machine";
import { done } from "../../tasks/affinity";
import { firstOf, lengthOf } from "../../tasks/queue";
import {
  bellOf,
  bytesOf,
  centralQueue,
  initialize,
  inQueue,
  isPresent,
  LATER,
  NO_BOUND,
  NONE,
  processorAt,
  processorsOf,
  queueOf,
  ringAll,
  running,
  since,
  taskAt,
  untilBound,
} from "../../tasks/scheduler";
import { owner } from "../lock-word";
import { createObject, Kind } from "../objects";
import { come, hasCentralQueue, leave, next, PolicyNumber, ready, readyTasks } from "../policies";
import { neverBlock } from "../sleep";
import { CACHE_LINE, enterAs, me } from "../space";
import {
  begin,
  beginGuarding,
  endGuarding,
  expect,
  expectNothingHeld,
  prepareWorkers,
  prove_death,
  SCENE,
} from "./worker";

export const scheduler: usize = SCENE;
export const policyOf: usize = SCENE + 4;
const tasksOf: usize = SCENE + 8;
const boundOf: usize = SCENE + 12;

const tasks: usize = SCENE + CACHE_LINE;
const owned: usize = SCENE + 2 * CACHE_LINE;

/** The time at which a processor asks. Tasks become ready sooner, when of two that are idle processor 1 is drawn. */
const EARLY: u32 = 6;

function leftOf(task: u32): usize {
  return tasks + task * 12;
}

function executes(task: u32): usize {
  return tasks + task * 12 + 4;
}

function executedBy(task: u32): usize {
  return tasks + task * 12 + 8;
}

/** Each of the tasks has so many turns. Of `count` processors, the first ones take part from the beginning. */
export function scheduling_prove_init(
  policy: PolicyNumber,
  count: u32,
  present: u32,
  all: u32,
  turns: u32,
  parameter: u32,
  bound: u32,
): void {
  prepareWorkers();
  const S = createObject(Kind.SharedBuffer, bytesOf(count, all, all));
  initialize(S, count, all, all, parameter, bound);
  write(scheduler, <u32>S);
  write(policyOf, policy);
  write(tasksOf, all);
  write(boundOf, bound);
  for (let p: u32 = 0; p < present; p++) {
    enterAs(p + 1);
    come(policy, S, p);
  }
  for (let t: u32 = 0; t < all; t++) write(leftOf(t), turns);
}

/** The same, with all tasks ready. */
export function scheduling_prove_init_ready(
  policy: PolicyNumber,
  count: u32,
  present: u32,
  all: u32,
  turns: u32,
  parameter: u32,
  bound: u32,
): void {
  scheduling_prove_init(policy, count, present, all, turns, parameter, bound);
  for (let t: u32 = 0; t < all; t++) makeReady(t);
}

/** Processor 0 has executed each of them last. None is ready. */
export function scheduling_prove_init_warm(
  policy: PolicyNumber,
  count: u32,
  present: u32,
  all: u32,
  turns: u32,
  parameter: u32,
  bound: u32,
): void {
  scheduling_prove_init(policy, count, present, all, turns, parameter, bound);
  const S = read(scheduler);
  for (let t: u32 = 0; t < all; t++) {
    write(processorAt(S, 0) + running, t + 1);
    done(S, 0);
    write(executedBy(t), 1);
  }
}

/** The same, with all tasks ready. */
export function scheduling_prove_init_warm_ready(
  policy: PolicyNumber,
  count: u32,
  present: u32,
  all: u32,
  turns: u32,
  parameter: u32,
  bound: u32,
): void {
  scheduling_prove_init_warm(policy, count, present, all, turns, parameter, bound);
  for (let t: u32 = 0; t < all; t++) makeReady(t);
}

/** When it becomes ready is known by how many turns are left then. */
function timeOf(left: u32): u32 {
  return EARLY - left;
}

function makeReady(task: u32): void {
  ready(read(policyOf), read(scheduler), task, timeOf(read(leftOf(task))));
}

function isAllDone(): bool {
  let left: u32 = 0;
  for (let t: u32 = 0, all = read(tasksOf); t < all; t++) left |= read(leftOf(t));
  return left == 0;
}

/** As one that looks at a guard until it is free: far fewer states than if it slept there, too. */
export function scheduling_prove_run(): void {
  begin();
  neverBlock();
  work();
}

export function scheduling_prove_run_asleep(): void {
  begin();
  work();
}

function work(): void {
  const S = read(scheduler);
  const p = processor();
  let now = EARLY;
  while (true) {
    const heard = read(bellOf(S, p));
    const task = next(read(policyOf), S, p, now);
    if (task < LATER) {
      expectPatience(task, now);
      now = EARLY;
      execute(task);
      continue;
    }
    if (isAllDone()) return;
    if (task == NONE) now = EARLY;
    const longest = task == NONE ? NO_BOUND : untilBound(S, p, now);
    const result = atomic.wait<u32>(bellOf(S, p), heard, longest == NO_BOUND ? -1 : <i64>longest);
    if (result == 2) now += longest;
  }
}

/** What is cold for a processor it takes only when it has waited for the bound. */
function expectPatience(task: u32, now: u32): void {
  if (read(boundOf) == 0) return;
  const all = atomic.or<u32>(executedBy(task), 1 << processor());
  const isCold = (all & ~(1 << processor())) != 0 && (all & (1 << processor())) == 0;
  if (isCold && declines(read(policyOf)) && isPresent(read(scheduler), ctz(all))) expect(now != EARLY);
}

function declines(policy: PolicyNumber): bool {
  if (policy == PolicyNumber.BalanceSet) return false;
  return hasCentralQueue(policy) || policy == PolicyNumber.WorkStealing;
}

function execute(task: u32): void {
  const S = read(scheduler);
  const p = processor();
  expect(read(processorAt(S, p) + running) == task + 1);
  expect(fetch_and_store(executes(task), 1) == 0);
  const left = read(leftOf(task)) - 1;
  write(leftOf(task), left);
  write(executes(task), 0);
  write(owned + me * 4, ((task + 1) << 8) | left);
  done(S, p);
  if (left != 0) makeReady(task);
  else if (isAllDone()) ringAll(S);
  write(owned + me * 4, 0);
}

/** A processor that takes a task, if it gets one, and then goes. */
export function scheduling_prove_go(): void {
  begin();
  neverBlock();
  go();
}

/** The same, and then it comes back. */
export function scheduling_prove_come_back(): void {
  begin();
  neverBlock();
  go();
  come(read(policyOf), read(scheduler), processor());
  work();
}

function go(): void {
  const S = read(scheduler);
  const task = next(read(policyOf), S, processor(), EARLY);
  if (task < LATER) execute(task);
  expect(leave(read(policyOf), S, processor()));
}

/** One that comes when others are here. */
export function scheduling_prove_come(): void {
  begin();
  neverBlock();
  come(read(policyOf), read(scheduler), processor());
  work();
}

/** A thread that is no processor makes all tasks ready. */
export function scheduling_prove_submit(): void {
  begin();
  neverBlock();
  for (let t: u32 = 0, all = read(tasksOf); t < all; t++) makeReady(t);
}

/** Another does so in its place. What it has done is known by the times at which tasks became ready. */
export function scheduling_prove_submit_death(dead: u32): void {
  neverBlock();
  prove_death(dead);
  enterAs(dead + 1);
  ringAll(read(scheduler));
  for (let t: u32 = 0, all = read(tasksOf); t < all; t++) {
    if (read(taskAt(read(scheduler), t) + since) == 0) makeReady(t);
  }
}

/** What a processor left is repaired, and its tasks are made ready again by their owner, who is another worker. */
export function scheduling_prove_death(dead: u32): void {
  neverBlock();
  prove_death(dead);
  const S = read(scheduler);
  do beginGuarding();
  while (!endGuarding(leave(read(policyOf), S, dead)));
  enterAs(dead + 1);
  const task = fetch_and_store(processorAt(S, dead) + running, 0);
  if (task != 0) {
    write(executes(task - 1), 0);
    if (read(leftOf(task - 1)) != 0) makeReady(task - 1);
  } else makeOwnedReady();
}

/** The same; then the other worker comes in its place, and executes what is left. */
export function scheduling_prove_death_and_return(dead: u32): void {
  scheduling_prove_death(dead);
  come(read(policyOf), read(scheduler), dead);
  work();
}

/** What the dead one was about to make ready, if it did not live to do so. */
function makeOwnedReady(): void {
  const last = read(owned + me * 4);
  if (last == 0) return;
  const task = (last >> 8) - 1;
  const left = last & 0xff;
  if (left == 0 || read(leftOf(task)) != left) return;
  if (read(taskAt(read(scheduler), task) + since) != timeOf(left)) makeReady(task);
}

/** Each makes the task of its number ready, and ends. */
export function scheduling_prove_submit_one(): void {
  begin();
  neverBlock();
  makeReady(processor());
}

export function scheduling_prove_submit_one_death(dead: u32): void {
  neverBlock();
  prove_death(dead);
  enterAs(dead + 1);
  if (read(taskAt(read(scheduler), dead) + since) == 0) makeReady(dead);
}

/** Each asks once, and ends. */
export function scheduling_prove_ask(): void {
  begin();
  neverBlock();
  next(read(policyOf), read(scheduler), processor(), EARLY);
}

export function scheduling_prove_ask_death(dead: u32): void {
  neverBlock();
  prove_death(dead);
  do beginGuarding();
  while (!endGuarding(leave(read(policyOf), read(scheduler), dead)));
}

/** Each task is in one queue, or is named by one processor. */
export function scheduling_prove_places(): void {
  const S = read(scheduler);
  expectNothingHeld();
  let queued: u32 = 0;
  for (let t: u32 = 0, all = read(tasksOf); t < all; t++) {
    let places: u32 = read(taskAt(S, t) + inQueue) == NIL ? 0 : 1;
    queued += places;
    for (let p: u32 = 0; p < processorsOf(S); p++) if (read(processorAt(S, p) + running) == t + 1) places++;
    expect(places == 1);
  }
  expect(readyTasks(read(policyOf), S) == queued && owner(centralQueue(S)) == 0);
  for (let p: u32 = 0; p < processorsOf(S); p++) expect(owner(queueOf(S, p)) == 0);
}

/** Every task has run its turns, no queue has any, and nobody is in the middle of anything. */
export function scheduling_prove_end(): void {
  const S = read(scheduler);
  expect(isAllDone());
  expectNothingHeld();
  for (let t: u32 = 0, all = read(tasksOf); t < all; t++) {
    expect(read(executes(t)) == 0 && read(taskAt(S, t) + inQueue) == NIL);
  }
  expectEmpty(centralQueue(S));
  for (let p: u32 = 0; p < processorsOf(S); p++) {
    expect(read(processorAt(S, p) + running) == 0);
    expectEmpty(queueOf(S, p));
  }
  expect(readyTasks(read(policyOf), S) == 0);
}

function expectEmpty(Q: usize): void {
  expect(firstOf(Q) == NIL && lengthOf(Q) == 0 && owner(Q) == 0);
}
