/**
 * The end of things in a pool, proven one operation after the other: what closing it, freeing it and each death leaves.
 * pool-alone.ts has who acts.
 */
import { read, write } from "../../atomics";
import { enterQueue, leaveQueue } from "../../tasks/queue";
import { centralQueue, isAnyIdle, NONE, processorAt, running } from "../../tasks/scheduler";
import { blockBytes } from "../allocator";
import * as jobs from "../jobs";
import { State } from "../jobs";
import * as policies from "../policies";
import * as pool from "../pool";
import * as executor from "../pool-executor";
import * as maker from "../pool-maker";
import * as repairs from "../pool-repair";
import * as submitter from "../pool-submitter";
import { enterAs, workers } from "../space";
import {
  bell,
  bellOfExecutor,
  comeAs,
  complete,
  count,
  expectState,
  expectTold,
  FIRST,
  J,
  LONG,
  LONG_RESULT,
  MAKER,
  OTHER,
  P,
  S,
  SECOND,
  submit,
  take,
} from "./pool-alone";
import { expect, expectEqual } from "./worker";

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
  expect(isAnyIdle(pool.schedulerOf(P())));
  submit(3);
  expect(maker.attend(P()) == 0 && !isAnyIdle(pool.schedulerOf(P())));
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
