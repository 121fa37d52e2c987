/**
 * The ticket lock, proven. Each processor acquires it `turns` times; in the critical section it adds 1 to a plain count in two
 * steps, as those of the mutex do. Who runs marks when it comes, and when it gets in.
 *
 *     SCENE | lock | turns | count | begun |
 */
import { read, write } from "../../atomics";
import { Event, Failure, fail, mark, processor } from "../../machine";
import { ACQUIRED_ABANDONED, BUSY } from "../lock-word";
import { WAIT } from "../sleep";
import { create, giveUp, look, take, tryLock, unlock } from "../ticket-lock";
import { begin, expectNothingHeld, prepareWorkers, SCENE } from "./worker";

const lock: usize = SCENE;
const turns: usize = SCENE + 4;
const count: usize = SCENE + 8;
const begun: usize = SCENE + 12;

export function ticket_lock_prove_init(turnsEach: u32): void {
  prepareWorkers();
  write(lock, <u32>create(false, false));
  write(turns, turnsEach);
}

function change(result: u32): void {
  if (result == ACQUIRED_ABANDONED) store<u32>(begun, load<u32>(count));
  else if (load<u32>(begun) != load<u32>(count)) fail(Failure.NotExclusive);
  store<u32>(begun, load<u32>(count) + 1);
  store<u32>(count, load<u32>(begun));
  if (!unlock(read(lock))) fail(Failure.NotExclusive);
}

function wait(T: usize): u32 {
  let result = WAIT;
  while (result == WAIT) result = look(T, 1);
  return result;
}

export function ticket_lock_prove_run(): void {
  begin();
  const T = read(lock);
  for (let turn: u32 = 0, all = read(turns); turn < all; turn++) {
    mark(Event.Arrived, processor());
    if (take(T) != WAIT) fail(Failure.Lost);
    const result = wait(T);
    mark(Event.Acquired, processor());
    change(result);
  }
}

/** Leaves the line, unless its ticket is served at once. */
export function ticket_lock_prove_impatient(): void {
  begin();
  const T = read(lock);
  if (take(T) != WAIT) fail(Failure.Lost);
  const result = look(T, 1);
  if (result == WAIT) giveUp(T);
  else change(result);
}

export function ticket_lock_prove_try(): void {
  begin();
  const result = tryLock(read(lock));
  if (result != BUSY) change(result);
}

/** Whoever comes then gets in. */
export function ticket_lock_prove_end(): void {
  expectNothingHeld();
  begin();
  const T = read(lock);
  if (take(T) != WAIT || wait(T) > ACQUIRED_ABANDONED || !unlock(T)) fail(Failure.Lost);
  if (tryLock(T) > ACQUIRED_ABANDONED || !unlock(T)) fail(Failure.Lost);
}
