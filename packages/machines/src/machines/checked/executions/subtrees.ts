/**
 * Exploration of executions in parts that know nothing of each other: by this thread, and after a while by others too.
 */
import { host } from "#host";
import type { Thread } from "../../../host/host.js";
import type { Program } from "../../../program/program.js";
import { Counterexample } from "../counterexamples/counterexample.js";
import type { CheckOptions } from "../options.js";
import type { Properties } from "../properties/properties.js";
import { Violated } from "../properties/violation.js";
import { NewlyShared } from "../system/cells.js";
import { Exceeded } from "../system/kept.js";
import { CheckError } from "../system/loading.js";
import type { System } from "../system/system.js";
import { type ExecutionCounts, Executions, type Subtree } from "./executions.js";

/**
 * Transitions after which an exploration begins again in parts, and about how many these are: always the same, so that
 * what is counted does not depend on the threads.
 */
const WHOLE = 100_000;
const PARTS = 48;
/** Milliseconds after which it is worth while to begin other threads. */
const PATIENCE = 1000;

/** What another thread needs to explore the same program. */
export interface ThreadData {
  readonly program: Program;
  readonly options: Omit<CheckOptions, "onEnd" | "progress" | "signal">;
}

/** What a thread is asked. */
export interface Request {
  readonly part: number;
  readonly subtree: Subtree;
  /** Words that are known to be shared. */
  readonly shared: readonly number[];
}

/** What it answers. */
export type Answer =
  | { readonly kind: "progress" | "done"; readonly part: number; readonly counts: ExecutionCounts }
  | { readonly kind: "shared"; readonly addresses: readonly number[] }
  | {
      readonly kind: "violated";
      readonly part: number;
      readonly counts: ExecutionCounts;
      readonly violation: { readonly kind: Violated["kind"]; readonly message: string };
      readonly schedule: readonly number[];
    }
  | { readonly kind: "exceeded"; readonly needs: string }
  | { readonly kind: "failed"; readonly message: string; readonly endless: boolean };

export interface SubtreesOptions {
  /** Undefined where properties are functions, which no other thread can execute. */
  readonly threadData: ThreadData | undefined;
  /** Threads, this one among them. Default: one for each core. */
  readonly workers: number | undefined;
  /** Transitions after which an exploration begins again in parts. Default: WHOLE. */
  readonly whole?: number;
  /** Milliseconds after which other threads begin. Default: PATIENCE. */
  readonly patience?: number;
}

interface Part {
  readonly part: number;
  readonly subtree: Subtree;
}

const ALL: Subtree = { schedule: [], elsewhere: [[]] };

export class Subtrees {
  readonly #system: System;
  readonly #properties: Properties;
  readonly #threadData: ThreadData | undefined;
  readonly #most: number;
  readonly #whole: number;
  readonly #patience: number;
  #threads: Thread[] = [];
  /** Parts that nobody has begun, the first first. */
  #left: Part[] = [];
  /** By part. */
  #counts: ExecutionCounts[] = [];
  /** Parts that other threads explore. */
  #elsewhere = new Map<Thread, Part>();
  /** The violation in the first part that has one. */
  #violation: { part: number; counterexample: Counterexample } | undefined;
  /** What other threads found that ends this round. */
  #interruption: Error | undefined;
  #wake: () => void = () => {};

  constructor(system: System, properties: Properties, options: SubtreesOptions) {
    const { threadData, workers = host.cores(), whole = WHOLE, patience = PATIENCE } = options;
    this.#system = system;
    this.#properties = properties;
    this.#threadData = threadData;
    this.#most = workers;
    this.#whole = whole;
    this.#patience = patience;
  }

  /** What was explored so far. */
  get counts(): ExecutionCounts {
    const sum = { executions: 0, blocked: 0, steps: 0, depth: 0, races: 0 };
    for (const { executions, blocked, steps, depth, races } of this.#counts.filter(Boolean)) {
      sum.executions += executions;
      sum.blocked += blocked;
      sum.steps += steps;
      sum.depth = Math.max(sum.depth, depth);
      sum.races += races;
    }
    return sum;
  }

  /**
   * Explores all; yields now and then.
   *
   * @throws {Counterexample} for the violation in the first part that has one
   * @throws {Error} if an execution does not end
   */
  async *explore(): AsyncGenerator<void> {
    try {
      for (;;) {
        try {
          yield* this.#round();
          return;
        } catch (error) {
          if (!(error instanceof NewlyShared)) throw error;
          await this.#dismiss();
        }
      }
    } finally {
      await this.#dismiss();
    }
  }

