/**
 * Pool: jobs that any worker submits, and that executors, workers which one of them has started, execute. The scheduler of
 * kernel/tasks, under a policy of kernel/scheduling, says which executor takes which job.
 *
 *     P | identity | executors | jobs | keys | policy | state | maker: a slot | attention | wanted |
 *       | executors' lines | slots' lines | jobs' records: jobs.ts | S: the scheduler, with the identity of P |
 *     executor's line   | worker: its slot, DEAD 1 | mail | ... counts, the executor's own ... | a bit for each job |
 *     slot's line       | bell | armed | wants | backlog | completed | listing | ... | a bit for each job | drained: 64 jobs |
 *
 * Executor e is processor e of the scheduler, job t its task t.
 *
 * Outcome: whoever makes a job DONE or DIED sets its bit in its owner's line, then `completed`; if the line is armed, it
 * disarms it and rings the bell. The owner drains: it clears what it takes, and looks at each job's state. Before it sleeps, it
 * arms its line, and drains once more (Dekker). A bit of a job without an outcome says nothing, so that bits may be set twice.
 *
 * Mail is the same the other way round: a bit of job t tells an executor to look at it. It is PINNED to the executor, or to
 * stop, or its values have come.
 *
 * To take a job: 1. `next` names it as the processor's running task. 2. The record says which executor. 3. RUNNING.
 * 4. The scheduler's task is done: an executor may have several jobs. So each QUEUED job that is not PINNED is in a queue, or
 * named by a processor, or was not made ready yet; the one who makes it ready is its owner.
 *
 * What a death leaves, and who mends it:
 *     a submitter       its records: freed if nobody else has them, else disowned. It may have ended an executor's idleness
 *                       and not rung: all executors look again                                                  repair
 *     an executor       it leaves the scheduler; what it made DONE is told again; it is marked DEAD              repair
 *                       the jobs that it had: the maker, who knows the cause, makes them DIED                    lost, die
 *     the maker         ENDED: all who wait look, and find that nobody executes anything any more                repair
 *
 * Invariant: each job has one outcome. An owner that sleeps has no job with an outcome that its bits do not tell; or whoever
 * is to ring has not done so yet, or died and will be repaired.
 */
import { compare_and_swap, fetch_and_increment, fetch_and_store, NIL, read, write } from "../atomics";
import { pause } from "../machine";
import * as affinity from "../tasks/affinity";
import { isRemembered, lastOf, REMEMBERED } from "../tasks/affinity";
import { enterQueue, leaveQueue, remove } from "../tasks/queue";
import {
  bellOf,
  bytesOf,
  initialize,
  inQueue,
  isAnyIdle,
  keyOf,
  LATER,
  NO_KEY,
  NOBODY,
  processorAt,
  ring,
  ringAll,
  running,
  setBase,
  setBound,
  setKey,
  taskAt,
  untilBound,
} from "../tasks/scheduler";
import { canHold, hold } from "./holdings";
import * as jobs from "./jobs";
import { State } from "./jobs";
import { createObject, Kind } from "./objects";
import * as policies from "./policies";
import { PolicyNumber } from "./policies";
import { mustWake } from "./sleep";
import { CACHE_LINE, me, workers } from "./space";

const executors: u32 = 4;
const jobCount: u32 = 8;
const keys: u32 = 12;
const policy: u32 = 16;
const state: u32 = 20;
const maker: u32 = 24;
/** What the maker is to look at. */
const attention: u32 = 28;
/** Whether a slot's line says that it wants a record. */
const wanted: u32 = 32;
/** Whether the maker is to be told of jobs for which no executor is idle. */
const growable: u32 = 36;
const lines: u32 = CACHE_LINE;

// States of a pool.
export const OPEN: u32 = 0;
export const CLOSED: u32 = 1;
/** Its maker is gone. */
export const ENDED: u32 = 2;

// What the maker is to look at.
/** An executor died. */
export const DEATH: u32 = 1;
/** A job became ready while no executor was idle. */
export const GROWTH: u32 = 2;
/** An executor does not stop a job that is doomed, or the pool is closed. */
export const REQUEST: u32 = 4;

// An executor's line.
const worker: u32 = 0;
const mail: u32 = 4;
/** The words after it are the executor's own. */
export const COUNTS: u32 = 16;
const DEAD: u32 = 1 << 31;

