/**
 * The pool, proven: some submit jobs and wait for their outcomes, some execute, and each may die at any instruction. The maker
 * settles what a dead executor had. Who is told of nothing sleeps.
 *
 *     SCENE    | pool | first executor | jobs of each | manners | ended: a bit for each submitter | submitters | slot of the maker |
 *     tasks    | how often it was begun | 1 while it is executed | its outcome |       of each job that is submitted
 *     records  of each processor: a word for each record, the job that it has there, and one more
 *
 * Failures: a job that two execute at once, that has two outcomes or another one's, or a record that is nobody's and not
 * free. Lost jobs and lost outcomes are deadlocks.
 */
import { fetch_and_increment, fetch_and_store, read, write } from "../../atomics";
import { pause, processor, processors } from "../../machine";
import { LATER } from "../../tasks/scheduler";
import { repairGuard, rollBack } from "../guard";
import * as jobs from "../jobs";
import { State } from "../jobs";
import * as pool from "../pool";
import * as executor from "../pool-executor";
import * as maker from "../pool-maker";
import * as submitter from "../pool-submitter";
import { repair } from "../repair";
import { neverBlock } from "../sleep";
import { attach, CACHE_LINE, enterAs, me, my, nextIncarnation, pending, recordOf, workers } from "../space";
import { begin, expect, expectEqual, prepareWorkers, prove_death, SCENE } from "./worker";

const place: usize = SCENE;
const firstExecutor: usize = SCENE + 4;
const jobsEach: usize = SCENE + 8;
const manners: usize = SCENE + 12;
const ended: usize = SCENE + 16;
const submitters: usize = SCENE + 20;
const makerSlot: usize = SCENE + 24;

const tasks: usize = SCENE + CACHE_LINE;
const records: usize = SCENE + 4 * CACHE_LINE;

/** Records of a pool, and keys. */
const RECORDS: u32 = 32;
const KEYS: u32 = 1;
const KEY: u32 = 1;
/** Of what a result says about how it came. */
const HOW: u32 = 7;

// Manners.
/** Submitters take each job back as soon as they have submitted it. */
const CANCELS: u32 = 1;
/** They submit to executor 0. */
const PINS: u32 = 2;
/** What died is submitted again. */
const RETRIES: u32 = 4;
/** All but one record are taken. */
const IS_SCARCE: u32 = 8;
/** A task ends when it is told to stop, not sooner. */
const ENDLESS: u32 = 16;
/** Who has died as an executor comes back. */
const RETURNS: u32 = 32;
/** The maker is told where nobody is idle. */
const GROWS: u32 = 64;

// Outcomes.
const VALUE: u32 = 1;
const DIED: u32 = 2;
const NEVER_BEGUN: u32 = 3;
const REJECTED: u32 = 4;

export function P(): usize {
  return read(place);
}

function behaves(so: u32): bool {
  return (read(manners) & so) != 0;
}

function begunOf(job: u32): usize {
  return tasks + job * 12;
}

function executes(job: u32): usize {
  return tasks + job * 12 + 4;
}

function outcomeOf(job: u32): usize {
  return tasks + job * 12 + 8;
}

/** Which job a processor has in a record, and one more. */
function recordAt(t: u32): usize {
  return records + (me - 1) * CACHE_LINE + t * 4;
}

/**
 * Of the processors, the first ones submit; from `first` on they execute, and the first of those is executor 1: what is 0
 * stands for nothing. `present` executors are there. `maker`: a processor, or a thread that does nothing else.
 */
export function pool_prove_init(
  policy: u32,
  submitting: u32,
  first: u32,
  present: u32,
  jobsOfEach: u32,
  makerIs: u32,
  how: u32,
): void {
  prepareWorkers();
  attach(nextIncarnation(), true);
  enterAs(min(makerIs, processors()) + 1);
  write(makerSlot, me);
  write(place, <u32>pool.create(processors() + 1, RECORDS, KEYS, policy, 0));
  write(firstExecutor, first);
  write(jobsEach, jobsOfEach);
  write(manners, how);
  write(submitters, submitting);
  pool.join(P());
  if (how & IS_SCARCE) for (let t: u32 = 1; t < RECORDS; t++) submitter.begin(P(), t);
  maker.setGrowable(P(), (how & GROWS) != 0);
  for (let p = first; p < first + present; p++) {
    enterAs(p + 1);
    expect(executor.come(P(), executorOf(p)));
  }
}

