/**
 * Each scheduling policy's decisions, proven: one thread asks for all processors, one operation after the other. What a
 * processor gets, and who is rung, is what the policy's head says.
 *
 *     SCENE | scheduler | policy |          as scheduling.ts
 */
import { read, write } from "../../atomics";
import { done } from "../../tasks/affinity";
import { enterQueue, leaveQueue } from "../../tasks/queue";
import {
  bellOf,
  bytesOf,
  centralQueue,
  declined,
  initialize,
  inQueue,
  isIdle,
  isPresent,
  LATER,
  NO_BOUND,
  NOBODY,
  NONE,
  processorAt,
  processorsOf,
  profile,
  queueOf,
  running,
  setBase,
  since,
  taskAt,
  untilBound,
} from "../../tasks/scheduler";
import { owner } from "../lock-word";
import { createObject, Kind } from "../objects";
import { come, hasCentralQueue, leave, next, PolicyNumber, ready, readyTasks } from "../policies";
import { enterAs, journal, my, pending, workers } from "../space";
import { policyOf, scheduler } from "./scheduling";
import { expect, expectEqual, prepareAlone } from "./worker";

/** Times from which affinity.ts draws, of 4 processors, this one. */
const FROM_1: u32 = 4;
const FROM_2: u32 = 2;

/** All processors are here, and nobody has asked. */
export function policies_prove_init(policy: PolicyNumber, count: u32, tasks: u32, parameter: u32, bound: u32): void {
  prepareAlone(count);
  write(policyOf, policy);
  const S = createObject(Kind.SharedBuffer, bytesOf(count, tasks, tasks));
  write(scheduler, <u32>S);
  initialize(S, count, tasks, tasks, parameter, bound);
  for (let p: u32 = 0; p < count; p++) comeAs(p);
}

export function S(): usize {
  return read(scheduler);
}

export function comeAs(p: u32): void {
  enterAs(p + 1);
  come(read(policyOf), S(), p);
}

export function leaveAs(p: u32): void {
  enterAs(p + 1);
  expect(leave(read(policyOf), S(), p));
  expectOutside();
}

/** Who asked is in no section any more, and nobody is. */
function expectOutside(): void {
  expect(load<u64>(my + pending) == 0 && load<u32>(my + journal) == 0 && owner(centralQueue(S())) == 0);
  for (let p: u32 = 0; p < processorsOf(S()); p++) expect(owner(queueOf(S(), p)) == 0);
}

/** Who is rung for the task: its bell alone rings. */
export function submit(task: u32, now: u32, expected: u32): void {
  enterAs(1);
  const before = bells();
  const bell: u32 = expected == NOBODY ? 0 : read(bellOf(S(), expected));
  expectEqual(ready(read(policyOf), S(), task, now), expected);
  expectEqual(bells() - before, expected == NOBODY ? 0 : 1);
  if (expected != NOBODY) expect(read(bellOf(S(), expected)) == bell + 1 && !isIdle(S(), expected));
  expectEqual(read(taskAt(S(), task) + since), now);
  expectOutside();
}

/** How often all bells have rung. */
function bells(): u32 {
  let sum: u32 = 0;
  for (let p: u32 = 0; p < processorsOf(S()); p++) sum += read(bellOf(S(), p));
  return sum;
}

/** What a processor gets that executes nothing. */
export function ask(p: u32, now: u32, expected: u32): void {
  enterAs(p + 1);
  const before = bells();
  expectEqual(next(read(policyOf), S(), p, now), expected);
  // One other is told of what is left, if anything is.
  expect(bells() - before <= (expected < LATER && readyTasks(read(policyOf), S()) != 0 ? 1 : 0));
  expectEqual(isIdle(S(), p) ? 1 : 0, expected >= LATER ? 1 : 0);
  expectEqual(read(processorAt(S(), p) + running), expected >= LATER ? 0 : expected + 1);
  expect((read(processorAt(S(), p) + declined) == 0) == (expected != LATER));
  expectOutside();
}

/** What it got is done. */
export function end(p: u32): void {
  enterAs(p + 1);
  done(S(), p);
}

/** A processor gets a task and does it. */
export function take(p: u32, now: u32, expected: u32): void {
  ask(p, now, expected);
  end(p);
}