// A slot's line.
const bell: u32 = 0;
const armed: u32 = 4;
const wants: u32 = 8;
const backlog: u32 = 12;
const completed: u32 = 16;
/** The identity of the pool, once the slot's worker has listed it. */
const listing: u32 = 20;

/** Of both: a bit for each job. */
const bits: u32 = CACHE_LINE;
/** Jobs that are drained at a time. */
export const DRAINED: u32 = 64;

/** Answers in the place of a job. */
export const NO_JOB: u32 = 0xffffffff;
export const HOLDS_TOO_MUCH: u32 = 0xfffffffe;

/** Answers of `cancel`. */
export const TAKEN_BACK: u32 = 0;
export const TOLD: u32 = 1;
export const OVER: u32 = 2;

function bitBytes(jobs: u32): u32 {
  return (jobs / 8 + CACHE_LINE - 1) & ~(CACHE_LINE - 1);
}

function executorBytes(jobs: u32): u32 {
  return bits + bitBytes(jobs);
}

function slotBytes(jobs: u32): u32 {
  return bits + bitBytes(jobs) + DRAINED * 4;
}

function slotsAt(P: usize): usize {
  return P + lines + read(P + executors) * executorBytes(read(P + jobCount));
}

function jobsAt(P: usize): usize {
  return slotsAt(P) + (workers() + 1) * slotBytes(read(P + jobCount));
}

function schedulerOf(P: usize): usize {
  return jobsAt(P) + read(P + jobCount) * jobs.JOB_BYTES;
}

function policyOf(P: usize): PolicyNumber {
  return <PolicyNumber>read(P + policy);
}

/** The line of an executor, whose words from COUNTS on, to the end of a cache line, are its own. */
export function executorLine(P: usize, e: u32): usize {
  return P + lines + e * executorBytes(read(P + jobCount));
}

function slotLine(P: usize, slot: u32): usize {
  return slotsAt(P) + slot * slotBytes(read(P + jobCount));
}

export function jobAt(P: usize, t: u32): usize {
  return jobsAt(P) + t * jobs.JOB_BYTES;
}

/**
 * A pool whose maker is the caller; 0 if there is no room. Jobs are a multiple of 32, keys at least 1; `parameter` is the
 * policy's.
 */
export function create(E: u32, all: u32, keysOfAll: u32, number: u32, parameter: u32): usize {
  const slots = (workers() + 1) * slotBytes(all);
  const scheduler = bytesOf(E, all, keysOfAll);
  const P = createObject(Kind.Pool, lines + E * executorBytes(all) + slots + all * jobs.JOB_BYTES + scheduler);
  if (P == 0) return 0;
  write(P + executors, E);
  write(P + jobCount, all);
  write(P + keys, keysOfAll);
  write(P + policy, number);
  write(P + maker, me);
  const S = schedulerOf(P);
  write(S, read(P));
  initialize(S, E, all, keysOfAll, parameter, 0);
  return P;
}

export function capacityOf(P: usize): u32 {
  return read(P + jobCount);
}

export function executorsOf(P: usize): u32 {
  return read(P + executors);
}

export function policyNumberOf(P: usize): u32 {
  return read(P + policy);
}

/** OPEN, CLOSED or ENDED. */
export function stateOf(P: usize): u32 {
  return read(P + state);
}

export function makerOf(P: usize): u32 {
  return read(P + maker);
}

/** Lists the pool, once for each worker, before it has a record or a number. False: the worker holds too much. */
export function join(P: usize): bool {
  const L = slotLine(P, me);
  if (read(L + listing) == read(P)) return true;
  if (!canHold()) return false;
  hold(P);
  write(L + listing, read(P));
  return true;
}

/** A record in FILLING, the one of `hint` if that is free: NO_JOB if none is. */
export function begin(P: usize, hint: u32): u32 {
  if (!join(P)) return HOLDS_TOO_MUCH;
  for (let i: u32 = 0, all = read(P + jobCount); i < all; i++) {
    const t = hint + i < all ? hint + i : hint + i - all;
    if (jobs.begin(jobAt(P, t), me)) return t;
  }
  return NO_JOB;
}

