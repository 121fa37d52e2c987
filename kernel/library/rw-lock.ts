/**
 * Readers-writer lock: readers share it, without writing to anything that they share; a writer has it alone.
 *
 *     W | identity | lock word: 16 bytes | writer | drained: eventcount of 8 bytes | strict | last |
 *       | readers: the count of slot 1 | of slot 2 | ...                       each on a line of its own
 *
 *     lock word    of who writes, wants to and waits for readers to be out, or reads after it found it taken
 *     writer       the slot of who writes, or ABANDONED: who did has died; 0 where the last one unlocked
 *     last         the highest slot whose worker has ever read: writers look at no counts beyond
 *     readers      how many times the worker of a slot reads; written by it alone
 *
 * 1. Read: count myself, then look at the lock word; it is free: I am in. Else I take myself back, queue for the lock
 *    word as writers do, count myself as its owner, and let it go.
 * 2. Write: own the lock word, then wait until all counts are 0, then I am the writer.
 *
 * Invariant: a reader sees to it that its slot is looked at, and counts itself, before it looks at the lock word; a
 * writer owns the lock word before it looks at the counts: so one of them sees the other. Whoever owns the lock word
 * keeps new readers out, so that no writer waits for readers for ever; those who are kept out queue with the writers
 * for a lock that is handed to who has slept now and then, so that no reader waits for ever. Its owner need not look at
 * the lock word, if it reads already: no writer gets in while it does.
 *
 * A worker that counts itself, or owns the lock word, lists the lock among the objects that it holds: from before to
 * after; while it takes the lock word, `pending` names that, as it names guards: a dead owner leaves nothing behind
 * unless `writer` says so. Who gets in and finds a writer there knows that it died.
 *
 * Source: the counts are those of big-reader locks (Linux 2.4, brlock) and of BRAVO (Dice & Kogan, USENIX ATC 2019),
 * whose table is of all locks; Dekker's argument.
 */
import { compare_and_swap, read, write } from "../atomics";
import { announce, EVENTCOUNT_BYTES, isAnnounced, repair as repairEventcount, wakeAll } from "./eventcount";
import { IS_GUARD } from "./guard";
import { canHold, drop, hold, nameLock, nameNothing } from "./holdings";
import * as lock from "./lock-word";
import { createObject, Kind, OBJECT_HEADER } from "./objects";
import { WAIT } from "./sleep";
import { CACHE_LINE, me, workers } from "./space";

export const word: u32 = OBJECT_HEADER;
export const writer: u32 = word + lock.LOCK_BYTES;
export const drained: u32 = writer + 4;
/** Whether to acquire it abandoned is an error; of use to callers alone. */
export const strict: u32 = drained + EVENTCOUNT_BYTES;
export const last: u32 = strict + 4;

/** In `writer`: no slot. */
export const ABANDONED: u32 = 0xffffffff;
/** The slot of no worker. */
const NOBODY: u32 = 0xffff;

export function create(isStrict: bool): usize {
  const W = createObject(Kind.RwLock, CACHE_LINE * (workers() + 1));
  if (W != 0) write(W + strict, isStrict ? 1 : 0);
  return W;
}

export function isStrict(W: usize): bool {
  return read(W + strict) != 0;
}

export function readsOf(W: usize, slot: u32): usize {
  return W + CACHE_LINE * slot;
}

/** Locks for writing, or says where to sleep; a caller that gives up then calls `giveUp`. */
export function attempt(W: usize, as: u32): u32 {
  const L = W + word;
  const blocks = as != lock.ASYNCHRONOUS;
  if (blocks && (writes(W, me) || reads(W, me))) return lock.DEADLOCK;
  // It is this worker's also where another request of its is about to write.
  if (lock.owner(L) != me || writes(W, me)) {
    if (!canHold()) return lock.HOLDS_TOO_MANY;
    if (!own(W, L, as)) return WAIT;
    hold(W);
    nameNothing();
  }
  if (anybodyReads(W)) {
    const result = announce(W + drained, as);
    if (anybodyReads(W)) return result;
  }
  const result = acquired(W);
  write(W + writer, me);
  return result;
}

/** Takes the lock word, and leaves it named by `pending`; false: the caller has to wait. */
function own(W: usize, L: usize, as: u32): bool {
  nameLock(W, L | IS_GUARD);
  // Who has slept may be the heir, which has to know.
  const owned = (as != lock.SLEPT && lock.tryAcquire(L)) || lock.attempt(L, as) != WAIT;
  // Who sleeps may be handed it before it runs again: it stays named.
  if (!owned && as == lock.ASYNCHRONOUS) nameNothing();
  return owned;
}

