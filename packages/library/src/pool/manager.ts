/**
 * The maker's part of a pool: it has as many workers as there are to be, says when none can be had, and closes the pool. crew.ts
 * has the workers' lives, demand.ts how many they are.
 *
 * Workers do not keep Node alive: an idle pool that nobody closes must not. What keeps it alive is each submitter's own, as
 * long as it waits for outcomes; and this, while workers start or the pool closes. So a program that awaits anything of the pool goes
 * on, and one that has no more to do ends.
 *
 * Invariant: as long as the pool has not failed or closed, there are `minimum` members that start or work, or a timer that
 * will start one. While jobs are queued and there are fewer than `workers`, a timer looks at them.
 */
import { SpaceFullError } from "../errors.js";
import { Histogram } from "../histogram.js";
import { keepAlive, letGo } from "../keep-alive.js";
import type { LibraryKernel } from "../kernel.js";
import type { Handle } from "../shared-object.js";
import type { SharedSpace } from "../space.js";
import { Crew, type Member } from "./crew.js";
import { Demand, unref } from "./demand.js";
import { ENDED, EXECUTOR, GROWTH, NO_JOB, OPEN, REQUEST } from "./layout.js";
import type { Settings } from "./options.js";
import { Records } from "./records.js";

/** Workers in a row that may die before they have a task. */
const MOST_FAILURES = 5;
/** Milliseconds until the next one is started after the first failure; twice as many after each. */
const BACKOFF = 50;
/** Milliseconds between looks at whether a closing pool is empty: at first, and at most. */
const SOON = 1;
const LATER = 20;
/** Milliseconds in which a worker without a task is to end. */
const PATIENCE = 5000;

interface Parts {
  readonly space: SharedSpace;
  readonly address: number;
  readonly handle: Handle;
  readonly url: string;
  readonly settings: Settings;
}

export class Manager {
  /** Resolves when `minimum` executors work. */
  readonly started: Promise<void>;
  /** Microseconds that tasks have waited for an executor, and run. */
  readonly waiting: Histogram;
  readonly running: Histogram;
  /** Why nobody executes anything any more, though nobody has closed the pool. */
  failure: Error | undefined;
  readonly #parts: Parts;
  readonly #kernel: LibraryKernel;
  readonly #crew: Crew;
  readonly #demand: Demand;
  #resolveStarted: () => void = () => {};
  #rejectStarted: (failure: Error) => void = () => {};
  /** Whether any executor has ever worked. */
  #hasWorked = false;
  #failures = 0;
  /** Tasks that members had done at the last failure. */
  #doneBefore = 0;
  #backoff: ReturnType<typeof setTimeout> | undefined;
  #closing: Promise<void> | undefined;
  #isForced = false;
  /** The pool is empty, and all are told to go. */
  #isLeaving = false;
  /** Called when a member is no more. */
  #whenGone: () => void = () => {};

