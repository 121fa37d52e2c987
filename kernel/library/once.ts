/**
 * Once: one worker does something, and others wait until it is done.
 *
 *     O | identity | runner | eventcount: 8 bytes |
 *
 *     runner     0, nobody has done it; the slot of who does it; DONE
 *
 * Invariant: who sleeps has found a runner after it announced itself, and the runner, who has it among its held objects,
 * wakes all when it is done, fails or dies.
 */
import { compare_and_swap, read, write } from "../atomics";
import { announce, repair as repairEventcount, wakeAll } from "./eventcount";
import { canHold, drop, hold } from "./holdings";
import { ASYNCHRONOUS } from "./lock-word";
import { createObject, Kind } from "./objects";
import { WAIT } from "./sleep";
import { me } from "./space";

const runner: u32 = 4;
const E: u32 = 8;
const BYTES: u32 = 16;

const NOBODY: u32 = 0;
const DONE: u32 = 0xffffffff;

/** Results of an attempt, beside WAIT. */
export const IS_DONE: u32 = 0;
/** The caller is to do it, and calls `end` then. */
export const RUNS: u32 = 1;
/** The caller's worker does it already. */
export const DEADLOCK: u32 = 2;
export const HOLDS_TOO_MANY: u32 = 3;

export function create(): usize {
  return createObject(Kind.Once, BYTES);
}

export function isDone(O: usize): bool {
  return read(O + runner) == DONE;
}

export function runs(O: usize, slot: u32): bool {
  return read(O + runner) == slot;
}

/** Whether it is done, or to be done by the caller; or where to sleep. */
export function attempt(O: usize, as: u32): u32 {
  const result = begin(O, as);
  if (result != WAIT) return result;
  announce(O + E, as);
  return begin(O, as);
}

function begin(O: usize, as: u32): u32 {
  const now = read(O + runner);
  if (now == DONE) return IS_DONE;
  if (now == me && as != ASYNCHRONOUS) return DEADLOCK;
  if (now != NOBODY) return WAIT;
  if (!canHold()) return HOLDS_TOO_MANY;
  hold(O);
  if (compare_and_swap(O + runner, NOBODY, me)) return RUNS;
  drop(O);
  return WAIT;
}

/** By the runner: it is done, or the next one is to do it. */
export function end(O: usize, done: bool): void {
  write(O + runner, done ? DONE : NOBODY);
  wakeAll(O + E);
  drop(O);
}

export function repair(O: usize, dead: u32): void {
  compare_and_swap(O + runner, dead, NOBODY);
  repairEventcount(O + E);
}
