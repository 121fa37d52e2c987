/**
 * Guarded sections: a few instructions that one worker at a time executes, and that are executed whole or not at all, even
 * if the worker dies in them. What is not on a hot path is a monitor made of them.
 *
 *     G | lock word: 16 bytes |             in the object
 *     my record: pending | journal: entries, then | address, value before | each
 *
 * 1. `enter` writes the guard's address to `pending` and takes its lock word. Who finds it taken sleeps; a thread that must
 *    not block spins, as the section's owner leaves it soon, or dies, and is repaired.
 * 2. `set` writes an entry, then the number of entries, then the word.
 * 3. `leave` sets the number of entries to 0, which is the moment at which all that was set counts; it lets the guard go and
 *    clears `pending`.
 *
 * Invariant: of a guard whose owner is dead, the words that its section has changed are those in the owner's journal, so
 * that repair writes back what they were before, last first, and lets the guard go. A worker is in one guarded section
 * at a time.
 */
import { read, write } from "../atomics";
import { work } from "../machine";
import { nameLock, nameNothing } from "./holdings";
import { attempt, FIRST_DELAY, FRESH, LOCK_BYTES, release, repair as repairLock, SLEPT, tryAcquire } from "./lock-word";
import { mayBlock, sleepAddress, sleepOn, sleepValue, WAIT } from "./sleep";
import { journal, me, my, workers } from "./space";

/** Bytes of a guard. */
export const GUARD_BYTES: u32 = LOCK_BYTES;
/** In `pending`: that it is a guard, not a lock. */
export const IS_GUARD: u32 = 1;

const ENTRY: u32 = 8;
/** Words that a section may set. */
const MOST: u32 = 40;

/** `object`: what the guard is in. */
export function enter(object: usize, G: usize): void {
  nameLock(object, G | IS_GUARD);
  if (tryAcquire(G)) return;
  if (mayBlock) for (let as = FRESH; attempt(G, as) == WAIT; as = SLEPT) sleepOn(sleepAddress, sleepValue, -1);
  else while (!tryAcquire(G)) work(FIRST_DELAY);
}

/**
 * As `enter`, for who repairs. False, of the guardian only: somebody is in the section. It repairs all who die, one after
 * the other, so that it must not wait for one of them.
 */
export function enterToRepair(object: usize, G: usize): bool {
  if (me <= workers()) {
    enter(object, G);
    return true;
  }
  nameLock(object, G | IS_GUARD);
  if (tryAcquire(G)) return true;
  nameNothing();
  return false;
}

/** Writes a word inside a guarded section. At most 40 in one. */
export function set(address: usize, value: u32): void {
  const entries = load<u32>(my + journal);
  if (entries == MOST) unreachable();
  const entry = my + journal + 4 + entries * ENTRY;
  store<u32>(entry, <u32>address);
  store<u32>(entry + 4, read(address));
  store<u32>(my + journal, entries + 1);
  write(address, value);
}

export function leave(G: usize): void {
  store<u32>(my + journal, 0);
  release(G);
  nameNothing();
}

/** Of a dead worker's record R: undoes the section that it did not leave. */
export function rollBack(R: usize): void {
  for (let entries = read(R + journal); entries > 0; ) {
    entries--;
    const entry = R + journal + 4 + entries * ENTRY;
    write(load<u32>(entry), load<u32>(entry + 4));
    write(R + journal, entries);
  }
}

export function repairGuard(G: usize, dead: u32): void {
  repairLock(G, dead, false);
}
