/**
 * A scheduler's state: who takes part, who is idle, which tasks there are. The policies of kernel/scheduling decide on it.
 *
 *     S                 | identity | processors | tasks | parameter | bound | blank | present: 256 bits |
 *     S + 128           | idle: 256 bits |        bit p: processor p has found no task, and was not rung since
 *     S + 256           the central queue         queue.ts
 *     S + 384 + 256 p   | bell | declined | count | running |          what is processor p's; then, 128 on, its queue
 *     then, each task   | next | previous | queue | since | key | base | demand |
 *     then, each key    | last: 8 of 8 bits | seen: a word for each processor |     affinity.ts
 *     then, `blank`     the same, all 0 for ever: the key of tasks that have none
 *
 * Processors are 0 to P - 1, at most MOST; a processor is the worker of slot p + 1 where workers have slots. Tasks are 0 to N - 1. A task
 * has affinity to where tasks of its key were executed; each task has a key of its own if it is given no other. A task
 * without a key is cold for nobody and has no last processor, as nobody writes the blank key.
 *
 * The life of a task: its owner makes it ready; one processor takes it, executes it, and says that it is done; then its
 * owner may make it ready again. A processor that asks for a task and gets none is told by its bell that there may be one:
 *
 * 1. It reads its bell, then asks. The answer is a task; or NONE; or LATER, see below.
 * 2. After NONE it sleeps at its bell while that has the number it read. Then it asks again.
 * 3. Who makes a task ready clears the idle bit of one processor that may take it, if there is one, and rings that one's bell.
 *
 * Procrastination: a processor that would get a task that is cold for it declines, and gets LATER, until `bound` units of
 * time have passed since it first did so. It sleeps as after NONE, at most so long. The bound 0 is none, NO_BOUND for ever.
 *
 * Invariant: each task is in one queue, or is named by `running` of one processor, or is its owner's. Taking it from
 * the queue and naming it are one guarded section. If a task is ready, a processor that may take it does not have its
 * idle bit set, and will ask; or it procrastinates, and asks when its bound is over.
 *
 * What a death leaves: a guarded section that repair rolls back; a task that `running` names, whose owner decides about
 * it; a bell that was not rung, or that the dead one heard in vain. So who mends a death, or a processor that goes,
 * rings all bells. An idle bit that was cleared too early is the same as a bell that rang in vain.
 */
import { fetch_and_increment, NIL, read, write } from "../atomics";
import { CACHE_LINE } from "../memory/placement";

/** Answers in the place of a task. */
export const NONE: u32 = u32.MAX_VALUE;
export const LATER: u32 = u32.MAX_VALUE - 1;
/** In the place of a processor. */
export const NOBODY: u32 = u32.MAX_VALUE;
/** In the place of a key: that of a task that has none. */
export const NO_KEY: u32 = u32.MAX_VALUE;
/** Procrastination without an end. */
export const NO_BOUND: u32 = u32.MAX_VALUE;

/** Processors of one scheduler: an idle bit each, and 8 bits of what a key remembers, where 0 stands for none. */
export const MOST: u32 = 255;

const processors: u32 = 4;
const tasks: u32 = 8;
const parameter: u32 = 12;
const bound: u32 = 16;
/** The address of the blank key. */
const blank: u32 = 20;
const present: u32 = 32;
const idle: u32 = CACHE_LINE;
const central: u32 = 2 * CACHE_LINE;
const lines: u32 = 3 * CACHE_LINE;

// Of a processor.
const PROCESSOR_BYTES: u32 = 2 * CACHE_LINE;
const bell: u32 = 0;
/** The time at which it first declined a task since it last took one, made odd and not later; 0 for never. */
export const declined: u32 = 4;
/** Tasks that it has done. */
export const count: u32 = 8;
/** The task that it executes, and one more; 0 for none. */
export const running: u32 = 12;
const queue: u32 = CACHE_LINE;

// Of a task.
const TASK_BYTES: u32 = 32;
export const next: u32 = 0;
export const previous: u32 = 4;
/** The queue that it is in, or NIL. */
export const inQueue: u32 = 8;
/** When it became ready. */
export const since: u32 = 12;
export const key: u32 = 16;
/** Its priority without age and affinity, with a sign. */
export const base: u32 = 20;
/** What it asks of the cache that processors share; profile says it. */
const demand: u32 = 24;

// Of a key: affinity.ts.
export const last: u32 = 0;
export const seen: u32 = 8;