/** As if a processor had done a task some time ago. */
export function did(p: u32, task: u32): void {
  enterAs(p + 1);
  write(processorAt(S(), p) + running, task + 1);
  done(S(), p);
}

/** Nothing is left for anybody: all are idle then. */
export function allIdle(now: u32): void {
  for (let p: u32 = 0; p < processorsOf(S()); p++) if (isPresent(S(), p)) ask(p, now, NONE);
  expectEqual(readyTasks(read(policyOf), S()), 0);
}

function waitsAt(task: u32, p: u32): void {
  expectEqual(read(taskAt(S(), task) + inQueue), <u32>queueOf(S(), p));
}

/** 4 processors, 6 tasks. */
export function policies_prove_fcfs(): void {
  did(0, 1);
  did(3, 2);
  submit(2, 1, NOBODY);
  submit(0, 2, NOBODY);
  submit(1, 3, NOBODY);
  expectEqual(readyTasks(read(policyOf), S()), 3);
  take(0, 9, 2);
  take(3, 9, 0);
  take(0, 9, 1);
  allIdle(9);
  // The time decides who is rung, or the next one that is idle.
  submit(1, FROM_1, 1);
  submit(5, FROM_1, 2);
  submit(2, FROM_2, 3);
  submit(3, FROM_2, 0);
  take(0, 11, 1);
  take(0, 11, 5);
  take(0, 11, 2);
  take(0, 11, 3);
  allIdle(11);
  submit(3, 0, 0);
}

/** The same with a bound of 10. */
export function policies_prove_fcfs_patient(): void {
  did(2, 1);
  did(3, 1);
  did(0, 2);
  submit(1, 1, NOBODY);
  ask(0, 3, LATER);
  expectEqual(untilBound(S(), 0, 4), 9);
  ask(1, 5, LATER);
  expectEqual(untilBound(S(), 1, 5), 10);
  // 1 would decline it.
  submit(2, FROM_1, 0);
  // It takes what is warm, behind an older one, and tells another of that.
  const bell = read(bellOf(S(), 1));
  take(0, 5, 2);
  expect(!isIdle(S(), 1) && read(bellOf(S(), 1)) == bell + 1);
  ask(1, 6, LATER);
  expectEqual(untilBound(S(), 1, 6), 9);
  ask(0, 13, LATER);
  ask(1, 14, LATER);
  take(1, 15, 1);
  ask(0, 16, NONE);
  // It begins again.
  submit(1, 21, 0);
  ask(0, 21, LATER);
  ask(0, 30, LATER);
  take(0, 31, 1);
  allIdle(40);
  submit(2, FROM_1, 0);
  take(0, 41, 2);
  allIdle(42);
  // Whoever has executed it, and the first one for what nobody has.
  submit(1, FROM_2, 2);
  take(2, 42, 1);
  submit(5, FROM_1, 1);
  take(1, 43, 5);
  // One alone has executed it.
  allIdle(44);
  did(2, 3);
  submit(3, FROM_1, 2);
  ask(0, 45, LATER);
  take(2, 45, 3);
  // Behind what is cold, one that nobody has executed.
  submit(3, FROM_1, 1);
  submit(4, FROM_1, 3);
  take(0, 46, 4);
}

/** 4 processors, 6 tasks. */
export function policies_prove_last_processor(): void {
  did(1, 0);
  did(2, 0);
  did(1, 1);
  did(2, 3);
  did(1, 2);
  submit(4, 1, NOBODY);
  submit(3, 1, NOBODY);
  submit(2, 1, NOBODY);
  submit(1, 1, NOBODY);
  submit(0, 1, NOBODY);
  // Its own, the oldest first; then the oldest of all.
  take(1, 1, 2);
  take(1, 1, 1);
  take(1, 1, 4);
  take(2, 1, 3);
  take(3, 1, 0);
  allIdle(1);
  submit(4, FROM_1, 1);
  submit(0, FROM_1, 3);
  // The last one is not idle.
  submit(1, FROM_1, 2);
  submit(5, FROM_1, 0);
  take(0, 1, 4);
  take(0, 1, 0);
  take(0, 1, 1);
  take(0, 1, 5);
}

/** The same with a bound: the last one alone does not decline. */
export function policies_prove_last_processor_patient(): void {
  did(1, 0);
  did(2, 0);
  submit(0, 1, NOBODY);
  ask(1, 1, LATER);
  take(2, 1, 0);
}

