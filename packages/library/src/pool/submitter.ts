/**
 * What one thread has submitted to a pool, until it has the outcomes.
 *
 *     jobs      | by their records, until their outcome is there |
 *     backlog   | those for which there was no record, in the order in which they came |
 *
 * A job whose promise is settled before its outcome stays in `jobs`: its record is free only then. Each completed job frees
 * its record for the first of the backlog. There is one submitter for each pool in each thread, whatever objects stand for it.
 */
import { PoolClosedError, SpaceFullError, WorkerDiedError } from "../errors.js";
import { giveUpWhen } from "../giving-up.js";
import type { LibraryKernel } from "../kernel.js";
import type { SharedSpace } from "../space.js";
import { microseconds } from "./clock.js";
import { isUnchangeable, type Job, revived } from "./job.js";
import {
  BEGUN,
  ENDED,
  EXECUTOR,
  FLAGS,
  GENERATION,
  HOLDS_TOO_MUCH,
  HOW,
  How,
  JOB_BYTES,
  NO_JOB,
  OPEN,
  OVER,
  State,
  TAKEN_BACK,
  UNBEGUN,
} from "./layout.js";
import { type Expectations, Listener } from "./listener.js";
import type { Executing } from "./task.js";
import { type Thrown, thrownFrom } from "./thrown.js";
import { readResult, writeBytes, writeValue, written } from "./values.js";

/** What only the thread does that has made the pool. */
export interface Maker {
  /** Looks at what it is asked to; layout.ts. */
  attend(flags: number): void;
  /** Gives a job's values to an executor that has asked for them. */
  post(executor: number, message: unknown, transfer: readonly object[]): void;
  /** What an executor has posted as a job's outcome. */
  takeResult(executor: number, job: number, generation: number): unknown;
}

/** Instead of the value of a job for one executor that was not there any more. */
export const GONE = Symbol("gone");