/** The caller's bell rings when a record becomes free. To be followed by another `begin`. */
export function want(P: usize): void {
  write(slotLine(P, me) + wants, 1);
  write(P + wanted, 1);
}

/** Where so many bytes of arguments are to be written; 0: there is no room in the space. */
export function roomForArguments(P: usize, t: u32, bytes: u32): usize {
  return jobs.roomForArguments(jobAt(P, t), bytes);
}

/** The same of the result, by its executor; of one that DIED, by the maker. */
export function roomForResult(P: usize, t: u32, bytes: u32): usize {
  return jobs.roomForResult(jobAt(P, t), bytes);
}

/**
 * A job that the caller has filled becomes ready. `key` is any number, 0 for none.
 *
 * @param base its priority, as the scheduler takes it
 * @returns false if nobody executes anything any more: it is still the caller's, in FILLING
 */
export function submit(P: usize, t: u32, key: u32, base: u32, now: u32): bool {
  const J = jobAt(P, t);
  const S = schedulerOf(P);
  if (read(P + state) == ENDED) return false;
  setKey(S, t, key == 0 ? NO_KEY : (key - 1) % read(P + keys));
  setBase(S, t, base);
  write(J + jobs.FLAGS, 0);
  write(J + jobs.SUBMITTED, now);
  jobs.enqueue(J);
  if (policies.ready(policyOf(P), S, t, now) == NOBODY && read(P + growable) != 0) demand(P, GROWTH);
  return true;
}

/** As `submit`, to one executor. False also if it is not there. */
export function submitTo(P: usize, t: u32, e: u32, now: u32): bool {
  const J = jobAt(P, t);
  if (read(P + state) == ENDED || !isThere(P, e)) return false;
  write(J + jobs.FLAGS, jobs.PINNED);
  write(J + jobs.EXECUTOR, e);
  write(J + jobs.SUBMITTED, now);
  write(J + jobs.BEGUN, now);
  jobs.enqueue(J);
  post(P, e, t);
  // It may have left meanwhile, and seen its mail for the last time.
  if (isThere(P, e)) return true;
  const word = jobs.wordOf(J);
  return jobs.stateOf(word) != State.Queued || !jobs.advance(J, word, State.Filling);
}

/** Whether executor e is one, and alive for all that one knows. */
export function isThere(P: usize, e: u32): bool {
  const its = read(executorLine(P, e) + worker);
  return its != 0 && !(its & DEAD);
}

/** Whether some executor has nothing to do. */
export function isIdle(P: usize): bool {
  return isAnyIdle(schedulerOf(P));
}

/** Jobs that are ready, and in a queue. */
export function queued(P: usize): u32 {
  return policies.readyTasks(policyOf(P), schedulerOf(P));
}

/** Tells an executor to look at a job. */
export function post(P: usize, e: u32, t: u32): void {
  const X = executorLine(P, e);
  setBit(X, t);
  write(X + mail, 1);
  ring(schedulerOf(P), e);
}

function setBit(line: usize, t: u32): void {
  atomic.or<u32>(line + bits + (t >> 5) * 4, 1 << (t & 31));
}

/** Tells an owner to look at a job. */
function tell(P: usize, owner: u32, t: u32): void {
  const L = slotLine(P, owner);
  mustWake(L + bell);
  setBit(L, t);
  write(L + completed, 1);
  if (read(L + armed) != 0 && fetch_and_store(L + armed, 0) != 0) ringSlot(P, owner);
}

/** Rings the bell of a slot, for whatever reason. */
export function ringSlot(P: usize, slot: u32): void {
  const place = slotLine(P, slot) + bell;
  mustWake(place);
  fetch_and_increment(place);
  atomic.notify(place, -1);
}

function ringSlots(P: usize): void {
  for (let slot: u32 = 1, last = workers(); slot <= last; slot++) ringSlot(P, slot);
}

/** Takes jobs off the caller's line, at most DRAINED: their numbers are at `drained`. There may be more if there are as many. */
export function drain(P: usize): u32 {
  const L = slotLine(P, me);
  if (read(L + completed) == 0) return 0;
  const list = drained(P);
  let count: u32 = 0;
  write(L + completed, 0);
  for (let t: u32 = 0, all = read(P + jobCount); t < all; t += 32) {
    const place = L + bits + (t >> 5) * 4;
    if (read(place) == 0) continue;
    if (count + 32 > DRAINED) {
      write(L + completed, 1);
      break;
    }
    for (let set = fetch_and_store(place, 0); set != 0; set &= set - 1) store<u32>(list + 4 * count++, t + ctz(set));
  }
  return count;
}

