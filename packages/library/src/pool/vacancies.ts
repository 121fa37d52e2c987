/**
 * Where a thread looks for a free record. Most are for any job. Some are for jobs of one executor alone: a task that waits for
 * such jobs goes on also where all other records belong to tasks that wait.
 */
import { NO_JOB, State } from "./layout.js";
import type { Records } from "./records.js";

/** Records for jobs of one executor, beside the pool's capacity: a whole word of bits. */
export const RESERVED = 32;

export class Vacancies {
  readonly #records: Records;
  /** The first that is reserved. */
  readonly #capacity: number;
  /** Those that this thread has freed last, and the one after the last that it took. */
  readonly #freed: number[] = [];
  #next = 0;
  /** How many this thread has, of those that are not reserved. */
  #taken = 0;

  constructor(records: Records, capacity: number) {
    this.#records = records;
    this.#capacity = capacity;
  }

  /** Whether this thread has all that are not reserved: nobody else frees one. */
  get hasAll(): boolean {
    return this.#taken === this.#capacity;
  }

  /** One that was free a moment ago; NO_JOB. */
  find(isReserved: boolean): number {
    const freed = this.#freed.pop();
    if (freed !== undefined && this.#isFree(freed)) return freed;
    for (let i = 0; i < this.#capacity && !this.hasAll; i++) {
      const t = (this.#next + i) % this.#capacity;
      if (this.#isFree(t)) return t;
    }
    for (let t = this.#capacity; isReserved && t < this.#capacity + RESERVED; t++) if (this.#isFree(t)) return t;
    return NO_JOB;
  }

  /** Whether a job may have the record. */
  isFor(t: number, isReserved: boolean): boolean {
    return isReserved || t < this.#capacity;
  }

  took(t: number): void {
    if (t >= this.#capacity) return;
    this.#next = (t + 1) % this.#capacity;
    this.#taken++;
  }

  freed(t: number): void {
    if (t >= this.#capacity) return;
    this.#freed.push(t);
    this.#taken--;
  }

  #isFree(t: number): boolean {
    return this.#records.stateOf(t) === State.Free;
  }
}
