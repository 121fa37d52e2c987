/** The records of a pool's jobs, as a thread reads them: jobs.ts of the kernel. */
import type { SharedSpace } from "../space.js";
import { JOB_BYTES } from "./layout.js";

export class Records {
  readonly #words: Int32Array;
  readonly #first: number;

  constructor(space: SharedSpace, pool: number) {
    this.#first = space.kernel.pool_job_at(pool, 0) >>> 0;
    this.#words = space.words(this.#first, space.kernel.pool_capacity(pool) * JOB_BYTES);
  }

  addressOf(job: number): number {
    return this.#first + job * JOB_BYTES;
  }

  /** A word of a record that the kernel has shown to this thread. */
  word(job: number, offset: number): number {
    return this.#words[(this.addressOf(job) + offset) >>> 2]!;
  }

  /** One that may change at any time. */
  load(job: number, offset: number): number {
    return Atomics.load(this.#words, (this.addressOf(job) + offset) >>> 2);
  }

  setWord(job: number, offset: number, value: number): void {
    Atomics.store(this.#words, (this.addressOf(job) + offset) >>> 2, value);
  }

  stateOf(job: number): number {
    return this.word(job, 0) & 0xff;
  }
}
