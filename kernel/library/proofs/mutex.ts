/**
 * The mutex, proven. Each processor acquires it `turns` times; in the critical section it adds 1 to a plain count in two
 * steps, with the turn written down between them, so that who finds the mutex abandoned can tell how far its last owner
 * came, and mend it.
 *
 *     SCENE | mutex | turns | count | begun | done: one of 4 processors each |
 */
import { read, write } from "../../atomics";
import { Failure, fail, processor } from "../../machine";
import { ACQUIRED_ABANDONED, ASYNCHRONOUS, FRESH, NOW, SLEPT } from "../lock-word";
import { attempt, create, giveUp, isAwaited, tryLock, unlock } from "../mutex";
import { sleep, WAIT } from "../sleep";
import { begin, expectNothingHeld, prepareWorkers, SCENE } from "./worker";

const mutex: usize = SCENE;
const turns: usize = SCENE + 4;
const count: usize = SCENE + 8;
const begun: usize = SCENE + 12;
const done: usize = SCENE + 16;

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

/** Nobody is said to wait. */
export function mutex_prove_unmarked(): bool {
  return !isAwaited(read(mutex));
}

/** Nobody is missing but who died, and nothing was lost: the count is at most one ahead of what was done, for each death. */
export function mutex_prove_end(processors: u32, deaths: u32): void {
  expectNothingHeld();
  let sum: u32 = 0;
  for (let p: u32 = 0; p < processors; p++) sum += read(done + p * 4);
  const made = read(count);
  if (made < sum || made > sum + deaths) fail(Failure.Lost);
}
