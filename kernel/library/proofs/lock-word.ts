/**
 * The lock word, proven: its four words are set by hand, one operation is done, and each word is compared with what the
 * head of lock-word.ts says. Slot 1 is the worker's own; 2 and 3 are others, whose owners and heirs are numbers in words only.
 *
 *     SCENE      | step: what the other processor waits for | served: 1 once who waits has had the lock |
 *     next line  | the lock: 16 bytes |
 */
import { compare_and_swap, fetch_and_increment, read, write } from "../../atomics";
import { Event, Failure, fail, mark, processor, processors } from "../../machine";
import {
  ABANDONED,
  ACQUIRED,
  ACQUIRED_ABANDONED,
  ASYNCHRONOUS,
  AWAITED,
  asynchronous,
  attempt,
  behave,
  CALLED,
  CONTENDED,
  FRESH,
  heir,
  isAwaited,
  NOBODY,
  NOW,
  ONE_TURN,
  OTHERS,
  owner,
  PATIENCE,
  RESERVED,
  release,
  repair,
  resign,
  SLEEPS,
  SLEPT,
  TURNS,
  tryAcquire,
  wakes,
} from "../lock-word";
import { sleep, sleepAddress, sleepOn, sleepValue, WAIT, woken } from "../sleep";
import { attach, CACHE_LINE, create, me, my, nextIncarnation, slept } from "../space";
import { begin, prepareWorkers, SCENE } from "./worker";

const step: usize = SCENE;
const served: usize = SCENE + 4;
const L: usize = SCENE + CACHE_LINE;

const ME: u32 = 1;
const OTHER: u32 = 2;
const THIRD: u32 = 3;
/** Of no processor. */
const DEAD: u32 = 9;
/** Of `wakes` and `asynchronous` before each operation. */
const WAKES: u32 = 3;
const RINGS: u32 = 7;

export function lock_word_prove_init(spinning: bool, manners: u32): void {
  prepareWorkers(spinning, manners);
}

function put(word: u32, heirWord: u32): void {
  write(L, word);
  write(L + wakes, WAKES);
  write(L + asynchronous, RINGS);
  write(L + heir, heirWord);
}

/** `calls`, `rings`: how many times `wakes` and `asynchronous` have been counted on. */
function expect(word: u32, heirWord: u32, calls: u32 = 0, rings: u32 = 0): void {
  const isSo = read(L) == word && read(L + heir) == heirWord;
  if (!isSo || read(L + wakes) != WAKES + calls || read(L + asynchronous) != RINGS + rings) fail(Failure.Lost);
}

/** An attempt that acquires. */
function expectAcquired(as: u32, word: u32, heirWord: u32, result: u32 = ACQUIRED): void {
  if (attempt(L, as) != result) fail(Failure.Lost);
  expect(word, heirWord);
}

/** An attempt that is told to sleep. */
function expectWait(as: u32, word: u32, heirWord: u32, place: usize): void {
  if (attempt(L, as) != WAIT) fail(Failure.Lost);
  expect(word, heirWord);
  if (as != NOW && (sleepAddress != <u32>place || sleepValue != read(place))) fail(Failure.Lost);
}

