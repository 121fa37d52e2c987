/**
 * The word of a lock that sleeps, survives its owner's death, and is handed to who slept now and then.
 *
 *     L | word | wakes | asynchronous | heir |
 *
 *     word:  | contended | awaited | reserved | abandoned | turns: 12 | owner: 16 |
 *
 *     owner 0        nobody holds it; ABANDONED: the last owner died
 *     owner          the slot of who holds it
 *     turns          releases so far, for the heir to see whether it is in use
 *     CONTENDED      somebody may sleep, on `wakes`, a sequence number: the release wakes one
 *     AWAITED        somebody may wait without blocking, on `asynchronous`, another: the release wakes all
 *     RESERVED       nobody holds it, but it is for one who slept
 *     heir           the slot of who waits awake, 0 for nobody; OTHERS: a release has left waking to it
 *
 * One waits awake, the heir, if there are cores for all who do not sleep; all others sleep, and nobody is woken as long as
 * there is an heir, but who is handed the lock. An heir that sees the lock taken again and again lets its owner do that for a while: to and fro between
 * caches, it would cost several times as much. Then it takes the lock, and if others sleep, the release wakes the next
 * heir, while who owned it before goes to sleep.
 *
 * Nobody sleeps on the word itself: it would be another before anybody sleeps, where the lock is taken again and again.
 *
 * Invariant: while anybody sleeps, the word is CONTENDED, or the heir is on its way to make it so, or one who was woken: it
 * cannot know whether others sleep, so it takes the lock as CONTENDED. Nobody but the owner takes its slot out of the word,
 * except after its death. An heir is named by its `pending`, as it is about to take the lock.
 *
 * Source: Drepper, Futexes Are Tricky, 2011, Mutex 3; owner in the word: the robust futexes of Linux; few who are awake,
 * and the others asleep: Dice, Malthusian Locks, EuroSys 2017.
 */
import { compare_and_swap, fetch_and_increment, fetch_and_store, read, write } from "../atomics";
import { work } from "../machine";
import { WAIT, waitAt } from "./sleep";
import { enoughCores, isAwake, me } from "./space";

const wakes: u32 = 4;
const asynchronous: u32 = 8;
const heir: u32 = 12;
/** Bytes of a lock word and what goes with it. */
export const LOCK_BYTES: u32 = 16;

export const FREE: u32 = 0;
const CONTENDED: u32 = 1 << 31;
const AWAITED: u32 = 1 << 30;
const RESERVED: u32 = 1 << 29;
const ABANDONED: u32 = 1 << 28;
const TURNS: u32 = 0xfff << 16;
const ONE_TURN: u32 = 1 << 16;
const OWNER: u32 = 0xffff;
// Of `heir`.
const NOBODY: u32 = 0;
const OTHERS: u32 = 1 << 31;

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

/** Releases that find the word CONTENDED, of which one hands over: it costs some ten microseconds. */
const PASS_EVERY: u32 = 32;

/**
 * Cycles of the first delay before a look, about what a cache line's way to another core and back costs, as a look takes
 * the word away from its owner; doubled each time; and of the last, about what sleep costs.
 */
export const FIRST_DELAY: u32 = 512;
export const LAST_DELAY: u32 = 4096;
/** Cycles from release to release at most, where it is taken again and again. */
const SHORT_TURN: u32 = 1024;
/** Cycles between looks at a lock that is taken again and again: a look delays its owner by a fiftieth of that. */
const HOT_DELAY: u32 = 16384;
/** Cycles for which it is left to its owner then: some ten times what it costs to wake the next heir. */
const QUANTUM: u32 = 262144;
const MOST_SPENT: u32 = 2 * QUANTUM;

export function ownerOf(word: u32): u32 {
  return word & OWNER;
}

/** The slot of who holds it, 0 for nobody. */
export function owner(L: usize): u32 {
  return ownerOf(read(L));
}

/** Whether the word says that somebody may wait; not so of those who are left to an heir, or to who was just woken. */
export function isAwaited(L: usize): bool {
  return (read(L) & (CONTENDED | AWAITED)) != 0;
}

function isFree(word: u32): bool {
  return (word & ~TURNS) == FREE;
}

/** Acquires it if it is free, and was not abandoned. */
export function tryAcquire(L: usize): bool {
  const word = read(L);
  return isFree(word) && compare_and_swap(L, word, word | me);
}

