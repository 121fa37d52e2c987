/**
 * The pool, proven one operation after the other: one thread acts as the maker, who submits, too, as two executors, and as
 * the guardian. What each operation answers, whom it tells, and what it leaves.
 *
 *     SCENE | pool |
 */
import { read, write } from "../../atomics";
import { enterQueue, leaveQueue } from "../../tasks/queue";
import {
  base,
  bellOf,
  bytesOf,
  centralQueue,
  keyAt,
  keyOf,
  LATER,
  NONE,
  processorAt,
  running,
  since,
  taskAt,
} from "../../tasks/scheduler";
import { blockBytes } from "../allocator";
import { freeObject } from "../free";
import { heldCount } from "../holdings";
import * as jobs from "../jobs";
import { State } from "../jobs";
import { owner } from "../lock-word";
import { Kind, kindOf } from "../objects";
import * as policies from "../policies";
import { PolicyNumber } from "../policies";
import * as pool from "../pool";
import * as executor from "../pool-executor";
import * as maker from "../pool-maker";
import * as repairs from "../pool-repair";
import * as submitter from "../pool-submitter";
import { enterAs, my, workers } from "../space";
import { expect, expectEqual, fillSpace, holdTooMuch, letAllGo, prepareAlone, SCENE } from "./worker";

const place: usize = SCENE;
const count: usize = SCENE + 4;

// Slots.
const MAKER: u32 = 1;
const FIRST: u32 = 2;
const SECOND: u32 = 3;
const OTHER: u32 = 4;

/** Bytes of arguments, and of a result, that have no room in a record. */
const LONG: u32 = 193;
const LONG_RESULT: u32 = 129;

export function pool_prove_init_alone(policy: PolicyNumber, records: u32, keys: u32): void {
  prepareAlone(OTHER);
  write(count, records);
  write(place, <u32>pool.create(3, records, keys, policy, 0));
}

function P(): usize {
  return read(place);
}

function S(): usize {
  return pool.schedulerOf(P());
}

function J(t: u32): usize {
  return pool.jobAt(P(), t);
}

function expectState(t: u32, state: State, slot: u32): void {
  const word = jobs.wordOf(J(t));
  expect(jobs.stateOf(word) == state && jobs.ownerOf(word) == slot);
}

function comeAs(slot: u32, e: u32): void {
  enterAs(slot);
  expect(executor.come(P(), e));
}

/** The maker submits a job in record t. */
function submit(t: u32, key: u32 = 0, priority: u32 = 0): void {
  enterAs(MAKER);
  expectEqual(submitter.begin(P(), t), t);
  expect(submitter.submit(P(), t, key, priority, 5));
}

/** Which executor gets which job. */
function take(slot: u32, e: u32, t: u32): void {
  enterAs(slot);
  expectEqual(executor.take(P(), e, 9), t);
  if (t >= LATER) return;
  expectState(t, State.Running, MAKER);
  expect(jobs.executorOf(J(t)) == e && read(J(t) + jobs.BEGUN) == 9 && read(processorAt(S(), e) + running) == 0);
}

function complete(slot: u32, t: u32): void {
  enterAs(slot);
  executor.complete(P(), t, 3);
  expectState(t, State.Done, MAKER);
  expectEqual(read(J(t) + jobs.HOW), 3);
}

/** The caller is told of this job, and of no other one. */
function expectTold(t: u32): void {
  expectEqual(submitter.drain(P()), 1);
  expectEqual(load<u32>(submitter.drained(P())), t);
  expectEqual(submitter.drain(P()), 0);
}

function bell(slot: u32): u32 {
  return read(pool.slotLine(P(), slot));
}

function bellOfExecutor(e: u32): u32 {
  return read(bellOf(S(), e));
}