function anybodyReads(W: usize): bool {
  for (let slot: u32 = 1, end = read(W + last); slot <= end; slot++) {
    if (reads(W, slot)) return true;
  }
  return false;
}

/** Sees to it that this worker's count is looked at. */
function appear(W: usize): void {
  for (let highest = read(W + last); highest < me; highest = read(W + last)) compare_and_swap(W + last, highest, me);
}

/** Of who is in, and has not said so in `writer`. */
function acquired(W: usize): u32 {
  return read(W + writer) != 0 ? lock.ACQUIRED_ABANDONED : lock.ACQUIRED;
}

export function reads(W: usize, slot: u32): bool {
  return read(readsOf(W, slot)) != 0;
}

export function writes(W: usize, slot: u32): bool {
  return read(W + writer) == slot;
}

/** Whether somebody may wait for it, to read or to write. */
export function isAwaited(W: usize): bool {
  return lock.isAwaited(W + word) || isAnnounced(W + drained);
}

/** Whether who was told to sleep there waits for readers to be out; else it does for the lock word. */
export function isDrained(W: usize, place: usize): bool {
  return place == W + drained;
}

/**
 * Whether one worker has the lock word, and another, which waits for it, is not yet in: readers need it only for a
 * moment.
 */
export function keepsOut(W: usize, slot: u32, other: u32): bool {
  return lock.owner(W + word) == slot && !reads(W, other);
}

/** The caller's attempt ended in WAIT, and it does not wait any more. */
export function giveUp(W: usize): void {
  lock.resign(W + word);
  nameNothing();
  if (lock.owner(W + word) != me || writes(W, me)) return;
  lock.release(W + word);
  drop(W);
  wakeOthersOfMine(W);
}

/** False if the caller does not write. */
export function unlock(W: usize): bool {
  if (!writes(W, me)) return false;
  write(W + writer, 0);
  lock.release(W + word);
  drop(W);
  wakeOthersOfMine(W);
  return true;
}

/**
 * Another request of this worker may wait for readers to be out, on the lock word that this one has let go; a reader
 * that leaves after that finds no writer to wake.
 */
function wakeOthersOfMine(W: usize): void {
  wakeAll(W + drained);
}

/** Locks for reading, or says where to sleep; a caller that blocks and gives up then calls `giveUpShared`. */
export function attemptShared(W: usize, as: u32): u32 {
  const L = W + word;
  const mine = readsOf(W, me);
  const count = read(mine);
  const blocks = as != lock.ASYNCHRONOUS;
  if (blocks && writes(W, me)) return lock.DEADLOCK;
  if (!canHold()) return lock.HOLDS_TOO_MANY;
  appear(W);
  // Who slept passes a wake on: it takes the lock word.
  if (as != lock.SLEPT) {
    hold(W);
    write(mine, count + 1);
    const owner = lock.owner(L);
    // A writer that waits for this worker to be out, or is a request of this worker's, would wait for ever.
    if (owner == 0 || (blocks && (count != 0 || owner == me))) return acquired(W);
    write(mine, count);
    wakeAll(W + drained);
    drop(W);
  }
  if (as == lock.NOW || !own(W, L, as)) return WAIT;
  hold(W);
  nameNothing();
  write(mine, count + 1);
  const result = acquired(W);
  lock.release(L);
  return result;
}

/** The caller's attempt to read, which was not asynchronous, ended in WAIT, and it does not sleep any more. */
export function giveUpShared(W: usize): void {
  lock.resign(W + word);
  nameNothing();
}

/** False if the caller does not read. */
export function unlockShared(W: usize): bool {
  const mine = readsOf(W, me);
  const count = read(mine);
  if (count == 0) return false;
  write(mine, count - 1);
  if (lock.owner(W + word) != 0) wakeAll(W + drained);
  drop(W);
  return true;
}

/** When it was freed. */
export function wakeAllOf(W: usize): void {
  lock.repair(W + word, NOBODY, false);
  repairEventcount(W + drained);
}

export function repair(W: usize, dead: u32): void {
  write(readsOf(W, dead), 0);
  compare_and_swap(W + writer, dead, ABANDONED);
  lock.repair(W + word, dead, false);
  repairEventcount(W + drained);
}
