/**
 * An executor's service: takes jobs, executes them, and waits for more, in a thread that the pool's maker has started.
 *
 * 1. A turn of the event loop, if the last was a millisecond ago. The number of the bell, before all looks.
 * 2. Mail: jobs for this executor alone, and jobs that are to stop.
 * 3. A job: one of its own by mail, else what the scheduler gives. It is executed at once. If it returns a promise it is in
 *    progress from then on; `concurrency` says how many may be.
 * 4. None: if all that it executes waits, it executes what it has submitted itself. Else it watches the bell for as long as
 *    that has paid, and sleeps there.
 *
 * What has to happen at once while it sleeps (a message, the end of a task, a submission of its own) calls `wake`.
 *
 * Invariant: each job that it has taken is in progress, or has its outcome; it leaves only when none is in progress.
 */

import { microseconds } from "../clock.js";
import { nextTurn } from "../event-loop.js";
import type { LibraryKernel } from "../kernel.js";
import { threads } from "../platform/threads.js";
import { receive } from "../receive.js";
import type { SharedSpace } from "../space.js";
import type { Call } from "../structured-format.js";
import { dataCloneError } from "../structured-refusal.js";
import { thrownOf } from "../thrown.js";
import { executeChunk, isThenable } from "./chunk.js";
import { type Executing, nameOf, type Own, setExecuting } from "./executing.js";
import { Execution, type Place, stopped } from "./execution.js";
import { BEGUN, ENDED, FLAGS, GENERATION, LATER, NO_JOB, STOP, State, SUBMITTED } from "./layout.js";
import type { Start, ToExecutor, ToMaker, Values } from "./messages.js";
import { Outcomes } from "./outcomes.js";
import type { Pool } from "./pool.js";
import { portable } from "./portable.js";
import { Progress } from "./progress.js";
import { Records } from "./records.js";
import { Sleep } from "./sleep.js";
import { Moved, setCurrentTask } from "./task.js";
import type { TaskFunction, TaskFunctions } from "./task-functions.js";
import { readArguments } from "./values.js";

/** Microseconds between turns of the event loop. */
const TURN = 1000;
/** Times that microtasks are run before a task that waits is taken to wait for the event loop. */
const MICROTASKS = 8;

export class Serving implements Place {
  readonly pool: Pool;
  readonly worker: number;
  readonly #start: Start;
  readonly #tasks: TaskFunctions;
  readonly #space: SharedSpace;
  readonly #kernel: LibraryKernel;
  readonly #address: number;
  readonly #records: Records;
  readonly #outcomes: Outcomes;
  readonly #progress: Progress;
  readonly #sleep: Sleep;
  readonly #executing: Executing;
  readonly #inProgress = new Map<number, Execution>();
  /** Those of `#inProgress` that wait for their values. */
  readonly #asked = new Set<number>();
  /** Jobs for this executor alone, which have not been begun. */
  readonly #pinned: number[] = [];
  #mustRetire = false;
  #isResting = false;
  /** Jobs without a record so far, from -1 downwards. */
  #own = 0;

