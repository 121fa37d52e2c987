/**
 * Mutex: one waiter spins while the owner can be running and there are cores, the others sleep; survives its owner's death.
 *
 *     M | identity | lock word: 16 bytes | contentions | strict |
 *
 * Who runs may overtake those who sleep, which is what keeps it fast where threads exceed cores; so that nobody waits for
 * ever, one of those who wait is the heir, which demands the mutex after a while, and then the next release gives it to the heir.
 *
 * 1. Acquire at once: list the mutex among the held, take its lock word; off the list if that was not free.
 * 2. Acquire: name the lock word in `pending`, take it, list the mutex among the held, clear `pending`.
 * 3. Release: let the lock word go, wake who is to be woken, take the mutex off the list.
 *
 * Invariant: at any instruction, a mutex is listed, or named by `pending`, by the worker that owns it, or has let it go and
 * has to wake others still. So repair finds it.
 *
 * Source: lock-word.ts; the list and `pending` are those of Linux's robust futexes (Molnar, 2006); the heir is
 * lock-word.ts's.
 */
import { read, write } from "../atomics";
import { canHold, drop, dropEntry, entryOf, hold, nameLock, nameNothing } from "./holdings";
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

/** Acquires it if it is free and was not abandoned: the fast path. ACQUIRED, or BUSY: also if it was freed. */
export function tryLock(M: usize, identity: u32): u32 {
  if (read(M) != identity || !canHold()) return lock.BUSY;
  hold(M);
  if (lock.tryAcquire(M + word)) return lock.ACQUIRED;
  drop(M);
  return lock.BUSY;
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

/** False if the caller does not own it, or it was freed. */
export function unlock(M: usize, identity: u32): bool {
  if (read(M) != identity || lock.owner(M + word) != me) return false;
  // From now on another may free it.
  const entry = entryOf(M);
  lock.release(M + word);
  dropEntry(entry);
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
