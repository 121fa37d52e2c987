/**
 * The semaphore, one operation after the other: exact answers, and exact words. One processor acts for the workers of two
 * slots. Nobody sleeps, so that the eventcount says who was meant: to wake all adds 4 to its word; to wake one adds 8, as
 * there is nobody to be woken.
 */
import { read, write } from "../../atomics";
import { IS_GUARD } from "../guard";
import { heldCount } from "../holdings";
import { ACQUIRED, ASYNCHRONOUS, FRESH, HOLDS_TOO_MANY, NOBODY, NOW, owner, SLEPT } from "../lock-word";
import {
  add,
  attempt,
  availableIn,
  consume,
  create,
  giveUp,
  has,
  isAwaited,
  permitsAtFirst,
  release,
  repair,
  TOO_MANY_PERMITS,
  tryAcquire,
  wakeAllOf,
} from "../semaphore";
import { sleepAddress, sleepValue, WAIT } from "../sleep";
import { enterAs, journal, my, pending, recordOf } from "../space";
import { begin, expect, expectNothingHeld, holdTooMuch, letAllGo, prepareWorkers, SCENE } from "./worker";

const semaphore: usize = SCENE;

// In a semaphore.
const guard: usize = 4;
const large: usize = 20;
const turn: usize = 24;
const changes: usize = 28;
const total: usize = 40;
const accounts: usize = 56;

const WOKEN_ALL: u32 = 4;
const WOKEN_ONE: u32 = 8;
const PATIENCE: u32 = 32;
const MOST_PERMITS: u32 = 0x7fffffff;

function sequenceOf(S: usize): u32 {
  return read(S + changes) & ~3;
}

/** What is available, what the workers of slots 1 and 2 have, and how often the acting one lists the semaphore. */
function expectPermits(S: usize, available: u32, first: u32, second: u32, held: u32): void {
  expect(availableIn(S) == available);
  expect(load<u32>(S + accounts + 8) == first && load<u32>(S + accounts + 16) == second);
  expect(has(S, 1) == (first != 0) && has(S, 2) == (second != 0));
  expect(heldCount(my) == held && load<u64>(my + pending) == 0);
}

function expectWaiting(S: usize, isLarge: u32, whose: u32): void {
  expect(read(S + large) == isLarge && read(S + turn) == whose);
}

/** To begin with 3 permits. */
export function semaphore_prove_alone(): void {
  begin();
  const S: usize = read(semaphore);
  expect(permitsAtFirst(S) == 3 && read(S + total) == 3 && !isAwaited(S));
  expectTries(S);
  expectTurns(S);
  expectWakes(S);
  expectRepairs(S);
  expectLimits(S);
}

function expectTries(S: usize): void {
  expect(!tryAcquire(S, 4));
  expectPermits(S, 3, 0, 0, 0);
  expect(tryAcquire(S, 2));
  expectPermits(S, 1, 2, 0, 1);
  expect(tryAcquire(S, 1));
  expectPermits(S, 0, 3, 0, 1);
  expect(!tryAcquire(S, 1));
  expectPermits(S, 0, 3, 0, 1);
  expect(!release(S, 4) && !consume(S, 4));
  expect(release(S, 1));
  expectPermits(S, 1, 2, 0, 1);
  holdTooMuch();
  expect(!tryAcquire(S, 1) && attempt(S, 1, FRESH, 0) == HOLDS_TOO_MANY && add(S, 1) == HOLDS_TOO_MANY);
  letAllGo();
  expectPermits(S, 1, 2, 0, 1);
  expect(release(S, 2));
  expectPermits(S, 3, 0, 0, 0);
  expect(!release(S, 1) && !consume(S, 1));
  expect(attempt(S, 1, FRESH, 0) == ACQUIRED);
  expectPermits(S, 2, 1, 0, 1);
  expect(attempt(S, 1, NOW, 0) == ACQUIRED);
  expectPermits(S, 1, 2, 0, 1);
  expect(attempt(S, 1, ASYNCHRONOUS, 0) == ACQUIRED);
  expectPermits(S, 0, 3, 0, 1);
  expect(release(S, 2) && release(S, 1));
  expect(attempt(S, 4, NOW, 0) == WAIT);
  expectPermits(S, 3, 0, 0, 1);
  giveUp(S);
  expectPermits(S, 3, 0, 0, 0);
  expectWaiting(S, 0, 0);
  expect(!isAwaited(S) && read(S + changes) == 0);
}

