/**
 * What one thread has submitted to a pool, until it has the outcomes.
 *
 *     jobs      | by their records, until their outcome is there |
 *     backlog   | those for which there was no record, in the order in which they came |
 *
 * A job whose promise is settled before its outcome stays in `jobs`: its record is free only then. Each completed job frees
 * its record for the first of the backlog. There is one submitter for each pool in each thread, whatever objects stand for it.
 */

import { microseconds } from "../clock.js";
import type { LibraryKernel } from "../kernel.js";
import type { SharedSpace } from "../space.js";
import { type Thrown, thrownFrom } from "../thrown.js";
import { giveByPort, takeByPort } from "./by-port.js";
import type { Executing, Own } from "./executing.js";
import { type Ending, isClosed, workerDied } from "./failures.js";
import { type Job, revived, type Terms } from "./job.js";
import { BEGUN, DRAINED, ENDED, FLAGS, HOW, How, NO_JOB, OPEN, OVER, State, TAKEN_BACK, UNBEGUN } from "./layout.js";
import { type Limited, limit } from "./limits.js";
import { type Expectations, Listener } from "./listener.js";
import type { Maker } from "./maker.js";
import { ownOf } from "./own.js";
import { ANY, Placing } from "./placing.js";
import { Queue } from "./queue.js";
import { Records } from "./records.js";
import { readChunkOutcome, readResult } from "./values.js";

/** Jobs that are kept between two looks. */
const BETWEEN = 32;
/** Instead of the value of a job for one executor that was not there any more. */
export const GONE = Symbol("gone");

export class Submitter implements Expectations, Limited {
  readonly #space: SharedSpace;
  readonly #pool: number;
  readonly #kernel: LibraryKernel;
  readonly #words: Int32Array;
  readonly #records: Records;
  readonly #drained: number;
  readonly #jobs: (Job | undefined)[];
  /** How many are in `#jobs`. */
  #count = 0;
  /** How many this thread executes without a record. */
  #own = 0;
  readonly #backlog = new Queue<Job>();
  readonly #placing: Placing;
  #maker: Maker | undefined;
  readonly #whenReady: (() => void)[] = [];
  readonly #whenDrained: (() => void)[] = [];
  readonly #listener: Listener;
  #executing: Executing | undefined;
  /** Milliseconds that a task has to end when it was told to. */
  grace = 100;

  constructor(space: SharedSpace, pool: number) {
    const { kernel } = space;
    this.#space = space;
    this.#pool = pool;
    this.#kernel = kernel;
    this.#records = new Records(space, pool);
    this.#drained = kernel.pool_drained(pool) >>> 2;
    this.#words = space.words(this.#drained * 4, DRAINED * 4);
    this.#placing = new Placing(space, pool, this.#records);
    this.#jobs = new Array(kernel.pool_capacity(pool)).fill(undefined);
    this.#listener = new Listener(space, pool, this);
    space.whenClosed((reason) => {
      this.#listener.end();
      this.#rejectAll(() => reason);
    });
  }

  /** This thread has made the pool. */
  set maker(maker: Maker) {
    this.#maker = maker;
    this.#listener.listen();
  }

