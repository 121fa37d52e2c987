/**
 * Idle executors of a pool, one operation after the other: each job that becomes ready rings one that will ask for it, also
 * where others begin what came by mail. As pool-alone.ts.
 */
import { NONE } from "../../tasks/scheduler";
import * as pool from "../pool";
import * as executor from "../pool-executor";
import * as submitter from "../pool-submitter";
import { enterAs } from "../space";
import { bellOfExecutor, comeAs, complete, FIRST, MAKER, P, SECOND, submit, take } from "./pool-alone";
import { expect, expectEqual } from "./worker";

/** Executor e begins a job that came by mail, in record t. */
function beginMail(slot: u32, e: u32, t: u32): void {
  enterAs(MAKER);
  expectEqual(submitter.begin(P(), t), t);
  expect(submitter.submitTo(P(), t, e, 6));
  enterAs(slot);
  expectEqual(executor.mailOf(P(), e), t);
  expect(executor.accept(P(), e, t, 11));
}

/** 32 records. */
export function pool_prove_idle(): void {
  comeAs(FIRST, 1);
  comeAs(SECOND, 2);
  take(FIRST, 1, NONE);
  take(SECOND, 2, NONE);
  // The first is idle no more, though nobody has rung it for a job.
  let other = bellOfExecutor(2);
  beginMail(FIRST, 1, 7);
  expectEqual(bellOfExecutor(2), other);
  let mine = bellOfExecutor(1);
  submit(0);
  expect(bellOfExecutor(1) == mine && bellOfExecutor(2) == other + 1);
  take(SECOND, 2, 0);
  complete(FIRST, 7);
  // Nobody else is idle.
  beginMail(FIRST, 1, 8);
  expectEqual(bellOfExecutor(2), other + 1);
  complete(FIRST, 8);
  complete(SECOND, 0);
  take(FIRST, 1, NONE);
  take(SECOND, 2, NONE);
  // Rung for a job, one of them begins another one first: the other one is rung.
  mine = bellOfExecutor(1);
  other = bellOfExecutor(2);
  submit(1);
  const isFirst = bellOfExecutor(1) == mine + 1;
  expect(isFirst || bellOfExecutor(2) == other + 1);
  const rung: u32 = isFirst ? 1 : 2;
  const place = bellOfExecutor(3 - rung);
  beginMail(isFirst ? FIRST : SECOND, rung, 9);
  expectEqual(bellOfExecutor(3 - rung), place + 1);
  take(isFirst ? SECOND : FIRST, 3 - rung, 1);
  expectEqual(pool.queued(P()), 0);
}