/** Of those who do not become the heir. */
export function lock_word_prove_attempts(): void {
  begin();
  for (let turns: u32 = 0; ; turns = TURNS) {
    put(turns, NOBODY);
    if (!tryAcquire(L)) fail(Failure.Lost);
    expect(turns | ME, NOBODY);
    for (let as = FRESH; as <= NOW; as++) {
      put(turns, THIRD | SLEEPS);
      expectAcquired(as, turns | ME | (as == SLEPT ? CONTENDED : 0), THIRD | SLEEPS);
      put(turns | AWAITED | CONTENDED | ABANDONED, THIRD);
      expectAcquired(as, turns | AWAITED | CONTENDED | ME, THIRD, ACQUIRED_ABANDONED);
    }
    if (turns == TURNS) break;
  }
  for (let bit: u32 = ABANDONED; bit != 0; bit <<= 1) {
    put(bit, NOBODY);
    if (tryAcquire(L)) fail(Failure.Lost);
    expect(bit, NOBODY);
    if (isAwaited(L) != bit >= AWAITED || owner(L) != NOBODY) fail(Failure.Lost);
  }
  put(TURNS | OTHER, NOBODY);
  if (isAwaited(L) || owner(L) != OTHER || tryAcquire(L)) fail(Failure.Lost);
  expectWait(NOW, TURNS | OTHER, NOBODY, L);
  // Whoever has demanded it is not overtaken.
  put(RESERVED, THIRD);
  expectWait(NOW, RESERVED, THIRD, L);
  expectWait(ASYNCHRONOUS, RESERVED | AWAITED, THIRD, L + asynchronous);
  expectWait(FRESH, RESERVED | AWAITED | CONTENDED, THIRD, L + wakes);
  expectWait(SLEPT, RESERVED | AWAITED | CONTENDED, THIRD, L + wakes);
  put(OTHER, NOBODY);
  expectWait(ASYNCHRONOUS, OTHER | AWAITED, NOBODY, L + asynchronous);
  expectWait(ASYNCHRONOUS, OTHER | AWAITED, NOBODY, L + asynchronous);
  put(OTHER, THIRD | OTHERS);
  expectWait(FRESH, OTHER | CONTENDED, THIRD | OTHERS, L + wakes);
  expectWait(SLEPT, OTHER | CONTENDED, THIRD | OTHERS, L + wakes);
  // Those who sleep come first, and of them who was called.
  put(OTHER | CONTENDED, NOBODY);
  expectWait(FRESH, OTHER | CONTENDED, NOBODY, L + wakes);
  put(CONTENDED, NOBODY);
  expectAcquired(FRESH, CONTENDED | ME, NOBODY);
  for (let as = FRESH; as <= SLEPT; as++) {
    put(OTHER | CONTENDED, CALLED);
    expectWait(as, OTHER | CONTENDED, CALLED, L + wakes);
    put(0, CALLED);
    expectAcquired(as, ME | (as == SLEPT ? CONTENDED : 0), CALLED);
  }
}

/** Of the heir, which is patient two times and, by `manners`, does not look before it sleeps. */
export function lock_word_prove_heir(): void {
  begin();
  behave(2, false);
  for (let turns: u32 = 0; ; turns = TURNS) {
    put(turns, NOBODY);
    expectAcquired(FRESH, turns | ME, NOBODY);
    put(turns | ABANDONED | AWAITED, NOBODY);
    expectAcquired(SLEPT, turns | ME | AWAITED | CONTENDED, NOBODY, ACQUIRED_ABANDONED);
    put(turns | RESERVED | ABANDONED, ME | OTHERS);
    expectAcquired(SLEPT, turns | ME | CONTENDED, NOBODY, ACQUIRED_ABANDONED);
    put(turns | RESERVED, ME);
    expectAcquired(SLEPT, turns | ME, NOBODY);
    if (turns == TURNS) break;
  }
  put(OTHER | CONTENDED, NOBODY);
  expectWait(SLEPT, OTHER | CONTENDED, ME | OTHERS | SLEEPS, L + heir);
  // It begins to count anew: twice it is overtaken, then it demands the lock, and goes on to demand it.
  for (let again = 0; again < 2; again++) {
    put(OTHER, NOBODY);
    expectWait(FRESH, OTHER | CONTENDED, ME | SLEEPS, L + heir);
    put(OTHER, ME | OTHERS);
    expectWait(SLEPT, OTHER | CONTENDED, ME | OTHERS | SLEEPS, L + heir);
    expectWait(SLEPT, OTHER | CONTENDED | RESERVED, ME | OTHERS | SLEEPS, L + heir);
    put(OTHER, ME);
    expectWait(SLEPT, OTHER | RESERVED, ME | SLEEPS, L + heir);
  }
  if (read(my + slept) != 0) fail(Failure.Lost);
}

/** Of the heir as programs have it, which looks first: it naps where there are too few cores, and else does not. */
export function lock_word_prove_looks(): void {
  begin();
  put(OTHER, NOBODY);
  expectWait(FRESH, OTHER | CONTENDED, ME | SLEEPS, L + heir);
  if (read(my + slept) != 0) fail(Failure.Lost);
}

export function lock_word_prove_demands(): void {
  begin();
  put(OTHER, NOBODY);
  expectWait(FRESH, OTHER | RESERVED, ME | SLEEPS, L + heir);
}

