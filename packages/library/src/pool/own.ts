/** Jobs that a thread executes itself: what it executes waits for them, and holds the records. */
import type { SharedSpace } from "../space.js";
import { type Thrown, thrownFrom } from "../thrown.js";
import type { Own } from "./executing.js";
import { type Job, revived } from "./job.js";
import { portable } from "./portable.js";
import { copied, purposeOfResult, purposeOfThrow, readWritten } from "./values.js";

/**
 * Values are copied, as if another thread executed it.
 *
 * @param ended called before its promise is settled
 * @throws {DOMException} of name `DataCloneError`, if there is no memory for its arguments
 */
export function ownOf(job: Job, space: SharedSpace, ended: () => void): Own {
  const { name, terms, written } = job;
  return {
    call: written ? readWritten(space, written) : job.call,
    begin: (stop, endWorker) => {
      if (terms) terms.own = { begun: performance.now(), stop, endWorker };
    },
    end: (hasThrown, value) => {
      clearTimeout(terms?.grace);
      ended();
      if (hasThrown) {
        const its = copied(space, portable(space, name, value), purposeOfThrow(name)) as Thrown;
        job.reject(revived(thrownFrom(its)));
        return;
      }
      try {
        job.resolve(copied(space, value, purposeOfResult(name)));
      } catch (error) {
        job.reject(error);
      }
    },
  };
}