/** Where its words are: no line is another's. 96 records, 3 executors. */
export function pool_prove_layout(): void {
  expect(<u32>kindOf(P()) == Kind.Pool && read(S()) == read(P()) && pool.makerOf(P()) == MAKER);
  expect(pool.executorsOf(P()) == 3 && pool.capacityOf(P()) == 96 && pool.policyNumberOf(P()) == PolicyNumber.Priority);
  expectEqual(pool.stateOf(P()), pool.OPEN);
  let at = P() + 128;
  for (let e: u32 = 0; e < 3; e++, at += 256) expectEqual(<u32>pool.executorLine(P(), e), <u32>at);
  for (let slot: u32 = 0; slot <= OTHER; slot++, at += 512) expectEqual(<u32>pool.slotLine(P(), slot), <u32>at);
  for (let t: u32 = 0; t < 96; t++, at += 384) expectEqual(<u32>J(t), <u32>at);
  expectEqual(<u32>S(), <u32>at);
  enterAs(SECOND);
  expectEqual(<u32>submitter.drained(P()), <u32>pool.slotLine(P(), SECOND) + 256);
  expectEqual(<u32>submitter.bellOfSlot(P()), <u32>pool.slotLine(P(), SECOND));
  expectEqual(<u32>executor.bellOfExecutor(P(), 2), <u32>bellOf(S(), 2));
  // The capacities of lines of bits, for as many records as a word says.
  expectBits(32, 128);
  expectBits(1024, 128);
  expectBits(1056, 256);
}

function expectBits(records: u32, bytes: u32): void {
  write(count, records);
  expectEqual(pool.bitBytes(read(count)), bytes);
}

/** A pool of any size has room for all that is in it; where there is none in the space, there is no pool. */
export function pool_prove_room(): void {
  for (let all: u32 = 32; all <= 512; all += 32) {
    const other = pool.create(3, all, 3, PolicyNumber.Priority, 0);
    expect(blockBytes(other) >= pool.schedulerOf(other) - other + bytesOf(3, all, 3));
    expect(freeObject(other, read(other)));
  }
  fillSpace();
  expectEqual(<u32>pool.create(3, 512, 3, PolicyNumber.Priority, 0), 0);
}

/** A record, from its submission to its end: which words say what. */
export function pool_prove_life(): void {
  comeAs(FIRST, 1);
  expect(pool.isThere(P(), 1) && !pool.isThere(P(), 0) && !executor.come(P(), 1));
  enterAs(SECOND);
  expect(!executor.come(P(), 1));
  enterAs(MAKER);
  holdTooMuch();
  expectEqual(submitter.begin(P(), 5), pool.HOLDS_TOO_MUCH);
  letAllGo();
  expectEqual(heldCount(my), 0);
  expectEqual(submitter.begin(P(), 5), 5);
  expectState(5, State.Filling, MAKER);
  expectEqual(heldCount(my), 1);
  expectEqual(submitter.begin(P(), 5), 6);
  expectEqual(heldCount(my), 1);
  expectEqual(<u32>submitter.roomForArguments(P(), 5, LONG - 1), <u32>J(5) + 64);
  expect(read(J(5) + jobs.ARGUMENTS_BYTES) == LONG - 1 && read(J(5) + jobs.ARGUMENTS_BLOCK) == 0);
  const former = submitter.roomForArguments(P(), 5, LONG);
  const block = submitter.roomForArguments(P(), 5, 2 * LONG);
  expect(read(J(5) + jobs.ARGUMENTS_BLOCK) == <u32>block && blockBytes(block) >= 2 * LONG && blockBytes(former) == 0);
  jobs.setFlag(J(5), 63);
  expect(submitter.submit(P(), 5, 4, -7, 8));
  expectState(5, State.Queued, MAKER);
  expect(jobs.wordOf(J(5)) >> 32 == 1 && read(J(5) + jobs.FLAGS) == 0 && read(J(5) + jobs.SUBMITTED) == 8);
  const T = taskAt(S(), 5);
  // Key 4 of 3 is the first one again.
  expect(keyOf(T) == keyAt(S(), 0) && read(T + base) == -7 && read(T + since) == 8 && pool.queued(P()) == 1);
  take(FIRST, 1, 5);
  expectEqual(<u32>executor.roomForResult(P(), 5, LONG_RESULT - 1), <u32>J(5) + 256);
  const result = executor.roomForResult(P(), 5, LONG_RESULT);
  expect(read(J(5) + jobs.RESULT_BLOCK) == <u32>result && blockBytes(result) >= LONG_RESULT);
  expectEqual(read(J(5) + jobs.RESULT_BYTES), LONG_RESULT);
  complete(FIRST, 5);
  enterAs(MAKER);
  expectTold(5);
  expect(!maker.isEmpty(P()));
  submitter.free(P(), 5);
  expect(jobs.wordOf(J(5)) == (<u64>1) << 32 && blockBytes(block) == 0 && blockBytes(result) == 0);
  expect(read(J(5) + jobs.ARGUMENTS_BLOCK) == 0 && read(J(5) + jobs.RESULT_BLOCK) == 0);
  submitter.free(P(), 6);
  expect(maker.isEmpty(P()));
  submitter.setBacklog(P(), 2);
  expect(!maker.isEmpty(P()));
  submitter.setBacklog(P(), 0);
  expect(maker.isEmpty(P()));
  enterAs(OTHER);
  submitter.setBacklog(P(), 1);
  expect(!maker.isEmpty(P()));
  submitter.setBacklog(P(), 0);
  enterAs(MAKER);
  expectEqual(submitter.begin(P(), 0), 0);
  expect(!maker.isEmpty(P()));
  submitter.free(P(), 0);
  // The next generation's.
  submit(5);
  expectEqual(<u32>(jobs.wordOf(J(5)) >> 32), 2);
  take(FIRST, 1, 5);
  complete(FIRST, 5);
  enterAs(MAKER);
  expectTold(5);
  submitter.free(P(), 5);
  expectRecords();
}

