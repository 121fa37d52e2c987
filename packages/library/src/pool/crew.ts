/**
 * The worker threads of a pool, as its maker knows them.
 *
 *     members: by the executor's number     | thread, port, its stage |
 *     stage     means                                           next
 *     starting  it loads the module                             working; gone
 *     working   it executes tasks                               retiring; gone
 *     retiring  it was told to finish what it has               gone
 *     gone      its thread has ended                            no member, once what it had is settled
 *
 * A dead executor is settled when both are there: its thread's end, whose cause jobs are told, and the guardian's mark in the
 * pool, after which nothing of it changes any more. Its number is free then.
 */
import { keepAlive, letGo } from "../keep-alive.js";
import type { Thread } from "../platform/thread.js";
import { threads } from "../platform/threads.js";
import type { Handle } from "../shared-object.js";
import type { SharedSpace } from "../space.js";
import { dataCloneError } from "../structured-refusal.js";
import { thrownFrom } from "../thrown.js";
import { Count, clearCounts, countOf } from "./counts.js";
import { unref } from "./demand.js";
import { NO_JOB } from "./layout.js";
import type { Start, ToExecutor, ToMaker } from "./messages.js";
import { Results } from "./results.js";
import { settle } from "./settling.js";

/** Milliseconds between looks for the guardian's mark: at first, and at most. */
const SOON = 1;
const LATER = 20;

export type Stage = "starting" | "working" | "retiring" | "gone";

export interface Member {
  readonly executor: number;
  readonly thread: Thread;
  readonly port: MessagePort;
  /** The one that is told to retire when this one works. */
  readonly replaces: Member | undefined;
  stage: Stage;
  /** It was told to end. */
  isRetired: boolean;
  /** It has done enough, or its heap is large: another one is to replace it. */
  isWorn: boolean;
  /** What nobody caught in it. */
  cause: unknown;
  exitCode: number | undefined;
  /** A timer will look whether it is marked. */
  isAwaited: boolean;
}

/** What becomes of members. */
export interface CrewEvents {
  /** It executes tasks from now on. */
  works(member: Member): void;
  wears(): void;
  /** It is no member any more. `hasServed`: it had tasks, or was told to end. */
  leaves(member: Member, hasServed: boolean): void;
}

export interface CrewParts {
  readonly space: SharedSpace;
  readonly address: number;
  readonly handle: Handle;
  /** Node's options of its Worker. */
  readonly options: Readonly<Record<string, unknown>>;
  /** What each is told, but for its number and its port. */
  readonly start: Omit<Start, "executor" | "port" | "pool">;
}

export class Crew {
  readonly #parts: CrewParts;
  readonly #events: CrewEvents;
  readonly #members = new Map<number, Member>();
  readonly #results = new Results();
  #isAbandoned = false;

  constructor(parts: CrewParts, events: CrewEvents) {
    this.#parts = parts;
    this.#events = events;
  }

  get size(): number {
    return this.#members.size;
  }

  get(executor: number): Member | undefined {
    return this.#members.get(executor);
  }