function executorOf(p: u32): u32 {
  return p - read(firstExecutor) + 1;
}

/** The only executor is 1, or the first of several. */
const FIRST: u32 = 1;

export function pool_prove_submit(): void {
  begin();
  neverBlock();
  const p = processor();
  let left: u32 = 0;
  for (let i: u32 = 0, all = read(jobsEach); i < all; i++) left += submitOne(p * all + i);
  while (left > 0) {
    left -= takeOutcomes();
    if (left == 0) break;
    const number = submitter.arm(P());
    const found = takeOutcomes();
    left -= found;
    if (found != 0) continue;
    if (pool.stateOf(P()) == pool.ENDED) {
      rejectAll(p);
      return;
    }
    atomic.wait<u32>(submitter.bellOfSlot(P()), number, -1);
  }
  endSubmitter(p);
}

/** Whether an outcome is to come. */
function submitOne(job: u32): u32 {
  const t = beginRecord();
  write(submitter.roomForArguments(P(), t, 4), job);
  write(recordAt(t), job + 1);
  if (!enqueue(t)) {
    end(t, pool.stateOf(P()) == pool.ENDED ? REJECTED : NEVER_BEGUN);
    return 0;
  }
  if (!behaves(CANCELS)) return 1;
  const answer = submitter.cancel(P(), t);
  if (answer == pool.TAKEN_BACK) {
    end(t, NEVER_BEGUN);
    return 0;
  }
  return 1;
}

function enqueue(t: u32): bool {
  return behaves(PINS) ? submitter.submitTo(P(), t, FIRST, 0) : submitter.submit(P(), t, 0, 0, 0);
}

function beginRecord(): u32 {
  while (true) {
    let t = submitter.begin(P(), 0);
    if (t < RECORDS) return t;
    const number = submitter.arm(P());
    submitter.want(P());
    t = submitter.begin(P(), 0);
    if (t < RECORDS) return t;
    atomic.wait<u32>(submitter.bellOfSlot(P()), number, -1);
  }
}

/** How many jobs have their outcome now. */
function takeOutcomes(): u32 {
  let count: u32 = 0;
  const told = submitter.drain(P());
  for (let i: u32 = 0; i < told; i++) if (takeOutcome(load<u32>(submitter.drained(P()) + 4 * i))) count++;
  if (read(makerSlot) == me && maker.attend(P()) & pool.DEATH) settleDead();
  return count;
}

function takeOutcome(t: u32): bool {
  const J = pool.jobAt(P(), t);
  const word = jobs.wordOf(J);
  if (read(recordAt(t)) == 0 || jobs.ownerOf(word) != me) return false;
  if (jobs.stateOf(word) == State.Done) {
    expect(read(J + jobs.RESULT) == read(recordAt(t)) + 100 && read(J + jobs.HOW) == HOW);
    end(t, VALUE);
    return true;
  }
  if (jobs.stateOf(word) != State.Died) return false;
  if (behaves(RETRIES)) {
    submitter.reuse(P(), t);
    if (enqueue(t)) return false;
  }
  end(t, DIED);
  return true;
}

/** A job has its outcome: its only one. */
function end(t: u32, outcome: u32): void {
  const job = read(recordAt(t)) - 1;
  write(recordAt(t), 0);
  expect(fetch_and_store(outcomeOf(job), outcome) == 0 && read(executes(job)) == 0);
  if (outcome == NEVER_BEGUN) expectEqual(read(begunOf(job)), 0);
  submitter.free(P(), t);
}

function rejectAll(p: u32): void {
  for (let t: u32 = 0; t < RECORDS; t++) {
    const job = read(recordAt(t));
    if (job != 0) expectEqual(fetch_and_store(outcomeOf(job - 1), REJECTED), 0);
  }
}