/** Each of 32 records is begun once, from the hint on, around. */
function expectRecords(): void {
  for (let i: u32 = 0; i < 32; i++) expectEqual(submitter.begin(P(), 30), (30 + i) % 32);
  expectEqual(submitter.begin(P(), 30), pool.NO_JOB);
  // Who wants one is rung, once, and others are not.
  const mine = bell(MAKER);
  const other = bell(OTHER);
  submitter.free(P(), 3);
  expectEqual(bell(MAKER), mine);
  expectEqual(submitter.begin(P(), 0), 3);
  submitter.want(P());
  enterAs(OTHER);
  submitter.free(P(), 3);
  expect(bell(MAKER) == mine + 1 && bell(OTHER) == other);
  submitter.free(P(), 4);
  expectEqual(bell(MAKER), mine + 1);
  submitter.want(P());
  submitter.free(P(), 5);
  expect(bell(MAKER) == mine + 1 && bell(OTHER) == other + 1);
}

/** Who is told of what, and when its bell rings. 96 records. */
export function pool_prove_told(): void {
  comeAs(FIRST, 0);
  for (let t: u32 = 0; t < 96; t++) submit(t);
  for (let t: u32 = 0; t < 96; t++) {
    take(FIRST, 0, t);
    complete(FIRST, t);
  }
  take(FIRST, 0, NONE);
  enterAs(MAKER);
  expect(bell(MAKER) == 0 && submitter.watch(P(), 0) && submitter.watch(P(), 2));
  // 64 at a time, in order.
  expectEqual(submitter.drain(P()), 64);
  for (let t: u32 = 0; t < 64; t++) expectEqual(load<u32>(submitter.drained(P()) + 4 * t), t);
  expectEqual(submitter.drain(P()), 32);
  for (let t: u32 = 0; t < 32; t++) expectEqual(load<u32>(submitter.drained(P()) + 4 * t), 64 + t);
  expect(submitter.drain(P()) == 0 && !submitter.watch(P(), 0) && !submitter.watch(P(), 2));
  for (let t: u32 = 0; t < 96; t++) submitter.free(P(), t);
  // No more than 64, though there is one more.
  for (let t: u32 = 0; t < 96; t++) if (t <= 32 || t >= 64) submit(t);
  for (let t: u32 = 0; t < 96; t++) {
    if (t > 32 && t < 64) continue;
    take(FIRST, 0, t);
    complete(FIRST, t);
  }
  enterAs(MAKER);
  expect(submitter.drain(P()) == 33 && submitter.drain(P()) == 32 && submitter.drain(P()) == 0);
  for (let t: u32 = 0; t < 96; t++) if (t <= 32 || t >= 64) submitter.free(P(), t);
  expectFarMail();
  // Two that are armed for once: the bell rings once.
  submit(40);
  submit(41);
  take(FIRST, 0, 40);
  take(FIRST, 0, 41);
  enterAs(MAKER);
  const number = submitter.arm(P());
  expect(number == bell(MAKER) && submitter.drain(P()) == 0);
  complete(FIRST, 40);
  complete(FIRST, 41);
  expectEqual(bell(MAKER), number + 1);
  enterAs(MAKER);
  expectEqual(submitter.drain(P()), 2);
  expectEqual(load<u32>(submitter.drained(P()) + 4), 41);
}