/** 4 processors, 6 tasks. */
export function policies_prove_minimum_intervening(): void {
  did(0, 1);
  did(0, 2);
  did(0, 3);
  did(1, 2);
  submit(4, 1, NOBODY);
  submit(1, 1, NOBODY);
  submit(2, 1, NOBODY);
  submit(3, 1, NOBODY);
  submit(5, 1, NOBODY);
  ask(0, 1, 3);
  ask(1, 1, 2);
  // Of those that it never executed, the oldest.
  ask(3, 1, 4);
  ask(2, 1, 1);
  end(0);
  end(1);
  end(2);
  end(3);
  take(0, 1, 5);
  allIdle(1);
  // At 0 of 2: 3 intervening; at 1: none.
  submit(2, 1, 1);
  submit(1, 1, 2);
  submit(4, 1, 3);
  submit(0, 1, 0);
  take(2, 1, 1);
  take(0, 1, 2);
  take(3, 1, 4);
  take(1, 1, 0);
  allIdle(1);
  did(1, 3);
  did(1, 3);
  did(1, 3);
  ask(1, 1, NONE);
  // At 0 of 2 none, at 1 more.
  submit(2, 1, 0);
  take(0, 1, 2);
  // At 1 none, at 0, which was the last, more.
  did(1, 2);
  did(0, 2);
  did(0, 3);
  ask(0, 1, NONE);
  ask(1, 1, NONE);
  submit(2, 1, 1);
}

/** More processors than a key remembers: all of them count. 10 processors. */
export function policies_prove_minimum_intervening_all(): void {
  for (let p: u32 = 0; p < 9; p++) did(p, 0);
  submit(1, 1, NOBODY);
  submit(0, 1, NOBODY);
  take(0, 1, 0);
  take(0, 1, 1);
}

/** The parameter is 2: 4 processors, 6 tasks. */
export function policies_prove_limited_minimum_intervening(): void {
  did(0, 1);
  did(1, 1);
  did(0, 2);
  did(2, 1);
  submit(3, 1, NOBODY);
  submit(1, 1, NOBODY);
  submit(2, 1, NOBODY);
  // 1 forgot processor 0.
  take(0, 1, 2);
  take(0, 1, 3);
  take(1, 1, 1);
  allIdle(1);
  // Of 1, those of 1 and 2 are remembered, and 1 of them was last.
  submit(1, 1, 1);
  submit(5, FROM_1, 2);
  submit(2, 1, 0);
  take(3, 1, 1);
}

export function policies_prove_limited_minimum_intervening_patient(): void {
  did(0, 1);
  did(1, 1);
  did(2, 1);
  submit(1, 1, NOBODY);
  ask(0, 1, LATER);
  take(1, 1, 1);
}

/** A task's own priority. */
function give(task: u32, priority: i32): void {
  setBase(S(), task, priority);
}

/** Without ageing: 4 processors, 6 tasks. */
export function policies_prove_priority(): void {
  did(1, 2);
  did(0, 1);
  give(3, 2);
  give(4, 1);
  submit(0, 1, NOBODY);
  submit(1, 1, NOBODY);
  submit(2, 1, NOBODY);
  submit(4, 1, NOBODY);
  submit(3, 1, NOBODY);
  take(1, 1000, 3);
  // 1 for its own, 1 for affinity: the older one.
  take(1, 1000, 2);
  take(1, 1000, 4);
  take(2, 1000, 0);
  take(2, 1000, 1);
  allIdle(1000);
  submit(3, FROM_2, 1);
  submit(2, FROM_1, 2);
  submit(1, FROM_1, 3);
  submit(4, FROM_1, 0);
  take(0, 1000, 3);
}

