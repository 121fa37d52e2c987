/**
 * The word of a lock that sleeps, survives its owner's death, and lets nobody who sleeps wait for ever.
 *
 *     L | word | wakes | asynchronous | heir |
 *
 *     word:  | contended | awaited | reserved | abandoned | turns: 12 | owner: 16 |
 *
 *     owner 0        nobody holds it; ABANDONED: the last owner died
 *     owner          the slot of who holds it
 *     turns          releases so far, for the heir to see whether the lock is in use
 *     CONTENDED      somebody may sleep: the release sees to it that there is an heir, and that it is awake
 *     AWAITED        somebody may wait without blocking, on `asynchronous`, a sequence number: the release wakes all
 *     RESERVED       the heir has demanded it: once it is free, nobody else may take it
 *
 *     heir:  | others | sleeps | called | 0: 13 | slot: 16 |
 *
 *     0              nobody is the heir
 *     slot           the heir: the one of those who wait that will be the next owner, unless others overtake it
 *     SLEEPS         the heir sleeps, on this word; the release that finds it so wakes it
 *     CALLED         no slot yet: one who slept on `wakes`, a sequence number, has been woken to be the heir
 *     OTHERS         others may sleep on `wakes`; as long as there is an heir, nobody wakes them
 *
 * 1. Wait: become the heir if there is none, else sleep on `wakes`. Who has slept longest is called to be the next
 *    heir.
 * 2. The heir looks. Where the lock is taken again and again, it leaves it to its owner for a while: to and fro between
 *    caches, the lock would cost several times as much. Where there are too few cores it naps between looks, so that
 *    who runs is not kept from running, and all others can fall asleep.
 * 3. The heir that has waited so for QUANTUM, or was woken PATIENCE times in vain, or overtaken as it took the lock,
 *    demands it: the next release gives it to the heir. The heir that looks in vain for long sleeps.
 * 4. Release: free the word. If it was CONTENDED, wake the heir if it sleeps, or leave the others to it; if there is no
 *    heir, call one.
 *
 * Invariant: while anybody sleeps on `wakes`, the word is CONTENDED, or there is an heir that is OTHERS, or who just
 * released is about to call. An heir sleeps only while the word is owned, and CONTENDED or RESERVED. The word is
 * RESERVED only while there is an heir. It is CONTENDED or AWAITED only while it is owned, so that who only tries gets
 * a free one. Nobody but the owner takes its slot out of the word, except after its death. Heirs, those who are called,
 * and those who call are named by their `pending`.
 *
 * Nobody waits for ever who blocks: those who sleep are called in the order in which they fell asleep, only who was
 * woken can follow the call, an heir stays the heir until it owns the lock or gives up, and once it has demanded the
 * lock nobody overtakes it.
 *
 * Source: Drepper, Futexes Are Tricky, 2011, Mutex 3; owner in the word: the robust futexes of Linux; few who are
 * awake, and the others asleep: Dice, Malthusian Locks, EuroSys 2017; barging until one has waited too long: Go's
 * sync.Mutex.
 */
import { compare_and_swap, fetch_and_increment, fetch_and_store, read, write } from "../atomics";
import { work } from "../machine";
import { sleepOn, WAIT, waitAt, wasWoken } from "./sleep";
import { enoughCores, isAwake, me } from "./space";

export const wakes: u32 = 4;
export const asynchronous: u32 = 8;
export const heir: u32 = 12;
/** Bytes of a lock word and what goes with it. */
export const LOCK_BYTES: u32 = 16;

export const FREE: u32 = 0;
export const CONTENDED: u32 = 1 << 31;
export const AWAITED: u32 = 1 << 30;
export const RESERVED: u32 = 1 << 29;
export const ABANDONED: u32 = 1 << 28;
export const TURNS: u32 = 0xfff << 16;
export const ONE_TURN: u32 = 1 << 16;
const OWNER: u32 = 0xffff;
// Of `heir`.
export const NOBODY: u32 = 0;
export const OTHERS: u32 = 1 << 31;
export const SLEEPS: u32 = 1 << 30;
export const CALLED: u32 = 1 << 29;

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
/** It has slept where the last attempt said, so that others may sleep, too. */
export const SLEPT: u32 = 1;
/** It waits without blocking. */
export const ASYNCHRONOUS: u32 = 2;
/** It is not going to wait, whatever WAIT says: nobody need wake it. */
export const NOW: u32 = 3;