/** Mail of the last records. */
function expectFarMail(): void {
  for (let t: u32 = 40; t < 96; t += 55) {
    expect(submitter.begin(P(), t) == t && submitter.submitTo(P(), t, 0, 6));
  }
  enterAs(FIRST);
  expect(executor.mailOf(P(), 0) == 40 && executor.mailOf(P(), 0) == 95 && executor.mailOf(P(), 0) == pool.NO_JOB);
  enterAs(MAKER);
  for (let t: u32 = 40; t < 96; t += 55) {
    expectEqual(submitter.cancel(P(), t), pool.TAKEN_BACK);
    submitter.free(P(), t);
  }
}

/** What is taken back, and who is told to stop. 32 records. */
export function pool_prove_cancelled(): void {
  comeAs(FIRST, 1);
  comeAs(SECOND, 2);
  submit(0);
  submit(1);
  submit(2);
  enterAs(MAKER);
  jobs.setFlag(J(1), jobs.STOP);
  expectEqual(submitter.cancel(P(), 1), pool.TAKEN_BACK);
  expect(pool.queued(P()) == 2 && owner(centralQueue(S())) == 0);
  expectState(1, State.Filling, MAKER);
  submitter.free(P(), 1);
  take(FIRST, 1, 0);
  enterAs(MAKER);
  const mine = bellOfExecutor(1);
  const other = bellOfExecutor(2);
  expectEqual(submitter.cancel(P(), 0), pool.TOLD);
  expect(bellOfExecutor(1) == mine + 1 && bellOfExecutor(2) == other && jobs.has(J(0), jobs.STOP));
  enterAs(FIRST);
  expect(executor.watchBell(P(), 1, mine, 0) && !executor.watchBell(P(), 1, mine + 1, 2));
  expect(executor.mailOf(P(), 2) == pool.NO_JOB && executor.mailOf(P(), 1) == 0);
  expectEqual(executor.mailOf(P(), 1), pool.NO_JOB);
  // It does not: its executor is doomed.
  enterAs(MAKER);
  expectEqual(maker.attend(P()), 0);
  expectEqual(maker.doomedFrom(P(), 0), pool.NO_JOB);
  const rung = bell(MAKER);
  pool.demand(P(), pool.GROWTH);
  submitter.doom(P(), 0);
  expect(bell(MAKER) == rung + 2 && maker.attend(P()) == (pool.REQUEST | pool.GROWTH) && maker.attend(P()) == 0);
  expect(maker.doomedFrom(P(), 0) == 0 && maker.doomedFrom(P(), 1) == pool.NO_JOB);
  executor.ask(P(), 0);
  expectState(0, State.Asked, MAKER);
  expectTold(0);
  expectEqual(maker.doomedFrom(P(), 0), 0);
  executor.answered(P(), 0);
  complete(FIRST, 0);
  enterAs(MAKER);
  expect(submitter.cancel(P(), 0) == pool.OVER && maker.doomedFrom(P(), 0) == pool.NO_JOB);
  expectMail();
}

