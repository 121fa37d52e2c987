import { readFile } from "node:fs/promises";
import { availableParallelism, cpus } from "node:os";
import { createMemory, isParallel, moduleOf, type Program, unparallelMemory } from "../../program/program.js";
import { PAGE as PAGE_BYTES } from "../../wasm/module.js";
import { programsFrames, withSourceLines } from "../../wasm/stack-trace.js";
import type { Machine, Run, RunOptions } from "../machine.js";
import { createGate } from "./gate.js";
import { pinnableCores } from "./pinning.js";
import { ProcessorThread } from "./processor-thread.js";
import { executeTogether, type NativeTimeLimit, ProcessorError } from "./together.js";

export type { NativeTimeLimit };

/** A thread takes some 9 MB and tens of milliseconds to start. */
const MAXIMUM_PROCESSORS = 1024;

export interface NativeRunOptions extends RunOptions {
  readonly timeLimit?: NativeTimeLimit;
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
export class NativeMachine implements Machine {
  readonly name = "native";
  /** The processor's model, as the operating system names it. */
  readonly title = cpus()[0]?.model ?? "unknown";
  readonly unit = "ns";
  readonly nanoseconds = 1;
  readonly communication = "shared memory";
  readonly maximum = MAXIMUM_PROCESSORS;
  /** Its threads' references are the hardware's affair. */
  readonly observes = false;
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
   * @throws {RangeError} if `processors` is no whole number from 1 to 1024, or not 1 for a program whose memory is its own
   * @throws {TypeError} if the memory is not shared
   * @throws {Error} if the machine is closed meanwhile, or a processor fails, by a trap, `fail` or a missing entry, with the error as its cause; the others'
   * threads are ended, since they may wait for it for ever
   */
  async run(program: Program, entry: string, options: NativeRunOptions): Promise<Run> {
    const { processors, signal, timeLimit } = options;
    if (!Number.isInteger(processors) || processors < 1 || processors > MAXIMUM_PROCESSORS) {
      throw new RangeError(
        `Cannot run ${entry}: received ${processors} processors; expected 1 to ${MAXIMUM_PROCESSORS}`,
      );
    }
    if (processors > 1 && !isParallel(program)) {
      throw new RangeError(
        `Cannot run ${entry} of ${program.name}: received ${processors} processors and ${unparallelMemory(program)}; expected 1, or a module that imports a shared memory`,
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
        module: moduleOf(program),
        memoryType: program.memory,
        memory: isParallel(program) ? memory : undefined,
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
      const contents = answers[0]?.contents;
      if (contents !== undefined) fill(memory, contents);
      return {
        memory,
        results: answers.map((answer) => answer?.result),
        durations: answers.map((answer) => answer?.nanoseconds),
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

/** Makes a new memory hold what another one held. */
function fill(memory: WebAssembly.Memory, contents: Uint8Array): void {
  memory.grow((contents.length - memory.buffer.byteLength) / PAGE_BYTES);
  new Uint8Array(memory.buffer).set(contents);
}

function failure(program: Program, entry: string, { processor, cause }: ProcessorError): Error {
  const reason = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
  if (cause instanceof Error && cause.stack) {
    cause.stack = programsFrames(cause.stack);
    if (program.sourceMap) cause.stack = withSourceLines(cause.stack, program.sourceMap);
  }
  return new Error(`Cannot run ${entry} of ${program.name}: processor ${processor} failed: ${reason}`, { cause });
}