/**
 * Cycles of the first delay before a look, about what a cache line's way to another core and back costs, as a look
 * takes the word away from its owner; doubled each time; and of the last, about what sleep costs.
 */
export const FIRST_DELAY: u32 = 512;
export const LAST_DELAY: u32 = 4096;
/** Cycles from release to release at most, where it is taken again and again. */
const SHORT_TURN: u32 = 1024;
/** Cycles between looks at a lock that is taken again and again: a look delays its owner by a fiftieth of that. */
const HOT_DELAY: u32 = 16384;
/** Cycles for which it is left to its owner then: some ten times what it costs to call the next heir. */
const QUANTUM: u32 = 262144;
/** Cycles that a nap counts, and nanoseconds that it takes at least. */
const NAP: u32 = QUANTUM / 4;
const NAP_TIME: i64 = 50_000;
/**
 * Times that an heir is woken and overtaken again, before it demands the lock: to wait for one that wakes costs some
 * ten microseconds.
 */
export const PATIENCE: u32 = 8;

let patience: u32 = PATIENCE;
/** Times that this worker, the heir, was woken in vain, or overtaken; as often as it is patient: it demands. */
let vain: u32 = 0;

/** Whether an heir looks before it sleeps. */
let looks: bool = true;

/** For proofs, which have few turns: each look makes many more states. */
export function behave(times: u32, looking: bool): void {
  patience = times;
  looks = looking;
}

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

/**
 * Acquires it, or says where to sleep; who blocks may be the heir first. A caller that was told to sleep, and does not
 * attempt again, calls `resign`.
 */
export function attempt(L: usize, as: u32): u32 {
  const place = L + (as == ASYNCHRONOUS ? asynchronous : wakes);
  const others = as == SLEPT ? CONTENDED : 0;
  const isCalled = wasWoken() && as == SLEPT;
  while (true) {
    // Before the word: what is released after it was read changes it.
    const sequence = read(place);
    const word = read(L);
    // Also where it is free: it may be so between two turns of one that takes it again and again.
    if ((as == FRESH || as == SLEPT) && becomesHeir(L, as, isCalled, word)) return inherit(L);
    if (ownerOf(word) == 0 && !(word & RESERVED)) {
      if (take(L, word, others)) return word & ABANDONED ? ACQUIRED_ABANDONED : ACQUIRED;
      continue;
    }
    if (as == NOW) return WAIT;
    const mark = as == ASYNCHRONOUS ? AWAITED : CONTENDED;
    if (word & mark || compare_and_swap(L, word, word | mark)) return waitAt(place, sequence);
  }
}

/** Takes a word that nobody owns; who may sleep, has said so there. */
function take(L: usize, word: u32, others: u32): bool {
  return compare_and_swap(L, word, (word & (TURNS | CONTENDED | AWAITED)) | me | others);
}

/** Whether the caller, who blocks, is the heir now. Who comes first while others sleep, leaves that to them. */
function becomesHeir(L: usize, as: u32, isCalled: bool, word: u32): bool {
  while (true) {
    const there = read(L + heir);
    if ((there & OWNER) == me) {
      if (vain < patience) vain++;
      return true;
    }
    const may = there == NOBODY ? as == SLEPT || !(word & CONTENDED) : (there & CALLED) != 0 && isCalled;
    if (!may) return false;
    if (!compare_and_swap(L + heir, there, me | (as == SLEPT ? OTHERS : 0))) continue;
    vain = 0;
    return true;
  }
}

/** What the heir does: it acquires, or is told to sleep on its own word, and stays the heir. */
function inherit(L: usize): u32 {
  if (vain == 0 && looks) lookOut(L);
  let delay = FIRST_DELAY;
  while (true) {
    const there = read(L + heir);
    const word = read(L);
    if (ownerOf(word) == 0) {
      if (!take(L, word, 0)) {
        endure(L);
        continue;
      }
      // Those who are left to it from now on, its release finds; and of those before, it says so.
      if (fetch_and_store(L + heir, NOBODY) & OTHERS) atomic.or<u32>(L, CONTENDED);
      return word & ABANDONED ? ACQUIRED_ABANDONED : ACQUIRED;
    }
    if (vain == patience) {
      if (!(word & RESERVED)) {
        // A compare_and_swap could fail for ever where it is taken again and again.
        atomic.or<u32>(L, RESERVED);
        continue;
      }
      if (delay < QUANTUM && enoughCores() && isAwake(ownerOf(word))) {
        work(delay);
        delay *= 2;
        continue;
      }
    }
    // First that it sleeps, then a mark in the word: the release that finds the mark finds the heir asleep.
    if (!(there & SLEEPS)) compare_and_swap(L + heir, there, there | SLEEPS);
    else if (word & (CONTENDED | RESERVED) || compare_and_swap(L, word, word | CONTENDED))
      return waitAt(L + heir, there);
    else endure(L);
  }
}