/** Mail of several jobs, for one executor. */
function expectMail(): void {
  enterAs(MAKER);
  for (let t: u32 = 7; t < 10; t += 2) {
    expectEqual(submitter.begin(P(), t), t);
    expect(!submitter.submitTo(P(), t, 0, 6));
    expectState(t, State.Filling, MAKER);
    expect(submitter.submitTo(P(), t, 2, 6));
    expectState(t, State.Queued, MAKER);
    expect(read(J(t) + jobs.SUBMITTED) == 6 && read(J(t) + jobs.BEGUN) == 6 && jobs.has(J(t), jobs.PINNED));
  }
  enterAs(SECOND);
  expect(executor.mailOf(P(), 2) == 7 && executor.mailOf(P(), 2) == 9 && executor.mailOf(P(), 2) == pool.NO_JOB);
  expect(!executor.accept(P(), 1, 7, 9) && !executor.claim(P(), 2, 7, 9));
  expect(executor.accept(P(), 2, 7, 11) && !executor.accept(P(), 2, 7, 11) && read(J(7) + jobs.BEGUN) == 11);
  expectState(7, State.Running, MAKER);
  // Nobody takes what is pinned from a queue; its owner takes it back.
  take(FIRST, 1, 2);
  take(FIRST, 1, NONE);
  expect(!executor.accept(P(), 1, 2, 9));
  enterAs(MAKER);
  expectEqual(submitter.cancel(P(), 9), pool.TAKEN_BACK);
  expect(submitter.submitTo(P(), 9, 2, 6));
  executor.roomForResult(P(), 9, 5);
  write(J(9) + jobs.HOW, 5);
  // One that leaves has not begun it.
  write(pool.executorLine(P(), 2) + pool.COUNTS, 8);
  enterAs(SECOND);
  expect(executor.rest(P(), 2) && pool.isThere(P(), 2));
  complete(SECOND, 7);
  executor.leave(P(), 2);
  expect(!pool.isThere(P(), 2) && read(pool.executorLine(P(), 2)) == 0 && pool.isThere(P(), 1));
  expectState(9, State.Died, MAKER);
  expect(jobs.has(J(9), jobs.UNBEGUN) && read(J(9) + jobs.RESULT_BYTES) == 0 && read(J(9) + jobs.HOW) == 0);
  enterAs(MAKER);
  expectEqual(submitter.drain(P()), 3);
  // With the same arguments, to another one.
  submitter.roomForArguments(P(), 9, LONG);
  executor.roomForResult(P(), 9, LONG_RESULT);
  submitter.reuse(P(), 9);
  expectState(9, State.Filling, MAKER);
  expect(read(J(9) + jobs.RESULT_BLOCK) == 0 && read(J(9) + jobs.ARGUMENTS_BLOCK) != 0);
  expect(submitter.submit(P(), 9, 0, 0, 5));
  take(FIRST, 1, 9);
}