  async *#round(): AsyncGenerator<void> {
    this.#violation = this.#interruption = undefined;
    if (yield* this.#exploreWhole()) return;
    this.#counts = [];
    this.#left = this.#divide().map((subtree, part) => ({ part, subtree }));
    const begin = performance.now();
    do {
      yield* this.#exploreLeft(begin);
      while (this.#left.length === 0 && this.#isWaitedFor()) {
        if (this.#interruption) throw this.#interruption;
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
        yield;
      }
      // A thread that does not exist has given its part back.
    } while (this.#left.length > 0);
    this.#report();
  }

  /** Explores the parts that no other thread has begun; employs others after a while. */
  *#exploreLeft(begin: number): Generator<void> {
    for (let next = this.#left.shift(); next !== undefined; next = this.#left.shift()) {
      const { part, subtree } = next;
      const executions = new Executions(this.#system, this.#properties, subtree);
      this.#counts[part] = executions.counts;
      try {
        for (const _ of executions.explore()) {
          if (this.#interruption) throw this.#interruption;
          if (!this.#isWanted(part)) break;
          if (this.#threads.length === 0 && performance.now() - begin >= this.#patience) this.#employ();
          yield;
        }
      } catch (error) {
        if (!(error instanceof Counterexample)) throw error;
        this.#violate(part, error);
      }
    }
  }

  /** Whether all was explored before it was worth while to divide it. */
  *#exploreWhole(): Generator<void, boolean> {
    const executions = new Executions(this.#system, this.#properties, ALL);
    this.#counts = [executions.counts];
    for (const _ of executions.explore()) {
      if (executions.counts.steps >= this.#whole) return false;
      yield;
    }
    return true;
  }

  #report(): void {
    if (this.#violation === undefined) return;
    // What was explored of later parts depends on the threads.
    this.#counts.length = this.#violation.part + 1;
    throw this.#violation.counterexample;
  }

  /** Parts of all executions, none of which is in two of them. */
  #divide(): Subtree[] {
    const whole: Subtree[] = [];
    const open: Subtree[] = [ALL];
    while (open.length > 0 && whole.length + open.length < PARTS) {
      const subtree = open.shift()!;
      const choices = new Executions(this.#system, this.#properties, subtree).choices();
      if (choices.length === 0) whole.push(subtree);
      choices.forEach((transition, i) => {
        const { schedule, elsewhere } = subtree;
        const before = [...elsewhere.slice(0, -1), [...elsewhere.at(-1)!, ...choices.slice(0, i)]];
        open.push({ schedule: [...schedule, transition], elsewhere: [...before, []] });
      });
    }
    return [...whole, ...open];
  }

  /** Whether no part before has a violation. */
  #isWanted(part: number): boolean {
    return this.#violation === undefined || part < this.#violation.part;
  }

  /** Whether another thread explores a part that is wanted. */
  #isWaitedFor(): boolean {
    return [...this.#elsewhere.values()].some(({ part }) => this.#isWanted(part));
  }

  /** Later parts need not be explored any more. */
  #violate(part: number, counterexample: Counterexample): void {
    if (!this.#isWanted(part)) return;
    this.#violation = { part, counterexample };
    this.#left = this.#left.filter((other) => other.part < part);
  }

  #employ(): void {
    if (this.#threadData === undefined) return;
    for (let i = 1; i < Math.min(this.#most, this.#left.length + 1); i++) {
      const thread: Thread = host.startSubtreeWorker<Answer>(this.#threadData, {
        onAnswer: (answer) => this.#hear(thread, answer),
        onError: (error) => this.#interrupt(error),
        onAbsent: () => this.#miss(thread),
      });
      this.#threads.push(thread);
      this.#ask(thread);
    }
  }

  #ask(thread: Thread): void {
    const next = this.#left.shift();
    if (next === undefined) return;
    this.#elsewhere.set(thread, next);
    const request: Request = { ...next, shared: this.#system.cells.sharedAddresses() };
    thread.post(request);
  }

  /** A thread does not exist: what it was asked is left. It stays in the list, and no others are employed for it. */
  #miss(thread: Thread): void {
    const asked = this.#elsewhere.get(thread);
    this.#elsewhere.delete(thread);
    if (asked !== undefined && this.#isWanted(asked.part)) {
      this.#left = [...this.#left, asked].sort((a, b) => a.part - b.part);
    }
    this.#wake();
  }

  #hear(thread: Thread, answer: Answer): void {
    switch (answer.kind) {
      case "shared":
        for (const address of answer.addresses) this.#system.cells.shareCell(this.#system.cells.ofWord(address >>> 2));
        this.#interrupt(new NewlyShared(answer.addresses.at(-1)!));
        return;
      case "exceeded":
        this.#interrupt(new Exceeded(answer.needs));
        return;
      case "failed":
        this.#interrupt(answer.endless ? new CheckError(answer.message) : new Error(answer.message));
        return;
      case "violated": {
        const { kind, message } = answer.violation;
        this.#violate(answer.part, new Counterexample(new Violated(kind, message), answer.schedule));
      }
    }
    this.#counts[answer.part] = answer.counts;
    if (answer.kind !== "progress") {
      this.#elsewhere.delete(thread);
      this.#ask(thread);
    }
    this.#wake();
  }

  #interrupt(error: Error): void {
    this.#interruption ??= error;
    this.#wake();
  }

  async #dismiss(): Promise<void> {
    const threads = this.#threads;
    this.#threads = [];
    this.#elsewhere.clear();
    await Promise.all(threads.map((thread) => thread.end()));
  }
}
