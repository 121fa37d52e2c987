/** Exploration of executions in parts that know nothing of each other: by this thread, and after a while by others too. */
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { Program } from "../../program/program.js";
import { Shared } from "./cells.js";
import { Executions, type ExecutionsFound, type Subtree } from "./executions.js";
import { Exceeded } from "./kept.js";
import { CheckError } from "./loading.js";
import type { CheckOptions } from "./options.js";
import { Found } from "./states.js";
import type { System } from "./system.js";
import { Violated } from "./violation.js";
import type { Watch } from "./watch.js";

/**
 * Transitions after which an exploration begins again in parts, and about how many these are: always the same, so that what is
 * counted does not depend on the threads.
 */
const WHOLE = 100_000;
const PARTS = 48;
/** Milliseconds after which it is worth while to begin other threads. */
const PATIENCE = 1000;

/** What another thread needs to explore the same program. */
export interface Exploration {
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
  | { readonly kind: "progress" | "done"; readonly part: number; readonly found: ExecutionsFound }
  | { readonly kind: "shared"; readonly addresses: readonly number[] }
  | {
      readonly kind: "violated";
      readonly part: number;
      readonly found: ExecutionsFound;
      readonly violation: { readonly kind: Violated["kind"]; readonly message: string };
      readonly schedule: readonly number[];
    }
  | { readonly kind: "exceeded"; readonly needs: string }
  | { readonly kind: "failed"; readonly message: string; readonly endless: boolean };

export interface SubtreesOptions {
  /** Undefined where properties are functions, which no other thread can execute. */
  readonly exploration: Exploration | undefined;
  /** Threads, this one among them. Default: one for each core. */
  readonly workers: number | undefined;
  /** Transitions after which an exploration begins again in parts. Default: WHOLE. */
  readonly whole?: number;
  /** Milliseconds after which other threads begin. Default: PATIENCE. */
  readonly patience?: number;
}

const ALL: Subtree = { schedule: [], elsewhere: [[]] };

export class Subtrees {
  readonly #system: System;
  readonly #watch: Watch;
  readonly #exploration: Exploration | undefined;
  readonly #most: number;
  readonly #whole: number;
  readonly #patience: number;
  #workers: Worker[] = [];
  /** Parts that nobody has begun, the first first. */
  #left: { part: number; subtree: Subtree }[] = [];
  /** By part. */
  #counts: ExecutionsFound[] = [];
  /** Parts that other threads explore. */
  #elsewhere = new Set<number>();
  /** The violation in the first part that has one. */
  #violation: { part: number; found: Found } | undefined;
  /** What other threads found that ends this round. */
  #interruption: Error | undefined;
  #wake: () => void = () => {};

  constructor(system: System, watch: Watch, options: SubtreesOptions) {
    const { exploration, workers = availableParallelism(), whole = WHOLE, patience = PATIENCE } = options;
    this.#system = system;
    this.#watch = watch;
    this.#exploration = exploration;
    this.#most = workers;
    this.#whole = whole;
    this.#patience = patience;
  }

  /** What was explored so far. */
  get found(): ExecutionsFound {
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
   * @throws {Found} for the violation in the first part that has one
   * @throws {Error} if an execution does not end
   */
  async *explore(): AsyncGenerator<void> {
    try {
      for (;;) {
        try {
          yield* this.#round();
          return;
        } catch (error) {
          if (!(error instanceof Shared)) throw error;
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
      const executions = new Executions(this.#system, this.#watch, subtree);
      this.#counts[part] = executions.found;
      try {
        for (const _ of executions.explore()) {
          if (this.#interruption) throw this.#interruption;
          if (!this.#isWanted(part)) break;
          if (this.#workers.length === 0 && performance.now() - begin >= this.#patience) this.#employ();
          yield;
        }
      } catch (error) {
        if (!(error instanceof Found)) throw error;
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
    const executions = new Executions(this.#system, this.#watch, ALL);
    this.#counts = [executions.found];
    for (const _ of executions.explore()) {
      if (executions.found.steps >= this.#whole) return false;
      yield;
    }
    return true;
  }

  #report(): void {
    if (this.#violation === undefined) return;
    // What was explored of later parts depends on the threads.
    this.#counts.length = this.#violation.part + 1;
    throw this.#violation.found;
  }

  /** Parts of all executions, none of which is in two of them. */
  #divide(): Subtree[] {
    const whole: Subtree[] = [];
    const open: Subtree[] = [ALL];
    while (open.length > 0 && whole.length + open.length < PARTS) {
      const subtree = open.shift()!;
      const choices = new Executions(this.#system, this.#watch, subtree).choices();
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
  #violate(part: number, found: Found): void {
    if (!this.#isWanted(part)) return;
    this.#violation = { part, found };
    this.#left = this.#left.filter((other) => other.part < part);
  }

  #employ(): void {
    if (this.#exploration === undefined) return;
    for (let i = 1; i < Math.min(this.#most, this.#left.length + 1); i++) {
      const worker = new Worker(new URL("./subtree-worker.js", import.meta.url), { workerData: this.#exploration });
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
        this.#interrupt(new Shared(answer.addresses.at(-1)!));
        return;
      case "exceeded":
        this.#interrupt(new Exceeded(answer.needs));
        return;
      case "failed":
        this.#interrupt(answer.endless ? new CheckError(answer.message) : new Error(answer.message));
        return;
      case "violated": {
        const { kind, message } = answer.violation;
        this.#violate(answer.part, new Found(new Violated(kind, message), answer.schedule));
      }
    }
    this.#counts[answer.part] = answer.found;
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