export function drained(P: usize): usize {
  const all = read(P + jobCount);
  return slotLine(P, me) + bits + bitBytes(all);
}

/** Where the caller sleeps. */
export function bellOfSlot(P: usize): usize {
  return slotLine(P, me) + bell;
}

/** The caller is about to sleep while its bell has the number that this returns: to be followed by another `drain`. */
export function arm(P: usize): u32 {
  const L = slotLine(P, me);
  const number = read(L + bell);
  write(L + armed, 1);
  return number;
}

/** Looks so often whether there is something to drain. */
export function watch(P: usize, looks: u32): bool {
  const L = slotLine(P, me);
  for (; looks > 0; looks--) {
    if (read(L + completed) != 0) return true;
    pause();
  }
  return read(L + completed) != 0;
}

/** Jobs that the caller keeps because there was no record for them. */
export function setBacklog(P: usize, count: u32): void {
  write(slotLine(P, me) + backlog, count);
}

/** Its owner wants no outcome of a job any more. TAKEN_BACK: it is in FILLING again, and was never begun. */
export function cancel(P: usize, t: u32): u32 {
  const J = jobAt(P, t);
  const word = jobs.wordOf(J);
  if (jobs.stateOf(word) == State.Queued && takeBack(P, t, State.Filling)) return TAKEN_BACK;
  if (jobs.stateOf(jobs.wordOf(J)) >= State.Done) return OVER;
  jobs.setFlag(J, jobs.STOP);
  // Who takes it now writes its number before it looks at the flag.
  post(P, jobs.executorOf(J), t);
  return TOLD;
}

/** A job of its own that is QUEUED and that no executor has taken becomes the caller's in the state. */
function takeBack(P: usize, t: u32, as: State): bool {
  const J = jobAt(P, t);
  if (jobs.has(J, jobs.PINNED)) {
    const word = jobs.wordOf(J);
    return jobs.stateOf(word) == State.Queued && jobs.advance(J, word, as);
  }
  const S = schedulerOf(P);
  const T = taskAt(S, t);
  const Q: usize = read(T + inQueue);
  if (Q == NIL) return false;
  enterQueue(S, Q);
  const isThere = read(T + inQueue) == <u32>Q;
  if (isThere) remove(Q, T);
  leaveQueue(Q);
  return isThere && jobs.advance(J, jobs.wordOf(J), as);
}

/** One that DIED, or was not taken, is to be submitted again, with the same arguments. */
export function reuse(P: usize, t: u32): void {
  const J = jobAt(P, t);
  jobs.releaseResult(J);
  jobs.advance(J, jobs.wordOf(J), State.Filling);
}

/** Its owner has the outcome, or does not submit it. */
export function free(P: usize, t: u32): void {
  jobs.free(jobAt(P, t));
  ringWanting(P);
}

function ringWanting(P: usize): void {
  if (read(P + wanted) == 0) return;
  write(P + wanted, 0);
  for (let slot: u32 = 1, last = workers(); slot <= last; slot++) {
    const L = slotLine(P, slot);
    if (read(L + wants) != 0 && fetch_and_store(L + wants, 0) != 0) ringSlot(P, slot);
  }
}

/** The caller becomes executor e; false if another one is, or was and is not settled. */
export function come(P: usize, e: u32): bool {
  if (!join(P) || !compare_and_swap(executorLine(P, e) + worker, 0, me)) return false;
  const S = schedulerOf(P);
  affinity.forget(S, e);
  policies.come(policyOf(P), S, e);
  return true;
}

/** A job to execute, in RUNNING; or NONE or LATER, as the scheduler says them. */
export function take(P: usize, e: u32, now: u32): u32 {
  const S = schedulerOf(P);
  while (true) {
    const t = policies.next(policyOf(P), S, e, now);
    if (t >= LATER) return t;
    const J = jobAt(P, t);
    const flag = warmth(keyOf(taskAt(S, t)), e);
    write(J + jobs.EXECUTOR, e);
    write(J + jobs.BEGUN, now);
    const takes = occupy(P, J);
    affinity.done(S, e);
    if (!takes) continue;
    if (flag != 0) jobs.setFlag(J, flag);
    return t;
  }
}