export function lock_word_prove_naps(): void {
  begin();
  put(OTHER, NOBODY);
  expectWait(FRESH, OTHER | CONTENDED, ME | SLEEPS, L + heir);
  if (read(my + slept) != <u32>(L + heir)) fail(Failure.Lost);
}

/** As programs have it: nobody tells it how to behave. */
export function lock_word_prove_init_patient(): void {
  create(1, 0, 1, 0);
  attach(nextIncarnation(), true);
}

export function lock_word_prove_patience(): void {
  attempt(L, NOW);
  release(L);
  put(OTHER, NOBODY);
  let times: u32 = 0;
  for (let as = FRESH; times <= PATIENCE; as = SLEPT) {
    if (attempt(L, as) != WAIT) fail(Failure.Lost);
    if (read(L) & RESERVED) break;
    times++;
  }
  if (times != PATIENCE) fail(Failure.Lost);
}

export function lock_word_prove_releases(): void {
  begin();
  for (let turns: u32 = 0; ; turns = TURNS) {
    const next = turns == TURNS ? 0 : ONE_TURN;
    put(turns | ME, OTHER | SLEEPS);
    release(L);
    expect(next, OTHER | SLEEPS);
    put(turns | ME | AWAITED, NOBODY);
    release(L);
    expect(next, NOBODY, 0, 1);
    put(turns | ME | RESERVED | AWAITED, OTHER | SLEEPS);
    release(L);
    expect(next | RESERVED, OTHER, 0, 1);
    if (turns == TURNS) break;
  }
  put(ME | RESERVED, OTHER);
  release(L);
  expect(ONE_TURN | RESERVED, OTHER);
  put(ME | RESERVED, NOBODY);
  release(L);
  expect(ONE_TURN | RESERVED, NOBODY);
  put(ME | RESERVED, OTHER | SLEEPS | OTHERS);
  release(L);
  expect(ONE_TURN | RESERVED, OTHER | OTHERS);
  // Others are left to the heir; where there is none, one is called: in vain, as nobody sleeps.
  for (let heirWord = OTHER; ; heirWord = OTHER | SLEEPS) {
    put(ME | CONTENDED, heirWord);
    release(L);
    expect(ONE_TURN, OTHER | OTHERS);
    put(ME | CONTENDED, heirWord | OTHERS);
    release(L);
    expect(ONE_TURN, OTHER | OTHERS);
    if (heirWord & SLEEPS) break;
  }
  put(ME | CONTENDED, CALLED);
  release(L);
  expect(ONE_TURN, CALLED | OTHERS);
  put(ME | CONTENDED, NOBODY);
  release(L);
  expect(ONE_TURN, NOBODY, 1);
}

export function lock_word_prove_resigns(): void {
  begin();
  put(OTHER | RESERVED, THIRD | OTHERS);
  resign(L);
  expect(OTHER | RESERVED, THIRD | OTHERS);
  put(OTHER | RESERVED | TURNS, ME | OTHERS | SLEEPS);
  resign(L);
  expect(OTHER | TURNS | CONTENDED, NOBODY);
  // It may have been handed to it: others look instead.
  put(RESERVED | TURNS | AWAITED | ABANDONED, ME | SLEEPS);
  resign(L);
  expect(TURNS | AWAITED | ABANDONED, NOBODY, 1, 1);
}

export function lock_word_prove_repairs(): void {
  begin();
  for (let abandoned: u32 = 0; abandoned <= 1; abandoned++) {
    put(TURNS | OTHER | CONTENDED | AWAITED | RESERVED, OTHER | SLEEPS | OTHERS);
    repair(L, OTHER, abandoned == 1);
    expect(TURNS | (abandoned ? ABANDONED : 0), NOBODY, 1, 1);
    put(OTHER, NOBODY);
    repair(L, OTHER, abandoned == 1);
    expect(abandoned ? ABANDONED : 0, NOBODY, 1, 1);
  }
  put(TURNS | THIRD | CONTENDED | AWAITED | RESERVED | ABANDONED, ME | SLEEPS);
  repair(L, OTHER, true);
  expect(TURNS | THIRD | CONTENDED | AWAITED | ABANDONED, ME | OTHERS, 1, 1);
  put(THIRD, CALLED | OTHERS);
  repair(L, OTHER, true);
  expect(THIRD, NOBODY, 1, 1);
  put(0, ME);
  repair(L, OTHER, true);
  expect(0, ME | OTHERS, 1, 1);
}