/** The last one of those who submit closes the pool. */
function endSubmitter(p: u32): void {
  const all = atomic.or<u32>(ended, 1 << p) | (1 << p);
  if (all == (1 << read(submitters)) - 1) maker.close(P());
}

export function pool_prove_execute(): void {
  begin();
  neverBlock();
  serve(executorOf(processor()));
}

/** One that was not there yet. */
export function pool_prove_come(): void {
  begin();
  neverBlock();
  const e = executorOf(processor());
  expect(executor.come(P(), e));
  serve(e);
}

/** Executes what there is, until the pool is closed. */
function serve(e: u32): void {
  while (true) {
    const heard = read(executor.bellOfExecutor(P(), e));
    for (let t = executor.mailOf(P(), e); t != pool.NO_JOB; t = executor.mailOf(P(), e)) {
      if (executor.accept(P(), e, t, 1)) execute(e, t);
    }
    const t = executor.take(P(), e, 1);
    if (t < LATER) {
      execute(e, t);
      continue;
    }
    if (pool.stateOf(P()) == pool.ENDED) return;
    if (pool.stateOf(P()) == pool.CLOSED && (behaves(IS_SCARCE) || maker.isEmpty(P()))) break;
    atomic.wait<u32>(executor.bellOfExecutor(P(), e), heard, -1);
  }
  goAway(e);
}

function goAway(e: u32): void {
  expect(executor.rest(P(), e));
  executor.leave(P(), e);
}

/** One that takes no part any more. */
export function pool_prove_leave(): void {
  begin();
  neverBlock();
  goAway(executorOf(processor()));
}

function execute(e: u32, t: u32): void {
  const J = pool.jobAt(P(), t);
  expect(jobs.stateOf(jobs.wordOf(J)) == State.Running && jobs.executorOf(J) == e);
  const job = read(J + jobs.ARGUMENTS);
  expect(fetch_and_store(executes(job), 1) == 0);
  fetch_and_increment(begunOf(job));
  if (behaves(ENDLESS)) untilStopped(e, J);
  write(executor.roomForResult(P(), t, 4), job + 101);
  write(executes(job), 0);
  executor.complete(P(), t, HOW);
}

/** Who is told to stop hears it. */
function untilStopped(e: u32, J: usize): void {
  while (true) {
    const heard = read(executor.bellOfExecutor(P(), e));
    if (jobs.has(J, jobs.STOP)) return;
    atomic.wait<u32>(executor.bellOfExecutor(P(), e), heard, -1);
  }
}

/** An executor whose task submits another one, and executes that itself unless somebody has taken it. */
export function pool_prove_nested(): void {
  begin();
  neverBlock();
  const e = executorOf(processor());
  let left = submitOne(0);
  let t: u32 = 0;
  while (read(recordAt(t)) == 0) t++;
  if (executor.claim(P(), e, t, 1)) execute(e, t);
  while (left != 0) {
    const number = submitter.arm(P());
    left -= takeOutcomes();
    if (left != 0) atomic.wait<u32>(submitter.bellOfSlot(P()), number, -1);
  }
  maker.close(P());
  goAway(e);
}

/** The maker, who does nothing else, and may die. */
export function pool_prove_make(): void {
  begin();
  read(place);
}

/** The maker starts an executor when it is told that nobody is idle: that is itself. */
export function pool_prove_grow(): void {
  begin();
  neverBlock();
  const e = executorOf(processor());
  while (true) {
    const number = submitter.arm(P());
    if (maker.attend(P()) & pool.GROWTH) break;
    if (pool.stateOf(P()) != pool.OPEN) return;
    atomic.wait<u32>(submitter.bellOfSlot(P()), number, -1);
  }
  expect(executor.come(P(), e));
  serve(e);
}

