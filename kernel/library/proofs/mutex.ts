/**
 * The mutex, proven. Each processor acquires it `turns` times; in the critical section it adds 1 to a plain count in
 * two steps, with the turn written down between them, so that who finds the mutex abandoned can tell how far its last
 * owner came, and mend it.
 *
 *     SCENE | mutex | turns | count | begun | done: one of 4 processors each |
 */
import { read, write } from "../../atomics";
import { Failure, fail, processor, processors } from "../../machine";
import { entryOf, heldCount, heldEntry } from "../holdings";
import {
  ACQUIRED,
  ACQUIRED_ABANDONED,
  ASYNCHRONOUS,
  BUSY,
  DEADLOCK,
  FRESH,
  HOLDS_TOO_MANY,
  NOBODY,
  NOW,
  ONE_TURN,
  RESERVED,
  SLEEPS,
  SLEPT,
} from "../lock-word";
import {
  attempt,
  contentionsOf,
  create,
  giveUp,
  isAwaited,
  isStrict,
  owner,
  repair,
  tryLock as tryLockOf,
  unlock as unlockOf,
} from "../mutex";
import { Kind, kindOf } from "../objects";
import { sleep, sleepAddress, WAIT } from "../sleep";
import { competing, identity, my, pending, recordOf, workers } from "../space";
import { begin, expect, expectNothingHeld, fillSpace, holdTooMuch, letAllGo, prepareWorkers, SCENE } from "./worker";

const mutex: usize = SCENE;
const turns: usize = SCENE + 4;
const count: usize = SCENE + 8;
const begun: usize = SCENE + 12;
const done: usize = SCENE + 16;

function tryLock(M: usize): u32 {
  return tryLockOf(M, load<u32>(M));
}

function unlock(M: usize): bool {
  return unlockOf(M, load<u32>(M));
}

/** `manners`: IMPATIENT, NAPPING. */
export function mutex_prove_init(turnsEach: u32, manners: u32, spinning: bool): void {
  prepareWorkers(spinning, manners);
  write(mutex, <u32>create(false));
  write(turns, turnsEach);
}

export function mutex_prove_run(): void {
  begin();
  const M = read(mutex);
  for (let turn: u32 = 0, all = read(turns); turn < all; turn++) {
    let result = tryLock(M);
    for (let as = FRESH; result > ACQUIRED_ABANDONED; as = SLEPT) {
      result = attempt(M, as);
      if (result == WAIT) sleep(-1);
    }
    change(result);
  }
}

/** As one that waits without blocking. */
export function mutex_prove_asynchronously(): void {
  begin();
  const M = read(mutex);
  for (let turn: u32 = 0, all = read(turns); turn < all; turn++) {
    let result = attempt(M, ASYNCHRONOUS);
    for (; result == WAIT; result = attempt(M, ASYNCHRONOUS)) sleep(-1);
    change(result);
  }
}

/** Where it is not free, it does without. */
export function mutex_prove_try(): void {
  begin();
  const M = read(mutex);
  for (let turn: u32 = 0, all = read(turns); turn < all; turn++) {
    let result = tryLock(M);
    if (result > ACQUIRED_ABANDONED) result = attempt(M, NOW);
    if (result == WAIT) giveUp(M);
    else change(result);
  }
}

/** As `mutex_prove_run`, but gives up if it does not get the mutex in a while. */
export function mutex_prove_impatient(): void {
  begin();
  const M = read(mutex);
  for (let turn: u32 = 0, all = read(turns); turn < all; turn++) {
    let result = attempt(M, FRESH);
    if (result == WAIT && sleep(1)) result = attempt(M, SLEPT);
    if (result == WAIT) giveUp(M);
    else change(result);
  }
}

function change(result: u32): void {
  const mine = done + processor() * 4;
  if (result == ACQUIRED_ABANDONED) store<u32>(begun, load<u32>(count));
  else if (load<u32>(begun) != load<u32>(count)) fail(Failure.NotExclusive);
  store<u32>(begun, load<u32>(count) + 1);
  store<u32>(count, load<u32>(begun));
  write(mine, read(mine) + 1);
  if (!unlock(read(mutex))) fail(Failure.NotExclusive);
}

/**
 * One operation after the other, by slot 1, with what each leaves in the mutex and in the worker's record. Words of a
 * mutex: 1 lock word, 5 contentions, 6 strict.
 */