/** Wakes who sleeps there, without counting on. */
function wakeOne(place: usize): void {
  while (atomic.notify(place, 1) == 0) {}
}

/** The other wakes this one once for each thing that it does. */
const CALLS: u32 = 4;

export function lock_word_prove_calls(): void {
  begin();
  for (let call: u32 = 0; call < CALLS; call++) {
    wakeOne(L + wakes);
    while (read(step) == call) atomic.wait<u32>(step, call, -1);
  }
}

/** Who is called becomes the heir; whom somebody woke elsewhere, or for another lock, does not, nor does it later. */
export function lock_word_prove_called(): void {
  begin();
  sleepOn(L + wakes, read(L + wakes), -1);
  put(OTHER | CONTENDED, CALLED);
  expectWait(SLEPT, OTHER | CONTENDED, me | OTHERS | SLEEPS, L + heir);
  put(OTHER | CONTENDED, CALLED);
  expectWait(SLEPT, OTHER | CONTENDED, CALLED, L + wakes);
  next();
  put(OTHER | CONTENDED, CALLED);
  expectWait(FRESH, OTHER | CONTENDED, CALLED, L + wakes);
  expectWait(SLEPT, OTHER | CONTENDED, CALLED, L + wakes);
  next();
  put(0, CALLED | OTHERS);
  expectAcquired(SLEPT, me | CONTENDED, NOBODY);
  next();
  put(OTHER | CONTENDED, THIRD);
  expectWait(SLEPT, OTHER | CONTENDED, THIRD, L + wakes);
  put(OTHER | CONTENDED, CALLED);
  expectWait(SLEPT, OTHER | CONTENDED, CALLED, L + wakes);
  fetch_and_increment(step);
  atomic.notify(step, -1);
}

function next(): void {
  fetch_and_increment(step);
  atomic.notify(step, -1);
  sleepOn(L + wakes, read(L + wakes), -1);
}

/** Slot 1, of processor 0, has the lock. */
export function lock_word_prove_init_held(word: u32, heirWord: u32, spinning: bool, manners: u32): void {
  prepareWorkers(spinning, manners);
  put(word | ME, heirWord);
}

/** Who has the lock lets it go, and calls one who sleeps; the call stands until that one answers. */
export function lock_word_prove_lets_go(): void {
  begin();
  release(L);
  while (read(step) == 0) atomic.wait<u32>(step, 0, -1);
  // 1: it slept, and was woken.
  expect(ONE_TURN, read(step) == 1 ? CALLED : NOBODY, 1);
}

export function lock_word_prove_listens(): void {
  begin();
  const result = atomic.wait<u32>(L + wakes, WAKES, -1);
  write(step, 1 + result);
  atomic.notify(step, -1);
}

export function lock_word_prove_releases_once(): void {
  begin();
  release(L);
}

/** The same, and once more if it gets it at once. */
export function lock_word_prove_releases_twice(): void {
  begin();
  release(L);
  if (attempt(L, NOW) != WAIT) release(L);
}

/** Has a turn, in which somebody is about to fall asleep: who leaves it to who is called, or calls that one itself. */
export function lock_word_prove_turn(): void {
  begin();
  const sequence = read(L + wakes);
  while (attempt(L, NOW) == WAIT) {}
  atomic.or<u32>(L, CONTENDED);
  release(L);
  atomic.wait<u32>(L + wakes, sequence, -1);
}

/** Waits, has a turn, and ends. */
export function lock_word_prove_waits(): void {
  begin();
  let result = attempt(L, FRESH);
  for (; result == WAIT; result = attempt(L, SLEPT)) sleep(-1);
  if (owner(L) != me) fail(Failure.NotExclusive);
  release(L);
}

export function lock_word_prove_waits_asynchronously(): void {
  begin();
  let result = attempt(L, ASYNCHRONOUS);
  for (; result == WAIT; result = attempt(L, ASYNCHRONOUS)) sleep(-1);
  if (owner(L) != me) fail(Failure.NotExclusive);
  release(L);
}

/** The heir, which is told to sleep, looks again, and has its turn. */
export function lock_word_prove_inherits(): void {
  begin();
  for (let result = attempt(L, SLEPT); result == WAIT; result = attempt(L, SLEPT)) sleep(-1);
  release(L);
}