/** Keys that are warm, jobs of executors, and how long they leave them to others. 32 records, 3 keys. */
export function pool_prove_warm(): void {
  comeAs(FIRST, 0);
  comeAs(SECOND, 1);
  submit(0, 2);
  submit(1, 2);
  submit(2, 5);
  submit(3);
  take(FIRST, 0, 0);
  expectEqual(read(J(0) + jobs.FLAGS), jobs.COLD);
  take(FIRST, 0, 1);
  expectEqual(read(J(1) + jobs.FLAGS), jobs.WARM);
  // 5 is 2 again.
  take(SECOND, 1, 2);
  expectEqual(read(J(2) + jobs.FLAGS), jobs.COLD);
  take(SECOND, 1, 3);
  expectEqual(read(J(3) + jobs.FLAGS), 0);
  executor.warm(P(), 1, 3);
  submit(4, 3);
  take(SECOND, 1, 4);
  expect(jobs.has(J(4), jobs.WARM));
  executor.procrastinate(P(), 8);
  submit(5, 3);
  enterAs(FIRST);
  expectEqual(executor.take(P(), 0, 9), LATER);
  expect(executor.wait(P(), 0, 10) == 7 && pool.isIdle(P()) && pool.queued(P()) == 1);
  take(SECOND, 1, 5);
  // A new worker with an old number has nothing.
  enterAs(SECOND);
  executor.rest(P(), 1);
  executor.leave(P(), 1);
  comeAs(OTHER, 1);
  submit(6, 3);
  take(OTHER, 1, 6);
  expect(!jobs.has(J(6), jobs.WARM));
  // A job of its own.
  enterAs(OTHER);
  expectEqual(submitter.begin(P(), 9), 9);
  expect(submitter.submit(P(), 9, 0, 0, 5));
  jobs.setFlag(J(9), jobs.STOP);
  expect(executor.claim(P(), 1, 9, 12) && !executor.claim(P(), 1, 9, 12));
  expectState(9, State.Running, OTHER);
  expect(jobs.executorOf(J(9)) == 1 && read(J(9) + jobs.BEGUN) == 12 && pool.queued(P()) == 0);
}

/** A queue for each executor: what was another's is stolen. 32 records, 3 keys. */
export function pool_prove_stolen(): void {
  comeAs(FIRST, 0);
  comeAs(SECOND, 1);
  submit(0, 2);
  take(FIRST, 0, 0);
  expectEqual(read(J(0) + jobs.FLAGS), jobs.COLD);
  submit(1, 2);
  submit(2, 2);
  submit(3);
  take(FIRST, 0, 1);
  expectEqual(read(J(1) + jobs.FLAGS), jobs.WARM);
  take(SECOND, 1, 3);
  expectEqual(read(J(3) + jobs.FLAGS), 0);
  take(SECOND, 1, 2);
  expectEqual(read(J(2) + jobs.FLAGS), jobs.COLD | jobs.STOLEN);
  expect(executor.rest(P(), 1) && pool.queued(P()) == 0);
  submit(4);
  submit(5);
  take(FIRST, 0, 4);
  expectEqual(read(J(4) + jobs.FLAGS), 0);
  take(FIRST, 0, 5);
}

/** Who is told of a job for which nobody is idle; how a pool is closed, and ends. 32 records. */
export function pool_prove_closed(): void {
  submit(0);
  enterAs(MAKER);
  expectEqual(maker.attend(P()), 0);
  maker.setGrowable(P(), true);
  const number = bell(MAKER);
  submit(1);
  expectEqual(bell(MAKER), number + 1);
  submit(2);
  expect(bell(MAKER) == number + 1 && maker.attend(P()) == pool.GROWTH);
  comeAs(FIRST, 0);
  for (let t: u32 = 0; t < 3; t++) take(FIRST, 0, t);
  take(FIRST, 0, NONE);
  expect(pool.isIdle(P()));
  submit(3);
  expect(maker.attend(P()) == 0 && !pool.isIdle(P()));
  maker.setGrowable(P(), false);
  take(FIRST, 0, 3);
  submit(4);
  expectEqual(maker.attend(P()), 0);
  const mine = bellOfExecutor(0);
  const other = bell(OTHER);
  maker.close(P());
  expectEqual(pool.stateOf(P()), pool.CLOSED);
  maker.setGrowable(P(), true);
  submit(7);
  maker.setGrowable(P(), false);
  expectEqual(maker.attend(P()), pool.REQUEST | pool.GROWTH);
  expect(bellOfExecutor(0) == mine + 1 && bell(OTHER) == other + 1);
  // What is submitted by tasks is executed.
  submit(5);
  expectEqual(submitter.begin(P(), 6), 6);
  maker.end(P());
  expect(pool.stateOf(P()) == pool.ENDED && bellOfExecutor(0) == mine + 2 && bell(OTHER) == other + 2);
  expect(!submitter.submit(P(), 6, 0, 0, 5) && !submitter.submitTo(P(), 6, 0, 5));
  expectState(6, State.Filling, MAKER);
  maker.close(P());
  expectEqual(pool.stateOf(P()), pool.ENDED);
  // It is freed.
  const block = submitter.roomForArguments(P(), 6, LONG);
  const result = executor.roomForResult(P(), 31, LONG_RESULT);
  repairs.bury(P());
  expect(blockBytes(block) == 0 && blockBytes(result) == 0 && bell(OTHER) == other + 4);
  expectEqual(bellOfExecutor(0), mine + 4);
}