/** An age of 4 units is worth 1. */
export function policies_prove_priority_ageing(): void {
  did(0, 1);
  give(2, 3);
  submit(0, 100, NOBODY);
  submit(1, 101, NOBODY);
  submit(2, 104, NOBODY);
  // 0 + 1; 0 + 0 + 1; 3 + 0.
  take(0, 104, 2);
  take(0, 104, 0);
  take(0, 104, 1);
  submit(2, 200, NOBODY);
  submit(0, 211, NOBODY);
  give(0, 6);
  // 3 + 2 at 211, and 3 + 3 from 212 on: the older one.
  ask(0, 211, 0);
  end(0);
  submit(0, 212, NOBODY);
  give(0, 5);
  take(0, 212, 2);
  take(0, 212, 0);
  // Below 0: -2 + 1 at 304, and -2 + 4 from 316 on.
  give(3, -2);
  submit(3, 300, NOBODY);
  submit(1, 304, NOBODY);
  take(3, 304, 1);
  submit(1, 315, NOBODY);
  take(2, 316, 3);
  take(2, 316, 1);
}

/** The last one alone does not decline. */
export function policies_prove_priority_patient(): void {
  did(2, 0);
  did(1, 0);
  did(0, 4);
  give(4, 2);
  submit(0, 1, NOBODY);
  ask(2, 1, LATER);
  submit(4, 1, 2);
  take(1, 1, 0);
  expect(!isIdle(S(), 2));
  ask(2, 1, LATER);
  take(0, 1, 4);
}

/** 5 lines fit: 4 processors, 6 tasks. */
export function policies_prove_balance_set(): void {
  profile(S(), 0, 4);
  profile(S(), 1, 3);
  profile(S(), 2, 1);
  profile(S(), 3, 6);
  submit(3, 1, NOBODY);
  submit(0, 1, NOBODY);
  submit(1, 1, NOBODY);
  submit(2, 1, NOBODY);
  // 6 do not fit, 4 do; beside them 3 do not, 1 does; then nothing: the most frugal, whatever is older.
  ask(0, 100, 0);
  ask(1, 100, 2);
  submit(4, 1, NOBODY);
  ask(2, 100, 4);
  ask(3, 100, 1);
  end(2);
  ask(2, 100, 3);
  for (let p: u32 = 0; p < 4; p++) end(p);
  allIdle(1);
  profile(S(), 5, 5);
  profile(S(), 0, 6);
  submit(8, 1, 0);
  submit(5, 1, 1);
  submit(2, 1, 2);
  submit(3, 1, 3);
  submit(0, 1, NOBODY);
  take(0, 100, 8);
  // It fits exactly. Of those that are as hungry, the oldest.
  ask(1, 100, 5);
  ask(2, 100, 2);
  ask(3, 100, 3);
}

/** The oldest is taken once it has waited for 10. */
export function policies_prove_balance_set_patient(): void {
  profile(S(), 3, 6);
  submit(3, 1, NOBODY);
  submit(1, 2, NOBODY);
  submit(2, 2, NOBODY);
  take(0, 10, 1);
  take(0, 11, 3);
  take(0, 11, 2);
}

/** 4 processors, 6 tasks. */
export function policies_prove_fixed_processor(): void {
  did(0, 1);
  submit(5, 1, NOBODY);
  submit(1, 1, NOBODY);
  submit(2, 1, NOBODY);
  ask(0, 1, NONE);
  waitsAt(1, 1);
  ask(3, 1, NONE);
  take(1, 1, 5);
  ask(2, 1, 2);
  end(2);
  take(1, 1, 1);
  allIdle(1);
  submit(3, 1, 3);
  submit(2, 1, 2);
  take(3, 1, 3);
  take(2, 1, 2);
  // Who is idle takes what is left behind, though another was told.
  submit(2, 1, NOBODY);
  leaveAs(2);
  take(1, 1, 2);
  ask(1, 1, NONE);
  // Two are left: half of the tasks are each one's.
  leaveAs(3);
  submit(2, 1, 0);
  waitsAt(2, 0);
  ask(1, 1, NONE);
  submit(3, 1, 1);
  take(0, 1, 2);
  take(1, 1, 3);
  // One is left, and is not the first.
  leaveAs(0);
  submit(2, 1, NOBODY);
  waitsAt(2, 1);
  take(1, 1, 2);
  leaveAs(1);
  submit(2, 1, NOBODY);
  waitsAt(2, 2);
  comeAs(1);
  take(1, 1, 2);
}

/** 4 units of time for 1 of the base: 4 processors, 6 tasks. */
export function policies_prove_fixed_processor_bases(): void {
  give(5, 1);
  submit(1, 10, NOBODY);
  submit(5, 13, NOBODY);
  take(1, 20, 5);
  submit(5, 14, NOBODY);
  take(1, 20, 1);
  take(1, 20, 5);
}

