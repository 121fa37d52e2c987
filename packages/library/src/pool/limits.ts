/** When a submitter gives a task up: its time is over, or its signal aborted. */
import { giveUpWhen } from "../giving-up.js";
import { isLate } from "./failures.js";
import type { Job, Terms } from "./job.js";

/** What can be done about a job. */
export interface Limited {
  /** Milliseconds since it was begun; 0 if it was not. */
  ran(job: Job, terms: Terms): number;
  /** Its submitter wants no outcome any more. */
  stop(job: Job, terms: Terms, reason: unknown): void;
}

/** Stops it when it is to be given up. `timeout` counts from when it was begun, which its record says: so it looks again. */
export function limit(job: Job, terms: Terms, of: Limited): void {
  const { timeout, end, signal } = terms;
  if (signal?.aborted) {
    // By a getter of its arguments, while they were written.
    of.stop(job, terms, signal.reason);
    return;
  }
  if (timeout === Number.POSITIVE_INFINITY && end === Number.POSITIVE_INFINITY && !signal) return;
  giveUpIn(Math.max(Math.min(timeout, end - performance.now()), 0), job, terms, of);
}

function giveUpIn(left: number, job: Job, terms: Terms, of: Limited): void {
  const { signal } = terms;
  const isAborted = () => of.stop(job, terms, signal!.reason);
  terms.forget = giveUpWhen(left, signal, () => look(job, terms, of), isAborted);
}

function look(job: Job, terms: Terms, of: Limited): void {
  terms.forget?.();
  const left = Math.min(terms.timeout - of.ran(job, terms), terms.end - performance.now());
  if (left > 0) giveUpIn(left, job, terms, of);
  else of.stop(job, terms, isLate(job.name, terms));
}
