/** What the locks have in common: to wait until one can be held in a mode, and to fill a token with it. */

import { AbandonedError } from "./abandoned-error.js";
import { mustBeOneOf, mustBeOptions } from "./arguments.js";
import { NotOwnerError } from "./errors.js";
import { NOW, WAIT } from "./kernel.js";
import { waitAsync } from "./lines.js";
import { ACQUIRED_ABANDONED, DEADLOCK, mustSucceed } from "./results.js";
import type { SharedObject } from "./shared-object.js";
import type { Unlockable, UnlockToken } from "./unlock-token.js";
import { type Attempt, TIMED_OUT, waitBlocking } from "./waiting.js";

/** What those get who lock it after its owner died. */
const ON_ABANDONED = ["tell", "throw"];

/**
 * For the kernel: 1 if the lock is to throw. `known` are the options that there are.
 *
 * @throws {TypeError | RangeError}
 */
export function isStrict(
  what: string,
  options: { readonly onAbandoned?: "tell" | "throw" | undefined },
  known = ["onAbandoned"],
): number {
  mustBeOptions(options, what, known);
  const { onAbandoned = "tell" } = options;
  mustBeOneOf(onAbandoned, what, "onAbandoned", ON_ABANDONED);
  return onAbandoned === "throw" ? 1 : 0;
}

/** How a lock is held: alone, or shared by readers. */
export interface LockMode extends Unlockable {
  /** The lock's class. */
  readonly kind: string;
  /** Whether it throws if who held it before died. */
  readonly strict: boolean;
}

/** A mode whose waiters sleep. */
export interface SleepingMode extends LockMode {
  readonly attempt: Attempt;
  /** After attempts that ended in WAIT. */
  giveUp(): void;
}

/** Waits and blocks. Null: the time is over. */
export function lockBlocking(lock: SharedObject, mode: SleepingMode, milliseconds: number, token: UnlockToken) {
  // First without being inside of it, which costs as much as to lock it.
  let result = milliseconds > 0 ? mode.attempt(NOW) : WAIT;
  if (result !== WAIT) return fillToken(mode, token, result);
  result = TIMED_OUT;
  try {
    result = waitBlocking(lock, mode.attempt, milliseconds);
  } finally {
    if (result === TIMED_OUT) mode.giveUp();
  }
  // Who does not wait, does not wait for itself: another task of this worker may hold it.
  return result === DEADLOCK && milliseconds === 0 ? null : fillToken(mode, token, result);
}

/** Waits without blocking. Null: the time is over. */
export async function lockWithoutBlocking(
  lock: SharedObject,
  mode: SleepingMode,
  milliseconds: number,
  token: UnlockToken,
  signal: AbortSignal | undefined,
) {
  let result = TIMED_OUT;
  try {
    result = await waitAsync(lock, mode.attempt, milliseconds, signal);
  } finally {
    if (result === TIMED_OUT) mode.giveUp();
  }
  return fillToken(mode, token, result);
}

/** The token that holds it, if the result of an attempt is that it does. */
export function fillToken(mode: LockMode, token: UnlockToken, result: number): UnlockToken | null {
  if (result === TIMED_OUT) return null;
  mustSucceed(result, "lock", mode.kind);
  token.take(mode, result === ACQUIRED_ABANDONED);
  if (token.abandoned && mode.strict) throw new AbandonedError(token);
  return token;
}

export function notOwner(kind: string): NotOwnerError {
  return new NotOwnerError(
    `Cannot unlock: received a ${kind} that this worker does not hold; expected one that it holds`,
  );
}
