/**
 * How many executors a pool has: one more, up to `workers`, when a job has waited for `growAfter`; one less, down to `minimum`, when
 * one has had no job for `shrinkAfter`. Timers look at the records of jobs, as long as there is something to look for.
 */

import { microseconds } from "../clock.js";
import type { LibraryKernel } from "../kernel.js";
import type { SharedSpace } from "../space.js";
import { Count, countOf } from "./counts.js";
import { EXECUTOR, FLAGS, PINNED, State, SUBMITTED } from "./layout.js";
import type { Settings } from "./options.js";
import { Records } from "./records.js";

/** Milliseconds of the longest timer. */
const LONGEST = 2 ** 31 - 1;
/** Looks for idle executors in `shrinkAfter`. */
const LOOKS = 4;

/** The executors that it is about. */
export interface Crew {
  add(): void;
  retire(executor: number): void;
  /** Those that start or work, and are to stay. */
  readonly count: number;
  readonly starting: number;
  /** The numbers of those that work, and are to stay. */
  readonly working: readonly number[];
}

export class Demand {
  readonly #space: SharedSpace;
  readonly #kernel: LibraryKernel;
  readonly #pool: number;
  readonly #settings: Settings;
  readonly #crew: Crew;
  readonly #records: Records;
  #growth: ReturnType<typeof setTimeout> | undefined;
  #shrinking: ReturnType<typeof setInterval> | undefined;
  /** By executor: how many jobs it had done when it was found idle first, and when that was. */
  readonly #idle = new Map<number, { readonly done: number; readonly since: number }>();
  #hasEnded = false;

  constructor(space: SharedSpace, pool: number, settings: Settings, crew: Crew) {
    this.#space = space;
    this.#kernel = space.kernel;
    this.#pool = pool;
    this.#settings = settings;
    this.#crew = crew;
    this.#records = new Records(space, pool);
  }

  /** The crew has changed. */
  changed(): void {
    if (this.#hasEnded) return;
    const { workers, minimum, shrinkAfter } = this.#settings;
    this.#kernel.pool_set_growable(this.#pool, this.#crew.count < workers ? 1 : 0);
    this.look();
    const mayShrink = this.#crew.count > minimum && shrinkAfter < LONGEST;
    if (mayShrink && this.#shrinking === undefined) {
      this.#shrinking = setInterval(() => this.#shrink(), Math.max(shrinkAfter / LOOKS, 1));
      unref(this.#shrinking);
    } else if (!mayShrink) {
      clearInterval(this.#shrinking);
      this.#shrinking = undefined;
      this.#idle.clear();
    }
  }

  /** Jobs may wait for which there is nobody. */
  look(): void {
    if (this.#hasEnded || this.#growth !== undefined || !this.#mayGrow) return;
    if (this.#crew.count === 0) this.#crew.add();
    const { growAfter } = this.#settings;
    if (growAfter >= LONGEST || !this.#mayGrow) return;
    this.#growth = setTimeout(() => this.#grow(), Math.max(growAfter, 1));
    unref(this.#growth);
  }

  end(): void {
    this.#hasEnded = true;
    clearTimeout(this.#growth);
    clearInterval(this.#shrinking);
  }

  get #mayGrow(): boolean {
    return this.#crew.count < this.#settings.workers && this.#kernel.pool_queued(this.#pool) > this.#crew.starting;
  }

  #grow(): void {
    this.#growth = undefined;
    if (this.#mayGrow && this.#hasWaited()) this.#crew.add();
    this.look();
  }

  /** Whether a job has waited for `growAfter`. */
  #hasWaited(): boolean {
    const now = microseconds();
    const most = this.#settings.growAfter * 1000;
    return this.#someJob((word) => {
      if ((word(0) & 0xff) !== State.Queued || (word(FLAGS) & PINNED) !== 0) return false;
      return (now - word(SUBMITTED)) >>> 0 >= most;
    });
  }

  #shrink(): void {
    const { minimum, shrinkAfter } = this.#settings;
    const now = performance.now();
    let longest: number | undefined;
    for (const executor of this.#crew.working) {
      const done = countOf(this.#space, this.#pool, executor, Count.Done);
      const known = this.#idle.get(executor);
      if (this.#hasJob(executor)) this.#idle.delete(executor);
      else if (known?.done !== done) this.#idle.set(executor, { done, since: now });
      else if (now - known.since >= shrinkAfter && known.since <= (this.#idle.get(longest ?? executor)?.since ?? now))
        longest = executor;
    }
    if (longest === undefined || this.#crew.count <= minimum || this.#kernel.pool_queued(this.#pool) > 0) return;
    this.#idle.delete(longest);
    this.#crew.retire(longest);
  }

  #hasJob(executor: number): boolean {
    return this.#someJob((word) => {
      const state = word(0) & 0xff;
      return (state === State.Running || state === State.Asked) && word(EXECUTOR) === executor;
    });
  }

  #someJob(is: (word: (offset: number) => number) => boolean): boolean {
    for (let job = this.#kernel.pool_capacity(this.#pool) - 1; job >= 0; job--) {
      if (is((offset) => this.#records.load(job, offset))) return true;
    }
    return false;
  }
}

/** It does not keep Node alive. */
export function unref(timer: ReturnType<typeof setTimeout>): void {
  (timer as { unref?(): void }).unref?.();
}