  in(...stages: readonly Stage[]): Member[] {
    return [...this.#members.values()].filter(({ stage }) => stages.includes(stage));
  }

  /** Those that start or work, and are to stay. */
  get lasting(): Member[] {
    return this.in("starting", "working").filter((member) => !this.#isToGo(member));
  }

  /** Those that work, are to be replaced, and are not yet. */
  get worn(): Member[] {
    return this.in("working").filter((member) => member.isWorn && !this.#isToGo(member));
  }

  /** Whether another member works, or is about to, in the place of this one. */
  #isToGo(member: Member): boolean {
    return this.in("starting", "working").some(({ replaces }) => replaces === member);
  }

  /** @throws what Node's Worker throws of its options; {DOMException} of name `DataCloneError` of `init` */
  start(replaces?: Member): void {
    const executor = this.#freeNumber();
    // Whoever ends next makes room, and then it is started.
    if (executor === undefined) return;
    const { space, address, handle, options, start } = this.#parts;
    const { port1, port2 } = new MessageChannel();
    const thread = threads.start(options, {
      error: (cause) => {
        member.cause ??= cause;
      },
      exit: (code) => this.#ends(member, code),
    });
    const member: Member = {
      ...{ executor, thread, port: port1, replaces, stage: "starting", isRetired: false, isWorn: false },
      ...{ cause: undefined, exitCode: undefined, isAwaited: false },
    };
    try {
      thread.post({ ...start, pool: { handle }, executor, port: port2 } satisfies Start, [port2]);
    } catch (error) {
      thread.terminate();
      throw cannotCopy(error);
    }
    this.#members.set(executor, member);
    clearCounts(space, address, executor);
    port1.onmessage = ({ data }: MessageEvent<ToMaker>) => this.#hear(member, data);
    threads.unref(port1);
    keepAlive();
  }

  /** It finishes what it has, and ends. */
  retire(member: Member): void {
    member.stage = "retiring";
    member.isRetired = true;
    member.port.postMessage({ retire: true } satisfies ToExecutor);
    // One that blocks hears its bell alone.
    const { space, address } = this.#parts;
    const bell = space.kernel.pool_bell_of_executor(address, member.executor) >>> 0;
    const words = space.words(bell, 4);
    Atomics.add(words, bell >>> 2, 1);
    Atomics.notify(words, bell >>> 2);
  }

  terminateAll(): void {
    for (const { thread } of this.#members.values()) thread.terminate();
  }

  /** The space is closed: nothing in it is looked at any more. */
  abandon(): void {
    this.#isAbandoned = true;
    this.terminateAll();
  }

  /** Some are marked, or may be. */
  lookForDead(): void {
    const { space, address } = this.#parts;
    const next = (from: number) => space.kernel.pool_dead_from(address, from);
    // In browsers nobody hears of their end otherwise.
    for (let e = next(0); e !== NO_JOB; e = next(e + 1)) this.#members.get(e)?.thread.ends();
    for (const member of this.in("gone")) this.#settle(member);
  }

  /** The value of a job that its executor has posted; a promise of it where it cannot be here yet. */
  takeResult(executor: number, job: number, generation: number): unknown {
    const member = this.#members.get(executor);
    if (member) this.#drain(member);
    return this.#results.take(job, generation);
  }

  /** How many tasks members have done. */
  get done(): number {
    return [...this.#members.keys()].reduce((sum, executor) => sum + this.#doneBy(executor), 0);
  }

  #doneBy(executor: number): number {
    return countOf(this.#parts.space, this.#parts.address, executor, Count.Done);
  }

  /** The least that nobody has. */
  #freeNumber(): number | undefined {
    const { space, address } = this.#parts;
    for (let executor = 0; executor < space.kernel.pool_executors(address); executor++) {
      if (!this.#members.has(executor)) return executor;
    }
    return undefined;
  }

  #hear(member: Member, message: ToMaker): void {
    switch (message.say) {
      case "ready":
        if (member.stage !== "starting") return;
        letGo();
        member.stage = "working";
        this.#events.works(member);
        break;
      case "failed":
        member.cause = thrownFrom(message.thrown);
        member.thread.ends();
        break;
      case "recycle":
        member.isWorn = true;
        this.#events.wears();
        break;
      case "left":
        member.thread.ends();
        break;
      case "result":
        this.#results.put(message.job, message.generation, message.value);
    }
  }

  #ends(member: Member, code: number | undefined): void {
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
    const hasServed = member.isRetired || lost > 0 || this.#doneBy(executor) > 0;
    if (hasServed && lost === 0 && cause !== undefined) threads.warn(untold(executor, cause));
    this.#events.leaves(member, hasServed);
  }

  #settleAgain(member: Member, waited: number): void {
    member.isAwaited = false;
    this.#settle(member, Math.min(2 * waited, LATER));
  }
}

/** No task is told of it. */
function untold(executor: number, cause: unknown): string {
  const received = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
  return `Worker ${executor} of a Pool has ended, and another one takes its place: received ${received}, of which no task is told; expected tasks that catch what they leave behind, and end when they are told to`;
}

function cannotCopy(error: unknown): unknown {
  if (!(error instanceof DOMException) || error.name !== "DataCloneError") return error;
  return dataCloneError(
    `Cannot make a Pool: received an init of which structured clone says: ${error.message}; expected what it copies`,
  );
}