  /** This thread is an executor of the pool: its tasks may submit also while the pool closes. */
  set executing(executing: Executing | undefined) {
    this.#executing = executing;
    executing?.queues.push(() => this.inQueue());
    executing?.backlogs.push(() => this.#takeOwn(executing.number));
    executing?.waits.push(() => this.isPending);
  }

  /** Jobs of this thread without an outcome. */
  get pending(): number {
    return this.#count + this.#backlog.length + this.#own;
  }

  get isPending(): boolean {
    return this.pending > 0 || this.#whenReady.length > 0;
  }

  get expects(): boolean {
    return this.isPending || this.#maker !== undefined;
  }

  /**
   * Its promise is settled when there is an outcome.
   *
   * @param keeps whether it goes into the backlog when there is no record
   * @returns false: it does not, and there is none
   */
  submit(job: Job, keeps: boolean): boolean {
    const state = this.#kernel.pool_state(this.#pool);
    if (state !== OPEN && !this.#executing) {
      job.reject(this.#closed(state));
      return true;
    }
    // While many are submitted at once, the workers are not to run out of jobs.
    if (this.#backlog.length > 0 && this.#backlog.length % BETWEEN === 0) this.look();
    if (this.#backlog.length > 0 || !this.#place(job)) {
      if (!keeps) return false;
      this.#keep(job);
    }
    if (job.terms && !job.isOver) limit(job, job.terms, this);
    this.#listener.listen();
    this.#executing?.look();
    return true;
  }

  /** Records of the jobs of this thread that wait in the pool, those with the highest numbers first. */
  *inQueue(): Generator<number, void> {
    for (let t = this.#count === 0 ? -1 : this.#jobs.length - 1; t >= 0; t--) {
      if (this.#jobs[t] && this.#records.stateOf(t) === State.Queued) yield t;
    }
  }

  /** Resolves when there is a record for one job more. */
  ready(): Promise<void> {
    if (this.#backlog.length === 0 && this.#hasRoom()) return Promise.resolve();
    return new Promise((resolve) => {
      this.#whenReady.push(resolve);
      this.#kernel.pool_want(this.#pool);
      this.#listener.listen();
    });
  }

  /** Resolves when no job of this thread is without an outcome. */
  drain(): Promise<void> {
    return this.pending === 0 ? Promise.resolve() : new Promise((resolve) => this.#whenDrained.push(resolve));
  }

  /** The first of the backlog, for this thread to execute: what it executes waits for it, and holds the records. */
  #takeOwn(executor: number): Own | undefined {
    const job = this.#backlog.first;
    const terms = job?.terms;
    if (!job || terms?.transfer || (terms && terms.executor !== ANY && terms.executor !== executor)) return undefined;
    this.#backlog.shift();
    // Who waits until there is room, or until all is done, is told by a look.
    this.#listener.listen();
    const ended = () => {
      this.#own--;
      if (this.#own === 0 && this.#backlog.length === 0) this.#kernel.pool_set_backlog(this.#pool, 0);
      this.#listener.listen();
    };
    this.#own++;
    try {
      return ownOf(job, this.#space, ended);
    } catch (error) {
      ended();
      job.reject(error);
      return undefined;
    }
  }

  /** Nothing can be told any more. */
  end(): void {
    this.#listener.end();
    this.#rejectAll(() => this.#closed(ENDED));
  }

  look(): boolean {
    const pool = this.#pool;
    const kernel = this.#kernel;
    let isNew = false;
    for (let count = kernel.pool_drain(pool); count > 0; count = kernel.pool_drain(pool)) {
      isNew = true;
      for (let i = 0; i < count; i++) this.#outcome(this.#words[this.#drained + i]!);
    }
    if (this.#maker) {
      const flags = kernel.pool_attend(pool);
      if (flags !== 0) this.#maker.attend(flags);
    }
    if (this.#backlog.length > 0 || this.#whenReady.length > 0) isNew = this.#placeKept() || isNew;
    if (this.isPending && kernel.pool_state(pool) === ENDED) this.#rejectAll(() => this.#closed(ENDED));
    // An executor that is to leave waits for it.
    if (isNew && this.pending === 0) this.#executing?.look();
    if (this.pending === 0 && this.#whenDrained.length > 0)
      for (const resolve of this.#whenDrained.splice(0)) resolve();
    return isNew;
  }

  /** An executor needs no record: what finds none, it executes itself. */
  #hasRoom(): boolean {
    return this.#executing !== undefined || this.#placing.hasRoom;
  }

  /** Into the backlog, as its values are now. */
  #keep(job: Job): void {
    try {
      if (!job.written && !job.terms?.transfer && !job.isUnchangeable) job.written = this.#placing.written(job);
    } catch (error) {
      job.reject(error);
      return;
    }
    this.#backlog.push(job);
    if (this.#backlog.length > 1) return;
    this.#kernel.pool_set_backlog(this.#pool, 1);
    this.#kernel.pool_want(this.#pool);
  }

  /** As `#refill`; an executor may execute itself what it has placed. */
  #placeKept(): boolean {
    const isPlaced = this.#refill();
    if (isPlaced) this.#executing?.look();
    return isPlaced;
  }

  /** From the backlog into records, as far as there are any. Whether any was placed. */
  #refill(): boolean {
    let isPlaced = false;
    for (let job = this.#backlog.first; job; job = this.#backlog.first) {
      if (!this.#place(job)) {
        if (!this.#placing.dependsOnOthers(job)) return isPlaced;
        this.#kernel.pool_want(this.#pool);
        if (!this.#place(job)) return isPlaced;
      }
      this.#backlog.shift();
      isPlaced = true;
    }
    if (isPlaced && this.#own === 0) this.#kernel.pool_set_backlog(this.#pool, 0);
    if (this.#whenReady.length === 0) return isPlaced;
    if (!this.#hasRoom()) {
      this.#kernel.pool_want(this.#pool);
      if (!this.#hasRoom()) return isPlaced;
    }
    for (const resolve of this.#whenReady.splice(0)) resolve();
    return true;
  }

  /** Into a record, or rejected. False: there is no record. */
  #place(job: Job): boolean {
    let t: number;
    try {
      t = this.#placing.fill(job);
    } catch (error) {
      job.reject(error);
      return true;
    }
    if (t === NO_JOB) return false;
    job.record = t;
    this.#jobs[t] = job;
    this.#count++;
    this.#enqueue(job);
    return true;
  }

  /** A job whose arguments are in its record. */
  #enqueue(job: Job): void {
    if (this.#placing.enqueue(job)) return;
    const state = this.#kernel.pool_state(this.#pool);
    this.#forgetRecord(job.record);
    if (state === ENDED) job.reject(this.#closed(ENDED));
    else job.resolve(GONE);
  }

  /** Something is told of a record; nothing if it is not of a job that has an outcome. */
  #outcome(t: number): void {
    const job = this.#jobs[t];
    const state = job && this.#records.stateOf(t);
    if (state === State.Asked) this.#kernel.pool_post(this.#pool, giveByPort(job!, this.#records, this.#maker!), t);
    else if (state === State.Done) this.#done(job!);
    else if (state === State.Died) this.#died(job!);
  }

  #done(job: Job): void {
    const { record } = job;
    const how = this.#records.word(record, HOW);
    let value: unknown;
    let isThrown = how === How.Error;
    try {
      value = this.#resultOf(record, how, job.terms?.isEach === true);
      if (isThrown) value = thrownFrom(value as Thrown);
    } catch (error) {
      isThrown = true;
      value = error;
    }
    this.#forgetRecord(record);
    if (job.terms?.refusal) job.reject(job.terms.refusal.error);
    else if (isThrown) job.reject(revived(value));
    else job.resolve(value);
  }

  /** What its executor has told, or a promise of it. */
  #resultOf(record: number, how: number, isOfChunk: boolean): unknown {
    if (how === How.Nothing) return undefined;
    const address = this.#records.addressOf(record);
    if (how === How.Value && isOfChunk) return readChunkOutcome(this.#space, address);
    if (how !== How.Port) return readResult(this.#space, address);
    return takeByPort(record, this.#records, this.#maker!);
  }

  #died(job: Job): void {
    const { record, terms } = job;
    const isUnbegun = (this.#records.word(record, FLAGS) & UNBEGUN) !== 0 && !terms?.isGiven;
    if (isUnbegun && terms && terms.executor !== ANY) {
      this.#forgetRecord(record);
      job.resolve(GONE);
    } else if (!job.isOver && (isUnbegun || (terms && terms.retries > 0 && !terms.transfer))) {
      if (!isUnbegun) terms!.retries--;
      if (terms) terms.begun = undefined;
      this.#kernel.pool_reuse(this.#pool, record);
      this.#enqueue(job);
    } else {
      const ending = readResult(this.#space, this.#records.addressOf(record)) as Ending;
      this.#forgetRecord(record);
      job.reject(workerDied(job.name, ending));
    }
  }

  begun({ record }: Job, terms: Terms): number | undefined {
    if (terms.own) return terms.own.begun;
    if (record < 0 || this.#records.stateOf(record) < State.Running) return undefined;
    terms.begun ??= performance.now() - ((microseconds() - this.#records.word(record, BEGUN)) >>> 0) / 1000;
    return terms.begun;
  }

  /** Unless it has its outcome. */
  stop(job: Job, terms: Terms, reason: unknown): void {
    const { record } = job;
    if (record < 0) {
      const { own } = terms;
      if (own) {
        own.stop();
        terms.grace = setTimeout(own.endWorker, this.grace);
      } else if (this.#backlog.delete(job) && this.#backlog.length === 0 && this.#own === 0)
        this.#kernel.pool_set_backlog(this.#pool, 0);
      job.reject(reason);
      return;
    }
    const was = this.#kernel.pool_cancel(this.#pool, record);
    this.#listener.listen();
    if (was === OVER) return;
    if (was === TAKEN_BACK) this.#forgetRecord(record);
    else terms.grace = setTimeout(() => this.#kernel.pool_doom(this.#pool, record), this.grace);
    job.reject(reason);
  }

  #rejectAll(reason: () => unknown): void {
    for (let job = this.#backlog.shift(); job; job = this.#backlog.shift()) job.reject(reason());
    for (const [t, job] of this.#jobs.entries()) {
      if (!job) continue;
      clearTimeout(job.terms?.grace);
      this.#jobs[t] = undefined;
      job.reject(reason());
    }
    this.#count = 0;
    for (const resolve of [...this.#whenReady.splice(0), ...this.#whenDrained.splice(0)]) resolve();
  }

  /** What jobs get that nobody executes. */
  #closed(state: number): Error {
    return this.#maker?.failure ?? isClosed(state);
  }

  /** The record of a job that has its outcome, or needs none. */
  #forgetRecord(t: number): void {
    const { terms } = this.#jobs[t]!;
    if (terms) clearTimeout(terms.grace);
    this.#jobs[t] = undefined;
    this.#count--;
    this.#placing.release(t);
  }
}
