/**
 * The event, proven. Processors below `waiters` wait for it, and began to when it was unset; the others set it and reset it
 * at once. If a waiter is stranded, that is a deadlock.
 *
 *     SCENE | event | waiters |
 */
import { read, write } from "../../atomics";
import { Failure, fail, processor } from "../../machine";
import { attempt, create, isSet, resetEvent, setEvent, word } from "../event";
import { FRESH, SLEPT } from "../lock-word";
import { sleep, WAIT } from "../sleep";
import { begin, prepareWorkers, SCENE } from "./worker";

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
    for (let as = FRESH; attempt(V, read(before), as) == WAIT; as = SLEPT) sleep(-1);
    if (word(V) == read(before)) fail(Failure.LeftBarrierEarly);
  } else {
    setEvent(V);
    resetEvent(V);
  }
}

export function event_prove_end(deaths: u32): void {
  if (deaths == 0 && isSet(read(event))) fail(Failure.Lost);
}
