/**
 * What the kernel exports of a scheduling policy: `fcfs_ready`, `fcfs_next`. The build compiles this file once for each
 * file of scheduling/. One contract for all; kernel/tasks/scheduler.ts has the life of a task.
 *
 * `by` is the processor that executes the call. Times are in any unit, 32 bits of it, and may wrap.
 *
 * @heads source queues starves
 */
import { write } from "../atomics";
import { repairGuard, rollBack } from "../library/guard";
import * as space from "../library/space";
import { processor } from "../machine";
import { createBareSpace } from "../memory/bare-space";
import { shared } from "../memory/placement";
import { seedRandom } from "../random";
import * as algorithm from "../scheduling/fcfs";
import * as affinity from "../tasks/affinity";
import {
  bellOf,
  bytesOf,
  profile as demand,
  initialize,
  NONE,
  processorAt,
  processorsOf,
  running,
  tasksOf,
  untilBound,
} from "../tasks/scheduler";
import { Experiment } from "../workloads/experiment";
import { createMix, runMix } from "../workloads/mix";
import { prepareTasks, runTasks } from "../workloads/tasks";

/** Of no object that the library has made. */
const IDENTITY: u32 = 1;

@unmanaged
class Scheduler {
  @inline come(p: u32): void {
    space.enterAs(p + 1);
    algorithm.queues.come(changetype<usize>(this), p);
  }
  @inline ready(task: u32, now: u32): u32 {
    return algorithm.queues.ready<algorithm.Policy>(changetype<algorithm.Policy>(this), task, now);
  }
  @inline next(p: u32, now: u32): u32 {
    return algorithm.queues.next<algorithm.Policy>(changetype<algorithm.Policy>(this), p, now);
  }
  @inline wait(p: u32, now: u32): u32 {
    return untilBound(changetype<usize>(this), p, now);
  }
  @inline done(p: u32): void {
    affinity.done(changetype<usize>(this), p);
  }
  @inline leave(p: u32): void {
    algorithm.queues.leave(changetype<usize>(this), p);
  }
}

/**
 * A scheduler, before anything else is made. `parameter` is what the policy's head says; `bound` is how long an idle
 * processor procrastinates, 0 for not at all, 2^32 - 1 for ever.
 */
export function create(processors: u32, tasks: u32, parameter: u32, bound: u32): usize {
  return createScheduler(processors, tasks, parameter, bound);
}

function createScheduler(processors: u32, tasks: u32, parameter: u32, bound: u32): usize {
  createBareSpace(processors);
  for (let p: u32 = 0; p < processors; p++) space.attach(p + 1, true);
  const S = shared(bytesOf(processors, tasks, tasks));
  write(S, IDENTITY);
  initialize(S, processors, tasks, tasks, parameter, bound);
  return S;
}

/** A processor comes, and calls this itself, once. */
export function come(S: usize, p: u32): void {
  space.enterAs(p + 1);
  algorithm.queues.come(S, p);
}

/** A task becomes ready. Returns the processor whose bell was rung, or 2^32 - 1. */
export function ready(S: usize, by: u32, task: u32, now: u32): u32 {
  space.enterAs(by + 1);
  return algorithm.queues.ready<algorithm.Policy>(changetype<algorithm.Policy>(S), task, now);
}

/** A processor asks: a task; 2^32 - 1 for none; 2^32 - 2 for none before `wait` is over. */
export function next(S: usize, p: u32, now: u32): u32 {
  space.enterAs(p + 1);
  return algorithm.queues.next<algorithm.Policy>(changetype<algorithm.Policy>(S), p, now);
}

/** How long a processor that was told to wait does so at most; 2^32 - 1 for ever. */
export function wait(S: usize, p: u32, now: u32): u32 {
  return untilBound(S, p, now);
}

/** The address at which it sleeps, while that has the value that it read before it asked. */
export function bell(S: usize, p: u32): usize {
  return bellOf(S, p);
}

/** The processor's task is done. */
export function done(S: usize, p: u32): void {
  affinity.done(S, p);
}

/** The processor says, before its task is done, how many misses in the shared cache it had. */
export function profile(S: usize, task: u32, misses: u32): void {
  demand(S, task, misses);
}

/** A processor goes, and calls this itself. It may come back. */
export function leave(S: usize, p: u32): void {
  space.enterAs(p + 1);
  algorithm.queues.leave(S, p);
}

/** A processor died, at whatever instruction. Returns the task that it was executing, for its owner to decide about; 2^32 - 1 for none. */
export function die(S: usize, by: u32, p: u32): u32 {
  space.enterAs(by + 1);
  const R = space.recordOf(p + 1);
  const guard = <usize>(load<u64>(R + space.pending) & 0xfffffffe);
  rollBack(R);
  if (guard != 0) repairGuard(guard, p + 1);
  store<u64>(R + space.pending, 0);
  algorithm.queues.leave(S, p);
  const task = atomic.xchg<u32>(processorAt(S, p) + running, 0);
  return task == 0 ? NONE : task - 1;
}

/** How many tasks are ready. */
export function length(S: usize): u32 {
  return algorithm.queues.readyTasks(S);
}

/** The workload `mix` of kernel/workloads, to be run after its tasks have footprints and were made ready. */
export function mix(
  processors: u32,
  tasks: u32,
  parameter: u32,
  bound: u32,
  executions: u32,
  quantum: u32,
  profiles: bool,
  seed: u32,
): usize {
  return createMix(createScheduler(processors, tasks, parameter, bound), executions, quantum, profiles, seed);
}

/** Its tasks become ready, in order. */
export function mix_begin(E: usize): void {
  const S = load<u32>(E);
  space.enterAs(1);
  for (let p: u32 = 0; p < processorsOf(S); p++) algorithm.queues.come(S, p);
  for (let t: u32 = 0, N = tasksOf(S); t < N; t++) changetype<Scheduler>(<usize>S).ready(t, 0);
}

export function mix_run(E: usize): void {
  space.enterAs(processor() + 1);
  runMix<Scheduler>(E);
}

/**
 * As of every algorithm; what follows `seed` may be left out, or 0. `turns` are of each task, `busy` and `think` are means.
 * `parameter` and `bound` are as for `create`, the others as for `prepareTasks`.
 */
export function prepare(
  processors: u32,
  turns: u32,
  busy: u32,
  think: u32,
  observed: bool,
  seed: u32,
  tasks: u32,
  parameter: u32,
  bound: u32,
  bytes: u32,
  written: u32,
  passes: u32,
  unit: f64,
): usize {
  const all = tasks == 0 ? 2 * processors : tasks;
  seedRandom(seed);
  const S = createScheduler(processors, all, parameter, bound);
  const E = prepareTasks(
    S,
    processors,
    turns,
    busy,
    think,
    observed,
    all,
    bytes,
    written,
    max(1, passes),
    unit > 0 ? unit : 1,
  );
  return changetype<usize>(E);
}

export function run(E: usize): void {
  runTasks<Scheduler>(changetype<Experiment>(E));
}
