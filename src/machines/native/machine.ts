import { readFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { createMemory, type Program } from "../../program/program.js";
import type { Machine, Run, RunOptions } from "../machine.js";
import { createGate } from "./gate.js";
import { pinnableCores } from "./pinning.js";
import { ProcessorThread } from "./processor-thread.js";
import { executeTogether, ProcessorError, type TimeLimit } from "./together.js";

export type { TimeLimit };

/** The most processors that the native machine takes. */
export const MAXIMUM_PROCESSORS = 1024;

export interface NativeRunOptions extends RunOptions {
  readonly timeLimit?: TimeLimit;
}

export interface NativeRun extends Run {
  /** Time from the gate to the entry's return, by processor; undefined for one that was cut off. */
  readonly nanoseconds: readonly (number | undefined)[];
  /** Nanoseconds from the gate to the last answer, as the calling thread saw it. */
  readonly elapsed: number;
  /** Processors whose threads had to be ended because they did not stop in time. */
  readonly cutOff: readonly number[];
}

export interface NativeMachineOptions {
  /** Whether to keep threads on cores, one after the other, where that is possible. Default: true. */
  readonly pin?: boolean;
}

/**
 * This computer: every processor is a worker thread, and the platform's own engine executes the program. Threads are
 * started when first needed and used again; `close` ends them. May be used from any thread that may start workers; one
 * run at a time.
 */
export class NativeMachine implements Machine<NativeRunOptions, NativeRun> {
  readonly name = "native";
  /** Cores that threads of this process can run on. */
  readonly cores: number;
  /** Whether threads are pinned to cores. */
  readonly pinned: boolean;
  readonly #pinnable: readonly number[] | undefined;
  readonly #threads: (ProcessorThread | undefined)[] = [];
  readonly #instructions: Promise<WebAssembly.Module>;
  readonly #epoch = process.hrtime.bigint();
  #running = false;

  constructor({ pin = true }: NativeMachineOptions = {}) {
    this.#pinnable = pin ? pinnableCores() : undefined;
    this.pinned = this.#pinnable !== undefined;
    this.cores = this.#pinnable?.length ?? availableParallelism();
    this.#instructions = readFile(new URL("./instructions.wasm", import.meta.url)).then(WebAssembly.compile);
  }

  /**
   * Executes an entry point of the program on every processor at once; resolves when all have returned.
   *
   * @throws {RangeError} if `processors` is no whole number from 1 to 1024
   * @throws {Error} if a processor fails, by a trap, `fail` or a missing entry, with the error as its cause; the others'
   * threads are ended, since they may wait for it for ever
   */
  async run(program: Program, entry: string, options: NativeRunOptions): Promise<NativeRun> {
    const { processors, signal, timeLimit } = options;
    if (!Number.isInteger(processors) || processors < 1 || processors > MAXIMUM_PROCESSORS) {
      throw new RangeError(
        `Cannot run ${entry}: received ${processors} processors; expected 1 to ${MAXIMUM_PROCESSORS}`,
      );
    }
    if (this.#running) throw new Error(`Cannot run ${entry}: another run is under way; expected one at a time`);
    this.#running = true;
    try {
      const threads = await this.#start(processors);
      // Also what was aborted or closed while the threads started.
      signal?.throwIfAborted();
      const memory = options.memory ?? createMemory(program);
      const request = {
        module: program.module,
        memory,
        entry,
        arguments: options.arguments ?? [],
        processors,
        gate: createGate(),
        epoch: this.#epoch,
      };
      const { answers, cutOff, elapsed } = await executeTogether(threads, request, { signal, timeLimit }).catch(
        (error) => {
          throw error instanceof ProcessorError ? failure(program, entry, error) : error;
        },
      );
      return {
        memory,
        results: answers.map((answer) => answer?.result),
        nanoseconds: answers.map((answer) => answer?.nanoseconds),
        elapsed,
        cutOff,
      };
    } finally {
      this.#running = false;
    }
  }

  /** Ends all threads, also in the middle of a run. */
  async close(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread?.terminate()));
    this.#threads.length = 0;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** Threads for processors 0 to `processors - 1`, those that are not there yet started. */
  async #start(processors: number): Promise<ProcessorThread[]> {
    const instructions = await this.#instructions;
    return Promise.all(
      Array.from({ length: processors }, async (_, processor) => {
        const present = this.#threads[processor];
        if (present !== undefined && !present.ended) {
          await present.up;
          return present;
        }
        const core = this.#pinnable?.[processor % this.#pinnable.length];
        try {
          const thread = new ProcessorThread({ processor, core, instructions });
          this.#threads[processor] = thread;
          await thread.up;
          return thread;
        } catch (error) {
          throw new Error(`Cannot start processor ${processor}: ${(error as Error).message}`, { cause: error });
        }
      }),
    );
  }
}

function failure(program: Program, entry: string, { processor, cause }: ProcessorError): Error {
  const reason = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
  return new Error(`Cannot run ${entry} of ${program.name}: processor ${processor} failed: ${reason}`, { cause });
}
