/** What an executor has done: counts in its line, histograms of times, what reloading costs, and when it is to be replaced. */

import type { LibraryKernel } from "../kernel.js";
import { threads } from "../platform/threads.js";
import { COUNTS_BYTES, Count } from "./counts.js";
import { COLD, STOLEN, WARM } from "./layout.js";
import type { Start } from "./messages.js";
import type { Pool } from "./pool.js";
import { ReloadCosts } from "./reload-costs.js";

/** Microseconds between two looks at the heap, each of which takes some. */
const HEAP_PERIOD = 100_000;

export class Progress {
  readonly #kernel: LibraryKernel;
  readonly #pool: number;
  readonly #waiting: number;
  readonly #running: number;
  readonly #words: Int32Array;
  readonly #line: number;
  readonly #recycleAfter: number;
  readonly #recycleAbove: number;
  readonly #costs = new ReloadCosts();
  #done = 0;
  #looked = 0;
  #isRecycled = false;

  constructor({ space, handle }: Pool, { executor, waiting, running, recycleAfter, recycleAbove }: Start) {
    const { kernel } = space;
    this.#kernel = kernel;
    this.#pool = handle.address;
    this.#waiting = waiting.address;
    this.#running = running.address;
    this.#recycleAfter = recycleAfter;
    this.#recycleAbove = recycleAbove;
    this.#line = kernel.pool_executor_line(handle.address, executor) >>> 0;
    this.#words = space.words(this.#line, COUNTS_BYTES);
  }

  set inProgress(count: number) {
    this.#write(Count.InProgress, count);
  }

  /** A job that was submitted at one time was begun at another: microseconds, by clock.ts. */
  begun(now: number, submitted: number): void {
    this.#kernel.histogram_record(this.#waiting, (now - submitted) >>> 0);
  }

  /** The result of the last one could not be told. */
  failed(): void {
    this.#add(Count.Failed, 1);
  }

  /** A job is about to have its outcome. Whether the executor is to be replaced, once. */
  ended(name: string, flags: number, begun: number, now: number, hasFailed: boolean, count: number): boolean {
    const ran = (now - begun) >>> 0;
    this.#kernel.histogram_record(this.#running, ran);
    this.#done += count;
    this.#write(Count.Done, this.#done);
    if (hasFailed) this.failed();
    if (flags & STOLEN) this.#add(Count.Stolen, 1);
    if ((flags & (WARM | COLD)) !== 0) {
      this.#add(flags & WARM ? Count.Warm : Count.Cold, 1);
      const cost = hasFailed ? undefined : this.#costs.note(name, flags, ran);
      if (cost !== undefined) this.#kernel.pool_procrastinate(this.#pool, cost);
    }
    if (this.#isRecycled || !this.#mustBeReplaced(now)) return false;
    this.#isRecycled = true;
    return true;
  }

  #mustBeReplaced(now: number): boolean {
    if (this.#done >= this.#recycleAfter) return true;
    if ((now - this.#looked) >>> 0 < HEAP_PERIOD) return false;
    this.#looked = now;
    const bytes = threads.heap();
    this.#write(Count.Heap, bytes / 1024);
    return bytes > this.#recycleAbove;
  }

  /** By this thread alone; others read it, a little later. */
  #write(offset: number, value: number): void {
    this.#words[(this.#line + offset) >>> 2] = value;
  }

  #add(offset: number, value: number): void {
    this.#words[(this.#line + offset) >>> 2]! += value;
  }
}