/** The first has 2 permits, and waits for 2 more; who comes gets the third one until it takes the turn. */
function expectTurns(S: usize): void {
  expect(tryAcquire(S, 2));
  expect(attempt(S, 2, FRESH, PATIENCE) == WAIT);
  expect(sleepAddress == <u32>(S + changes) && sleepValue == read(S + changes) && isAwaited(S));
  expectWaiting(S, 1, 0);
  expectPermits(S, 1, 2, 0, 2);
  expect(attempt(S, 2, SLEPT, PATIENCE - 1) == WAIT);
  expectWaiting(S, 1, 0);
  enterAs(2);
  expect(tryAcquire(S, 1) && release(S, 1));
  expect(attempt(S, 2, ASYNCHRONOUS, PATIENCE) == WAIT);
  expect(sleepAddress == <u32>(S + changes + 4) && sleepValue == read(S + changes + 4));
  expectWaiting(S, 1, 0);
  expectPermits(S, 1, 2, 0, 0);
  enterAs(1);
  expect(attempt(S, 2, SLEPT, PATIENCE) == WAIT);
  expectWaiting(S, 1, 1);
  expectPermits(S, 1, 2, 0, 2);
  enterAs(2);
  expect(!tryAcquire(S, 1) && attempt(S, 1, FRESH, 0) == WAIT && attempt(S, 1, SLEPT, PATIENCE) == WAIT);
  expectWaiting(S, 1, 1);
  const before = sequenceOf(S);
  giveUp(S);
  expect(sequenceOf(S) == before);
  expectWaiting(S, 1, 1);
  expectPermits(S, 1, 2, 0, 0);
  enterAs(1);
  expect(attempt(S, 1, SLEPT, PATIENCE) == ACQUIRED);
  expectWaiting(S, 1, 0);
  expect(read(S + changes) == before + WOKEN_ALL);
  expectPermits(S, 0, 3, 0, 1);
  // Who gives up with the turn ends it, too.
  expect(attempt(S, 1, FRESH, 0) == WAIT && attempt(S, 1, SLEPT, PATIENCE) == WAIT);
  expectWaiting(S, 1, 1);
  giveUp(S);
  expectWaiting(S, 1, 0);
  expect(read(S + changes) == before + 2 * WOKEN_ALL);
  expectPermits(S, 0, 3, 0, 1);
}

/** Whoever gives permits wakes one where all want one, else all; nobody where nobody has announced itself. */
function expectWakes(S: usize): void {
  let sequence = read(S + changes);
  const others = read(S + changes + 4);
  expect(release(S, 1));
  expect(read(S + changes) == sequence && tryAcquire(S, 1));
  // It is still said that somebody may want several: once.
  enterAs(2);
  expect(attempt(S, 1, FRESH, 0) == WAIT);
  expectWaiting(S, 1, 0);
  enterAs(1);
  expect(release(S, 1));
  sequence += WOKEN_ALL;
  expectWaiting(S, 0, 0);
  expect(read(S + changes) == sequence && !isAwaited(S) && tryAcquire(S, 1));
  enterAs(2);
  expect(attempt(S, 1, SLEPT, 0) == WAIT);
  enterAs(1);
  expect(release(S, 1));
  sequence += WOKEN_ONE;
  expect(read(S + changes) == sequence && tryAcquire(S, 1));
  enterAs(2);
  expect(attempt(S, 1, SLEPT, 0) == WAIT);
  enterAs(1);
  expect(release(S, 2));
  sequence += WOKEN_ALL;
  expect(read(S + changes) == sequence && tryAcquire(S, 2));
  // While one has the turn all are woken, as it may not be the first who sleeps.
  enterAs(2);
  expect(attempt(S, 1, SLEPT, PATIENCE) == WAIT);
  expectWaiting(S, 0, 2);
  enterAs(1);
  expect(release(S, 1));
  sequence += WOKEN_ALL;
  expect(read(S + changes) == sequence && read(S + changes + 4) == others && !tryAcquire(S, 1));
  enterAs(2);
  expect(attempt(S, 1, SLEPT, PATIENCE) == ACQUIRED);
  expectPermits(S, 0, 2, 1, 1);
  // Nobody is announced, but `large` says that somebody may be.
  expect(attempt(S, 2, SLEPT, 0) == WAIT);
  wakeAllOf(S);
  expect(read(S + changes + 4) == others + 1 && isAwaited(S) && read(S + large) == 1);
  expect(release(S, 1));
  enterAs(1);
}