/** The heir was overtaken between its look and its step: not for ever. */
function endure(L: usize): void {
  if (vain < patience) vain++;
  else atomic.or<u32>(L, RESERVED);
}

/**
 * Looks until it is free, or it does not pay any more; if it is taken again and again until then, it is to be demanded.
 */
function lookOut(L: usize): void {
  let last = read(L);
  let delay = FIRST_DELAY;
  for (let spent: u32 = 0; spent < QUANTUM; spent += delay) {
    if (enoughCores()) {
      work(delay);
    } else {
      delay = NAP;
      // Longer each time, and no constant: V8's baseline compiler (Node 20) loses locals where the time is one.
      sleepOn(L + heir, read(L + heir), NAP_TIME + <i64>spent);
    }
    const word = read(L);
    const turns = ((word & TURNS) - (last & TURNS)) & TURNS;
    // One turn may be the only one: who released may not want it back soon.
    const isHot = turns > ONE_TURN && (turns / ONE_TURN) * SHORT_TURN >= delay;
    if (!isHot && (ownerOf(word) == 0 || !isAwake(ownerOf(word)))) return;
    if (isHot) delay = min(2 * delay, HOT_DELAY);
    else if (turns != 0) delay = FIRST_DELAY;
    else if (delay < LAST_DELAY) delay *= 2;
    else return;
    last = word;
  }
  vain = patience;
}

/**
 * The caller's attempt told it to sleep, and it does not wait any more: whoever was left to it is left to the release.
 */
export function resign(L: usize): void {
  if ((read(L + heir) & OWNER) != me) return;
  write(L + heir, NOBODY);
  while (true) {
    const word = read(L);
    if (compare_and_swap(L, word, (word & ~RESERVED) | (ownerOf(word) != 0 ? CONTENDED : 0))) {
      if (ownerOf(word) == 0) wake(L, CONTENDED | AWAITED);
      return;
    }
  }
}

/** Releases it. */
export function release(L: usize): void {
  while (true) {
    const word = read(L);
    if (!compare_and_swap(L, word, ((word + ONE_TURN) & TURNS) | (word & RESERVED))) continue;
    wake(L, word);
    return;
  }
}

/** Wakes whom the word says that was there before. */
function wake(L: usize, word: u32): void {
  if (word & (CONTENDED | RESERVED)) wakeHeir(L, word & CONTENDED ? OTHERS : 0);
  if (word & AWAITED) wakeAt(L + asynchronous, -1);
}

/** Sees to it that the heir is awake, and leaves the others to it; calls one of them if there is no heir. */
function wakeHeir(L: usize, others: u32): void {
  while (true) {
    const there = read(L + heir);
    if (there & SLEEPS) {
      if (!compare_and_swap(L + heir, there, (there & ~SLEEPS) | others)) continue;
      atomic.notify(L + heir, 1);
      return;
    }
    if (there != NOBODY) {
      if ((there & others) == others || compare_and_swap(L + heir, there, there | others)) return;
    } else if (others == 0 || (compare_and_swap(L + heir, NOBODY, CALLED) && call(L))) return;
  }
}

/** False: nobody slept to be called, but since then somebody may. */
function call(L: usize): bool {
  if (wakeAt(L + wakes, 1) > 0) return true;
  // They are about to sleep, and look again, or gave up.
  for (let there = read(L + heir); there & CALLED; there = read(L + heir)) {
    if (compare_and_swap(L + heir, there, NOBODY)) return !(there & OTHERS);
  }
  return true;
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
  // Who was called may be the dead one, and an heir that sleeps may have been about to be woken by it.
  for (let there = read(L + heir); there != NOBODY; there = read(L + heir)) {
    const slot = there & OWNER;
    if (compare_and_swap(L + heir, there, slot == 0 || slot == dead ? NOBODY : (there & ~SLEEPS) | OTHERS)) break;
  }
  atomic.notify(L + heir, -1);
  // The dead one may have demanded it.
  for (let word = read(L); word & RESERVED; word = read(L)) {
    if (compare_and_swap(L, word, word & ~RESERVED)) break;
  }
  wakeAt(L + wakes, -1);
  wakeAt(L + asynchronous, -1);
}