/** Acquires it, or says where to sleep; a caller that blocks may be the heir first. */
export function attempt(L: usize, as: u32): u32 {
  let others = as == SLEPT ? CONTENDED : 0;
  const place = L + (as == ASYNCHRONOUS ? asynchronous : wakes);
  let mayInherit = as == FRESH || as == SLEPT;
  while (true) {
    // Before the word: what is released after it was read changes it.
    const sequence = read(place);
    const word = read(L);
    // Also where it is free: who has slept may find it so between two turns of one that takes it again and again.
    if (mayInherit && !(word & (as == SLEPT ? RESERVED : RESERVED | CONTENDED))) {
      mayInherit = false;
      if (enoughCores() && compare_and_swap(L + heir, NOBODY, me)) {
        if (inherit(L, others)) return ACQUIRED;
        others = CONTENDED;
        continue;
      }
    }
    if (ownerOf(word) == 0 && (!(word & RESERVED) || as == SLEPT)) {
      // RESERVED was CONTENDED, and who waits without blocking may have come since; else nobody sleeps on a free word who
      // was not woken, and that one says so itself.
      const taken = (word & (TURNS | AWAITED)) | me | others;
      if (compare_and_swap(L, word, taken)) return word & ABANDONED ? ACQUIRED_ABANDONED : ACQUIRED;
      continue;
    }
    if (as == NOW) return WAIT;
    const mark = as == ASYNCHRONOUS ? AWAITED : CONTENDED;
    if (word & mark || compare_and_swap(L, word, word | mark)) return waitAt(place, sequence);
  }
}

/** What the heir does; whether it acquired. `others`: CONTENDED if some may sleep. */
function inherit(L: usize, others: u32): bool {
  const acquired = lookOut(L);
  const left = fetch_and_store(L + heir, NOBODY) & OTHERS;
  if (acquired && (others | left) != 0) atomic.or<u32>(L, CONTENDED);
  return acquired;
}

/** Looks for a while, as long as the owner can be running; less and less where the lock is taken again and again. */
function lookOut(L: usize): bool {
  let last = read(L);
  let delay = FIRST_DELAY;
  for (let spent: u32 = 0; spent < MOST_SPENT; spent += delay) {
    work(delay);
    const word = read(L);
    const turns = ((word & TURNS) - (last & TURNS)) & TURNS;
    const isHot = (turns / ONE_TURN) * SHORT_TURN >= delay && spent < QUANTUM;
    if (isFree(word)) {
      if (!isHot && compare_and_swap(L, word, word | me)) return true;
    } else if (ownerOf(word) == 0 || !isAwake(ownerOf(word))) return false;
    if (isHot) delay = min(2 * delay, HOT_DELAY);
    else if (turns != 0 || spent >= QUANTUM) delay = FIRST_DELAY;
    else if (delay < LAST_DELAY) delay *= 2;
    else return false;
    last = word;
  }
  return false;
}

/** Releases it. */
export function release(L: usize): void {
  wake(L, fetch_and_store(L, FREE));
}

/** Releases it; every PASS_EVERY-th time that others may sleep, to one of them. `passes`: a word that owners count in. */
export function releaseFairly(L: usize, passes: usize): void {
  const word = read(L);
  const free = (word + ONE_TURN) & TURNS;
  let isTurn = false;
  if (word & CONTENDED) {
    const count = load<u32>(passes) + 1;
    isTurn = count == PASS_EVERY;
    store<u32>(passes, isTurn ? 0 : count);
  }
  wake(L, isTurn ? pass(L, free) : fetch_and_store(L, free));
}

/** Wakes whom the word says that was there before, unless there is an heir, who sees to it later. */
function wake(L: usize, word: u32): void {
  if (word & CONTENDED && !isLeftToHeir(L)) wakeAt(L + wakes, 1);
  if (word & AWAITED) wakeAt(L + asynchronous, -1);
}

function isLeftToHeir(L: usize): bool {
  while (true) {
    const there = read(L + heir);
    if (there == NOBODY) return false;
    if (there & OTHERS || compare_and_swap(L + heir, there, there | OTHERS)) return true;
  }
}

/** Returns the word before, without CONTENDED if the one who sleeps has been woken. */
function pass(L: usize, free: u32): u32 {
  const before = fetch_and_store(L, free | RESERVED | CONTENDED);
  if (wakeAt(L + wakes, 1) > 0) return before & ~CONTENDED;
  // Nobody slept: they are about to, or gave up. Who came since may sleep by now, as it is reserved.
  return unreserve(L) ? before | AWAITED : before & ~CONTENDED;
}

/** Frees it if it is reserved. */
function unreserve(L: usize): bool {
  for (let word = read(L); word & RESERVED; word = read(L)) {
    if (compare_and_swap(L, word, word & TURNS)) return true;
  }
  return false;
}

/** Wakes some; who is about to sleep there does not. Returns how many slept. */
function wakeAt(place: usize, most: i32): i32 {
  fetch_and_increment(place);
  return atomic.notify(place, most);
}

/**
 * After the death of a worker that may have owned it, or have been about to take it or to let it go: whatever was, all
 * who wait look again. `abandoned`: whether the next owner is to know.
 */
export function repair(L: usize, dead: u32, abandoned: bool): void {
  for (let word = read(L); ownerOf(word) == dead; word = read(L)) {
    if (compare_and_swap(L, word, (word & TURNS) | (abandoned ? ABANDONED : FREE))) break;
  }
  if ((read(L + heir) & OWNER) == dead) write(L + heir, NOBODY);
  // It may have been for the dead one.
  unreserve(L);
  wakeAt(L + wakes, -1);
  wakeAt(L + asynchronous, -1);
}
