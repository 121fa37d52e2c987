/**
 * Latch: a number that is counted down, once, to 0; who waits goes on then. What a worker has promised to count down, and has
 * not when it dies, is counted down for it.
 *
 *     L | identity | abandoned | eventcount: 8 bytes | ledger of counts: what is left, and what each slot has counted down |
 *       | promises: a word for each slot, from 0 on |
 *
 *     abandoned    1 if a count was one of a worker that died
 *     promise      up to which its slot's worker means to count down, as its account in the ledger will say then; below
 *                  or at the account: it owes nothing
 *
 * To count down is to move a unit from what is left to the worker's account, by one compare_and_swap, exactly once also if the
 * worker dies in the middle: ledger.ts. So what it owes is its promise less its account, whenever that is asked after its death.
 *
 *     to promise       1. list the latch     2. write the promise                  a death after 1: nothing owed, nothing done
 *     to count down    1. list the latch     2. move the units     3. wake all if none is left
 *                      4. drop the listing, and that of a promise that is kept     a death after 2: repair wakes
 *     to repair        1. mark as abandoned, if units are owed     2. move them     3. wake all      again from 1, if cut off:
 *                      after 2 nothing is owed
 *
 * Invariant: what is left and the accounts add up to what the latch was made with. A worker lists the latch while it owes
 * counts, or may owe a wake. Who sleeps has found some left after it announced itself; who leaves none wakes all.
 */
import { read, write } from "../atomics";
import { announce, EVENTCOUNT_BYTES, repair as repairEventcount, wakeAll } from "./eventcount";
import { canHold, drop, hold } from "./holdings";
import { issue, ledgerBytes, transfer, unitsIn, unitsOf } from "./ledger";
import { createObject, Kind, OBJECT_HEADER } from "./objects";
import { WAIT } from "./sleep";
import { me, workers } from "./space";

export const abandoned: u32 = OBJECT_HEADER;
export const changes: u32 = abandoned + 4;
/** What it was made with; never changed. */
export const initial: u32 = changes + EVENTCOUNT_BYTES;
/** Aligned to 8. */
export const ledger: u32 = (initial + 4 + 7) & ~7;

/** Results of an attempt, beside WAIT, and of `countDown` and `promise`. */
export const DONE: u32 = 0;
export const HOLDS_TOO_MANY: u32 = 4;
/** There are fewer left. */
export const TOO_MANY_COUNTS: u32 = 5;

export function promiseOf(L: usize, slot: u32): usize {
  return L + ledger + ledgerBytes(workers()) + 4 * slot;
}

export function create(counts: u32): usize {
  const L = createObject(Kind.Latch, ledger + ledgerBytes(workers()) + 4 * (workers() + 1));
  if (L != 0) {
    issue(L + ledger, counts);
    store<u32>(L + initial, counts);
  }
  return L;
}

/** What it was made with. */
export function countsAtFirst(L: usize): u32 {
  return load<u32>(L + initial);
}

export function left(L: usize): u32 {
  return unitsIn(L + ledger);
}

export function isAbandoned(L: usize): bool {
  return read(L + abandoned) != 0;
}

/** What the worker of a slot has promised, and not counted down; to be asked by itself, or after its death. */
export function owedBy(L: usize, slot: u32): u32 {
  const promised = load<u32>(promiseOf(L, slot));
  const counted = unitsOf(L + ledger, slot);
  return promised > counted ? promised - counted : 0;
}

/** This worker will count down so often, and if it dies first, that is done for it. */
export function promise(L: usize, counts: u32): u32 {
  const owed = owedBy(L, me);
  if (owed + counts > left(L)) return TOO_MANY_COUNTS;
  if (!canHold()) return HOLDS_TOO_MANY;
  if (owed == 0) hold(L);
  store<u32>(promiseOf(L, me), unitsOf(L + ledger, me) + owed + counts);
  return DONE;
}

export function countDown(L: usize, counts: u32): u32 {
  if (!canHold()) return HOLDS_TOO_MANY;
  hold(L);
  const owed = owedBy(L, me);
  const isDone = transfer(L + ledger, read(L), me, counts);
  if (isDone && left(L) == 0) wakeAll(L + changes);
  if (isDone && owed != 0 && owed <= counts) drop(L);
  drop(L);
  return isDone ? DONE : TOO_MANY_COUNTS;
}

/** DONE if nothing is left; or where to sleep. */
export function attempt(L: usize, as: u32): u32 {
  if (left(L) == 0) return DONE;
  announce(L + changes, as);
  return left(L) == 0 ? DONE : WAIT;
}

/** When it is freed: all who wait find that. */
export function wakeAllOf(L: usize): void {
  repairEventcount(L + changes);
}

/** Others may have counted down in its place: no more is counted than is left. */
export function repair(L: usize, dead: u32): void {
  const owed = owedBy(L, dead);
  if (owed != 0) {
    write(L + abandoned, 1);
    while (!transfer(L + ledger, read(L), dead, min(owed, left(L)))) {}
    // Owed no more, also where less was left; the slot's next worker begins with what its account says.
    store<u32>(promiseOf(L, dead), 0);
  }
  repairEventcount(L + changes);
}