function keyBytes(processors: u32): u32 {
  return (seen + processors * 4 + 7) & ~7;
}

/** Bytes that a scheduler takes, `keys` at least 1; the blank key is one more. */
export function bytesOf(P: u32, N: u32, keys: u32): u32 {
  return lines + P * PROCESSOR_BYTES + N * TASK_BYTES + (keys + 1) * keyBytes(P);
}

/** Writes a scheduler into zeroed memory; task t has key t modulo the number of keys. */
export function initialize(S: usize, P: u32, N: u32, keys: u32, ofPolicy: u32, boundOfAll: u32): void {
  write(S + processors, P);
  write(S + tasks, N);
  write(S + parameter, ofPolicy);
  write(S + bound, boundOfAll);
  write(S + blank, <u32>keyAt(S, keys));
  for (let t: u32 = 0; t < N; t++) write(taskAt(S, t) + key, <u32>keyAt(S, t % keys));
}

export function processorsOf(S: usize): u32 {
  return load<u32>(S + processors);
}

export function tasksOf(S: usize): u32 {
  return load<u32>(S + tasks);
}

/** What the policy's head says of its parameter. */
export function parameterOf(S: usize): u32 {
  return load<u32>(S + parameter);
}

/** How long an idle processor procrastinates. */
export function boundOf(S: usize): u32 {
  return read(S + bound);
}

/** At any time: whoever procrastinates does so up to the new bound. */
export function setBound(S: usize, units: u32): void {
  write(S + bound, units);
}

export function centralQueue(S: usize): usize {
  return S + central;
}

export function processorAt(S: usize, p: u32): usize {
  return S + lines + p * PROCESSOR_BYTES;
}

export function queueOf(S: usize, p: u32): usize {
  return processorAt(S, p) + queue;
}

export function taskAt(S: usize, t: u32): usize {
  return processorAt(S, processorsOf(S)) + t * TASK_BYTES;
}

export function taskOf(S: usize, T: usize): u32 {
  return <u32>(T - taskAt(S, 0)) / TASK_BYTES;
}

export function keyAt(S: usize, k: u32): usize {
  return taskAt(S, tasksOf(S)) + k * keyBytes(processorsOf(S));
}

/** The key of tasks that have none; it follows the last key. */
export function blankKey(S: usize): usize {
  return load<u32>(S + blank);
}

/** The task has key k from now on, or NO_KEY. To be called by its owner, while it is its owner's. */
export function setKey(S: usize, t: u32, k: u32): void {
  write(taskAt(S, t) + key, <u32>(k == NO_KEY ? blankKey(S) : keyAt(S, k)));
}

/**
 * The task has this priority of its own from now on, where the policy looks at that. To be called by its owner, while it is
 * its owner's.
 */
export function setBase(S: usize, t: u32, priority: i32): void {
  write(taskAt(S, t) + base, priority);
}

export function hasKey(S: usize, task: u32): bool {
  return keyOf(taskAt(S, task)) != blankKey(S);
}

/** The number of its key; of a task that has none, its own. */
export function keyNumberOf(S: usize, task: u32): u32 {
  return hasKey(S, task) ? <u32>(keyOf(taskAt(S, task)) - keyAt(S, 0)) / keyBytes(processorsOf(S)) : task;
}

export function keyOf(T: usize): usize {
  return load<u32>(T + key);
}

/** A bit of 256, each changed by one instruction. */
function has(bits: usize, p: u32): bool {
  return (read(bits + (p >> 5) * 4) & (1 << (p & 31))) != 0;
}

function include(bits: usize, p: u32): void {
  atomic.or<u32>(bits + (p >> 5) * 4, 1 << (p & 31));
}

/** Whether it was there. */
function exclude(bits: usize, p: u32): bool {
  const bit: u32 = 1 << (p & 31);
  return (atomic.and<u32>(bits + (p >> 5) * 4, ~bit) & bit) != 0;
}

export function isPresent(S: usize, p: u32): bool {
  return has(S + present, p);
}

export function setPresent(S: usize, p: u32, isNow: bool): void {
  if (isNow) include(S + present, p);
  else exclude(S + present, p);
}

/** The first processor that is present, from p on, around; or NOBODY. */
export function firstPresent(S: usize, p: u32): u32 {
  return firstIn(S, S + present, p);
}