/** What the dead one left is repaired; the maker settles it, if that is not one of the others; then the dead one may come back. */
export function pool_prove_death(dead: u32): void {
  neverBlock();
  prove_death(dead);
  const itsSlot = dead + 1;
  if (read(makerSlot) > processors()) {
    enterAs(read(makerSlot));
    const asked = maker.attend(P());
    expect((asked & pool.DEATH) != 0 || maker.deadFrom(P(), 0) == pool.NO_JOB);
    settleDead();
  }
  if (read(makerSlot) == itsSlot) return;
  if (dead < read(submitters)) endSubmitter(dead);
  else if (read(submitters) == 0 && dead == 0) maker.close(P());
  if (!behaves(RETURNS)) return;
  expectEqual(attach(nextIncarnation(), true), itsSlot);
  while (!executor.come(P(), executorOf(dead))) {
    if (pool.stateOf(P()) != pool.OPEN) return;
    pause();
  }
  serve(executorOf(dead));
}

function settleDead(): void {
  for (let e = maker.deadFrom(P(), 0); e != pool.NO_JOB; e = maker.deadFrom(P(), e + 1)) {
    for (let t = maker.lost(P(), e, 0); t != pool.NO_JOB; t = maker.lost(P(), e, t + 1)) {
      const J = pool.jobAt(P(), t);
      const job = read(J + jobs.ARGUMENTS);
      if (jobs.has(J, jobs.UNBEGUN)) expectEqual(read(executes(job)), 0);
      write(executes(job), 0);
      maker.die(P(), t, 0);
    }
    maker.settle(P(), e);
  }
}

/** An executor is dead that has a job; the other processor is the maker, whose job that is. */
export function pool_prove_init_dead(policy: u32): void {
  pool_prove_init(policy, 1, 2, 0, 1, 1, 0);
  enterAs(3);
  expect(executor.come(P(), FIRST));
  enterAs(2);
  submitOne(0);
  enterAs(3);
  expect(executor.take(P(), FIRST, 1) == 0);
  enterAs(2);
  submitter.arm(P());
}

/** The guardian, which may be cut off: then it begins again. */
export function pool_prove_guardian(): void {
  enterAs(workers() + 1);
  neverBlock();
  while (!repair(3)) {}
}

export function pool_prove_cut_off(dead: u32): void {
  enterAs(workers() + 1);
  const guard = <usize>(load<u64>(my + pending) & 0xfffffffe);
  rollBack(my);
  if (guard != 0) repairGuard(guard, me);
  store<u64>(my + pending, 0);
  pool_prove_guardian();
}

/** The maker hears of the death. */
export function pool_prove_await(): void {
  begin();
  neverBlock();
  let number = read(submitter.bellOfSlot(P()));
  while (takeOutcomes() == 0) {
    atomic.wait<u32>(submitter.bellOfSlot(P()), number, -1);
    number = submitter.arm(P());
  }
}

/** Nobody is in the middle of anything, and who still lives has nothing any more; every record is free, and names no block. */
export function pool_prove_end(): void {
  for (let slot: u32 = 1; slot <= workers() + 1; slot++) expect(load<u64>(recordOf(slot) + pending) == 0);
  if (pool.stateOf(P()) == pool.ENDED) return;
  if (behaves(IS_SCARCE)) for (let t: u32 = 1; t < RECORDS; t++) submitter.free(P(), t);
  expect(maker.isEmpty(P()) && pool.queued(P()) == 0);
  for (let t: u32 = 0; t < RECORDS; t++) {
    const J = pool.jobAt(P(), t);
    expect(<u32>jobs.wordOf(J) == 0 && read(J + jobs.ARGUMENTS_BLOCK) == 0 && read(J + jobs.RESULT_BLOCK) == 0);
  }
  for (let e: u32 = 0; e < pool.executorsOf(P()); e++) {
    // One that died when the maker had ended is settled by nobody.
    const its = read(pool.executorLine(P(), e));
    expect(!pool.isThere(P(), e) && (its == 0 || read(makerSlot) <= processors()));
  }
}

/** All jobs have this outcome, or the other one. */
export function pool_prove_end_all(outcome: u32, other: u32): void {
  pool_prove_end();
  for (let job: u32 = 0, all = read(jobsEach) * max(read(submitters), 1); job < all; job++) {
    const its = read(outcomeOf(job));
    expect((its == outcome || its == other) && read(executes(job)) == 0);
    if (its == VALUE && !behaves(RETRIES)) expectEqual(read(begunOf(job)), 1);
  }
}
