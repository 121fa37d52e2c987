/**
 * The stepped machine: executes a program's own bytes with many processors in one thread, each schedule a function of
 * its seed. Every processor is an instance of the instrumented program on one memory; what it calls to pause, work,
 * wait or access memory unwinds it, and another one is rewound. Sleeping and messages are simulated, so that programs
 * that park or receive run here too, and a wake-up that was lost, or a message never sent, is a deadlock found at once.
 */
import { readFile } from "node:fs/promises";
import { type MachineModule, WITHOUT_MESSAGES } from "#machines/program/instructions.js";
import { entryPrefix, type Kernel, type KernelExports } from "#machines/program/kernel.js";
import type { Kind } from "#machines/program/kinds.js";
import { createMemory, failureName, moduleOf, type Program } from "#machines/program/program.js";
import { instrumented } from "./instrumented.js";
import { randomNumbers, replay, type Schedule } from "./schedule.js";

/** What a program said with `mark`, in the order of the execution. */
export interface Mark {
  readonly processor: number;
  readonly event: number;
  readonly value: number;
}

export interface SteppedRun {
  readonly marks: readonly Mark[];
  /** How often processors were interrupted. */
  readonly steps: number;
  /** How often one went to sleep. */
  readonly sleeps: number;
}

interface Exports {
  asyncify_start_unwind(buffer: number): void;
  asyncify_stop_unwind(): void;
  asyncify_start_rewind(buffer: number): void;
  asyncify_stop_rewind(): void;
  readonly "stepped.budget": WebAssembly.Global<"i32">;
  readonly [entry: string]: unknown;
}

interface Processor {
  readonly number: number;
  readonly instance: WebAssembly.Instance;
  readonly exports: Exports;
  /** Where it is unwound to: | top | end | stack ... |. */
  buffer: number;
  state: "ready" | "asleep" | "done";
  suspended: boolean;
  /** What interrupted it last. */
  at: string;
}

const STEPPED: ReadonlySet<Kind> = new Set(["lock", "barrier", "counter"]);

/** Bytes that hold the frames of a processor that is interrupted. */
const BUFFER_BYTES = 4096;
/** The most accesses between two interruptions, in the modes that interrupt at accesses, by seed. */
const LONGEST_BURSTS = [64, 32, 16, 8, 4, 2];
/** Steps after which a run is given up. */
const LIMIT = 20_000_000;
/** Accesses without a pause after which the other modes give a run up: a loop that never pauses. */
const WATCHDOG = 10_000_000;
/** One of how many of its turns a laggard gets, and of how many of those it keeps being the laggard all but one. */
const LAG = 300;
const LAGGARD_TURNS = 4;

/** Thrown through a processor to learn where it is. */
class Located extends Error {}

export class SteppedMachine {
  readonly program: Program;
  /** The program as it is, on the same memory: for what is done before and after a run. */
  readonly kernel: KernelExports;
  readonly memory: WebAssembly.Memory;
  readonly #instrumented: WebAssembly.Module;
  readonly #processors: Processor[] = [];
  #words = new Int32Array();
  #numberOf = 0;
  // Of the run under way:
  #schedule: Schedule = { mode: "round robin at pauses", seed: 0 };
  #interruptsAccesses = false;
  #random = randomNumbers(0);
  #steps = 0;
  #sleeps = 0;
  #laggard = 0;
  #longestBurst = 0;
  #marks: Mark[] = [];
  #current!: Processor;
  #ready: Processor[] = [];
  #sleepers: { readonly processor: Processor; readonly address: number }[] = [];
  #receivers: { readonly processor: Processor; readonly from: number }[] = [];
  /** Values sent and not yet received, by sender and receiver. */
  #messages: number[][][] = [];
  #unwinding = false;
  #rewinding = false;
  #locating = false;

