/**
 * Once, proven. All call it, and add 1 to a plain count if they are to do it; processors below `failing` fail when
 * they do it, without adding.
 *
 *     SCENE | once | failing | count |
 */
import { read, write } from "../../atomics";
import { Failure, fail, processor } from "../../machine";
import { ASYNCHRONOUS, FRESH, NOW, SLEPT } from "../lock-word";
import { attempt, create, DEADLOCK, end, HOLDS_TOO_MANY, IS_DONE, isDone, RUNS, runs } from "../once";
import { sleep, WAIT } from "../sleep";
import { enterAs, me } from "../space";
import { begin, expectNothingHeld, holdTooMuch, letAllGo, prepareWorkers, SCENE } from "./worker";

const once: usize = SCENE;
const failingOf: usize = SCENE + 4;
const count: usize = SCENE + 8;

export function once_prove_init(failing: u32): void {
  prepareWorkers();
  write(once, <u32>create());
  write(failingOf, failing);
}

export function once_prove_run(): void {
  begin();
  const O = read(once);
  const fails = processor() < read(failingOf);
  let result = attempt(O, FRESH);
  while (result == WAIT) {
    sleep(-1);
    result = attempt(O, SLEPT);
  }
  if (result == RUNS) {
    if (!fails) store<u32>(count, load<u32>(count) + 1);
    end(O, !fails);
  } else if (load<u32>(count) == 0) fail(Failure.LeftBarrierEarly);
}

/** One operation after the other: whoever does it is told so, and what it answers when it is done, or was not. */
export function once_prove_alone(): void {
  begin();
  const O = read(once);
  holdTooMuch();
  if (attempt(O, FRESH) != HOLDS_TOO_MANY || runs(O, me)) fail(Failure.Lost);
  letAllGo();
  for (let done = 0; done < 2; done++) {
    if (isDone(O) || runs(O, me) || attempt(O, NOW) != RUNS || isDone(O) || !runs(O, me)) fail(Failure.Lost);
    if (attempt(O, FRESH) != DEADLOCK || attempt(O, ASYNCHRONOUS) != WAIT) fail(Failure.Lost);
    if (runs(O, me + 1)) fail(Failure.Lost);
    enterAs(2);
    if (attempt(O, NOW) != WAIT || attempt(O, FRESH) != WAIT) fail(Failure.Lost);
    enterAs(1);
    end(O, done != 0);
  }
  if (!isDone(O) || runs(O, me) || attempt(O, FRESH) != IS_DONE) fail(Failure.Lost);
  store<u32>(count, 1);
}

/** Done as often as it was done to the end, or by one who died then. */
export function once_prove_end(processors: u32, deaths: u32): void {
  expectNothingHeld();
  const done = load<u32>(count);
  if (done > 1 + deaths || (done == 0 && processors > read(failingOf) + deaths)) fail(Failure.Lost);
  if (isDone(read(once)) && done == 0) fail(Failure.Lost);
}
