/** When a submitter gives a task up: its time is over, or its signal aborted. */
import { giveUpWhen } from "../giving-up.js";
import { isLate } from "./failures.js";
import type { Job, Terms } from "./job.js";

/** What can be done about a job. */
export interface Limited {
  /** When it was begun, by `performance.now()`; undefined: it waits. */
  begun(job: Job, terms: Terms): number | undefined;
  /** Its submitter wants no outcome any more. */
  stop(job: Job, terms: Terms, reason: unknown): void;
}

/** Milliseconds between looks at a job that waits, at least. */
const SOON = 2;
/** And at most: what records say of when a job was begun, holds for 71 minutes. */
const LATE = 30 * 60_000;

/** Stops it when it is to be given up. `timeout` counts from when it was begun, which its record says: so it looks again. */
export function limit(job: Job, terms: Terms, of: Limited): void {
  const { timeout, end, signal } = terms;
  if (signal?.aborted) {
    // By a getter of its arguments, while they were written.
    of.stop(job, terms, signal.reason);
    return;
  }
  if (timeout === Number.POSITIVE_INFINITY && end === Number.POSITIVE_INFINITY && !signal) return;
  look(job, terms, of);
}

function giveUpIn(left: number, job: Job, terms: Terms, of: Limited): void {
  const { signal } = terms;
  const isAborted = () => of.stop(job, terms, signal!.reason);
  terms.forget = giveUpWhen(left, signal, () => look(job, terms, of), isAborted);
}

function look(job: Job, terms: Terms, of: Limited): void {
  terms.forget?.();
  const now = performance.now();
  const begun = of.begun(job, terms);
  // What waits, has all of it left.
  const ofTimeout = begun === undefined ? Math.max(terms.timeout, SOON) : begun + terms.timeout - now;
  const left = Math.min(ofTimeout, terms.end - now);
  if (left > 0) giveUpIn(terms.timeout === Number.POSITIVE_INFINITY ? left : Math.min(left, LATE), job, terms, of);
  else of.stop(job, terms, isLate(job.name, terms));
}
