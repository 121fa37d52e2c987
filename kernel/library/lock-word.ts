/**
 * The word of a lock that sleeps, survives its owner's death, and is handed to who slept now and then.
 *
 *     L | word | asynchronous |
 *
 *     word:  | contended | awaited | reserved | abandoned | ... | owner: 16 |
 *
 *     owner 0        nobody holds it; ABANDONED: the last owner died
 *     owner          the slot of who holds it
 *     CONTENDED      somebody may sleep on the word: the release wakes one
 *     AWAITED        somebody may wait without blocking, on `asynchronous`, a sequence number: the release wakes all
 *     RESERVED       nobody holds it, but it is for one who slept
 *
 * Invariant: while anybody sleeps, the word is CONTENDED, or one who was woken is on its way to make it so: it cannot know
 * whether others sleep, so it takes the lock as CONTENDED. Nobody but the owner takes its slot out of the word, except
 * after its death.
 *
 * Source: Drepper, Futexes Are Tricky, 2011, Mutex 3; owner in the word: the robust futexes of Linux.
 */
import { compare_and_swap, fetch_and_increment, fetch_and_store, read } from "../atomics";
import { work } from "../machine";
import { WAIT, waitAt } from "./sleep";
import { enoughCores, isAwake, me } from "./space";

const asynchronous: u32 = 4;

export const FREE: u32 = 0;
const CONTENDED: u32 = 1 << 31;
const AWAITED: u32 = 1 << 30;
const RESERVED: u32 = 1 << 29;
const ABANDONED: u32 = 1 << 28;
const OWNER: u32 = 0xffff;

/** Results of an attempt, beside WAIT. */
export const ACQUIRED: u32 = 0;
/** Acquired, and the owner before died with it. */
export const ACQUIRED_ABANDONED: u32 = 1;
/** Somebody else has it. */
export const BUSY: u32 = 2;
/** The caller would wait for itself. */
export const DEADLOCK: u32 = 3;
/** The caller holds as many objects as a worker can. */
export const HOLDS_TOO_MANY: u32 = 4;

/** Who attempts, and how it will wait. */
export const FRESH: u32 = 0;
/** It has slept on the word, so that others may sleep, and what is reserved is for it. */
export const SLEPT: u32 = 1;
/** It waits without blocking. */
export const ASYNCHRONOUS: u32 = 2;
/** It is not going to wait, whatever WAIT says: nobody need wake it. */
export const NOW: u32 = 3;

/** About one in half a millisecond, where waking takes some ten microseconds. */
const PASS_EVERY: u32 = 32;

/**
 * Cycles of the first delay before a look, about what a cache line's way to another core and back costs, as a look takes
 * the word away from its owner; doubled each time; and of the last, about what sleep costs.
 */
export const FIRST_DELAY: u32 = 512;
export const LAST_DELAY: u32 = 4096;

export function ownerOf(word: u32): u32 {
  return word & OWNER;
}

/** The slot of who holds it, 0 for nobody. */
export function owner(L: usize): u32 {
  return ownerOf(read(L));
}

function isContended(L: usize): bool {
  return (read(L) & CONTENDED) != 0;
}

/** Acquires it if it is free, and was not abandoned. */
export function tryAcquire(L: usize): bool {
  return compare_and_swap(L, FREE, me);
}

/** Acquires it, or says where to sleep. */
export function attempt(L: usize, as: u32): u32 {
  while (true) {
    // Before the word: what is released after it was read changes it.
    const sequence = as == ASYNCHRONOUS ? read(L + asynchronous) : 0;
    const word = read(L);
    if (ownerOf(word) == 0 && (!(word & RESERVED) || as == SLEPT)) {
      // RESERVED was CONTENDED; else nobody sleeps on a free word who was not woken, and that one says so itself.
      const others = as == SLEPT ? CONTENDED : 0;
      if (compare_and_swap(L, word, me | others)) return word & ABANDONED ? ACQUIRED_ABANDONED : ACQUIRED;
      continue;
    }
    if (as == NOW) return WAIT;
    const mark = as == ASYNCHRONOUS ? AWAITED : CONTENDED;
    if (word & mark || compare_and_swap(L, word, word | mark)) {
      return as == ASYNCHRONOUS ? waitAt(L + asynchronous, sequence) : waitAt(L, word | mark);
    }
  }
}

/** Looks again and again, a while, as long as the owner can be running and there are cores for all; whether it acquired. */
export function spin(L: usize): bool {
  if (!enoughCores()) return false;
  for (let delay = FIRST_DELAY; delay <= LAST_DELAY; delay *= 2) {
    work(delay);
    const word = read(L);
    if (word == FREE) {
      if (compare_and_swap(L, FREE, me)) return true;
    } else if (ownerOf(word) != 0 && !isAwake(ownerOf(word))) return false;
  }
  return false;
}

/** Releases it. `handOff`: to one who sleeps, if one does, whoever else wants it. */
export function release(L: usize, handOff: bool): void {
  const word = handOff ? pass(L) : fetch_and_store(L, FREE);
  if (word & CONTENDED) atomic.notify(L, 1);
  if (word & AWAITED) wakeAsynchronous(L);
}

/** Releases it; every PASS_EVERY-th time that others may sleep, to one of them. `passes`: a word that owners count in. */
export function releaseFairly(L: usize, passes: usize): void {
  let isTurn = false;
  if (isContended(L)) {
    const count = load<u32>(passes) + 1;
    isTurn = count == PASS_EVERY;
    store<u32>(passes, isTurn ? 0 : count);
  }
  release(L, isTurn);
}

/** Returns the word before, without CONTENDED if the one who sleeps has been woken. */
function pass(L: usize): u32 {
  const word = read(L);
  if (!(word & CONTENDED)) return fetch_and_store(L, FREE);
  const before = fetch_and_store(L, RESERVED | CONTENDED);
  if (atomic.notify(L, 1) > 0) return before & ~CONTENDED;
  // Nobody slept: they are about to, or gave up. Who came since may sleep on the reserved word by now.
  return unreserve(L) ? before | AWAITED : before & ~CONTENDED;
}

/** Frees it if it is reserved. */
function unreserve(L: usize): bool {
  for (let word = read(L); word & RESERVED; word = read(L)) {
    if (compare_and_swap(L, word, FREE)) return true;
  }
  return false;
}

function wakeAsynchronous(L: usize): void {
  fetch_and_increment(L + asynchronous);
  atomic.notify(L + asynchronous, -1);
}

/**
 * After the death of a worker that may have owned it, or have been about to take it or to let it go: whatever was, all
 * who wait look again. `abandoned`: whether the next owner is to know.
 */
export function repair(L: usize, dead: u32, abandoned: bool): void {
  for (let word = read(L); ownerOf(word) == dead; word = read(L)) {
    if (compare_and_swap(L, word, abandoned ? ABANDONED : FREE)) break;
  }
  // It may have been for the dead one.
  unreserve(L);
  atomic.notify(L, -1);
  wakeAsynchronous(L);
}