/** A worker died that had jobs of every kind, and was an executor. 32 records, executors 0 and 2. */
export function pool_prove_dead(): void {
  comeAs(FIRST, 0);
  comeAs(SECOND, 2);
  for (let t: u32 = 0; t < 3; t++) submit(t);
  for (let t: u32 = 0; t < 3; t++) take(SECOND, 2, t);
  complete(SECOND, 0);
  executor.ask(P(), 2);
  // Its own: being filled, running elsewhere, done, in the queue, pinned, and not told of.
  enterAs(SECOND);
  for (let t: u32 = 10; t < 16; t++) expectEqual(submitter.begin(P(), t), t);
  const block = submitter.roomForArguments(P(), 10, LONG);
  for (let t: u32 = 11; t < 14; t++) expect(submitter.submit(P(), t, 0, 0, 5));
  enterAs(FIRST);
  expect(executor.take(P(), 0, 9) == 11 && executor.take(P(), 0, 9) == 12);
  executor.complete(P(), 12, 0);
  enterAs(SECOND);
  expect(submitter.submitTo(P(), 14, 0, 5));
  jobs.enqueue(J(15));
  submitter.setBacklog(P(), 1);
  submitter.want(P());
  submitter.arm(P());
  // The maker's: pinned to it; another one's, elsewhere.
  enterAs(MAKER);
  submitter.drain(P());
  jobs.setFlag(J(13), jobs.STOP);
  expect(submitter.begin(P(), 20) == 20 && submitter.submitTo(P(), 20, 2, 5));
  expect(submitter.begin(P(), 21) == 21 && submitter.submitTo(P(), 21, 0, 5));
  expectRepaired(block);
}

function expectRepaired(block: usize): void {
  const mine = bell(MAKER);
  const executors = bellOfExecutor(0);
  // Somebody is in the queue's section: the guardian comes back.
  pool.demand(P(), pool.REQUEST);
  enterAs(FIRST);
  enterQueue(S(), centralQueue(S()));
  enterAs(workers() + 1);
  expect(!repairs.repair(P(), SECOND));
  enterAs(FIRST);
  leaveQueue(centralQueue(S()));
  enterAs(workers() + 1);
  expect(repairs.repair(P(), SECOND));
  expect(bell(MAKER) >= mine + 2 && bellOfExecutor(0) > executors && pool.stateOf(P()) == pool.OPEN);
  for (let t: u32 = 10; t < 16; t++) {
    if (t != 11 && t != 13) expectEqual(<u32>jobs.wordOf(J(t)), 0);
  }
  expectEqual(blockBytes(block), 0);
  expectState(11, State.Running, 0);
  expectState(13, State.Queued, 0);
  const L = pool.slotLine(P(), SECOND);
  for (let at: u32 = 4; at <= 12; at += 4) expectEqual(read(L + at), 0);
  expect(read(L + pool.listing) == 0 && !pool.isThere(P(), 2) && pool.isThere(P(), 0));
  // What it has done is told, whether it was or not.
  enterAs(MAKER);
  expectTold(0);
  expectEqual(maker.attend(P()), pool.REQUEST | pool.DEATH);
  expect(maker.deadFrom(P(), 0) == 2 && maker.deadFrom(P(), 2) == 2 && maker.deadFrom(P(), 3) == pool.NO_JOB);
  enterAs(OTHER);
  expect(!executor.come(P(), 2));
  enterAs(MAKER);
  expectLost(0, 1, false);
  expectLost(2, 2, true);
  expectLost(3, 20, true);
  expectEqual(maker.lost(P(), 2, 21), pool.NO_JOB);
  expectEqual(submitter.drain(P()), 3);
  maker.settle(P(), 2);
  comeAs(OTHER, 2);
  // Nobody is told of what nobody owns.
  enterAs(MAKER);
  const rung = bell(MAKER);
  submitter.want(P());
  enterAs(FIRST);
  expect(executor.mailOf(P(), 0) != pool.NO_JOB && executor.take(P(), 0, 9) == NONE);
  expectEqual(bell(MAKER), rung + 1);
  enterAs(MAKER);
  submitter.want(P());
  enterAs(FIRST);
  executor.complete(P(), 11, 0);
  expectEqual(bell(MAKER), rung + 2);
  expect(<u32>jobs.wordOf(J(11)) == 0 && <u32>jobs.wordOf(J(13)) == 0);
  expectEnded();
}