  /** @throws {SpaceFullError} what Node's Worker throws of its options; a `DataCloneError` of `init` */
  constructor(parts: Parts) {
    const { space, address, handle, url, settings } = parts;
    this.#parts = parts;
    this.#kernel = space.kernel;
    // So that its end is told to all, also if it never submits.
    if (this.#kernel.pool_join(address) === 0) {
      throw new SpaceFullError(
        "Cannot make a Pool: received a worker that holds too much; expected room to list one more",
      );
    }
    this.waiting = new Histogram(space);
    this.running = new Histogram(space);
    this.started = new Promise((resolve, reject) => {
      this.#resolveStarted = resolve;
      this.#rejectStarted = reject;
    });
    // Who does not await it hears of it by `run`.
    this.started.catch(() => {});
    const { init, concurrency, grace, idle, recycleAfter, recycleAbove, ofWorkers: options } = settings;
    const [waiting, running] = [this.waiting.handle, this.running.handle];
    const start = { url, init, concurrency, grace, idle, recycleAfter, recycleAbove, waiting, running };
    const crew = new Crew(
      { space, address, handle, options, start },
      {
        works: (member) => this.#works(member),
        wears: () => this.#restore(),
        leaves: (member, hasServed) => this.#leaves(member, hasServed),
      },
    );
    this.#crew = crew;
    this.#demand = new Demand(space, address, settings, {
      add: () => crew.start(),
      retire: (executor) => this.#retire(crew.get(executor)!),
      get count() {
        return crew.lasting.length;
      },
      get starting() {
        return crew.lasting.filter(({ stage }) => stage === "starting").length;
      },
      get working() {
        return crew.lasting.flatMap(({ stage, executor }) => (stage === "working" ? [executor] : []));
      },
    });
    space.whenClosed(() => this.#abandon());
    try {
      this.#restore();
    } catch (error) {
      this.#abandon();
      throw error;
    }
    this.#lookWhetherStarted();
    this.#demand.changed();
  }

  /** Looks at what the pool asks its maker for. */
  attend(flags: number): void {
    this.#crew.lookForDead();
    if (flags & GROWTH) this.#demand.look();
    if ((flags & REQUEST) === 0) return;
    this.#endDoomed();
    const state = this.#kernel.pool_state(this.#parts.address);
    // By another thread; ENDED: by force.
    if (state !== OPEN && this.failure === undefined) void this.close(state === ENDED);
  }

  post(executor: number, message: unknown, transfer: readonly object[]): void {
    this.#crew.get(executor)?.port.postMessage(message, transfer as Transferable[]);
  }

  /** The value of a job that its executor has posted; a promise of it where it cannot be here yet. */
  takeResult(executor: number, job: number, generation: number): unknown {
    return this.#crew.takeResult(executor, job, generation);
  }

  /** As Node's `eventLoopUtilization`, since the last call; NaN where nobody knows. */
  utilization(executor: number): number {
    return this.#crew.get(executor)?.thread.utilization() ?? Number.NaN;
  }

  /**
   * Resolves when all threads have ended. The pool takes nothing new; without `force`, what was submitted has its outcome
   * first.
   */
  close(force: boolean): Promise<void> {
    if (force && !this.#isForced) {
      this.#isForced = true;
      this.#endNow();
    }
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    const { address } = this.#parts;
    keepAlive();
    this.#kernel.pool_close(address);
    const isDone = () => this.#hasEnded || this.#kernel.pool_is_empty(address) === 1;
    for (let wait = SOON; !isDone(); wait = Math.min(2 * wait, LATER)) await pause(wait);
    this.#isLeaving = true;
    this.#stopTimers();
    for (const member of this.#crew.in("starting", "working")) {
      // One that starts would load all that it needs first.
      if (member.stage === "starting") member.thread.terminate();
      else this.#retire(member);
    }
    const patience = setTimeout(() => this.#crew.terminateAll(), PATIENCE);
    while (this.#crew.size > 0) {
      await new Promise<void>((resolve) => {
        this.#whenGone = resolve;
      });
    }
    clearTimeout(patience);
    this.#kernel.pool_end(address);
    letGo();
  }

  /** Another thread may have closed the pool: its statistics stay until the maker has closed it, too. */
  free(): void {
    this.waiting.free();
    this.running.free();
  }

  get #hasEnded(): boolean {
    return this.#isForced || this.failure !== undefined;
  }

  /** Starts what is missing, and what replaces members that are worn. */
  #restore(): void {
    if (this.#isLeaving || this.#hasEnded) return;
    for (const member of this.#crew.worn) this.#crew.start(member);
    for (let missing = this.#parts.settings.minimum - this.#crew.lasting.length; missing > 0; missing--)
      this.#crew.start();
  }

  /** The one that it replaces goes. */
  #works({ replaces }: Member): void {
    this.#hasWorked = true;
    if (replaces?.stage === "working") this.#retire(replaces);
    this.#lookWhetherStarted();
    this.#demand.changed();
  }

  #lookWhetherStarted(): void {
    if (this.#crew.in("working").length >= this.#parts.settings.minimum) this.#resolveStarted();
  }

  #retire(member: Member): void {
    this.#crew.retire(member);
    this.#demand.changed();
  }

  #leaves(member: Member, hasServed: boolean): void {
    this.#whenGone();
    if (this.#isLeaving || this.#hasEnded) return;
    if (hasServed) this.#restore();
    else this.#startFailed(member);
    this.#demand.changed();
  }

  /** It has ended before it had anything to execute. */
  #startFailed({ cause, exitCode }: Member): void {
    const { done } = this.#crew;
    this.#failures = done === this.#doneBefore ? this.#failures + 1 : 1;
    this.#doneBefore = done;
    if (!this.#hasWorked || this.#failures === MOST_FAILURES) {
      this.#fail(cause, exitCode);
      return;
    }
    clearTimeout(this.#backoff);
    this.#backoff = setTimeout(() => this.#restore(), BACKOFF * 2 ** this.#failures);
    unref(this.#backoff);
  }

  /** Nobody can execute anything. */
  #fail(cause: unknown, exitCode: number | undefined): void {
    const received =
      cause instanceof Error ? `an error, ${cause.message}` : `a worker that ended with exit code ${exitCode}`;
    this.failure = new Error(
      `Cannot start the workers of a Pool: received ${received}; expected ${this.#parts.url} to load, and its init to resolve`,
      { cause },
    );
    this.#rejectStarted(this.failure);
    this.#endNow();
  }

  #endNow(): void {
    this.#kernel.pool_end(this.#parts.address);
    this.#stopTimers();
    this.#crew.terminateAll();
  }

  #stopTimers(): void {
    clearTimeout(this.#backoff);
    this.#demand.end();
  }

  /** Ends executors that do not stop what they were told to. */
  #endDoomed(): void {
    const { space, address } = this.#parts;
    const records = new Records(space, address);
    const next = (from: number) => this.#kernel.pool_doomed_from(address, from);
    for (let job = next(0); job !== NO_JOB; job = next(job + 1)) {
      const member = this.#crew.get(records.load(job, EXECUTOR));
      if (!member) continue;
      member.cause ??= new Error(
        `Cannot go on with worker ${member.executor}: received a task that did not end when it was told to; expected it to end within the Pool's grace`,
      );
      member.thread.terminate();
    }
  }

  /** The space is closed. */
  #abandon(): void {
    this.#stopTimers();
    this.#crew.abandon();
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