/** The second has died: what it had comes back, its turn ends, and all look again. */
function expectRepairs(S: usize): void {
  enterAs(2);
  expect(tryAcquire(S, 1));
  expect(attempt(S, 2, SLEPT, PATIENCE) == WAIT);
  enterAs(1);
  const sequence = sequenceOf(S);
  const others = read(S + changes + 4);
  expectWaiting(S, 1, 2);
  expectPermits(S, 0, 2, 1, 1);
  repair(S, 2);
  expectWaiting(S, 1, 0);
  expectPermits(S, 1, 2, 0, 1);
  expect(sequenceOf(S) == sequence + WOKEN_ALL && read(S + changes + 4) == others + 1);
  // Another's turn is left.
  expect(attempt(S, 2, FRESH, 0) == WAIT && attempt(S, 2, SLEPT, PATIENCE) == WAIT);
  repair(S, 2);
  expectWaiting(S, 1, 1);
  expectPermits(S, 1, 2, 0, 2);
  expect(sequenceOf(S) == sequence + 2 * WOKEN_ALL);
  expect(add(S, 1) == ACQUIRED && attempt(S, 2, SLEPT, PATIENCE) == ACQUIRED);
}

function expectLimits(S: usize): void {
  expectPermits(S, 0, 4, 0, 1);
  expect(read(S + total) == 4 && permitsAtFirst(S) == 3);
  const held = heldCount(my);
  expect(consume(S, 3));
  expectPermits(S, 0, 1, 0, held);
  expect(read(S + total) == 1 && consume(S, 1));
  expectPermits(S, 0, 0, 0, held - 1);
  expect(read(S + total) == 0);
  expect(add(S, MOST_PERMITS - 1) == ACQUIRED && add(S, 2) == TOO_MANY_PERMITS && add(S, 1) == ACQUIRED);
  expect(add(S, 1) == TOO_MANY_PERMITS && read(S + total) == MOST_PERMITS);
  expectPermits(S, MOST_PERMITS, 0, 0, held - 1);
  expect(tryAcquire(S, MOST_PERMITS));
  expectPermits(S, 0, MOST_PERMITS, 0, held);
  expect(release(S, MOST_PERMITS));
  expectPermits(S, MOST_PERMITS, 0, 0, held - 1);
}

/**
 * Between any two steps, of who is in the guarded section: it says so, and lists the semaphore, so that repair finds both.
 * Nobody else has words to be restored.
 */
export function semaphore_prove_guarded(): void {
  const S: usize = read(semaphore);
  const whose = owner(S + guard);
  for (let slot: u32 = 1; slot <= 2; slot++) {
    const R = recordOf(slot);
    if (whose != slot) expect(load<u32>(R + journal) == 0);
    else expect(load<u64>(R + pending) == (<u64>(S + guard) | IS_GUARD | ((<u64>read(S)) << 32)) && heldCount(R) > 0);
  }
}

/** 3 permits, and one who waits for 4 without blocking. */
export function semaphore_prove_steps_init(): void {
  prepareWorkers();
  const S = create(3);
  write(semaphore, <u32>S);
  enterAs(2);
  attempt(S, 4, ASYNCHRONOUS, 0);
}

/** Every operation, by one who may die at any of its steps. */
export function semaphore_prove_steps(): void {
  begin();
  const S: usize = read(semaphore);
  for (let looks: u32 = 0; looks <= PATIENCE; looks += PATIENCE) {
    expect(attempt(S, 4, looks == 0 ? FRESH : SLEPT, looks) == WAIT);
  }
  giveUp(S);
  expect(tryAcquire(S, 2));
  expect(attempt(S, 2, FRESH, 0) == WAIT);
  giveUp(S);
  expect(release(S, 1));
  expect(consume(S, 1));
  expect(attempt(S, 3, ASYNCHRONOUS, 0) == WAIT);
  expect(add(S, 1) == ACQUIRED);
}

/** Nothing is left of it but that fewer permits may be there than are counted. */
export function semaphore_prove_steps_end(): void {
  const S: usize = read(semaphore);
  expectNothingHeld();
  expect(owner(S + guard) == NOBODY && read(S + turn) == 0);
  expect(availableIn(S) <= read(S + total) && read(S + total) <= 3 && availableIn(S) >= 2);
}
