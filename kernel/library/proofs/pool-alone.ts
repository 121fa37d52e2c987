/**
 * The pool, proven one operation after the other: one thread acts as the maker, who submits, too, as two executors, and as
 * the guardian. What each operation answers, whom it tells, and what it leaves.
 *
 *     SCENE | pool |
 */
import { read, write } from "../../atomics";
import {
  base,
  bellOf,
  bytesOf,
  centralQueue,
  isAnyIdle,
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
import { PolicyNumber } from "../policies";
import * as pool from "../pool";
import * as executor from "../pool-executor";
import * as maker from "../pool-maker";
import * as submitter from "../pool-submitter";
import { enterAs, my } from "../space";
import { expect, expectEqual, fillSpace, holdTooMuch, letAllGo, prepareAlone, SCENE } from "./worker";

const place: usize = SCENE;
export const count: usize = SCENE + 4;

// Slots.
export const MAKER: u32 = 1;
export const FIRST: u32 = 2;
export const SECOND: u32 = 3;
export const OTHER: u32 = 4;

/** Bytes of arguments, and of a result, that have no room in a record. */
export const LONG: u32 = 193;
export const LONG_RESULT: u32 = 129;

export function pool_prove_init_alone(policy: PolicyNumber, records: u32, keys: u32): void {
  prepareAlone(OTHER);
  write(count, records);
  write(place, <u32>pool.create(3, records, keys, policy, 0));
}

export function P(): usize {
  return read(place);
}

export function S(): usize {
  return pool.schedulerOf(P());
}

export function J(t: u32): usize {
  return pool.jobAt(P(), t);
}

export function expectState(t: u32, state: State, slot: u32): void {
  const word = jobs.wordOf(J(t));
  expect(jobs.stateOf(word) == state && jobs.ownerOf(word) == slot);
}

export function comeAs(slot: u32, e: u32): void {
  enterAs(slot);
  expect(executor.come(P(), e));
}

/** The maker submits a job in record t. */
export function submit(t: u32, key: u32 = 0, priority: u32 = 0): void {
  enterAs(MAKER);
  expectEqual(submitter.begin(P(), t), t);
  expect(submitter.submit(P(), t, key, priority, 5));
}

/** Which executor gets which job. */
export function take(slot: u32, e: u32, t: u32): void {
  enterAs(slot);
  expectEqual(executor.take(P(), e, 9), t);
  if (t >= LATER) return;
  expectState(t, State.Running, MAKER);
  expect(jobs.executorOf(J(t)) == e && read(J(t) + jobs.BEGUN) == 9 && read(processorAt(S(), e) + running) == 0);
}

export function complete(slot: u32, t: u32): void {
  enterAs(slot);
  executor.complete(P(), t, 3);
  expectState(t, State.Done, MAKER);
  expectEqual(read(J(t) + jobs.HOW), 3);
}

/** The caller is told of this job, and of no other one. */
export function expectTold(t: u32): void {
  expectEqual(submitter.drain(P()), 1);
  expectEqual(load<u32>(submitter.drained(P())), t);
  expectEqual(submitter.drain(P()), 0);
}

export function bell(slot: u32): u32 {
  return read(pool.slotLine(P(), slot));
}

export function bellOfExecutor(e: u32): u32 {
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
  expect(executor.wait(P(), 0, 10) == 7 && isAnyIdle(pool.schedulerOf(P())) && pool.queued(P()) == 1);
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
