/**
 * The latch, proven. Processors below `waiters` wait for it; each of the others counts down `counts` times, one by one, as it
 * has promised before. Or, with `counts` 0, all of them try to count down a latch of 1, which one of them can, and nobody has
 * promised. A waiter that is stranded is a deadlock.
 *
 *     SCENE | latch | waiters | counts | work done |
 */
import { fetch_and_increment, read, write } from "../../atomics";
import { Failure, fail, processor, processors } from "../../machine";
import { attempt, countDown, create, DONE, isAbandoned, left, promise } from "../latch";
import { FRESH, SLEPT } from "../lock-word";
import { sleep, WAIT } from "../sleep";
import { enterAs } from "../space";
import { begin, expectNothingHeld, prepareWorkers, SCENE } from "./worker";

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
    for (let as = FRESH; attempt(L, as) == WAIT; as = SLEPT) sleep(-1);
    if (left(L) != 0) fail(Failure.LeftBarrierEarly);
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
