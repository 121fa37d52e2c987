/** Jobs on their way into records: a free one is found, the call is written into it, and it becomes ready. */

import { microseconds } from "../clock.js";
import { copyWords } from "../copy.js";
import type { LibraryKernel } from "../kernel.js";
import type { SharedSpace } from "../space.js";
import type { Purpose } from "../structured-refusal.js";
import { type WrittenCall, wordsOf } from "./bare-calls.js";
import { holdsTooMuch } from "./failures.js";
import type { Job } from "./job.js";
import { HOLDS_TOO_MUCH, NO_JOB } from "./layout.js";
import type { Records } from "./records.js";
import { RESERVED, Vacancies } from "./vacancies.js";
import { placeFor, purposeOfRun, writeBytes, writeCall, written } from "./values.js";

/** In the place of an executor. */
export const ANY = -1;
/** So many are submitted with the same time. */
const OLD = 8;

/** What is known of a task by its name. */
interface Known {
  readonly purpose: Purpose;
  /** Its call without arguments. */
  readonly bare: WrittenCall;
}

export class Placing {
  readonly #space: SharedSpace;
  readonly #pool: number;
  readonly #kernel: LibraryKernel;
  readonly #vacancies: Vacancies;
  readonly #known = new Map<string, Known>();
  readonly #room = (bytes: number, t: number) => this.#kernel.pool_room_for_arguments(this.#pool, t, bytes);
  #time = 0;
  #asked = 0;

  constructor(space: SharedSpace, pool: number, records: Records) {
    this.#space = space;
    this.#pool = pool;
    this.#kernel = space.kernel;
    this.#vacancies = new Vacancies(records, space.kernel.pool_capacity(pool) - RESERVED);
  }

  get hasRoom(): boolean {
    return this.#vacancies.find(false) !== NO_JOB;
  }

  /** Whether another thread may free a record for the job. */
  dependsOnOthers(job: Job): boolean {
    return isReserved(job) || !this.#vacancies.hasAll;
  }

  /** A job's call as it is now. @throws as `StructuredWriter.write` */
  written(job: Job): Uint8Array {
    return written(this.#space, job.call, this.#knownOf(job.name).purpose);
  }

  /**
   * A record of this thread's own, with the call in it; NO_JOB: none is free.
   *
   * @throws as `StructuredWriter.write`; {SpaceFullError}
   */
  fill(job: Job): number {
    const mayReserve = isReserved(job);
    const vacancy = this.#vacancies.find(mayReserve);
    if (vacancy === NO_JOB) return NO_JOB;
    const t = this.#kernel.pool_begin(this.#pool, vacancy);
    if (t === NO_JOB) return NO_JOB;
    if (t === HOLDS_TOO_MUCH) throw holdsTooMuch();
    if (!this.#vacancies.isFor(t, mayReserve)) {
      // Another thread was faster.
      this.#kernel.pool_free(this.#pool, t);
      return NO_JOB;
    }
    this.#vacancies.took(t);
    try {
      this.#write(job, t);
    } catch (error) {
      this.release(t);
      throw error;
    }
    return t;
  }

  /** One that is filled becomes ready. False: nobody is there who could execute it. */
  enqueue(job: Job): boolean {
    const { record, terms, key } = job;
    const now = this.#now();
    if (isReserved(job)) return this.#kernel.pool_submit_to(this.#pool, record, terms!.executor, now) === 1;
    return this.#kernel.pool_submit(this.#pool, record, key, terms?.priority ?? 0, now) === 1;
  }

  /** Of a job that has its outcome, or needs none. */
  release(t: number): void {
    this.#kernel.pool_free(this.#pool, t);
    this.#vacancies.freed(t);
  }

  #write(job: Job, t: number): void {
    const { purpose, bare } = this.#knownOf(job.name);
    if (job.written) writeBytes(this.#space, job.written, purpose, this.#room, t);
    else if (job.terms?.transfer) writeCall(this.#space, [job.name, undefined], purpose, this.#room, t);
    else if (job.isBare) copyBare(bare, this.#space, placeFor(bare.bytes, purpose, this.#room, t));
    else writeCall(this.#space, job.call, purpose, this.#room, t);
  }

  #knownOf(name: string): Known {
    let known = this.#known.get(name);
    if (!known) {
      const purpose = purposeOfRun(name);
      known = { purpose, bare: wordsOf(written(this.#space, [name, []], purpose)) };
      this.#known.set(name, known);
    }
    return known;
  }

  /** The time, a little old where many are submitted at once: to ask for it takes as long as a third of the rest. */
  #now(): number {
    if (this.#asked++ % OLD === 0) this.#time = microseconds();
    return this.#time;
  }
}

function copyBare({ words, bytes }: WrittenCall, space: SharedSpace, address: number): void {
  copyWords(words, 0, bytes, space.words(address, bytes), address >>> 2);
}

/** Whether a job is for one executor, for which some records are kept. */
function isReserved({ terms }: Job): boolean {
  return terms !== undefined && terms.executor !== ANY;
}
