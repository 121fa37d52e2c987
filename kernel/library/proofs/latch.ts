/**
 * The latch, proven. Processors below `waiters` wait for it; each of the others counts down `counts` times, one by one, as it
 * has promised before. Or, with `counts` 0, all of them try to count down a latch of 1, which one of them can, and nobody has
 * promised. A waiter that is stranded is a deadlock.
 *
 *     SCENE | latch | waiters | counts | work done |
 */
import { fetch_and_increment, read, write } from "../../atomics";
import { Failure, fail, processor, processors } from "../../machine";
import { attempt, countDown, create, DONE, isAbandoned, left, owedBy, promise } from "../latch";
import { FRESH, SLEPT } from "../lock-word";
import { repair } from "../repair";
import { sleep, WAIT } from "../sleep";
import { enterAs, isLive, me } from "../space";
import { begin, expect, expectNothingHeld, prepareWorkers, SCENE } from "./worker";

const latch: usize = SCENE;
const waitersOf: usize = SCENE + 4;
const countsOf: usize = SCENE + 8;
const done: usize = SCENE + 12;

export function latch_prove_init(waiters: u32, counts: u32): void {
  prepareWorkers();
  const L = create(counts == 0 ? 1 : (processors() - waiters) * counts);
  write(latch, <u32>L);
  write(waitersOf, waiters);
  write(countsOf, counts);
  for (let p = waiters; counts != 0 && p < processors(); p++) {
    enterAs(p + 1);
    if (promise(L, counts) != DONE) fail(Failure.Lost);
  }
}

export function latch_prove_run(): void {
  begin();
  const L = read(latch);
  if (processor() < read(waitersOf)) {
    let result = attempt(L, FRESH);
    for (; result == WAIT; result = attempt(L, SLEPT)) sleep(-1);
    if (result != DONE || left(L) != 0) fail(Failure.LeftBarrierEarly);
    const all = (processors() - read(waitersOf)) * read(countsOf);
    if (!isAbandoned(L) && read(done) < max(1, all)) fail(Failure.LeftBarrierEarly);
  } else if (read(countsOf) == 0) {
    fetch_and_increment(done);
    countDown(L, 1);
  } else {
    for (let i: u32 = 0; i < read(countsOf); i++) {
      fetch_and_increment(done);
      if (countDown(L, 1) != DONE) fail(Failure.Lost);
    }
  }
}

export function latch_prove_end(deaths: u32): void {
  expectNothingHeld();
  const L = read(latch);
  if (left(L) != 0 || (deaths == 0 && isAbandoned(L))) fail(Failure.Lost);
}

/** A latch of 2, of which slot 1 has promised so many. */
export function latch_prove_init_promised(counts: u32): void {
  prepareWorkers();
  const L = create(2);
  write(latch, <u32>L);
  enterAs(1);
  if (counts > 0) promise(L, counts);
}

export function latch_prove_promise(): void {
  begin();
  promise(read(latch), 1);
}

/** Who died, has promised one, which was counted down for it, or none. */
export function latch_prove_promise_end(): void {
  const L = read(latch);
  const counts = owedBy(L, 1);
  expect(isLive(1) ? counts == 1 && left(L) == 2 : counts == 0);
}

/** Ends in good order, which is to repair what it leaves; also if it is cut off. */
export function latch_prove_ends(): void {
  begin();
  repair(me);
}

export function latch_prove_counts_down(): void {
  begin();
  countDown(read(latch), 1);
}

/** All was counted down, whoever did. */
export function latch_prove_ends_end(): void {
  expectNothingHeld();
  expect(left(read(latch)) == 0 && owedBy(read(latch), 1) == 0);
}
