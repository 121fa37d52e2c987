/**
 * The event, proven. Processors below `waiters` wait for it, and began to when it was unset; the others set it and reset it
 * at once. If a waiter is stranded, that is a deadlock.
 *
 *     SCENE | event | waiters |
 */
import { read, write } from "../../atomics";
import { Failure, fail, processor } from "../../machine";
import { attempt, create, HAPPENED, isSet, resetEvent, setEvent, word } from "../event";
import { FRESH, NOW, SLEPT } from "../lock-word";
import { sleep, WAIT } from "../sleep";
import { begin, expectNothingHeld, holdTooMuch, letAllGo, prepareWorkers, SCENE } from "./worker";

const event: usize = SCENE;
const waitersOf: usize = SCENE + 4;
const before: usize = SCENE + 8;

export function event_prove_init(waiters: u32): void {
  prepareWorkers();
  const V = create();
  write(event, <u32>V);
  write(waitersOf, waiters);
  write(before, word(V));
}

export function event_prove_run(): void {
  begin();
  const V = read(event);
  if (processor() < read(waitersOf)) {
    let result = attempt(V, read(before), FRESH);
    for (; result == WAIT; result = attempt(V, read(before), SLEPT)) sleep(-1);
    if (result != HAPPENED) fail(Failure.Lost);
    if (word(V) == read(before)) fail(Failure.LeftBarrierEarly);
  } else {
    setEvent(V);
    resetEvent(V);
  }
}

/** One operation after the other. */
export function event_prove_alone(): void {
  begin();
  const V = read(event);
  const unset = word(V);
  if (isSet(V) || attempt(V, unset, NOW) != WAIT) fail(Failure.Lost);
  resetEvent(V);
  if (word(V) != unset) fail(Failure.Lost);
  holdTooMuch();
  if (setEvent(V) || isSet(V)) fail(Failure.Lost);
  letAllGo();
  if (!setEvent(V)) fail(Failure.Lost);
  const set = word(V);
  if (!isSet(V) || set == unset || attempt(V, unset, NOW) != HAPPENED || attempt(V, set, NOW) != HAPPENED)
    fail(Failure.Lost);
  // To set it again changes nothing; to reset it leaves it as often set as before.
  setEvent(V);
  if (word(V) != set) fail(Failure.Lost);
  resetEvent(V);
  if (isSet(V) || attempt(V, unset, NOW) != HAPPENED || attempt(V, word(V), NOW) != WAIT) fail(Failure.Lost);
  setEvent(V);
  if (!isSet(V) || word(V) == set) fail(Failure.Lost);
  resetEvent(V);
}

export function event_prove_end(deaths: u32): void {
  expectNothingHeld();
  if (deaths == 0 && isSet(read(event))) fail(Failure.Lost);
}