  constructor(pool: Pool, start: Start, tasks: TaskFunctions) {
    const { space, handle } = pool;
    const { kernel } = space;
    this.pool = pool;
    this.worker = start.executor;
    this.#start = start;
    this.#tasks = tasks;
    this.#space = space;
    this.#kernel = kernel;
    this.#address = handle.address;
    this.#records = new Records(space, handle.address);
    this.#outcomes = new Outcomes(space, handle.address, start.port, this.#records);
    this.#progress = new Progress(pool, start);
    this.#sleep = new Sleep(space, handle.address, start.executor, start.idle === "block");
    this.#executing = {
      pool: nameOf(pool),
      number: start.executor,
      queues: [],
      backlogs: [],
      waits: [],
      look: () => this.#sleep.wake(),
    };
  }

  isToStop(job: number, generation: number): boolean {
    if (job < 0 || this.word(job, GENERATION) !== generation) return false;
    // Atomic: a task may ask again and again.
    return (this.#records.load(job, FLAGS) & STOP) !== 0;
  }

  word(job: number, offset: number): number {
    // What has no record is told nothing.
    if (job < 0) return 0;
    return this.#records.word(job, offset);
  }

  /** Becomes an executor of the pool. @throws {Error} if another thread has its number */
  come(): void {
    if (this.#kernel.pool_come(this.#address, this.worker) === 0) {
      throw new Error(
        `Cannot become worker ${this.worker} of a Pool: received one that is there; expected a free number`,
      );
    }
    setExecuting(this.#executing);
    // It was there before.
    this.pool.submitter.executing = this.#executing;
    this.pool.submitter.grace = this.#start.grace;
    this.#start.port.onmessage = ({ data }: MessageEvent<ToExecutor>) => this.#hear(data);
    this.#start.port.onmessageerror = () =>
      this.#cannotReceive(
        dataCloneError("Cannot run a task: received values that cannot be made here; expected others"),
      );
    this.#post({ say: "ready" });
  }

  /** Executes jobs until it is told to retire and has finished what it had, or nobody is there any more to be told of it. */
  async serve(): Promise<void> {
    let turned = microseconds();
    /** When the task has ended that was executed just now: to ask for the time takes as long as to take a job. */
    let ended: number | undefined;
    for (;;) {
      let now = ended ?? microseconds();
      ended = undefined;
      if ((now - turned) >>> 0 >= TURN) {
        await turn();
        now = turned = microseconds();
        this.#rest();
      }
      const bell = this.#sleep.number;
      this.#readMail();
      const job = this.#next(now);
      if (job >= 0) {
        ended = this.#begin(job, now);
        continue;
      }
      if (this.#kernel.pool_state(this.#address) === ENDED) return;
      if (this.#isResting && this.#inProgress.size === 0 && !this.#isWaiting) {
        this.#kernel.pool_leave(this.#address, this.worker);
        this.#post({ say: "left" });
        return;
      }
      // An await takes as long as a look: none where there is no need.
      if (this.#executeOwn(now) || (this.#isFull && (await this.#yields()))) continue;
      const isBusy = this.#inProgress.size > 0 || this.#isWaiting;
      if (!this.#sleep.seesAtOnce(bell, isBusy)) {
        const hasTurned = await this.#sleep.until(bell, isBusy, job === LATER ? this.#wait(now) : undefined);
        if (hasTurned) turned = microseconds();
      }
      this.#rest();
    }
  }

  /** If all that it executes waits: a job of its own that has found no record. Whether there was one. */
  #executeOwn(now: number): boolean {
    if (!this.#isFull && !this.#isResting) return false;
    for (const take of this.#executing.backlogs) {
      const own = take();
      if (!own) continue;
      const execution = new Execution(this, --this.#own, now, own.call);
      own.begin(
        () => execution.stop(),
        () => this.#endWorker(execution.name),
      );
      this.#execute(execution, own.call[1]!, own);
      return true;
    }
    return false;
  }

  /** As the maker does it where there is a record. */
  #endWorker(name: string): void {
    const cause = new Error(
      `Cannot go on with worker ${this.worker}: received ${name}, which did not end when it was told to; expected it to end within the Pool's grace`,
    );
    this.#post({ say: "failed", thrown: thrownOf(cause) });
    threads.exit(1);
  }

  get #isFull(): boolean {
    return this.#inProgress.size >= this.#start.concurrency;
  }

  /** Whether what its tasks have submitted has no outcome yet. */
  get #isWaiting(): boolean {
    return this.#executing.waits.some((waits) => waits());
  }

  /** Runs microtasks for a moment, where all that is in progress waits. Whether that has ended something. */
  async #yields(): Promise<boolean> {
    const { size } = this.#inProgress;
    for (let i = 0; i < MICROTASKS && this.#inProgress.size === size; i++) await undefined;
    return this.#inProgress.size !== size;
  }

  /** Microseconds that it leaves jobs to others at most. */
  #wait(now: number): number {
    return this.#kernel.pool_wait(this.#address, this.worker, now) >>> 0;
  }

  /** Takes no more, once it is to retire. */
  #rest(): void {
    if (!this.#mustRetire || this.#isResting) return;
    this.#kernel.pool_rest(this.#address, this.worker);
    this.#isResting = true;
  }

  #post(message: ToMaker): void {
    this.#start.port.postMessage(message);
  }

  #hear(message: ToExecutor): void {
    if ("retire" in message) this.#mustRetire = true;
    else this.#give(message);
    this.#sleep.wake();
  }

  #readMail(): void {
    for (;;) {
      const job = this.#kernel.pool_mail(this.#address, this.worker);
      if (job === NO_JOB) return;
      const execution = this.#inProgress.get(job);
      if (!execution) {
        if (this.#records.stateOf(job) === State.Queued) this.#pinned.push(job);
      } else if (this.#asked.has(job)) this.#lookForValues(execution);
      else if (this.word(job, FLAGS) & STOP) execution.stop();
    }
  }

  /** A job to begin; NO_JOB or LATER. */
  #next(now: number): number {
    const isFull = this.#isFull;
    // Also while it waits for other tasks: they may wait for this one.
    if (this.#pinned.length > 0 && (!isFull || this.#isWaiting)) {
      for (let job = this.#pinned.shift(); job !== undefined; job = this.#pinned.shift()) {
        if (this.#kernel.pool_accept(this.#address, this.worker, job, now) !== 0) return job;
      }
    }
    if (!isFull && !this.#isResting) return this.#kernel.pool_take(this.#address, this.worker, now);
    for (const queue of this.#executing.queues) {
      for (const job of queue()) {
        if (this.#kernel.pool_claim(this.#address, this.worker, job, now) !== 0) return job;
      }
    }
    return NO_JOB;
  }

  /** When it has ended, if it was executed at once. */
  #begin(job: number, now: number): number | undefined {
    this.#progress.begun(now, this.word(job, SUBMITTED));
    let call: Call;
    try {
      call = readArguments(this.#space, this.#records.addressOf(job));
    } catch (error) {
      this.#outcomes.error(job, "a task", error);
      return undefined;
    }
    const execution = new Execution(this, job, now, call);
    if (call[1] !== undefined) return this.#execute(execution, call[1]);
    this.#ask(execution);
    return undefined;
  }

  /** Its values come by the port. */
  #ask(execution: Execution): void {
    const { job } = execution;
    this.#inProgress.set(job, execution);
    this.#asked.add(job);
    this.#kernel.pool_ask(this.#address, job);
  }

  /** The values may be there, or it is to stop before they come. */
  #lookForValues(execution: Execution): void {
    const { job, name } = execution;
    try {
      for (let came = threads.receiveNow(this.#start.port); came; came = threads.receiveNow(this.#start.port))
        this.#hear(came.message as ToExecutor);
    } catch (error) {
      this.#cannotReceive(error);
    }
    if (!this.#asked.has(job) || (this.word(job, FLAGS) & STOP) === 0) return;
    this.#asked.delete(job);
    this.#inProgress.delete(job);
    this.#outcomes.error(job, name, stopped(name));
  }

  #give({ job, generation, call }: Values): void {
    const asking = this.#inProgress.get(job);
    if (!asking || asking.generation !== generation || !this.#asked.delete(job)) return;
    this.#inProgress.delete(job);
    this.#kernel.pool_answered(this.#address, job);
    if (!call) {
      this.#outcomes.error(job, asking.name, undefined);
      return;
    }
    const now = microseconds();
    this.#records.setWord(job, BEGUN, now);
    const its = receive(call);
    this.#execute(new Execution(this, job, now, its), its[1]!);
  }

  /** Values have come that cannot be made here: nobody knows which. */
  #cannotReceive(error: unknown): void {
    for (const job of this.#asked) {
      const { name } = this.#inProgress.get(job)!;
      this.#inProgress.delete(job);
      this.#outcomes.error(job, name, error);
    }
    this.#asked.clear();
    this.#sleep.wake();
  }

  /** As `#begin`. */
  #execute(execution: Execution, args: readonly unknown[], own?: Own): number | undefined {
    const { job, name } = execution;
    let result: unknown;
    let isPromise: boolean;
    try {
      const task = this.#tasks.named(name);
      result = execution.isEach
        ? asCurrent(execution, () => this.#executeEach(execution, task, args), [])
        : asCurrent(execution, task, args);
      isPromise = isThenable(result);
    } catch (error) {
      return this.#end(execution, true, error, own);
    }
    if (!isPromise) return this.#end(execution, false, result, own);
    this.#inProgress.set(job, execution);
    this.#progress.inProgress = this.#inProgress.size;
    Promise.resolve(result).then(
      (value) => this.#settle(execution, false, value, own),
      (error: unknown) => this.#settle(execution, true, error, own),
    );
    return undefined;
  }

  #executeEach(execution: Execution, task: TaskFunction, items: readonly unknown[]): ReturnType<typeof executeChunk> {
    return executeChunk(
      items,
      task,
      (item) => asCurrent(execution, task, [item]),
      (thrown) => portable(this.#space, execution.name, thrown),
    );
  }

  /** Of one that was in progress. */
  #settle(execution: Execution, hasThrown: boolean, value: unknown, own: Own | undefined): void {
    this.#inProgress.delete(execution.job);
    this.#progress.inProgress = this.#inProgress.size;
    this.#end(execution, hasThrown, value, own);
    this.#sleep.wake();
  }

  /** Returns when that was. */
  #end(
    { job, name, begun, count, isEach }: Execution,
    hasThrown: boolean,
    value: unknown,
    own: Own | undefined,
  ): number {
    const flags = this.word(job, FLAGS);
    const now = microseconds();
    // First: whoever hears of the outcome finds it counted.
    const isWorn = this.#progress.ended(name, flags, begun, now, hasThrown, count);
    if (own) own.end(hasThrown, value instanceof Moved ? value.value : value);
    else if (hasThrown) this.#outcomes.error(job, name, value);
    else if (!this.#outcomes.value(job, name, value, isEach)) this.#progress.failed();
    if (isWorn) this.#post({ say: "recycle" });
    return now;
  }
}

/** Calls the task, which finds it as the current one, until it returns. */
function asCurrent(execution: Execution, task: TaskFunction, args: readonly unknown[]): unknown {
  setCurrentTask(execution);
  try {
    return task(...args);
  } finally {
    setCurrentTask(undefined);
  }
}

function turn(): Promise<void> {
  return new Promise(nextTurn);
}
