/** What has to be done when it returns: a lock would be let go, or a Once be done, before a promise settles. */
import { mustBeFunction } from "./arguments.js";

/**
 * What work returns that is done when it returns: no promise, as far as types say. A function of a program's own that
 * passes work on says so of it:
 *
 *     const inSection = <T>(work: () => Synchronous<T>): T => mutex.withLock(work);
 */
export type Synchronous<T> = T &
  (0 extends 1 & T ? unknown : [Extract<T, PromiseLike<unknown>>] extends [never] ? unknown : never);

/** @throws {TypeError} if it is no function, or an async one, as far as that is to be seen before it is called */
export function mustBeSynchronous(work: unknown, what: string, expected: string): void {
  mustBeFunction(work, what, "work");
  if (Object.prototype.toString.call(work) === "[object AsyncFunction]") {
    throw notSynchronous("an async function", what, expected);
  }
}

/**
 * What a function returned, unless it is a promise; whose rejection, if there is one, the error stands for.
 *
 * @throws {TypeError}
 */
export function mustNotBePromise<T>(value: T, what: string, expected: string): T {
  const { then } = (typeof value === "object" && value !== null ? value : {}) as { then?: unknown };
  if (typeof then !== "function") return value;
  Promise.resolve(value).catch(() => {});
  throw notSynchronous("a function that returns a promise", what, expected);
}

function notSynchronous(received: string, what: string, expected: string): TypeError {
  return new TypeError(`Cannot ${what}: received ${received}; expected ${expected}`);
}