/** From a record on, this job is the first that was lost. */
function expectLost(from: u32, t: u32, isUnbegun: bool): void {
  expectEqual(maker.lost(P(), 2, from), t);
  expect(jobs.has(J(t), jobs.UNBEGUN) == isUnbegun && jobs.executorOf(J(t)) == 2);
  maker.die(P(), t, 4);
  expectState(t, State.Died, MAKER);
  expectEqual(read(J(t) + jobs.HOW), 4);
}

/** The maker dies. */
function expectEnded(): void {
  enterAs(workers() + 1);
  expect(repairs.repair(P(), MAKER) && pool.stateOf(P()) == pool.ENDED);
  for (let t: u32 = 0; t < read(count); t++) expectEqual(<u32>jobs.wordOf(J(t)), 0);
}

/** One who died when it had just been given a job, and one whose section nobody may enter. */
export function pool_prove_named(): void {
  comeAs(FIRST, 0);
  comeAs(SECOND, 2);
  submit(4);
  submit(6);
  enterAs(SECOND);
  expectEqual(policies.next(pool.policyOf(P()), S(), 2, 9), 4);
  // Its owner cannot take it back any more; it is told to stop by whoever has it.
  enterAs(MAKER);
  expectEqual(submitter.cancel(P(), 4), pool.TOLD);
  jobs.setFlag(J(6), jobs.STOP);
  write(J(6) + jobs.EXECUTOR, 2);
  // It was about to leave.
  write(pool.executorLine(P(), 2), SECOND | pool.LEAVING);
  enterAs(workers() + 1);
  expect(repairs.repair(P(), SECOND));
  // A repair that was cut off is done again.
  enterAs(MAKER);
  maker.attend(P());
  enterAs(workers() + 1);
  expect(repairs.repair(P(), SECOND));
  enterAs(MAKER);
  expectEqual(maker.attend(P()), pool.DEATH);
  expectLost(0, 4, true);
  expectEqual(maker.lost(P(), 2, 5), pool.NO_JOB);
  maker.settle(P(), 2);
  expect(read(processorAt(S(), 2) + running) == 0 && read(pool.executorLine(P(), 2)) == 0);
  take(FIRST, 0, 6);
  // A dead one's, that has just been given to an executor.
  enterAs(OTHER);
  expectEqual(submitter.begin(P(), 8), 8);
  expect(submitter.submit(P(), 8, 0, 0, 5));
  enterAs(FIRST);
  expectEqual(policies.next(pool.policyOf(P()), S(), 0, 9), 8);
  enterAs(workers() + 1);
  expect(repairs.repair(P(), OTHER) && maker.attend(P()) == 0);
  expectState(8, State.Queued, 0);
}
