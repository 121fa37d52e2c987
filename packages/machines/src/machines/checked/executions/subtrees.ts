/** ThreadData of executions in parts that know nothing of each other: by this thread, and after a while by others too. */
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
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
 * Transitions after which an threadData begins again in parts, and about how many these are: always the same, so that what is
 * counted does not depend on the threads.
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
  /** Transitions after which an threadData begins again in parts. Default: WHOLE. */
  readonly whole?: number;
  /** Milliseconds after which other threads begin. Default: PATIENCE. */
  readonly patience?: number;
}

const ALL: Subtree = { schedule: [], elsewhere: [[]] };

export class Subtrees {
  readonly #system: System;
  readonly #properties: Properties;
  readonly #threadData: ThreadData | undefined;
  readonly #most: number;
  readonly #whole: number;
  readonly #patience: number;
  #workers: Worker[] = [];
  /** Parts that nobody has begun, the first first. */
  #left: { part: number; subtree: Subtree }[] = [];
  /** By part. */
  #counts: ExecutionCounts[] = [];
  /** Parts that other threads explore. */
  #elsewhere = new Set<number>();
  /** The violation in the first part that has one. */
  #violation: { part: number; counterexample: Counterexample } | undefined;
  /** What other threads found that ends this round. */
  #interruption: Error | undefined;
  #wake: () => void = () => {};

  constructor(system: System, properties: Properties, options: SubtreesOptions) {
    const { threadData, workers = availableParallelism(), whole = WHOLE, patience = PATIENCE } = options;
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
    for (let next = this.#left.shift(); next !== undefined; next = this.#left.shift()) {
      const { part, subtree } = next;
      const executions = new Executions(this.#system, this.#properties, subtree);
      this.#counts[part] = executions.counts;
      try {
        for (const _ of executions.explore()) {
          if (this.#interruption) throw this.#interruption;
          if (!this.#isWanted(part)) break;
          if (this.#workers.length === 0 && performance.now() - begin >= this.#patience) this.#employ();
          yield;
        }
      } catch (error) {
        if (!(error instanceof Counterexample)) throw error;
        this.#violate(part, error);
      }
    }
    while ([...this.#elsewhere].some((part) => this.#isWanted(part))) {
      if (this.#interruption) throw this.#interruption;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      yield;
    }
    this.#report();
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

  /** Later parts need not be explored any more. */
  #violate(part: number, counterexample: Counterexample): void {
    if (!this.#isWanted(part)) return;
    this.#violation = { part, counterexample };
    this.#left = this.#left.filter((other) => other.part < part);
  }

  #employ(): void {
    if (this.#threadData === undefined) return;
    for (let i = 1; i < Math.min(this.#most, this.#left.length + 1); i++) {
      const worker = new Worker(new URL("./subtree-worker.js", import.meta.url), { workerData: this.#threadData });
      worker.on("message", (answer: Answer) => this.#hear(worker, answer));
      worker.on("error", (error) => this.#interrupt(error));
      this.#workers.push(worker);
      this.#ask(worker);
    }
  }

  #ask(worker: Worker): void {
    const next = this.#left.shift();
    if (next === undefined) return;
    this.#elsewhere.add(next.part);
    const request: Request = { ...next, shared: this.#system.cells.sharedAddresses() };
    worker.postMessage(request);
  }

  #hear(worker: Worker, answer: Answer): void {
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
      this.#elsewhere.delete(answer.part);
      this.#ask(worker);
    }
    this.#wake();
  }

  #interrupt(error: Error): void {
    this.#interruption ??= error;
    this.#wake();
  }

  async #dismiss(): Promise<void> {
    const workers = this.#workers;
    this.#workers = [];
    this.#elsewhere.clear();
    for (const worker of workers) worker.removeAllListeners();
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}
