/**
 * The MCS lock, proven. Each processor acquires it `turns` times; in the critical section it adds 1 to a plain count in two
 * steps, as those of the mutex do. Who runs marks when it comes, and when it gets in.
 *
 *     SCENE | lock | turns | count | begun |
 */
import { read, write } from "../../atomics";
import { Event, Failure, fail, mark, processor } from "../../machine";
import { ACQUIRED_ABANDONED, BUSY } from "../lock-word";
import { acquire, create, release, tryAcquire } from "../mcs-lock";
import { begin, expectNothingHeld, prepareWorkers, SCENE } from "./worker";

const lock: usize = SCENE;
const turns: usize = SCENE + 4;
const count: usize = SCENE + 8;
const begun: usize = SCENE + 12;

export function mcs_lock_prove_init(turnsEach: u32): void {
  prepareWorkers();
  write(lock, <u32>create(false, false));
  write(turns, turnsEach);
}

function change(result: u32): void {
  if (result > ACQUIRED_ABANDONED) fail(Failure.Lost);
  if (result == ACQUIRED_ABANDONED) store<u32>(begun, load<u32>(count));
  else if (load<u32>(begun) != load<u32>(count)) fail(Failure.NotExclusive);
  store<u32>(begun, load<u32>(count) + 1);
  store<u32>(count, load<u32>(begun));
  if (!release(read(lock))) fail(Failure.NotExclusive);
}

export function mcs_lock_prove_run(): void {
  begin();
  for (let turn: u32 = 0, all = read(turns); turn < all; turn++) {
    mark(Event.Arrived, processor());
    const result = acquire(read(lock));
    mark(Event.Acquired, processor());
    change(result);
  }
}

export function mcs_lock_prove_try(): void {
  begin();
  const result = tryAcquire(read(lock));
  if (result != BUSY) change(result);
}

/** Whoever comes then gets in. */
export function mcs_lock_prove_end(): void {
  expectNothingHeld();
  begin();
  change(tryAcquire(read(lock)));
  change(acquire(read(lock)));
}
