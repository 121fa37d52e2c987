/**
 * What the proofs of the locks whose waiters spin have in common. Each processor acquires the lock `turns` times; in the
 * critical section it adds 1 to a plain count in two steps, as those of the mutex do.
 *
 *     SCENE | lock | turns | count | begun |
 */
import { Failure, fail } from "../../machine";
import { ACQUIRED_ABANDONED } from "../lock-word";
import { held, identity, my } from "../space";
import { expect, SCENE } from "./worker";

export const lock: usize = SCENE;
export const turns: usize = SCENE + 4;
const count: usize = SCENE + 8;
const begun: usize = SCENE + 12;

/** More locks than there are in a span. */
export const MANY: i32 = 200;
/** That of the space, in the low half. */
const IDENTITY: u32 = 1;

/** The critical section, for who got the lock with that result. */
export function change(result: u32): void {
  if (result > ACQUIRED_ABANDONED) fail(Failure.Lost);
  if (result == ACQUIRED_ABANDONED) store<u32>(begun, load<u32>(count));
  else if (load<u32>(begun) != load<u32>(count)) fail(Failure.NotExclusive);
  store<u32>(begun, load<u32>(count) + 1);
  store<u32>(count, load<u32>(begun));
}

/** As repair does of who died. */
export function forgetHeld(): void {
  store<u32>(my + held, 0);
}

/** No room was left for the last one made, and the space is whole. */
export function expectFull(made: usize): void {
  expect(made == 0 && identity(0) == IDENTITY && identity(1) == 0);
}