export function mutex_prove_alone(): void {
  begin();
  const M = read(mutex);
  const free = create(true);
  expect(kindOf(M) == Kind.Mutex && kindOf(free) == Kind.Mutex && !isStrict(M) && isStrict(free));
  expect(read(M + 24) == 0 && read(free + 24) == 1 && !isAwaited(M));
  // Acquired at once, and not twice.
  expect(tryLock(M) == ACQUIRED && owner(M) == ME && read(M + 4) == ME);
  expectHeld(M, 1);
  expect(tryLock(M) == BUSY && attempt(M, FRESH) == DEADLOCK && attempt(M, NOW) == DEADLOCK);
  expectHeld(M, 1);
  expect(attempt(M, ASYNCHRONOUS) == WAIT && sleepAddress == <u32>M + 12 && isAwaited(M));
  expectHeld(M, 1);
  expect(!unlock(free) && unlock(M) && read(M + 4) == ONE_TURN && !unlock(M));
  expectHeld(M, 0);
  // It was freed, and is another by now.
  const former = load<u32>(M) - 1;
  expect(tryLockOf(M, former) == BUSY && read(M + 4) == ONE_TURN);
  expectHeld(M, 0);
  expect(tryLock(M) == ACQUIRED && !unlockOf(M, former) && owner(M) == ME);
  expectHeld(M, 1);
  expect(unlock(M));
  // How often it was not free at once is known.
  expect(attempt(M, ASYNCHRONOUS) == ACQUIRED && contentionsOf(M) == 0 && unlock(M));
  expect(attempt(M, FRESH) == ACQUIRED && contentionsOf(M) == 1 && read(M + 20) == 1);
  expectHeld(M, 1);
  expect(unlock(M) && attempt(M, NOW) == ACQUIRED && contentionsOf(M) == 2 && unlock(M));
  // Another has it: who waits stays named until it gives up, but for one that does not block.
  write(M + 4, OTHER);
  expect(tryLock(M) == BUSY && !unlock(M) && attempt(M, ASYNCHRONOUS) == WAIT);
  expectHeld(M, 0);
  expect(attempt(M, FRESH) == WAIT && contentionsOf(M) == 2 && read(M + 16) == (ME | SLEEPS));
  expect(load<u64>(my + pending) == named(M) && heldCount(my) == 0);
  giveUp(M);
  expectHeld(M, 0);
  expect(read(M + 16) == NOBODY);
  expect(attempt(M, NOW) == WAIT);
  // The mutex was freed meanwhile.
  giveUp(0);
  expectHeld(M, 0);
  expect(identity(0) == 1);
  // Its owner dies.
  repair(M, OTHER);
  expect(tryLock(M) == BUSY && attempt(M, NOW) == ACQUIRED_ABANDONED && unlock(M));
  holdTooMuch();
  expect(attempt(M, FRESH) == HOLDS_TOO_MANY && attempt(M, ASYNCHRONOUS) == HOLDS_TOO_MANY && tryLock(M) == BUSY);
  letAllGo();
  expectHeld(M, 0);
  expect(owner(M) == 0);
}

const ME: u32 = 1;
const OTHER: u32 = 2;

/** What `pending` says of one who is about to change the mutex's lock word. */
function named(M: usize): u64 {
  return <u64>(M + 4) | ((<u64>read(M)) << 32);
}

function expectHeld(M: usize, count: u32): void {
  expect(heldCount(my) == count && load<u64>(my + pending) == 0);
  if (count != 0) expect(heldEntry(my, 0) == entryOf(M));
}

/** Whoever has it is found by its repair: its record names it, or lists it. */
export function mutex_prove_found(): bool {
  const M = read(mutex);
  const slot = owner(M);
  if (slot == 0 || slot > processors()) return true;
  const R = recordOf(slot);
  if (atomic.load<u64>(R + pending) == named(M)) return true;
  return heldCount(R) != 0 && heldEntry(R, 0) == entryOf(M);
}

/** There is no room for one more. */
export function mutex_prove_full(): void {
  begin();
  fillSpace();
  do write(mutex, <u32>create(true));
  while (read(mutex) != 0);
  // What would be its words, at address 0, are the space's.
  expect(competing() <= 1 && workers() == 2 && read(24) == 0 && identity(0) == 1);
}

/** Slot 2, which has demanded it and sleeps, gives up, and may die meanwhile. */
export function mutex_prove_init_resigning(): void {
  prepareWorkers(false, 0);
  const M = create(false);
  write(mutex, <u32>M);
  write(turns, 1);
  write(M + 4, RESERVED);
  write(M + 16, OTHER | SLEEPS);
  store<u64>(recordOf(OTHER) + pending, named(M));
}

export function mutex_prove_resigns(): void {
  begin();
  giveUp(read(mutex));
}

/** Nobody is said to wait. */
export function mutex_prove_unmarked(): bool {
  return !isAwaited(read(mutex));
}

/**
 * Nobody is missing but who died, and nothing was lost: the count is at most one ahead of what was done, for each
 * death.
 */
export function mutex_prove_end(processors: u32, deaths: u32): void {
  expectNothingHeld();
  let sum: u32 = 0;
  for (let p: u32 = 0; p < processors; p++) sum += read(done + p * 4);
  const made = read(count);
  if (made < sum || made > sum + deaths) fail(Failure.Lost);
}
