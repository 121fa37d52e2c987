import { readFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { createMemory, type Program } from "../../program/program.js";
import type { Machine, Run, RunOptions } from "../machine.js";
import { createGate } from "./gate.js";
import { pinnableCores } from "./pinning.js";
import { ProcessorThread } from "./processor-thread.js";
import { executeTogether, ProcessorError, type TimeLimit } from "./together.js";

export type { TimeLimit };

/** The most processors that the native machine takes. A thread takes some 9 MB and tens of milliseconds to start. */
export const MAXIMUM_PROCESSORS = 1024;

export interface NativeRunOptions extends RunOptions {
  readonly timeLimit?: TimeLimit;
}

export interface NativeRun extends Run {
  /** Time from the gate to the entry's return, by processor; undefined for one that was cut off. */
  readonly nanoseconds: readonly (number | undefined)[];
  /** Nanoseconds from the gate to the last answer, as the calling thread saw it. */
  readonly elapsed: number;
  /** The machine's clock after the last answer. */
  readonly end: number;
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
  readonly #pinnable: readonly number[] | undefined;
  readonly #threads: (ProcessorThread | undefined)[] = [];
  #instructions: WebAssembly.Module | undefined;
  readonly #epoch = process.hrtime.bigint();
  #running = false;
  #pinned: boolean;
  /** How often the machine was closed: a run that finds it changed was closed while it started. */
  #closed = 0;

  constructor({ pin = true }: NativeMachineOptions = {}) {
    this.#pinnable = pin ? pinnableCores() : undefined;
    this.#pinned = this.#pinnable !== undefined;
    this.cores = this.#pinnable?.length ?? availableParallelism();
  }

  /** Whether threads are kept on cores: before any was started whether they will be, then whether all are. */
  get pinned(): boolean {
    return this.#pinned;
  }

  /**
   * Executes an entry point of the program on every processor at once; resolves when all have returned.
   *
   * @throws {RangeError} if `processors` is no whole number from 1 to 1024
   * @throws {TypeError} if the memory is not shared
   * @throws {Error} if the machine is closed meanwhile, or a processor fails, by a trap, `fail` or a missing entry, with the error as its cause; the others'
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
    if (options.memory !== undefined && !(options.memory.buffer instanceof SharedArrayBuffer)) {
      throw new TypeError(`Cannot run ${entry}: received a memory of one thread; expected a shared one`);
    }
    this.#running = true;
    const closed = this.#closed;
    try {
      const threads = await this.#start(processors);
      signal?.throwIfAborted();
      if (this.#closed !== closed) throw new Error(`Cannot run ${entry}: the machine was closed`);
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
        end: Number(process.hrtime.bigint() - this.#epoch),
        cutOff,
      };
    } finally {
      this.#running = false;
    }
  }

  /** Ends all threads, also in the middle of a run. */
  async close(): Promise<void> {
    this.#closed++;
    await Promise.all(this.#threads.splice(0).map((thread) => thread?.terminate()));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** Threads for processors 0 to `processors - 1`, those that are not there yet started. */
  async #start(processors: number): Promise<ProcessorThread[]> {
    const closed = this.#closed;
    this.#instructions ??= await WebAssembly.compile(await readFile(new URL("./instructions.wasm", import.meta.url)));
    const instructions = this.#instructions;
    if (this.#closed !== closed) return [];
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
          const pinned = await thread.up;
          this.#pinned &&= pinned;
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