/** How many are. */
export function presentProcessors(S: usize): u32 {
  let count: u32 = 0;
  for (let p: u32 = 0, P = processorsOf(S); p < P; p += 32) count += popcnt(read(S + present + p / 8));
  return count;
}

/** The processor, of those that are present, at which a task waits that has no other place: as many tasks at each. */
export function homeOf(S: usize, task: u32): u32 {
  const count = presentProcessors(S);
  const home = task % (count == 0 ? processorsOf(S) : count);
  const p = firstPresent(S, home);
  return p == NOBODY ? home : p;
}

/** The first processor that is not, from p on; NOBODY also if there is none from p on. */
export function firstAbsent(S: usize, p: u32): u32 {
  for (let P = processorsOf(S); p < P; p++) {
    if (p % 32 == 0 && P - p >= 32 && ~read(S + present + p / 8) == 0) p += 31;
    else if (!isPresent(S, p)) return p;
  }
  return NOBODY;
}

function firstIn(S: usize, bits: usize, p: u32): u32 {
  for (let i: u32 = 0, P = processorsOf(S); i < P; i++) {
    const other = p + i < P ? p + i : p + i - P;
    if (has(bits, other)) return other;
  }
  return NOBODY;
}

/** An execution of the task alone, from a cold cache on, had so many misses in the cache that processors share. */
export function profile(S: usize, t: u32, misses: u32): void {
  write(taskAt(S, t) + demand, misses);
}

/** What `profile` said; 0 for a task without a profile. */
export function demandOf(T: usize): u32 {
  return read(T + demand);
}

/** The number to be read before a processor asks. */
export function bellOf(S: usize, p: u32): usize {
  return processorAt(S, p) + bell;
}

export function ring(S: usize, p: u32): void {
  fetch_and_increment(bellOf(S, p));
  atomic.notify(bellOf(S, p), -1);
}

/** Whoever is idle asks again. */
export function ringAll(S: usize): void {
  for (let p: u32 = 0, P = processorsOf(S); p < P; p++) {
    if (isPresent(S, p)) ring(S, p);
  }
}

export function isIdle(S: usize, p: u32): bool {
  return has(S + idle, p);
}

export function becomeIdle(S: usize, p: u32): void {
  include(S + idle, p);
}

/** Whether it was idle: then who asks this is to ring it. */
export function endIdleness(S: usize, p: u32): bool {
  return isIdle(S, p) && exclude(S + idle, p);
}

export function isAnyIdle(S: usize): bool {
  let all: u32 = 0;
  for (let p: u32 = 0, P = processorsOf(S); p < P; p += 32) all |= read(S + idle + p / 8);
  return all != 0;
}

/** An idle processor, the first from p on, around; or NOBODY. */
export function firstIdle(S: usize, p: u32): u32 {
  return isAnyIdle(S) ? firstIn(S, S + idle, p) : NOBODY;
}

/**
 * The processor does something else before it asks again: nobody is to ring it. If somebody has done so since it was idle, he
 * counts on one who asks: another idle one is rung in its place.
 */
export function withdraw(S: usize, p: u32): void {
  if (endIdleness(S, p)) return;
  for (let other = firstIdle(S, p); other != NOBODY; other = firstIdle(S, p)) {
    if (!endIdleness(S, other)) continue;
    ring(S, other);
    return;
  }
}

/** Whether processors decline what is cold for them. */
export function isProcrastinating(S: usize): bool {
  return load<u32>(S + bound) != 0;
}

/**
 * Whether the processor still declines what is cold for it; from the first time on, that counts up to the bound.
 */
export function procrastinates(S: usize, p: u32, now: u32): bool {
  const limit = load<u32>(S + bound);
  if (limit == 0) return false;
  const P = processorAt(S, p);
  if (read(P + declined) == 0) write(P + declined, (now - 1) | 1);
  return limit == NO_BOUND || now - read(P + declined) < limit;
}

/** Units of time until the processor takes any task; NO_BOUND if it never does. */
export function untilBound(S: usize, p: u32, now: u32): u32 {
  const limit = load<u32>(S + bound);
  if (limit == NO_BOUND) return NO_BOUND;
  const since = now - read(processorAt(S, p) + declined);
  return since < limit ? limit - since : 0;
}

/** Nothing is there that it could decline, or it takes a task. */
export function endProcrastination(S: usize, p: u32): void {
  if (read(processorAt(S, p) + declined) != NIL) write(processorAt(S, p) + declined, 0);
}