/** The heir gives up. */
export function lock_word_prove_resigns_once(): void {
  begin();
  resign(L);
}

/** Who has the lock dies in its sleep, and is repaired. */
export function lock_word_prove_mends(): void {
  begin();
  repair(L, ME, true);
}

/** The heir, of slot DEAD, is repaired. */
export function lock_word_prove_mends_heir(): void {
  begin();
  repair(L, DEAD, true);
}

/** Wakes who sleeps to be called, as a repair does; then it has a turn, if it gets it at once. */
export function lock_word_prove_wakes(): void {
  begin();
  atomic.notify(L + wakes, -1);
  if (attempt(L, NOW) != WAIT) release(L);
}

/** Has been told to sleep, and sleeps; then it has its turn. */
export function lock_word_prove_sleeps(): void {
  begin();
  sleepOn(L + wakes, WAKES, -1);
  for (let result = attempt(L, SLEPT); result == WAIT; result = attempt(L, SLEPT)) sleep(-1);
  release(L);
}

/** Nobody was overtaken so often that it demands the lock. */
export function lock_word_prove_undemanded(): bool {
  return (read(L) & RESERVED) == 0;
}

/** Two come at once: one becomes the heir. */
export function lock_word_prove_comes(): void {
  begin();
  if (attempt(L, FRESH) != WAIT) fail(Failure.NotExclusive);
  if (sleepAddress == <u32>(L + heir)) fetch_and_increment(step);
}

export function lock_word_prove_one_heir(): void {
  if (read(step) != 1) fail(Failure.NotExclusive);
}

/** A call that nobody hears is made once. */
export function lock_word_prove_few_calls(): bool {
  return read(L + wakes) <= WAKES + 1;
}

/** Sleeps where it is told, whatever there is, and does nothing when it is woken: others must not rely on it. */
export function lock_word_prove_sleeps_called(): void {
  begin();
  atomic.wait<u32>(L + wakes, WAKES, -1);
}

export function lock_word_prove_sleeps_asynchronously(): void {
  begin();
  atomic.wait<u32>(L + asynchronous, RINGS, -1);
}

/** Of 0x800, all but the last. */
const MANY_TURNS: u32 = 0x7ff * ONE_TURN;

/** Takes it again and again, until who waits has had it. Turns come in thousands, so that they are hot, and few. */
export function lock_word_prove_takes_again(): void {
  begin();
  while (true) {
    const word = read(L);
    if (!compare_and_swap(L, word, (word & ~TURNS) | ((word + MANY_TURNS) & TURNS))) continue;
    release(L);
    while (attempt(L, NOW) == WAIT) if (read(served) != 0) return;
    if (read(served) != 0) {
      release(L);
      return;
    }
  }
}

export function lock_word_prove_starved(): void {
  begin();
  starve();
}

/** The same, and patient for one time. */
export function lock_word_prove_starved_once(): void {
  begin();
  behave(1, false);
  starve();
}

function starve(): void {
  for (let result = attempt(L, FRESH); result == WAIT; result = attempt(L, SLEPT)) sleep(-1);
  write(served, 1);
  release(L);
}

/** Has it once; then, as long as who waits has demanded it and has not had it, does not get it. */
export function lock_word_prove_overtakes(): void {
  begin();
  const demanded = read(L) & RESERVED;
  release(L);
  const result = attempt(L, NOW);
  if (result == WAIT) return;
  if (demanded && read(served) == 0) fail(Failure.NotExclusive);
  release(L);
}

/** As `lock_word_prove_init_held`; a worker that falls asleep writes nothing to a word that others write. */
export function lock_word_prove_init_in_order(word: u32): void {
  create(2 * processors(), 0, 1, 0);
  for (let p: u32 = 0; p < processors(); p++) attach(nextIncarnation(), false);
  put(word | ME, NOBODY);
}

/** Of those who sleep, who fell asleep first has the lock first. */
export function lock_word_prove_in_order(): void {
  begin();
  let came = false;
  let result = attempt(L, FRESH);
  for (; result == WAIT; result = attempt(L, SLEPT)) {
    if (!came) mark(Event.Arrived, processor());
    sleep(-1);
    if (woken) came = true;
  }
  if (came) mark(Event.Acquired, processor());
  release(L);
}
