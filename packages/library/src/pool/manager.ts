/**
 * The maker's part of a pool: it starts its executors, hears of their ends, and gives what they had an outcome.
 *
 *     members: by the executor's number     | thread, port, its stage |
 *     stage     means                                           next
 *     starting  it loads the module                             working; gone
 *     working   it executes tasks                               retiring; gone
 *     retiring  it was told to finish what it has               gone
 *     gone      its thread has ended                            no member, once what it had is settled
 *
 * A dead executor is settled when both are there: its thread's end, whose cause jobs are told, and the guardian's mark in the
 * pool, after which nothing of it changes any more.
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
import type { Thread } from "../platform/thread.js";
import { threads } from "../platform/threads.js";
import type { Handle } from "../shared-object.js";
import type { SharedSpace } from "../space.js";
import { dataCloneError } from "../structured-refusal.js";
import { Count, clearCounts, countOf } from "./counts.js";
import { Demand, unref } from "./demand.js";
import { CLOSED, DEATH, EXECUTOR, GROWTH, JOB_BYTES, NO_JOB, REQUEST } from "./layout.js";
import type { Start, ToExecutor, ToMaker } from "./messages.js";
import type { Settings } from "./options.js";
import { Results } from "./results.js";
import { settle } from "./settling.js";
import { thrownFrom } from "./thrown.js";

/** Workers in a row that may die at their start. */
const MOST_FAILURES = 5;
/** Milliseconds until the next one is started after the first failure; twice as many after each. */
const BACKOFF = 50;
/** Milliseconds between looks for the guardian's mark, at first; and between looks at whether a closing pool is empty. */
const SOON = 1;
const LATER = 20;

type Stage = "starting" | "working" | "retiring" | "gone";