/** WARM, COLD, or 0 where nobody has the key warm. */
function warmth(K: usize, e: u32): u32 {
  if (lastOf(K) == 0) return 0;
  return isRemembered(K, e, REMEMBERED) ? jobs.WARM : jobs.COLD;
}

/** A QUEUED job, which the caller alone may take, is RUNNING. False: its owner is dead, and it is free. */
function occupy(P: usize, J: usize): bool {
  while (true) {
    const word = jobs.wordOf(J);
    if (jobs.stateOf(word) != State.Queued) return false;
    if (jobs.ownerOf(word) == 0) {
      jobs.free(J);
      ringWanting(P);
      return false;
    }
    if (jobs.advance(J, word, State.Running)) return true;
  }
}

/** A job that the executor is to look at; NO_JOB. */
export function mailOf(P: usize, e: u32): u32 {
  const X = executorLine(P, e);
  if (read(X + mail) == 0) return NO_JOB;
  write(X + mail, 0);
  for (let t: u32 = 0, all = read(P + jobCount); t < all; t += 32) {
    const place = X + bits + (t >> 5) * 4;
    const set = read(place);
    if (set == 0) continue;
    atomic.and<u32>(place, ~(1 << ctz(set)));
    write(X + mail, 1);
    return t + ctz(set);
  }
  return NO_JOB;
}

/** A job that came by mail is PINNED to executor e, QUEUED, and in RUNNING from now on. */
export function accept(P: usize, e: u32, t: u32, now: u32): bool {
  const J = jobAt(P, t);
  while (true) {
    const word = jobs.wordOf(J);
    if (jobs.stateOf(word) != State.Queued || !isPinnedTo(J, e)) return false;
    if (!jobs.advance(J, word, State.Running)) continue;
    write(J + jobs.BEGUN, now);
    if (jobs.ownerOf(word) != 0) return true;
    finish(P, t, 0, State.Died);
    return false;
  }
}

/** A job that executor e has submitted, and that nobody has taken, is its own to execute. */
export function claim(P: usize, e: u32, t: u32, now: u32): bool {
  const J = jobAt(P, t);
  if (jobs.has(J, jobs.PINNED) || !takeBack(P, t, State.Filling)) return false;
  write(J + jobs.EXECUTOR, e);
  write(J + jobs.BEGUN, now);
  jobs.advance(J, jobs.wordOf(J), State.Running);
  return true;
}

/** A RUNNING job waits for values that its owner has for it. */
export function ask(P: usize, t: u32): void {
  const J = jobAt(P, t);
  move(J, State.Asked);
  const owner = jobs.ownerOf(jobs.wordOf(J));
  if (owner != 0) tell(P, owner, t);
}

/** It has them. */
export function answered(P: usize, t: u32): void {
  move(jobAt(P, t), State.Running);
}

/** Whoever has a job makes it something else; its owner may die meanwhile. */
function move(J: usize, as: State): void {
  while (!jobs.advance(J, jobs.wordOf(J), as)) {}
}

/** The result is written. */
export function complete(P: usize, t: u32, how: u32): void {
  finish(P, t, how, State.Done);
}

function finish(P: usize, t: u32, how: u32, as: State): void {
  const J = jobAt(P, t);
  write(J + jobs.HOW, how);
  while (true) {
    const word = jobs.wordOf(J);
    const owner = jobs.ownerOf(word);
    if (owner == 0) {
      jobs.free(J);
      ringWanting(P);
      return;
    }
    if (!jobs.advance(J, word, as)) continue;
    tell(P, owner, t);
    return;
  }
}

/** The executor has the key's state warm. */
export function warm(P: usize, e: u32, key: u32): void {
  affinity.warm(schedulerOf(P), e, (key - 1) % read(P + keys));
}

/** The bell of an executor: it sleeps there while that has the number that it read before it asked. */
export function bellOfExecutor(P: usize, e: u32): usize {
  return bellOf(schedulerOf(P), e);
}