  private constructor(program: Program, instrumented: WebAssembly.Module) {
    this.program = program;
    this.memory = createMemory(program);
    this.#instrumented = instrumented;
    const instructions = { processor: () => 0, processors: () => this.#numberOf, clock: () => this.#steps };
    const nothing = { pause() {}, work() {}, mark() {}, invoke() {}, result() {}, counter: () => 0 };
    const fail = (reason: number) => {
      throw new Error(`the program failed: ${failureName(instance, reason)}`);
    };
    const machine = { ...instructions, ...nothing, ...WITHOUT_MESSAGES, fail };
    const instance: WebAssembly.Instance = new WebAssembly.Instance(moduleOf(program), {
      env: { memory: this.memory },
      machine,
    });
    this.kernel = instance.exports as unknown as KernelExports;
  }

  /** A machine for the kernel, whose bytes are in `file`; for algorithms of some kinds, as others are most of it. */
  static async load(kernel: Kernel, file: URL): Promise<SteppedMachine> {
    const others = kernel.algorithms.filter(({ kind }) => !STEPPED.has(kind));
    const leftOut = others.map(({ name }) => `${entryPrefix(name)}_`);
    return new SteppedMachine(kernel, await WebAssembly.compile(await instrumented(await readFile(file), leftOut)));
  }

  /** Empties the memory and makes that many processors. */
  boot(processors: number): void {
    this.#numberOf = processors;
    this.kernel.boot(processors);
    this.#words = new Int32Array(this.memory.buffer);
    while (this.#processors.length < processors) this.#processors.push(this.#create(this.#processors.length));
    for (const processor of this.#processors) processor.buffer = 0;
  }

  /** The 32-bit word at an address. */
  read(address: number): number {
    return this.#words[address >> 2]! >>> 0;
  }

  write(address: number, value: number): void {
    this.#words[address >> 2] = value;
  }

  /**
   * Executes an entry on all processors until all have returned.
   *
   * @throws {Error} if the program fails or traps, all who are left sleep, or LIMIT steps do not do; the message says
   * how to get the same execution again
   */
  run(entry: string, argument: number, schedule: Schedule): SteppedRun {
    this.#schedule = schedule;
    this.#interruptsAccesses = schedule.mode.startsWith("random at accesses");
    this.#random = randomNumbers(schedule.seed);
    this.#longestBurst = LONGEST_BURSTS[schedule.seed % LONGEST_BURSTS.length]!;
    this.#steps = this.#sleeps = this.#laggard = 0;
    this.#marks = [];
    this.#ready = this.#processors.slice(0, this.#numberOf);
    this.#sleepers = [];
    this.#receivers = [];
    this.#messages = this.#ready.map(() => this.#ready.map(() => []));
    this.#unwinding = this.#rewinding = this.#locating = false;
    for (const processor of this.#ready) {
      processor.state = "ready";
      processor.suspended = false;
      processor.at = "the beginning";
      processor.buffer ||= this.kernel.local(processor.number, BUFFER_BYTES);
      this.write(processor.buffer, processor.buffer + 8);
      this.write(processor.buffer + 4, processor.buffer + BUFFER_BYTES);
    }
    try {
      while (this.#ready.length > 0) this.#execute(this.#next(), entry, argument);
      if (this.#sleepers.length + this.#receivers.length > 0) throw new Error("all processors that are left sleep");
    } catch (error) {
      const places = this.#places(entry, argument, error as Error);
      this.#processors.length = 0; // Their globals are those of an unfinished run.
      throw new Error(
        `Cannot run ${entry} on ${this.#numberOf} processors: ${(error as Error).message} after ${this.#steps} steps ${replay(schedule)}\n${places}`,
        { cause: error },
      );
    }
    return { marks: this.#marks, steps: this.#steps, sleeps: this.#sleeps };
  }

  #create(number: number): Processor {
    const instance: WebAssembly.Instance = new WebAssembly.Instance(this.#instrumented, {
      env: { memory: this.memory },
      machine: {
        processor: () => number,
        processors: () => this.#numberOf,
        clock: () => this.#steps,
        counter: () => 0,
        invoke: () => {},
        result: () => {},
        mark: (event: number, value: number) => this.#marks.push({ processor: number, event, value }),
        fail: (reason: number) => {
          throw new Error(`the program failed: ${failureName(instance, reason)}`);
        },
        pause: () => this.#interrupt("pause"),
        work: () => this.#interrupt("work"),
        send: (to: number, value: number) => this.#send(to, value),
        receive: (from: number) => this.#receive(from),
      } satisfies MachineModule,
      stepped: {
        access: () => this.#access(),
        wait: (address: number, expected: number, timeout: bigint) => this.#wait(address, expected, timeout),
        notify: (address: number, count: number) => this.#notify(address, count),
      },
    });
    const exports = instance.exports as unknown as Exports;
    return { number, instance, exports, buffer: 0, state: "ready", suspended: false, at: "the beginning" };
  }

  #next(): Processor {
    const ready = this.#ready;
    if (this.#schedule.mode === "round robin at pauses") {
      const first = ready.shift()!;
      ready.push(first);
      return first;
    }
    const next = ready[this.#random(ready.length)]!;
    if (this.#schedule.mode !== "random at accesses, one lags" || next.number !== this.#laggard) return next;
    if (ready.length > 1 && this.#random(LAG) !== 0) return this.#next();
    if (this.#random(LAGGARD_TURNS) === 0) this.#laggard = this.#random(this.#numberOf);
    return next;
  }

  #budget(): number {
    return this.#interruptsAccesses ? 1 + this.#random(1 + this.#random(this.#longestBurst)) : WATCHDOG;
  }

  /** Lets a processor go on until it is interrupted or done. */
  #execute(processor: Processor, entry: string, argument: number): void {
    const { exports } = processor;
    this.#current = processor;
    exports["stepped.budget"].value = this.#budget();
    if (processor.suspended) {
      exports.asyncify_start_rewind(processor.buffer);
      this.#rewinding = true;
      processor.suspended = false;
    }
    (exports[entry] as (argument: number) => void)(argument);
    processor.suspended = this.#unwinding;
    if (this.#unwinding) {
      exports.asyncify_stop_unwind();
      this.#unwinding = false;
    } else {
      processor.state = "done";
      this.#ready.splice(this.#ready.indexOf(processor), 1);
    }
  }

  /** Called by a processor that may be interrupted, and again by the same call when it goes on. */
  #interrupt(at: string): void {
    if (this.#rewinding) {
      if (this.#locating) throw new Located();
      this.#current.exports.asyncify_stop_rewind();
      this.#rewinding = false;
      return;
    }
    if (++this.#steps > LIMIT) throw new Error("it does not end");
    this.#current.at = at;
    this.#current.exports.asyncify_start_unwind(this.#current.buffer);
    this.#unwinding = true;
  }

  #access(): void {
    if (this.#rewinding || this.#interruptsAccesses) {
      this.#interrupt("an access");
    } else {
      throw new Error(`a processor accesses memory ${WATCHDOG} times without a pause`);
    }
  }

  /** memory.atomic.wait32; a wait with a timeout may end at any moment. */
  #wait(address: number, expected: number, timeout: bigint): number {
    const processor = this.#current;
    if (this.#rewinding) {
      this.#interrupt("a wait");
      const index = this.#sleepers.findIndex((sleeper) => sleeper.processor === processor);
      if (index < 0) return 0;
      this.#sleepers.splice(index, 1);
      return 2;
    }
    if (this.#words[address >> 2] !== expected) return 1;
    this.#sleeps++;
    this.#sleepers.push({ processor, address });
    if (timeout < 0n) this.#fallAsleep(processor);
    this.#interrupt(`a wait on ${address}`);
    return 0;
  }

  /** memory.atomic.notify: wakes those who sleep at the address, first come, first served. */
  #notify(address: number, count: number): number {
    const woken = this.#sleepers.filter((sleeper) => sleeper.address === address).slice(0, count >>> 0);
    this.#sleepers = this.#sleepers.filter((sleeper) => !woken.includes(sleeper));
    for (const { processor } of woken) this.#wake(processor);
    return woken.length;
  }

  #fallAsleep(processor: Processor): void {
    processor.state = "asleep";
    this.#ready.splice(this.#ready.indexOf(processor), 1);
  }

  #wake(processor: Processor): void {
    if (processor.state !== "asleep") return;
    processor.state = "ready";
    this.#ready.push(processor);
  }

  /** The messages under way between two processors, in the order in which they were sent. */
  #channel(from: number, to: number): number[] {
    const channel = this.#messages[from]?.[to];
    if (channel === undefined)
      throw new Error(`a message from processor ${from} to ${to}; expected 0 to ${this.#numberOf - 1}`);
    return channel;
  }

  #send(to: number, value: number): void {
    const from = this.#current.number;
    this.#channel(from, to).push(value);
    const index = this.#receivers.findIndex((receiver) => receiver.processor.number === to && receiver.from === from);
    if (index < 0) return;
    this.#wake(this.#receivers[index]!.processor);
    this.#receivers.splice(index, 1);
  }

  #receive(from: number): number {
    const processor = this.#current;
    const channel = this.#channel(from, processor.number);
    if (this.#rewinding) this.#interrupt("a receive");
    const value = channel.shift();
    if (value !== undefined) return value;
    this.#receivers.push({ processor, from });
    this.#fallAsleep(processor);
    this.#interrupt(`a receive from processor ${from}`);
    return 0;
  }

  /** Where every processor is: what interrupted it, and in which functions. */
  #places(entry: string, argument: number, error: Error): string {
    const failed = this.#current;
    this.#locating = true;
    const functions = (processor: Processor): string => {
      let located = error;
      if (processor.suspended) {
        try {
          this.#unwinding = false;
          this.#execute(processor, entry, argument);
        } catch (caught) {
          located = caught as Error;
        }
      } else if (processor !== failed) return "";
      return ["", ...Array.from(String(located.stack).matchAll(/at (\S+) \(wasm:/g), ([, name]) => name)].join(" < ");
    };
    return this.#processors
      .slice(0, this.#numberOf)
      .map(
        (processor) =>
          `processor ${processor.number}: ${processor.state}, last at ${processor.at}${functions(processor)}`,
      )
      .join("\n");
  }
}
