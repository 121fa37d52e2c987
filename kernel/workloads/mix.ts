/**
 * Tasks that are executed side by side, each in a footprint of its own: what they do to each other in the cache that their
 * processors share. An execution takes a quantum of time, random from half to one and a half of its mean, so that tasks which
 * have begun together do not stay together. Then the task is ready again, at once. All processors stop when so many executions
 * have begun, of all tasks together: how many of each, the policy decides.
 *
 *     E    | S | quantum | profiles | left |                         left: executions that may begin, of all tasks
 *     X_t  | footprint | lines | random | done | references: i64 |   of task t; only who executes it writes
 *     R_p  | begin | end | profiling | shared misses |               of processor p: clocks; what profiles took
 *
 * Before that, processor 0 executes each task alone, once, while the others wait, and tells the policy its misses in the
 * shared cache, as its processor's counter says. That is the profile, and what it costs is measured.
 */
import { read, write } from "../atomics";
import { Counter, clock, counter, processor } from "../machine";
import { local, shared } from "../memory/placement";
import { random, randomState, seedRandom } from "../random";
import { bellOf, NONE, processorsOf, profile, ringAll, tasksOf } from "../tasks/scheduler";

/** References between two looks at the clock. */
const BETWEEN: u32 = 16;
/** Bytes from one reference to the next: the line of current caches. */
const LINE: u32 = 64;

const scheduler: u32 = 0;
const quantum: u32 = 4;
const profiles: u32 = 8;
const left: u32 = 128;
const tasks: u32 = 256;

const footprint: u32 = 0;
const lines: u32 = 4;
const randomOf: u32 = 8;
const done: u32 = 12;
const references: u32 = 16;
const TASK: u32 = 128;

@unmanaged
class Record {
  begin: f64;
  end: f64;
  profiling: f64;
  sharedMisses: f64;
}

/** `isProfiled`: whether what tasks miss is measured, for the policy. */
export function createMix(S: usize, executions: u32, cyclesEach: u32, isProfiled: bool, seed: u32): usize {
  seedRandom(seed);
  const E = shared(tasks + tasksOf(S) * TASK + processorsOf(S) * 4);
  write(E + scheduler, <u32>S);
  write(E + quantum, cyclesEach);
  write(E + profiles, isProfiled ? 1 : 0);
  write(E + left, executions);
  for (let p: u32 = 0; p < processorsOf(S); p++) {
    write(recordsOf(E) + p * 4, <u32>local(p, offsetof<Record>()));
  }
  return E;
}

function taskOf(E: usize, t: u32): usize {
  return E + tasks + t * TASK;
}

function recordsOf(E: usize): usize {
  return E + tasks + tasksOf(read(E + scheduler)) * TASK;
}

/** Gives a task a footprint of so many lines of 64 bytes. */
export function mix_footprint(E: usize, task: u32, size: u32): void {
  const X = taskOf(E, task);
  write(X + footprint, <u32>shared(size * LINE));
  write(X + lines, size);
  write(X + randomOf, randomState(task));
}

/** To be executed by every processor, after all tasks were made ready. */
export function runMix<Scheduler>(E: usize): void {
  const p = processor();
  const S = read(E + scheduler);
  const policy = changetype<Scheduler>(S);
  const record = changetype<Record>(<usize>read(recordsOf(E) + p * 4));
  const start = clock();
  if (p == 0) profileAll(E, S);
  else while (read(E + profiles)) atomic.wait<u32>(E + profiles, 1, -1);
  record.begin = clock();
  record.profiling = record.begin - start;
  const missed = counter(Counter.SharedMisses);
  while (true) {
    const heard = read(bellOf(S, p));
    const task = policy.next(p, <u32>clock());
    if (task == NONE) {
      if (<i32>read(E + left) <= 0) break;
      atomic.wait<u32>(bellOf(S, p), heard, -1);
      continue;
    }
    if (atomic.sub<i32>(E + left, 1) <= 0) break;
    const X = taskOf(E, task);
    const mean = read(E + quantum);
    const made = execute(X, clock() + <f64>(mean / 2 + random(X + randomOf, mean)));
    store<i64>(X + references, load<i64>(X + references) + made);
    policy.done(p);
    write(X + done, read(X + done) + 1);
    policy.ready(task, <u32>clock());
  }
  ringAll(S);
  record.end = clock();
  record.sharedMisses = <f64>(counter(Counter.SharedMisses) - missed);
}

/** What a task misses that is executed alone, from the first time on, while all others wait: its demand. */
function profileAll(E: usize, S: usize): void {
  if (read(E + profiles) == 0) return;
  for (let t: u32 = 0, N = tasksOf(S); t < N; t++) {
    const before = counter(Counter.SharedMisses);
    execute(taskOf(E, t), clock() + <f64>read(E + quantum));
    profile(S, t, counter(Counter.SharedMisses) - before);
  }
  write(E + profiles, 0);
  atomic.notify(E + profiles, -1);
}

/** Goes over the task's footprint, line after line, again and again; returns its references until then. */
function execute(X: usize, end: f64): u32 {
  const from = read(X + footprint);
  const size = read(X + lines);
  let made: u32 = 0;
  let line: u32 = 0;
  for (; clock() < end; made += BETWEEN) {
    for (let i: u32 = 0; i < BETWEEN; i++) {
      const address = from + line * LINE;
      store<u32>(address, load<u32>(address) + 1);
      if (++line == size) line = 0;
    }
  }
  return made;
}

export function mix_executions(E: usize, t: u32): u32 {
  return read(taskOf(E, t) + done);
}

/** References to its footprint that a task made: what it got done. */
export function mix_references(E: usize, t: u32): f64 {
  return <f64>load<i64>(taskOf(E, t) + references);
}

/** The clock when a processor began, when it ended, and how long it measured what tasks miss. */
export function mix_begin(E: usize, p: u32): f64 {
  return recordOf(E, p).begin;
}

export function mix_end(E: usize, p: u32): f64 {
  return recordOf(E, p).end;
}

/** After the profiles. */
export function mix_shared_misses(E: usize, p: u32): f64 {
  return recordOf(E, p).sharedMisses;
}

export function mix_profiling(E: usize, p: u32): f64 {
  return recordOf(E, p).profiling;
}

function recordOf(E: usize, p: u32): Record {
  return changetype<Record>(<usize>read(recordsOf(E) + p * 4));
}