/** Looks so often whether an executor's bell has another number. */
export function watchBell(P: usize, e: u32, number: u32, looks: u32): bool {
  const place = bellOfExecutor(P, e);
  for (; looks > 0; looks--) {
    if (read(place) != number) return true;
    pause();
  }
  return read(place) != number;
}

/** How long an executor that was told LATER waits at most. */
export function wait(P: usize, e: u32, now: u32): u32 {
  return untilBound(schedulerOf(P), e, now);
}

/** How long an idle executor leaves a job to one where it is warm. */
export function procrastinate(P: usize, bound: u32): void {
  setBound(schedulerOf(P), bound);
}

/** The executor takes no jobs any more; it still has its number, and its mail. False, of the guardian only. */
export function rest(P: usize, e: u32): bool {
  return policies.leave(policyOf(P), schedulerOf(P), e);
}

/** An executor that rests, and has no job, is none any more. What was mailed to it, and it has not accepted, DIED. */
export function leave(P: usize, e: u32): void {
  write(executorLine(P, e) + worker, 0);
  for (let t: u32 = 0, all = read(P + jobCount); t < all; t++) {
    const J = jobAt(P, t);
    const word = jobs.wordOf(J);
    if (jobs.stateOf(word) != State.Queued || !isPinnedTo(J, e)) continue;
    if (jobs.advance(J, word, State.Running)) dismiss(P, t);
  }
}

function isPinnedTo(J: usize, e: u32): bool {
  return jobs.has(J, jobs.PINNED) && jobs.executorOf(J) == e;
}

/** A job that nobody has begun, and that is the caller's in RUNNING, DIED. */
function dismiss(P: usize, t: u32): void {
  const J = jobAt(P, t);
  jobs.setFlag(J, jobs.UNBEGUN);
  write(J + jobs.RESULT_BYTES, 0);
  finish(P, t, 0, State.Died);
}

/** What the maker is to look at, once. */
export function attend(P: usize): u32 {
  return read(P + attention) == 0 ? 0 : fetch_and_store(P + attention, 0);
}

/** Makes the maker look. */
export function demand(P: usize, what: u32): void {
  if ((read(P + attention) & what) == what) return;
  atomic.or<u32>(P + attention, what);
  ringSlot(P, read(P + maker));
}

/** For the maker: the first executor from e on whose worker is dead, and not settled; NO_JOB. */
export function deadFrom(P: usize, e: u32): u32 {
  for (const all = read(P + executors); e < all; e++) {
    if (read(executorLine(P, e) + worker) & DEAD) return e;
  }
  return NO_JOB;
}

/**
 * For the maker: the first job from t on that a dead executor had, or was about to have; NO_JOB. It is to be told by
 * `die`, with a result or without.
 */
export function lost(P: usize, e: u32, t: u32): u32 {
  const named = read(processorAt(schedulerOf(P), e) + running);
  for (const all = read(P + jobCount); t < all; t++) {
    const J = jobAt(P, t);
    const word = jobs.wordOf(J);
    const now = jobs.stateOf(word);
    if (now == State.Queued) {
      if (t + 1 != named && !isPinnedTo(J, e)) continue;
      jobs.setFlag(J, jobs.UNBEGUN);
      write(J + jobs.EXECUTOR, e);
      if (jobs.advance(J, word, State.Running)) return t;
      // Its owner has taken it back, or died.
      t--;
    } else if ((now == State.Running || now == State.Asked) && jobs.executorOf(J) == e) {
      if (now == State.Asked) jobs.setFlag(J, jobs.UNBEGUN);
      return t;
    }
  }
  return NO_JOB;
}

/** Whether the maker could start an executor more. */
export function setGrowable(P: usize, could: bool): void {
  write(P + growable, could ? 1 : 0);
}

/** The owner of a job that was told to stop has waited long enough: the maker is to end its executor. */
export function doom(P: usize, t: u32): void {
  jobs.setFlag(jobAt(P, t), jobs.DOOMED);
  demand(P, REQUEST);
}

/** For the maker: the first job from t on that is doomed, and executed; NO_JOB. */
export function doomedFrom(P: usize, t: u32): u32 {
  for (const all = read(P + jobCount); t < all; t++) {
    const J = jobAt(P, t);
    const now = jobs.stateOf(jobs.wordOf(J));
    if (jobs.has(J, jobs.DOOMED) && (now == State.Running || now == State.Asked)) return t;
  }
  return NO_JOB;
}