interface Member {
  readonly executor: number;
  readonly thread: Thread;
  readonly port: MessagePort;
  /** The one that is told to retire when this one works. */
  readonly replaces: Member | undefined;
  stage: Stage;
  /** It was told to end. */
  isRetired: boolean;
  cause: unknown;
  exitCode: number | undefined;
  /** A timer will look whether it is marked. */
  isAwaited: boolean;
}

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
  readonly #members = new Map<number, Member>();
  readonly #demand: Demand;
  readonly #results = new Results();
  #resolveStarted: () => void = () => {};
  #rejectStarted: (failure: Error) => void = () => {};
  #failures = 0;
  /** Tasks that members had done at the last failure. */
  #doneBefore = 0;
  #backoff: ReturnType<typeof setTimeout> | undefined;
  #closing: Promise<void> | undefined;
  /** Whether any executor has ever worked. */
  #hasWorked = false;
  #isForced = false;
  /** The pool is empty, and all are told to go. */
  #isLeaving = false;
  /** The space is closed. */
  #isAbandoned = false;
  /** Called when a member is no more. */
  #whenGone: () => void = () => {};

  constructor(parts: Parts) {
    const { space, settings } = parts;
    this.#parts = parts;
    this.#kernel = space.kernel;
    // So that its end is told to all, also if it never submits.
    if (this.#kernel.pool_join(parts.address) === 0) {
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
    const members = () => this.#those("starting", "working").filter((member) => !this.#isToGo(member));
    this.#demand = new Demand(space, parts.address, settings, {
      add: () => this.#start(undefined),
      retire: (executor) => this.#retire(this.#members.get(executor)!),
      get count() {
        return members().length;
      },
      get starting() {
        return members().filter(({ stage }) => stage === "starting").length;
      },
      get working() {
        return members().flatMap(({ stage, executor }) => (stage === "working" ? [executor] : []));
      },
    });
    space.whenClosed(() => this.#abandon());
    try {
      this.#restore(undefined);
    } catch (error) {
      this.#abandon();
      throw error;
    }
    this.#lookWhetherStarted();
    this.#demand.changed();
  }

  /** Executors that work. */
  get workers(): number {
    return this.#those("working").length;
  }

  /** Looks at what the pool asks its maker for. */
  attend(flags: number): void {
    for (const member of this.#those("gone")) this.#settle(member);
    if (flags & DEATH) this.#lookForDead();
    if (flags & GROWTH) this.#demand.look();
    if ((flags & REQUEST) === 0) return;
    this.#endDoomed();
    if (this.#kernel.pool_state(this.#parts.address) === CLOSED) void this.close(false);
  }

  post(executor: number, message: unknown, transfer: readonly object[]): void {
    this.#members.get(executor)?.port.postMessage(message, transfer as Transferable[]);
  }

  /** The value of a job that its executor has posted; a promise of it where it cannot be here yet. */
  takeResult(executor: number, job: number, generation: number): unknown {
    const member = this.#members.get(executor);
    if (member) this.#drain(member);
    return this.#results.take(job, generation);
  }

  /** As Node's `eventLoopUtilization`, since the last call; NaN where nobody knows. */
  utilization(executor: number): number {
    return this.#members.get(executor)?.thread.utilization() ?? Number.NaN;
  }

  /**
   * Resolves when all threads have ended. The pool takes nothing new; without `force`, what was submitted has its outcome
   * first.
   */
  close(force: boolean): Promise<void> {
    const { address } = this.#parts;
    if (force && !this.#isForced) {
      this.#isForced = true;
      this.#kernel.pool_end(address);
      this.#endAll();
    }
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    const { address } = this.#parts;
    keepAlive();
    this.#kernel.pool_close(address);
    for (
      let wait = SOON;
      !this.#hasEnded && this.#kernel.pool_is_empty(address) === 0;
      wait = Math.min(2 * wait, LATER)
    ) {
      await pause(wait);
    }
    this.#isLeaving = true;
    this.#stopTimers();
    for (const member of this.#members.values()) {
      // One that starts would load all that it needs first.
      if (member.stage === "starting") member.thread.terminate();
      else if (member.stage === "working") this.#retire(member);
    }
    while (this.#members.size > 0) {
      await new Promise<void>((resolve) => {
        this.#whenGone = resolve;
      });
    }
    this.#kernel.pool_end(address);
    this.waiting.free();
    this.running.free();
    letGo();
  }

  get #hasEnded(): boolean {
    return this.#isForced || this.failure !== undefined;
  }

  #those(...stages: readonly Stage[]): Member[] {
    return [...this.#members.values()].filter(({ stage }) => stages.includes(stage));
  }

  /** Whether another member works, or is about to, in the place of this one. */
  #isToGo(member: Member): boolean {
    return this.#those("starting", "working").some(({ replaces }) => replaces === member);
  }

  /** Starts what is missing. */
  #restore(replaced: Member | undefined): void {
    if (this.#isLeaving || this.#hasEnded) return;
    if (replaced?.stage === "working" && !this.#isToGo(replaced)) this.#start(replaced);
    let missing =
      this.#parts.settings.minimum -
      this.#those("starting", "working").filter((member) => !this.#isToGo(member)).length;
    while (missing-- > 0) this.#start(undefined);
  }

  /** @throws what Node's Worker throws of its options; {DOMException} of name `DataCloneError` of `init` */
  #start(replaces: Member | undefined): void {
    const executor = this.#freeNumber();
    // When one is settled, it is started.
    if (executor === undefined) return;
    const { handle, url, settings } = this.#parts;
    const { port1, port2 } = new MessageChannel();
    const heard = {
      error: (cause: unknown) => this.#erred(member, cause),
      exit: (code?: number) => this.#exited(member, code),
    };
    const thread = threads.start(settings.ofWorkers, heard);
    const member: Member = {
      ...{ executor, thread, port: port1, replaces, stage: "starting", isRetired: false },
      ...{ cause: undefined, exitCode: undefined, isAwaited: false },
    };
    const { init, concurrency, idle, recycleAfter, recycleAbove } = settings;
    const [waiting, running] = [this.waiting.handle, this.running.handle];
    const start = {
      pool: { handle },
      url,
      executor,
      init,
      concurrency,
      idle,
      recycleAfter,
      recycleAbove,
      waiting,
      running,
    };
    try {
      thread.post({ ...start, port: port2 } satisfies Start, [port2]);
    } catch (error) {
      thread.terminate();
      throw cannotCopy(error);
    }
    this.#members.set(executor, member);
    clearCounts(this.#parts.space, this.#parts.address, executor);
    port1.onmessage = ({ data }: MessageEvent<ToMaker>) => this.#hear(member, data);
    threads.unref(port1);
    keepAlive();
  }

  /** The least that nobody has. */
  #freeNumber(): number | undefined {
    const { address } = this.#parts;
    for (let executor = 0; executor < this.#kernel.pool_executors(address); executor++) {
      if (!this.#members.has(executor)) return executor;
    }
    return undefined;
  }

  #hear(member: Member, message: ToMaker): void {
    switch (message.say) {
      case "ready":
        this.#works(member);
        break;
      case "failed":
        member.cause = thrownFrom(message.thrown);
        member.thread.ends();
        break;
      case "recycle":
        this.#restore(member);
        break;
      case "left":
        member.thread.ends();
        break;
      case "result":
        this.#results.put(message.job, message.generation, message.value);
    }
  }

  /** It works from now on, and the one that it replaces goes. */
  #works(member: Member): void {
    if (member.stage !== "starting") return;
    letGo();
    member.stage = "working";
    this.#hasWorked = true;
    if (member.replaces?.stage === "working") this.#retire(member.replaces);
    this.#lookWhetherStarted();
    this.#demand.changed();
  }

  #lookWhetherStarted(): void {
    if (this.#those("working").length >= this.#parts.settings.minimum) this.#resolveStarted();
  }

  /** It finishes what it has, and ends. */
  #retire(member: Member): void {
    member.stage = "retiring";
    member.isRetired = true;
    member.port.postMessage({ retire: true } satisfies ToExecutor);
    // One that blocks hears its bell alone.
    const { space, address } = this.#parts;
    const bell = this.#kernel.pool_bell_of_executor(address, member.executor) >>> 0;
    const words = space.words(bell, 4);
    Atomics.add(words, bell >>> 2, 1);
    Atomics.notify(words, bell >>> 2);
    this.#demand.changed();
  }

  #erred(member: Member, cause: unknown): void {
    member.cause ??= cause;
  }

  #exited(member: Member, code: number | undefined): void {
    if (member.stage === "gone") return;
    // What it has said before its end.
    this.#drain(member);
    if (member.stage === "starting") letGo();
    member.stage = "gone";
    member.exitCode = code;
    this.#settle(member);
  }

  /** Hears what has come by its port. */
  #drain(member: Member): void {
    for (let came = threads.receiveNow(member.port); came; came = threads.receiveNow(member.port))
      this.#hear(member, came.message as ToMaker);
  }

  #settle(member: Member, wait = SOON): void {
    const { space, address } = this.#parts;
    const { executor, exitCode, cause } = member;
    if (this.#isAbandoned || this.#members.get(executor) !== member) return;
    const lost = settle(space, address, executor, exitCode, cause);
    if (lost < 0) {
      if (!member.isAwaited) unref(setTimeout(() => this.#settleAgain(member, wait), wait));
      member.isAwaited = true;
      return;
    }
    this.#members.delete(executor);
    member.port.close();
    this.#whenGone();
    if (this.#isLeaving || this.#hasEnded) return;
    if (member.isRetired || lost > 0 || this.#done(executor) > 0) this.#restore(member.replaces);
    else this.#startFailed(member);
    this.#demand.changed();
  }

  #settleAgain(member: Member, waited: number): void {
    member.isAwaited = false;
    this.#settle(member, Math.min(2 * waited, LATER));
  }

  /** It has ended before it had anything to execute. */
  #startFailed({ cause, exitCode, replaces }: Member): void {
    const done = [...this.#members.keys()].reduce((sum, executor) => sum + this.#done(executor), 0);
    this.#failures = done === this.#doneBefore ? this.#failures + 1 : 1;
    this.#doneBefore = done;
    if (!this.#hasWorked || this.#failures === MOST_FAILURES) {
      this.#fail(cause, exitCode);
      return;
    }
    clearTimeout(this.#backoff);
    this.#backoff = setTimeout(() => this.#restore(replaces), BACKOFF * 2 ** this.#failures);
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
    this.#kernel.pool_end(this.#parts.address);
    this.#endAll();
  }

  #endAll(): void {
    this.#stopTimers();
    for (const member of this.#members.values()) member.thread.terminate();
  }

  #stopTimers(): void {
    clearTimeout(this.#backoff);
    this.#demand.end();
  }

  /** Ends executors that do not stop what they were told to. */
  #endDoomed(): void {
    const { space, address } = this.#parts;
    for (
      let job = this.#kernel.pool_doomed_from(address, 0);
      job !== NO_JOB;
      job = this.#kernel.pool_doomed_from(address, job + 1)
    ) {
      const record = this.#kernel.pool_job_at(address, job) >>> 0;
      const member = this.#members.get(Atomics.load(space.words(record, JOB_BYTES), (record + EXECUTOR) >>> 2));
      if (!member) continue;
      member.cause ??= new Error(
        `Cannot go on with worker ${member.executor}: received a task that did not end when it was told to; expected it to end within the Pool's grace`,
      );
      member.thread.terminate();
    }
  }

  /** Of executors that the guardian has marked, in browsers nobody hears otherwise. */
  #lookForDead(): void {
    const { address } = this.#parts;
    for (let e = this.#kernel.pool_dead_from(address, 0); e !== NO_JOB; e = this.#kernel.pool_dead_from(address, e + 1))
      this.#members.get(e)?.thread.ends();
  }

  /** How many tasks it has done. */
  #done(executor: number): number {
    const { space, address } = this.#parts;
    return countOf(space, address, executor, Count.Done);
  }

  /** The space is closed. */
  #abandon(): void {
    this.#isAbandoned = true;
    this.#endAll();
  }
}

function cannotCopy(error: unknown): unknown {
  if (!(error instanceof DOMException) || error.name !== "DataCloneError") return error;
  return dataCloneError(
    `Cannot make a Pool: received an init that ${error.message}; expected what structured clone copies`,
  );
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
