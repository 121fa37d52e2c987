/**
 * Mutex: one waiter spins while the owner can be running and there are cores, the others sleep; survives its owner's death.
 *
 *     M | identity | lock word: 16 bytes | contentions | strict |
 *
 * Who runs may overtake those who sleep, which is what keeps it fast where threads exceed cores; so that nobody waits for
 * ever, one of those who wait is the heir, which demands the mutex after a while, and then the next release gives it to the heir.
 *
 * 1. Acquire: name the lock word in `pending`, take it, list the mutex among the held, clear `pending`.
 * 2. Release: name it in `pending`, take it off the list, let it go, clear `pending`.
 *
 * Invariant: at any instruction, a mutex that a worker owns is named by its `pending` or listed; so that repair finds it,
 * and wakes who slept if the worker died between letting go and waking.
 *
 * Source: lock-word.ts; the list and `pending` are those of Linux's robust futexes (Molnar, 2006); the heir is
 * lock-word.ts's.
 */
import { read, write } from "../atomics";
import { canHold, drop, hold, nameLock, nameNothing } from "./holdings";
import * as lock from "./lock-word";
import { createObject, Kind, OBJECT_HEADER } from "./objects";
import { WAIT } from "./sleep";
import { me } from "./space";

const word: u32 = OBJECT_HEADER;
const contentions: u32 = word + lock.LOCK_BYTES;
/** Whether to acquire it abandoned is an error; of use to callers alone. */
const strict: u32 = contentions + 4;
const BYTES: u32 = strict + 4;

export function create(isStrict: bool): usize {
  const M = createObject(Kind.Mutex, BYTES);
  if (M != 0) write(M + strict, isStrict ? 1 : 0);
  return M;
}

export function isStrict(M: usize): bool {
  return read(M + strict) != 0;
}

/** Acquires it if it is free and was not abandoned: the fast path. ACQUIRED or BUSY. */
export function tryLock(M: usize): u32 {
  if (!canHold()) return lock.BUSY;
  nameLock(M, M + word);
  const acquired = lock.tryAcquire(M + word);
  if (acquired) hold(M);
  nameNothing();
  return acquired ? lock.ACQUIRED : lock.BUSY;
}

/** Acquires it, or says where to sleep; a caller that blocks and gives up instead of sleeping calls `giveUp`. */
export function attempt(M: usize, as: u32): u32 {
  if (!canHold()) return lock.HOLDS_TOO_MANY;
  if (as != lock.ASYNCHRONOUS && lock.owner(M + word) == me) return lock.DEADLOCK;
  nameLock(M, M + word);
  const result = lock.attempt(M + word, as);
  if (result != WAIT) {
    hold(M);
    if (as != lock.ASYNCHRONOUS) write(M + contentions, read(M + contentions) + 1);
  }
  // Who sleeps may be handed the lock before it runs again: it stays named.
  if (result != WAIT || as == lock.ASYNCHRONOUS) nameNothing();
  return result;
}

/** The caller's attempt ended in WAIT, and it does not sleep any more. `M`: 0 if the mutex was freed. */
export function giveUp(M: usize): void {
  if (M != 0) lock.resign(M + word);
  nameNothing();
}

/** False if the caller does not own it. */
export function unlock(M: usize): bool {
  const L = M + word;
  if (lock.owner(L) != me) return false;
  nameLock(M, L);
  drop(M);
  lock.release(L);
  nameNothing();
  return true;
}

/** The slot of its owner, 0 for nobody. */
export function owner(M: usize): u32 {
  return lock.owner(M + word);
}

/** Whether somebody may wait for it. */
export function isAwaited(M: usize): bool {
  return lock.isAwaited(M + word);
}

/** How many acquisitions that could block have not found it free at once. */
export function contentionsOf(M: usize): u32 {
  return atomic.load<u32>(M + contentions);
}

export function repair(M: usize, dead: u32): void {
  lock.repair(M + word, dead, true);
}