/** A job that was lost has this outcome. */
export function die(P: usize, t: u32, how: u32): void {
  finish(P, t, how, State.Died);
}

/** All jobs that a dead executor had are told: another worker may have its number. */
export function settle(P: usize, e: u32): void {
  const X = executorLine(P, e);
  write(processorAt(schedulerOf(P), e) + running, 0);
  write(X + worker, 0);
}

/** Whoever submits is to submit nothing new; what was, is executed. */
export function close(P: usize): void {
  compare_and_swap(P + state, OPEN, CLOSED);
  demand(P, REQUEST);
  ringAll(schedulerOf(P));
  ringSlots(P);
}

/** Nobody executes anything any more: all who wait for an outcome look. */
export function end(P: usize): void {
  write(P + state, ENDED);
  ringAll(schedulerOf(P));
  ringSlots(P);
}

/** Whether no job is anybody's, and nobody keeps one for later. */
export function isEmpty(P: usize): bool {
  for (let slot: u32 = 1, last = workers(); slot <= last; slot++) {
    if (read(slotLine(P, slot) + backlog) != 0) return false;
  }
  for (let t: u32 = 0, all = read(P + jobCount); t < all; t++) {
    if (jobs.stateOf(jobs.wordOf(jobAt(P, t))) != State.Free) return false;
  }
  return true;
}

/** Of one that is freed: whoever sleeps in it looks. */
export function bury(P: usize): void {
  ringAll(schedulerOf(P));
  ringSlots(P);
  for (let t: u32 = 0, all = read(P + jobCount); t < all; t++) jobs.releaseBlocks(jobAt(P, t));
}

/** False, of the guardian only: it is to be done again in a moment. */
export function repair(P: usize, dead: u32): bool {
  for (let e: u32 = 0, all = read(P + executors); e < all; e++) {
    if (read(executorLine(P, e) + worker) == dead && !mark(P, e, dead)) return false;
  }
  for (let t: u32 = 0, all = read(P + jobCount); t < all; t++) disown(P, t, dead);
  const L = slotLine(P, dead);
  write(L + wants, 0);
  write(L + backlog, 0);
  write(L + armed, 0);
  write(L + listing, 0);
  if (read(P + maker) == dead) write(P + state, ENDED);
  // It may have been about to ring any of them.
  ringAll(schedulerOf(P));
  ringSlots(P);
  return true;
}

/** The worker of executor e is dead. */
function mark(P: usize, e: u32, dead: u32): bool {
  if (!rest(P, e)) return false;
  for (let t: u32 = 0, all = read(P + jobCount); t < all; t++) {
    const J = jobAt(P, t);
    const word = jobs.wordOf(J);
    if (jobs.stateOf(word) == State.Done && jobs.executorOf(J) == e && jobs.ownerOf(word) != 0)
      tell(P, jobs.ownerOf(word), t);
  }
  write(executorLine(P, e) + worker, dead | DEAD);
  demand(P, DEATH);
  return true;
}

/** A record that may be a dead worker's is nobody's, or freed. */
function disown(P: usize, t: u32, dead: u32): void {
  const J = jobAt(P, t);
  while (true) {
    const word = jobs.wordOf(J);
    if (jobs.ownerOf(word) != dead) return;
    switch (jobs.stateOf(word)) {
      case State.Queued:
        if (!jobs.has(J, jobs.PINNED) && !isWithScheduler(P, t)) {
          if (jobs.wordOf(J) == word) jobs.free(J);
          return;
        }
        if (!jobs.disown(J, word)) continue;
        if (jobs.has(J, jobs.PINNED)) post(P, jobs.executorOf(J), t);
        return;
      case State.Running:
      case State.Asked:
        if (jobs.disown(J, word)) return;
        break;
      default:
        jobs.free(J);
        return;
    }
  }
}

/** Whether a task is in a queue, or a processor has just taken it; else its owner did not live to make it ready. */
function isWithScheduler(P: usize, t: u32): bool {
  const S = schedulerOf(P);
  if (read(taskAt(S, t) + inQueue) != NIL) return true;
  for (let e: u32 = 0, all = read(P + executors); e < all; e++) {
    if (read(processorAt(S, e) + running) == t + 1) return true;
  }
  return false;
}