/** Procrastination changes nothing. */
export function policies_prove_fixed_processor_patient(): void {
  did(0, 1);
  submit(1, 1, NOBODY);
  ask(0, 1, NONE);
  take(1, 1, 1);
}

/** At most 2 intervening tasks count: 3 processors, 9 tasks. */
export function policies_prove_minimum_intervening_plus_queue(): void {
  did(1, 0);
  did(1, 1);
  // 2; 1; 2.
  submit(0, 1, NOBODY);
  waitsAt(0, 1);
  // Of 1: 2; 0 and 1 that waits; 2.
  submit(1, 1, NOBODY);
  waitsAt(1, 1);
  // Never: 2, 4, 2, from its number on.
  submit(2, 1, NOBODY);
  waitsAt(2, 2);
  submit(3, 1, NOBODY);
  waitsAt(3, 0);
  submit(4, 1, NOBODY);
  waitsAt(4, 2);
  submit(6, 1, NOBODY);
  waitsAt(6, 0);
  ask(1, 1, 0);
  // It runs, and counts: 4 everywhere.
  submit(8, 1, NOBODY);
  waitsAt(8, 2);
  ask(2, 1, 2);
  ask(0, 1, 3);
  end(0);
  end(1);
  end(2);
  take(1, 1, 1);
  ask(1, 1, NONE);
  for (let i: u32 = 0; i < 4; i++) did(1, 5);
  // Many have intervened: not more than 2 count. 0: 2 + 1; 1: 2.
  submit(0, 1, 1);
  waitsAt(0, 1);
  leaveAs(1);
  // What is left behind is taken first, by anybody.
  take(0, 1, 0);
  take(0, 1, 6);
  submit(1, 1, NOBODY);
  waitsAt(1, 0);
  take(2, 1, 4);
  take(0, 1, 1);
  leaveAs(0);
  leaveAs(2);
  submit(5, 1, NOBODY);
  waitsAt(5, 2);
  comeAs(0);
  take(0, 1, 8);
  take(0, 1, 5);
}

/** Bases are ignored. */
export function policies_prove_minimum_intervening_plus_queue_bases(): void {
  did(0, 1);
  did(0, 2);
  give(2, 9);
  submit(1, 9, NOBODY);
  submit(2, 9, NOBODY);
  waitsAt(2, 0);
  take(0, 9, 1);
  take(0, 9, 2);
}

export function policies_prove_minimum_intervening_plus_queue_patient(): void {
  did(0, 1);
  submit(1, 1, NOBODY);
  ask(1, 1, NONE);
  take(0, 1, 1);
}

/** 4 processors, 9 tasks. */
export function policies_prove_work_stealing(): void {
  did(0, 3);
  did(1, 4);
  did(1, 5);
  did(2, 6);
  did(3, 7);
  submit(4, 1, NOBODY);
  submit(5, 1, NOBODY);
  submit(6, 1, NOBODY);
  submit(7, 1, NOBODY);
  submit(1, 1, NOBODY);
  waitsAt(4, 1);
  waitsAt(1, 1);
  waitsAt(6, 2);
  // The oldest of the nearest: 1, then 2, then 3.
  take(0, 1, 4);
  take(0, 1, 5);
  take(0, 1, 1);
  take(0, 1, 6);
  take(0, 1, 7);
  allIdle(1);
  submit(3, 1, 0);
  // Its own first.
  submit(8, 1, 1);
  waitsAt(8, 0);
  const bell = read(bellOf(S(), 2));
  ask(0, 1, 3);
  // There is another one: the nearest is told.
  expect(!isIdle(S(), 2) && isIdle(S(), 3) && read(bellOf(S(), 2)) == bell + 1);
  take(1, 1, 8);
  end(0);
  // The last one is not there: one of three, by its number.
  leaveAs(1);
  submit(8, 1, 3);
  waitsAt(8, 2);
  submit(2, 1, NOBODY);
  take(0, 1, 8);
  take(2, 1, 2);
  leaveAs(0);
  ask(3, 1, NONE);
  submit(8, 1, 3);
  waitsAt(8, 2);
  leaveAs(2);
  leaveAs(3);
  submit(1, 1, NOBODY);
  waitsAt(1, 1);
  comeAs(3);
  take(3, 1, 1);
  take(3, 1, 8);
}