export class Submitter implements Expectations {
  readonly #space: SharedSpace;
  readonly #pool: number;
  readonly #kernel: LibraryKernel;
  readonly #words: Int32Array;
  readonly #records: number;
  readonly #drained: number;
  readonly #jobs: (Job | undefined)[];
  /** How many are in `#jobs`. */
  #count = 0;
  readonly #backlog = new Set<Job>();
  /** Records that this thread has freed last, and the one after the last that it took. */
  readonly #freed: number[] = [];
  #next = 0;
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
    this.#records = kernel.pool_job_at(pool, 0) >>> 0;
    this.#drained = kernel.pool_drained(pool) >>> 2;
    const capacity = kernel.pool_capacity(pool);
    this.#words = space.words(this.#records, capacity * JOB_BYTES);
    this.#jobs = new Array(capacity).fill(undefined);
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
  }

  /** Jobs of this thread without an outcome. */
  get pending(): number {
    return this.#count + this.#backlog.size;
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
    if (this.#backlog.size > 0 || !this.#place(job)) {
      if (!keeps) return false;
      this.#keep(job);
    }
    if (!job.isOver) this.#limit(job);
    this.#listener.listen();
    this.#executing?.look();
    return true;
  }

  /** Records of the jobs of this thread that wait in the pool, those with the highest numbers first. */
  *inQueue(): Generator<number, void> {
    for (let t = this.#count === 0 ? -1 : this.#jobs.length - 1; t >= 0; t--) {
      if (this.#jobs[t] && this.#stateOf(t) === State.Queued) yield t;
    }
  }

  /** Resolves when there is a record for one job more. */
  ready(): Promise<void> {
    if (this.#backlog.size === 0 && this.#hasRecord()) return Promise.resolve();
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

  /** Nothing can be told any more. */
  end(): void {
    this.#listener.end();
    this.#rejectAll(() => isClosed(ENDED));
  }

  look(): boolean {
    const { address, kernel } = { address: this.#pool, kernel: this.#kernel };
    let isNew = false;
    for (let count = kernel.pool_drain(address); count > 0; count = kernel.pool_drain(address)) {
      isNew = true;
      for (let i = 0; i < count; i++) this.#outcome(this.#words[this.#drained + i]!);
    }
    if (this.#maker) {
      const flags = kernel.pool_attend(address);
      if (flags !== 0) this.#maker.attend(flags);
    }
    if (this.#backlog.size > 0 || this.#whenReady.length > 0) isNew = this.#refill() || isNew;
    if (this.pending > 0 && kernel.pool_state(address) === ENDED) this.#rejectAll(() => isClosed(ENDED));
    if (this.pending === 0 && this.#whenDrained.length > 0)
      for (const resolve of this.#whenDrained.splice(0)) resolve();
    return isNew;
  }

  #hasRecord(): boolean {
    const t = this.#kernel.pool_begin(this.#pool, this.#next);
    if (t >= 0) this.#kernel.pool_free(this.#pool, t);
    return t >= 0;
  }

  /** Into the backlog, as its values are now. */
  #keep(job: Job): void {
    const { call, purpose, transfer } = job;
    try {
      if (!job.written && !transfer && !isUnchangeable(call)) job.written = written(this.#space, call, purpose);
    } catch (error) {
      this.#settle(job, () => job.reject(error));
      return;
    }
    this.#backlog.add(job);
    this.#kernel.pool_set_backlog(this.#pool, this.#backlog.size);
    this.#kernel.pool_want(this.#pool);
  }

  #dropFromBacklog(job: Job): void {
    if (this.#backlog.delete(job)) this.#kernel.pool_set_backlog(this.#pool, this.#backlog.size);
  }

  /** From the backlog into records, as far as there are any. Whether any was placed. */
  #refill(): boolean {
    let isPlaced = false;
    for (const job of this.#backlog) {
      if (!this.#place(job)) {
        // Others may have had the records, and free them without this thread.
        this.#kernel.pool_want(this.#pool);
        if (!this.#place(job)) return isPlaced;
      }
      this.#dropFromBacklog(job);
      isPlaced = true;
    }
    if (this.#whenReady.length === 0 || !this.#hasRecord()) return isPlaced;
    for (const resolve of this.#whenReady.splice(0)) resolve();
    return true;
  }

  /** Into a record, or rejected. False: there is no record. */
  #place(job: Job): boolean {
    const kernel = this.#kernel;
    const state = kernel.pool_state(this.#pool);
    if (state === ENDED || (state !== OPEN && !this.#executing && !this.#backlog.has(job))) {
      this.#settle(job, () => job.reject(isClosed(state)));
      return true;
    }
    const t = kernel.pool_begin(this.#pool, this.#freed.pop() ?? this.#next);
    if (t === NO_JOB) return false;
    if (t === HOLDS_TOO_MUCH) {
      this.#settle(job, () => job.reject(holdsTooMuch()));
      return true;
    }
    this.#next = t + 1 === this.#jobs.length ? 0 : t + 1;
    try {
      const room = (bytes: number) => kernel.pool_room_for_arguments(this.#pool, t, bytes);
      if (job.written) writeBytes(this.#space, job.written, job.purpose, room);
      else writeValue(this.#space, job.transfer ? [job.call[0]] : job.call, job.purpose, room);
    } catch (error) {
      this.#release(t);
      this.#settle(job, () => job.reject(error));
      return true;
    }
    job.record = t;
    this.#jobs[t] = job;
    this.#count++;
    this.#enqueue(job);
    return true;
  }

  /** A job whose arguments are in its record. */
  #enqueue(job: Job): void {
    const { record, executor } = job;
    const now = microseconds();
    const isTaken =
      executor < 0
        ? this.#kernel.pool_submit(this.#pool, record, job.key, job.priority, now)
        : this.#kernel.pool_submit_to(this.#pool, record, executor, now);
    job.generation = this.#word(record, GENERATION);
    if (isTaken === 1) return;
    const state = this.#kernel.pool_state(this.#pool);
    this.#forgetRecord(record);
    this.#settle(job, () => (state === OPEN ? job.resolve(GONE) : job.reject(isClosed(state))));
  }

  /** Something is told of a record; nothing if it is not of a job that has an outcome. */
  #outcome(t: number): void {
    const job = this.#jobs[t];
    const state = job && this.#stateOf(t);
    if (state === State.Asked) this.#give(job!);
    else if (state === State.Done) this.#done(job!);
    else if (state === State.Died) this.#died(job!);
  }

  #done(job: Job): void {
    const { record } = job;
    const how = this.#word(record, HOW);
    let value: unknown;
    let isThrown = how === How.Error || how === How.PortError;
    try {
      value =
        how === How.Port || how === How.PortError
          ? this.#maker!.takeResult(this.#word(record, EXECUTOR), record, job.generation)
          : readResult(this.#space, this.#addressOf(record));
      if (isThrown) value = thrownFrom(value as Thrown);
    } catch (error) {
      isThrown = true;
      value = error;
    }
    this.#forgetRecord(record);
    this.#settle(job, () => (isThrown ? job.reject(revived(value)) : job.resolve(value)));
  }

  #died(job: Job): void {
    const { record } = job;
    const isUnbegun = (this.#word(record, FLAGS) & UNBEGUN) !== 0;
    if (isUnbegun && job.executor >= 0) {
      this.#forgetRecord(record);
      this.#settle(job, () => job.resolve(GONE));
    } else if (!job.isOver && (isUnbegun || (job.retries > 0 && !job.transfer))) {
      if (!isUnbegun) job.retries--;
      this.#kernel.pool_reuse(this.#pool, record);
      this.#enqueue(job);
    } else {
      const { exitCode, cause } = readResult(this.#space, this.#addressOf(record)) as Ending;
      this.#forgetRecord(record);
      this.#settle(job, () => job.reject(workerDied(job, exitCode, cause)));
    }
  }

  /** Its executor wants its values. */
  #give(job: Job): void {
    const executor = this.#word(job.record, EXECUTOR);
    const { record, generation, call, transfer } = job;
    try {
      this.#maker!.post(executor, { job: record, generation, call }, transfer!);
    } catch (error) {
      this.#maker!.post(executor, { job: record, generation, error }, []);
    }
    this.#kernel.pool_post(this.#pool, executor, record);
  }

  /** When it is to be given up. */
  #limit(job: Job): void {
    const { timeout, end, signal } = job;
    if (timeout === Number.POSITIVE_INFINITY && end === Number.POSITIVE_INFINITY && !signal) return;
    const left = Math.max(Math.min(timeout, end - performance.now()), 0);
    const isAborted = () => this.#stop(job, signal!.reason);
    job.forget = giveUpWhen(left, signal, () => this.#isLate(job), isAborted);
  }

  /** Its time may be over: `timeout` counts from when it was begun, which its record says. */
  #isLate(job: Job): void {
    job.forget?.();
    const { timeout, end } = job;
    const hasBegun = job.record >= 0 && this.#stateOf(job.record) >= State.Running;
    const ran = hasBegun ? ((microseconds() - this.#word(job.record, BEGUN)) >>> 0) / 1000 : 0;
    const left = Math.min(timeout - ran, end - performance.now());
    if (left > 0)
      job.forget = giveUpWhen(
        left,
        job.signal,
        () => this.#isLate(job),
        () => this.#stop(job, job.signal!.reason),
      );
    else this.#stop(job, isLate(job));
  }

  /** Its submitter wants no outcome any more, unless there is one. */
  #stop(job: Job, reason: unknown): void {
    const { record } = job;
    if (record < 0) {
      this.#dropFromBacklog(job);
      this.#settle(job, () => job.reject(reason));
      return;
    }
    const was = this.#kernel.pool_cancel(this.#pool, record);
    if (was === OVER) {
      this.#listener.listen();
      return;
    }
    if (was === TAKEN_BACK) this.#forgetRecord(record);
    else job.grace = setTimeout(() => this.#kernel.pool_doom(this.#pool, record), this.grace);
    this.#settle(job, () => job.reject(reason));
    this.#listener.listen();
  }

  #settle(job: Job, settle: () => void): void {
    if (job.isOver) return;
    job.isOver = true;
    job.forget?.();
    settle();
  }

  #rejectAll(reason: () => unknown): void {
    for (const job of this.#backlog) this.#settle(job, () => job.reject(reason()));
    this.#backlog.clear();
    for (const [t, job] of this.#jobs.entries()) {
      if (!job) continue;
      clearTimeout(job.grace);
      this.#jobs[t] = undefined;
      this.#settle(job, () => job.reject(reason()));
    }
    this.#count = 0;
    for (const resolve of [...this.#whenReady.splice(0), ...this.#whenDrained.splice(0)]) resolve();
  }

  /** The record of a job that has its outcome, or needs none. */
  #forgetRecord(t: number): void {
    clearTimeout(this.#jobs[t]!.grace);
    this.#jobs[t] = undefined;
    this.#count--;
    this.#release(t);
  }

  #release(t: number): void {
    this.#kernel.pool_free(this.#pool, t);
    this.#freed.push(t);
  }

  #addressOf(t: number): number {
    return this.#records + t * JOB_BYTES;
  }

  #word(t: number, offset: number): number {
    return Atomics.load(this.#words, (this.#addressOf(t) + offset) >>> 2);
  }

  #stateOf(t: number): number {
    return this.#word(t, 0) & 0xff;
  }
}

/** What the maker writes of a worker's end. */
export interface Ending {
  readonly exitCode: number | undefined;
  readonly cause: unknown;
}

function workerDied({ call: [name] }: Job, exitCode: number | undefined, cause: unknown): WorkerDiedError {
  const how = exitCode === undefined ? "ended" : `ended with exit code ${exitCode}`;
  return new WorkerDiedError(
    `Cannot run ${name}: received a worker that ${how} before the task was done; expected an outcome`,
    exitCode,
    cause,
  );
}

export function isClosed(state: number): PoolClosedError {
  const received = state === ENDED ? "a Pool whose workers have ended" : "a Pool that is closed";
  return new PoolClosedError(`Cannot run a task: received ${received}; expected an open one`);
}

function isLate({ call: [name], timeout, end }: Job): DOMException {
  const limit = end - performance.now() <= 0 ? "its deadline" : `${timeout} ms`;
  return new DOMException(
    `Cannot run ${name}: received no outcome in ${limit}; expected one in that time`,
    "TimeoutError",
  );
}

function holdsTooMuch(): SpaceFullError {
  return new SpaceFullError(
    "Cannot run a task: received a space that is full; expected room to list one more object that this worker holds",
  );
}
