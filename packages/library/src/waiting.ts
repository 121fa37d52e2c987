/**
 * Waiting. An operation is an attempt, made again and again: its result says that it is done, or that the caller has to
 * sleep first, where the kernel says.
 */
import { mustBeOptions, mustBeSignal, mustBeTime } from "./arguments.js";
import { mayBlock, mustBeAbleToBlock } from "./blocking.js";
import { FRESH, NOW, SLEPT, WAIT } from "./kernel.js";
import type { SharedObject } from "./shared-object.js";
import type { SharedSpace } from "./space.js";

/** Options of the methods that wait without blocking. */
export interface WaitOptions {
  /** Milliseconds after which the promise rejects with a DOMException of name `TimeoutError`. Default: never. */
  readonly timeout?: number | undefined;
  /** When this signal is aborted, the promise rejects with the signal's reason, and nothing was acquired. */
  readonly signal?: AbortSignal | undefined;
}

/** What of the options a wait uses. @internal */
export interface Wait {
  readonly timeout: number;
  readonly signal: AbortSignal | undefined;
}

const WAIT_OPTIONS = ["timeout", "signal"];
const FOR_EVER_WITHOUT_SIGNAL: Wait = { timeout: Number.POSITIVE_INFINITY, signal: undefined };

/** The options, checked. @throws {TypeError | RangeError} */
export function waitOptions(what: string, options: WaitOptions | undefined): Wait {
  if (options === undefined) return FOR_EVER_WITHOUT_SIGNAL;
  mustBeOptions(options, what, WAIT_OPTIONS);
  const { timeout = Number.POSITIVE_INFINITY, signal } = options;
  mustBeTime(timeout, what);
  if (signal !== undefined) mustBeSignal(signal, what);
  return { timeout, signal };
}

/** The signal of the forms whose time is an argument, checked as the time is. @throws {TypeError | RangeError} */
export function signalFor(what: string, milliseconds: number, options: Pick<WaitOptions, "signal"> | undefined) {
  mustBeTime(milliseconds, what);
  if (options === undefined) return undefined;
  mustBeOptions(options, what, ["signal"]);
  const { signal } = options;
  if (signal !== undefined) mustBeSignal(signal, what);
  return signal;
}

/** Makes an attempt use room that was promised to it; where it has to wait, the room is kept for it. @internal */
export function withPromise({ kernel }: SharedSpace, attempt: Attempt): Attempt {
  return (as) => {
    kernel.keep_promise();
    const result = attempt(as);
    if (result === WAIT) kernel.promise_room();
    return result;
  };
}

/** An attempt at an operation: a result, or WAIT. `as` is FRESH, SLEPT, ASYNCHRONOUS or NOW. */
export type Attempt = (as: number) => number;

/** The result of a wait that was over first. */
export const TIMED_OUT = -2;

/** Milliseconds from which on a wait is one for ever, about 35 years: the kernel counts nanoseconds, in 63 bits. */
const FOR_EVER = 2 ** 40;

/**
 * Blocks until the attempt succeeds, `timeout` milliseconds at most (Infinity: for ever; 0, or no number: one attempt,
 * that neither spins nor tells others that anybody waits).
 *
 * @returns the attempt's result, or TIMED_OUT
 * @throws {FreedError} also if the object is freed meanwhile
 * @throws {BlockingError} in a thread that must not block, if the first attempt does not succeed
 */
export function waitBlocking(object: SharedObject, attempt: Attempt, timeout = Number.POSITIVE_INFINITY): number {
  if (timeout > 0 && mayBlock) return inside(object, () => sleepUntil(object, attempt, timeout));
  return attemptOnce(attempt, timeout);
}

/**
 * As `waitBlocking`, for attempts that are about several objects, and themselves ask whether those exist: `object` is
 * one of them.
 */
export function waitForSeveral(object: SharedObject, attempt: Attempt, timeout: number): number {
  return timeout > 0 && mayBlock ? sleepUntil(object, attempt, timeout) : attemptOnce(attempt, timeout);
}

function attemptOnce(attempt: Attempt, timeout: number): number {
  const result = attempt(NOW);
  if (result !== WAIT) return result;
  if (timeout > 0) mustBeAbleToBlock();
  return TIMED_OUT;
}

/**
 * Does something, which calls nothing of the program's, with an object whose memory stays what it is meanwhile.
 *
 * @throws {FreedError}
 */
export function inside<Result>(object: SharedObject, act: () => Result, what = "wait"): Result {
  const { kernel } = object.space;
  const { address, identity } = object.handle;
  if (kernel.enter_object(address, identity) === 0) throw object.freedError(what);
  try {
    return act();
  } finally {
    kernel.leave_object();
  }
}

function sleepUntil(object: SharedObject, attempt: Attempt, timeout: number): number {
  const result = attempt(FRESH);
  if (result !== WAIT) return result;
  const { watcher } = object.space;
  try {
    watcher?.begins(object.handle.address, timeout);
    return sleepAndAttempt(object, attempt, timeout);
  } finally {
    watcher?.ends();
  }
}

function sleepAndAttempt(object: SharedObject, attempt: Attempt, timeout: number): number {
  const { kernel, watcher } = object.space;
  const end = performance.now() + timeout;
  for (;;) {
    watcher?.waits();
    const left = timeout >= FOR_EVER ? -1 : Math.max(0, end - performance.now());
    const inTime = kernel.sleep(left) !== 0;
    if (object.freed) throw object.freedError("wait");
    if (!inTime) return TIMED_OUT;
    const result = attempt(SLEPT);
    if (result !== WAIT) return result;
  }
}

/** What the forms that take a timeout reject with. */
export function timeoutError(what: string, milliseconds: number): DOMException {
  return new DOMException(
    `Cannot ${what}: received no turn in ${milliseconds} ms; expected one in that time`,
    "TimeoutError",
  );
}
