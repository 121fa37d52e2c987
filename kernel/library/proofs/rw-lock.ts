/**
 * The readers-writer lock, proven. Writers add 1 to a plain count in two steps, readers look at both: a race if they are in
 * together, and unequal only where a writer has died, which who comes then is told.
 *
 *     SCENE | lock | turns | count | begun |
 */
import { read, write } from "../../atomics";
import { Failure, fail } from "../../machine";
import { IS_GUARD } from "../guard";
import { nameLock } from "../holdings";
import { ACQUIRED_ABANDONED, ASYNCHRONOUS, FRESH, heir, NOW, RESERVED, SLEEPS, SLEPT } from "../lock-word";
import { Kind } from "../objects";
import {
  attempt,
  attemptShared,
  create,
  giveUp,
  giveUpShared,
  isAwaited,
  unlock,
  unlockShared,
  word,
} from "../rw-lock";
import { sleep, sleepAddress, sleepValue, WAIT, waitAt } from "../sleep";
import { enterAs } from "../space";
import { begin, expect, expectNothingHeld, prepareWorkers, SCENE } from "./worker";

const lock: usize = SCENE;
const turns: usize = SCENE + 4;
const count: usize = SCENE + 8;
const begun: usize = SCENE + 12;

/** `manners`: IMPATIENT, NAPPING. */
export function rw_lock_prove_init(turnsEach: u32, manners: u32): void {
  prepareWorkers(false, manners);
  write(lock, <u32>create(false));
  write(turns, turnsEach);
}

/** What slot 1 has done before. */
const WRITES: u32 = 1;
const READS: u32 = 2;
/** It has waited for readers that are out by now, or is the heir, which has demanded the lock and sleeps. */
const DRAINS: u32 = 3;
const INHERITS: u32 = 4;

export function rw_lock_prove_init_before(before: u32): void {
  rw_lock_prove_init(1, 0);
  const W = read(lock);
  enterAs(1);
  if (before == WRITES) attempt(W, NOW);
  if (before == READS) attemptShared(W, NOW);
  if (before == DRAINS) {
    enterAs(2);
    attemptShared(W, NOW);
    enterAs(1);
    attempt(W, FRESH);
    enterAs(2);
    unlockShared(W);
  }
  if (before == INHERITS) inherit(W);
}

function inherit(W: usize): void {
  nameLock(W, (W + word) | IS_GUARD);
  write(W + word, RESERVED);
  write(W + word + heir, 1 | SLEEPS);
}

/** What JavaScript calls, by itself: of a lock, which is at an address that is told, there is nothing but its words. */
export function rw_lock_prove_called_init(W: usize): void {
  prepareWorkers();
  write(W, (<u32>Kind.RwLock) << 24);
  enterAs(1);
  inherit(W);
}

export function rw_lock_prove_called_end(W: usize): void {
  expectNothingHeld();
  expect(read(W + word) == 0 && read(W + word + heir) == 0);
}

export function rw_lock_prove_gives_up(): void {
  begin();
  giveUp(read(lock));
}

export function rw_lock_prove_unlocks(): void {
  begin();
  if (!unlock(read(lock))) unlockShared(read(lock));
}

export function rw_lock_prove_reads(): void {
  begin();
  readAs(FRESH);
}

/** As one who slept, and is to read now. */
export function rw_lock_prove_reads_then(): void {
  begin();
  readAs(SLEPT);
}

/** Reads, unless it would have to wait. */
function readAs(as: u32): void {
  if (attemptShared(read(lock), as) == WAIT) giveUpShared(read(lock));
  else unlockShared(read(lock));
}

function change(result: u32): void {
  const W = read(lock);
  if (result == ACQUIRED_ABANDONED) store<u32>(begun, load<u32>(count));
  else if (load<u32>(begun) != load<u32>(count)) fail(Failure.NotExclusive);
  store<u32>(begun, load<u32>(count) + 1);
  store<u32>(count, load<u32>(begun));
  if (!unlock(W)) fail(Failure.NotExclusive);
}

export function rw_lock_prove_write(): void {
  begin();
  const W = read(lock);
  for (let turn: u32 = 0, all = read(turns); turn < all; turn++) {
    let result = attempt(W, FRESH);
    while (result == WAIT) {
      sleep(-1);
      result = attempt(W, SLEPT);
    }
    change(result);
  }
}

/** Writes once, unless it does not get to it in a while. */
export function rw_lock_prove_impatient(): void {
  begin();
  const W = read(lock);
  let result = attempt(W, FRESH);
  if (result == WAIT && sleep(1)) result = attempt(W, SLEPT);
  if (result == WAIT) giveUp(W);
  else change(result);
}

/** Writes without blocking. */
export function rw_lock_prove_asynchronously(): void {
  begin();
  const W = read(lock);
  let result = attempt(W, ASYNCHRONOUS);
  for (; result == WAIT; result = attempt(W, ASYNCHRONOUS)) sleep(-1);
  change(result);
}

/** Two requests of one worker: one writes without blocking; while it waits, another tries to, and gives up. */
export function rw_lock_prove_twice(): void {
  begin();
  const W = read(lock);
  let result = attempt(W, ASYNCHRONOUS);
  if (result == WAIT) {
    const place = sleepAddress;
    const value = sleepValue;
    const other = attempt(W, NOW);
    if (other == WAIT) giveUp(W);
    else change(other);
    waitAt(place, value);
    do {
      sleep(-1);
      result = attempt(W, ASYNCHRONOUS);
    } while (result == WAIT);
  }
  change(result);
}

/** Reads, and reads once more while it does. */
export function rw_lock_prove_read(): void {
  begin();
  const W = read(lock);
  for (let turn: u32 = 0, all = read(turns); turn < all; turn++) {
    let result = attemptShared(W, FRESH);
    while (result == WAIT) {
      sleep(-1);
      result = attemptShared(W, SLEPT);
    }
    if (attemptShared(W, FRESH) > ACQUIRED_ABANDONED) fail(Failure.Lost);
    if (load<u32>(begun) != load<u32>(count) && result != ACQUIRED_ABANDONED) fail(Failure.NotExclusive);
    if (!unlockShared(W) || !unlockShared(W) || unlockShared(W)) fail(Failure.NotExclusive);
  }
}

/** Reads, then writes, unless it would have to wait. */
export function rw_lock_prove_try(): void {
  begin();
  const W = read(lock);
  let result = attemptShared(W, NOW);
  if (result == WAIT) giveUpShared(W);
  else if (!unlockShared(W)) fail(Failure.NotExclusive);
  result = attempt(W, NOW);
  if (result == WAIT) giveUp(W);
  else change(result);
}

/** Nobody is said to wait. */
export function rw_lock_prove_unmarked(): bool {
  return !isAwaited(read(lock));
}

/** Whoever comes then gets in. */
export function rw_lock_prove_end(): void {
  expectNothingHeld();
  begin();
  const W = read(lock);
  if (attempt(W, FRESH) > ACQUIRED_ABANDONED || !unlock(W)) fail(Failure.Lost);
}
