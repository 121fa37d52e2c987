/**
 * Event: set and reset by hand; who waits goes on once it is set.
 *
 *     V | identity | word | eventcount: 8 bytes |
 *
 *     word:  | times set: 31 | set: 1 |
 *
 * Invariant: who sleeps has found it unset, as many times set as when it began to wait, after it announced itself; so that
 * nobody who waited when it was set waits on, also if it is reset at once. An event is among the held objects of who
 * sets it until all are woken.
 */
import { compare_and_swap, read } from "../atomics";
import { announce, repair as repairEventcount, wakeAll } from "./eventcount";
import { canHold, drop, hold } from "./holdings";
import { createObject, Kind } from "./objects";
import { WAIT } from "./sleep";

const wordOf: u32 = 4;
const E: u32 = 8;
const BYTES: u32 = 16;

const SET: u32 = 1;
const ONCE_MORE: u32 = 2;

/** Results of an attempt, beside WAIT. */
export const HAPPENED: u32 = 0;

export function create(): usize {
  return createObject(Kind.Event, BYTES);
}

/** What an attempt is told: how things were when the caller began to wait. */
export function word(V: usize): u32 {
  return read(V + wordOf);
}

export function isSet(V: usize): bool {
  return (word(V) & SET) != 0;
}

/** False if the worker holds too many objects, and nothing was done. */
export function setEvent(V: usize): bool {
  if (!canHold()) return false;
  hold(V);
  for (let now = word(V); !(now & SET); now = word(V)) {
    if (!compare_and_swap(V + wordOf, now, (now + ONCE_MORE) | SET)) continue;
    wakeAll(V + E);
    break;
  }
  drop(V);
  return true;
}

export function resetEvent(V: usize): void {
  for (let now = word(V); now & SET && !compare_and_swap(V + wordOf, now, now & ~SET); now = word(V)) {}
}

/** HAPPENED if it is set, or was since the word was `before`; or where to sleep. */
export function attempt(V: usize, before: u32, as: u32): u32 {
  if (hasHappened(V, before)) return HAPPENED;
  announce(V + E, as);
  return hasHappened(V, before) ? HAPPENED : WAIT;
}

function hasHappened(V: usize, before: u32): bool {
  const now = word(V);
  return (now & SET) != 0 || now != before;
}

/** It may have set the event, and woken nobody. */
export function repair(V: usize, dead: u32): void {
  repairEventcount(V + E);
}