/** 4 units of time for 1 of the base: 4 processors, 9 tasks, of which all wait at processor 1. */
export function policies_prove_work_stealing_bases(): void {
  for (let task: u32 = 0; task < 7; task++) did(1, task);
  give(2, 2);
  give(3, -1);
  give(5, 5);
  submit(0, 100, NOBODY);
  submit(1, 107, NOBODY);
  // As if at 100: behind 0, which was there before, and before 1.
  submit(2, 108, NOBODY);
  // As if at 107, and so behind 1.
  submit(3, 103, NOBODY);
  // Whoever was ready sooner is before, if it is told of later.
  submit(4, 104, NOBODY);
  // As if at 89.
  submit(5, 109, NOBODY);
  submit(6, 106, NOBODY);
  // A thief takes the first one, too.
  take(0, 200, 5);
  take(1, 200, 0);
  take(1, 200, 2);
  take(1, 200, 4);
  take(1, 200, 6);
  take(1, 200, 1);
  take(1, 200, 3);
  expectWraps();
}

/** Around the end of 32 bits. */
function expectWraps(): void {
  give(1, 2);
  submit(0, -3, NOBODY);
  // As if at -5.
  submit(2, 3, NOBODY);
  submit(4, -1, NOBODY);
  // As if at -4.
  submit(1, 4, NOBODY);
  take(1, 5, 2);
  take(1, 5, 1);
  take(1, 5, 0);
  take(1, 5, 4);
  give(0, i32.MAX_VALUE / 8);
  submit(4, 5, NOBODY);
  submit(0, 6, NOBODY);
  take(1, 7, 0);
  take(1, 7, 4);
  allIdle(7);
}

/** Thieves decline, for ever. */
export function policies_prove_work_stealing_patient(): void {
  did(0, 1);
  did(3, 1);
  did(1, 2);
  submit(1, 1, NOBODY);
  waitsAt(1, 3);
  ask(1, 1, LATER);
  expectEqual(untilBound(S(), 1, 5), NO_BOUND);
  take(0, 1, 1);
  ask(1, 1, NONE);
  submit(2, 1, 1);
  ask(3, 1, LATER);
  // Its own it takes.
  take(1, 1, 2);
  // Behind a queue of which it declines all, one of which it does not.
  did(1, 4);
  did(2, 4);
  did(0, 3);
  submit(3, 1, 3);
  submit(4, 1, NOBODY);
  take(1, 1, 4);
  take(0, 1, 3);
  // What is left behind is declined by nobody, nor its own, though it is warm for one who is here.
  did(0, 5);
  did(3, 5);
  submit(5, 1, NOBODY);
  leaveAs(3);
  take(1, 1, 5);
  did(3, 1);
  submit(1, 1, NOBODY);
  waitsAt(1, 1);
  take(1, 1, 1);
}

/** 3 processors: what lies behind their queues is none. */
export function policies_prove_work_stealing_all(): void {
  profile(S(), 4, 7);
  for (let p: u32 = 0; p < 3; p++) ask(p, 1, NONE);
  submit(1, 1, 1);
  take(1, 1, 1);
  expect(isIdle(S(), 0) && isIdle(S(), 2));
  ask(1, 1, NONE);
}

/** Somebody is in the section of processor 0's queue: the guardian waits for nobody, and has changed nothing. */
export function policies_prove_guardian(): void {
  const Q = hasCentralQueue(read(policyOf)) ? centralQueue(S()) : queueOf(S(), 0);
  enterAs(2);
  enterQueue(S(), Q);
  enterAs(workers() + 1);
  expect(!leave(read(policyOf), S(), 0) && isPresent(S(), 0));
  enterAs(2);
  leaveQueue(Q);
  ask(0, 1, NONE);
  ask(1, 1, NONE);
  const before = bells();
  enterAs(workers() + 1);
  expect(leave(read(policyOf), S(), 0) && !isPresent(S(), 0) && !isIdle(S(), 0) && isPresent(S(), 1));
  // Who is left asks again.
  expectEqual(bells() - before, processorsOf(S()) - 1);
  ask(1, 1, NONE);
}
