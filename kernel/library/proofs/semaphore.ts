/**
 * The semaphore, proven. Each processor takes what it wants, `turns` times, and gives it back. Who wants all that there is
 * stores to a plain word, and all others look at it: a race if they ever have permits together.
 *
 *     SCENE | semaphore | turns | permits | word | looks | wanted: one of 3 processors each |
 *
 * The signals: processor 0 adds permits, which the others consume.
 *
 * The limit: one permit can be added, and all add one while processor 0 has the others.
 *
 * The turn: processor 1 sleeps with it from the beginning, and processor 0 adds a permit, then wants it back.
 *
 * The wake: processor 1 sleeps from the beginning, and processor 0 adds a permit, or gives one back, or the turn.
 */
import { read, write } from "../../atomics";
import { Failure, fail, processor } from "../../machine";
import { ACQUIRED, ASYNCHRONOUS, FRESH, NOW, SLEPT } from "../lock-word";
import { add, attempt, availableIn, consume, create, giveUp, isAwaited, release, tryAcquire } from "../semaphore";
import { sleep, sleepAddress, sleepValue, WAIT, waitAt } from "../sleep";
import { enterAs } from "../space";
import { begin, expectNothingHeld, prepareWorkers, SCENE } from "./worker";

const semaphore: usize = SCENE;
const turns: usize = SCENE + 4;
const permits: usize = SCENE + 8;
const word: usize = SCENE + 12;
/** Attempts that who has slept is taken to have made. */
const looks: usize = SCENE + 16;
const wanted: usize = SCENE + 20;

/** Looks in vain after which a sleeper takes the turn. */
const PATIENCE: u32 = 32;

export function semaphore_prove_init(
  count: u32,
  turnsEach: u32,
  first: u32,
  second: u32,
  third: u32,
  looksBefore: u32,
): void {
  prepareWorkers();
  write(semaphore, <u32>create(count));
  write(permits, count);
  write(turns, turnsEach);
  write(wanted, first);
  write(wanted + 4, second);
  write(wanted + 8, third);
  write(looks, looksBefore);
}

function acquire(S: usize, want: u32): void {
  if (tryAcquire(S, want)) return;
  for (let as = FRESH; attempt(S, want, as, read(looks)) == WAIT; as = SLEPT) sleep(-1);
}

export function semaphore_prove_run(): void {
  begin();
  const S = read(semaphore);
  const want = read(wanted + processor() * 4);
  for (let turn: u32 = 0, all = read(turns); turn < all; turn++) {
    acquire(S, want);
    if (want == read(permits)) store<u32>(word, turn);
    else load<u32>(word);
    if (!release(S, want)) fail(Failure.Lost);
  }
}

/** Once, without blocking. */
export function semaphore_prove_asynchronously(): void {
  begin();
  const S = read(semaphore);
  const want = read(wanted + processor() * 4);
  while (attempt(S, want, ASYNCHRONOUS, 0) == WAIT) sleep(-1);
  if (!release(S, want)) fail(Failure.Lost);
}

/** Where processor 1 sleeps, and while which value is there: in the place of the turns and of the word. */
export function semaphore_prove_init_turn(): void {
  prepareWorkers();
  const S = create(0);
  write(semaphore, <u32>S);
  write(permits, 1);
  write(looks, PATIENCE);
  enterAs(2);
  attempt(S, 1, FRESH, 0);
  attempt(S, 1, SLEPT, PATIENCE);
  write(turns, sleepAddress);
  write(word, sleepValue);
}

export function semaphore_prove_turn(): void {
  begin();
  const S = read(semaphore);
  if (processor() == 1) {
    waitAt(read(turns), read(word));
    do sleep(-1);
    while (attempt(S, 1, SLEPT, PATIENCE) == WAIT);
  } else {
    if (processor() == 0 && add(S, 1) != ACQUIRED) fail(Failure.Lost);
    acquire(S, 1);
  }
  if (!release(S, 1)) fail(Failure.Lost);
}

/** What processor 0 does for processor 1, which sleeps and wants the permit that there is, or will be. */
enum Wake {
  Add,
  Release,
  /** Of more permits than there are, with the turn. */
  GiveUp,
}

export function semaphore_prove_init_wake(by: Wake): void {
  prepareWorkers();
  const S = create(by == Wake.Add ? 0 : 1);
  write(semaphore, <u32>S);
  write(permits, 1);
  write(wanted, by);
  enterAs(1);
  if (by == Wake.Release) tryAcquire(S, 1);
  if (by == Wake.GiveUp) {
    attempt(S, 2, FRESH, 0);
    attempt(S, 2, SLEPT, PATIENCE);
  }
  enterAs(2);
  attempt(S, 1, FRESH, 0);
  write(turns, sleepAddress);
  write(word, sleepValue);
}

export function semaphore_prove_wake(): void {
  begin();
  const S = read(semaphore);
  if (processor() == 0) {
    if (read(wanted) == Wake.GiveUp) giveUp(S);
    else if (read(wanted) == Wake.Release ? !release(S, 1) : add(S, 1) != ACQUIRED) fail(Failure.Lost);
    return;
  }
  waitAt(read(turns), read(word));
  do sleep(-1);
  while (attempt(S, 1, SLEPT, 0) == WAIT);
  if (!release(S, 1)) fail(Failure.Lost);
}

/** Once, and unless that takes a while. */
export function semaphore_prove_impatient(): void {
  begin();
  const S = read(semaphore);
  const want = read(wanted + processor() * 4);
  let result = tryAcquire(S, want) ? ACQUIRED : attempt(S, want, FRESH, 0);
  if (result == WAIT && sleep(1)) result = attempt(S, want, SLEPT, read(looks));
  if (result == WAIT) giveUp(S);
  else if (!release(S, want)) fail(Failure.Lost);
}

/** Once, and unless there are too few. */
export function semaphore_prove_try(): void {
  begin();
  const S = read(semaphore);
  const want = read(wanted + processor() * 4);
  if (attempt(S, want, NOW, 0) == WAIT) giveUp(S);
  else if (!release(S, want)) fail(Failure.Lost);
}

/** Nobody is said to wait. */
export function semaphore_prove_unmarked(): bool {
  return !isAwaited(read(semaphore));
}

/** All permits are back, also those of who died. */
export function semaphore_prove_end(): void {
  expectNothingHeld();
  if (availableIn(read(semaphore)) != read(permits)) fail(Failure.Lost);
}

export function semaphore_prove_signal(): void {
  begin();
  const S = read(semaphore);
  if (processor() > 0) {
    acquire(S, read(wanted + processor() * 4));
    if (!consume(S, read(wanted + processor() * 4))) fail(Failure.Lost);
    return;
  }
  store<u32>(word, 1);
  for (let sent: u32 = 0, all = read(wanted); sent < all; sent++) {
    if (add(S, 1) != ACQUIRED) fail(Failure.Lost);
  }
}

/** To begin with one permit fewer than there can be. */
export function semaphore_prove_limit(): void {
  begin();
  const S = read(semaphore);
  const most = read(permits);
  if (processor() == 0) acquire(S, most);
  add(S, 1);
  if (processor() == 0 && !release(S, most)) fail(Failure.Lost);
}

/** As many as there can be. */
export function semaphore_prove_limit_end(): void {
  expectNothingHeld();
  if (availableIn(read(semaphore)) != read(permits) + 1) fail(Failure.Lost);
}
