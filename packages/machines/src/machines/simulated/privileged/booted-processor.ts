import type { Instance, Segment } from "../../../processor/stacks.js";
import { STOP } from "../../../processor/stop.js";
import { CAUSE, type Cause } from "../../../program/privileged.js";
import { RECORD } from "../processors/record.js";
import type { Runner } from "../processors/runner.js";
import { SimulatedProcessor } from "../processors/simulated-processor.js";
import type { Crossing } from "./crossing.js";
import type { Translation } from "./translation.js";

/** Words of the record that say what a processor stopped for, up to its kind. */
const STOP_WORDS = 8;

/** What a processor was about to do when its kernel was entered, and after how many cycles. */
export interface Suspended {
  readonly words: Int32Array;
  /** The result of its stop before, if it has not had that yet. */
  readonly result: Int32Array;
  readonly virtual: number;
  readonly imported: number;
  /** Where its arguments are in the segment's block. */
  readonly argumentsAt: number;
  readonly trap: number;
  readonly cycles: number;
  /** Whether it looks up a page of code. */
  readonly fetches: boolean;
  readonly crossing: Crossing | undefined;
  /** What comes after the lookup of a page of code that it was about to do. */
  readonly after: Suspended | undefined;
}

/** Why a segment is on its stack, and what its return restores. */
export interface Entered {
  /** start: the kernel's start function. base: the context's own first one. */
  readonly by: "start" | "base" | "call" | "interrupt" | Cause;
  readonly interrupts: boolean;
  /** Of a trap: what the kernel is told of it. */
  readonly trap?: { readonly number: number; readonly words: readonly number[] };
}

/** A segment of a stack, with why it is there, and what its frames were about to do when another one came above. */
export interface Frames {
  readonly segment: Segment;
  readonly user: boolean;
  readonly entered: Entered;
  readonly below: Frames | undefined;
  /** Of the stack, in segments up to this one. */
  readonly depth: number;
  suspended: Suspended | undefined;
}

/** What a processor does with memory for itself: a step of a walk, or of a reference that lies in two pages. */
export interface Errand {
  /** It takes effect. */
  readonly perform: () => void;
  /** It is over. */
  readonly goOn: () => void;
}

export type Mode = "kernel" | "user" | "idle";

/** A processor with a kernel mode. */
export class BootedProcessor extends SimulatedProcessor {
  mode: Mode = "kernel";
  /** The top of its stack. */
  frames!: Frames;
  /** The present context's number. */
  context = 0;
  /** Whether interrupts are taken in kernel mode. */
  interrupts = false;
  /** The numbers of those that are pending, as bits; and the requests that have ended. */
  pendingInterrupts = 0;
  readonly completions: number[] = [];
  /** Counts settings of the timer, so that an old one does nothing. */
  timer = 0;
  /** The words of the trap that is being handled. */
  trapWords: readonly number[] = [];
  /** What takes effect or comes back while a reference of its own is under way. */
  errand: Errand | undefined = undefined;
  crossing: Crossing | undefined = undefined;
  /** What comes after the lookup of a page of code. */
  after: Suspended | undefined = undefined;
  // Measured.
  readonly cyclesIn = { kernel: 0, user: 0, idle: 0 };
  readonly instructionsIn = { kernel: 0, user: 0, idle: 0 };
  readonly traps = Object.fromEntries(Object.keys(CAUSE).map((cause) => [cause, 0])) as Record<Cause, number>;
  dataMisses = 0;
  codeMisses = 0;
  readonly interruptsTaken = { timer: 0, completion: 0, processor: 0 };
  contextSwitches = 0;
  #since = 0;
  #instructionsBefore = 0;
  readonly #words: Int32Array;

  constructor(
    index: number,
    rank: number,
    line: number,
    record: ReturnType<Runner["recordOf"]>,
    readonly translation: Translation,
    /** Of the kernel. */
    readonly instance: Instance,
  ) {
    super(index, rank, line, record);
    this.#words = new Int32Array(record.buffer, record.address, RECORD.bytes / 4);
  }

  get user(): boolean {
    return this.mode === "user";
  }

  /** Whether a pending interrupt is to be taken now. */
  get interruptible(): boolean {
    return (this.user || this.interrupts) && this.interrupted;
  }

  get interrupted(): boolean {
    return this.pendingInterrupts !== 0 || this.completions.length > 0;
  }

  /** The address that it stopped with, before translation; the page of a lookup of code. */
  get virtual(): number {
    return this.#words[RECORD.virtual / 4]! >>> 0;
  }

  /** `call`: the imported function's number, and where its arguments are. */
  get imported(): number {
    return this.#words[RECORD.imported / 4]!;
  }

  get argumentsAt(): number {
    return this.#words[RECORD.imported / 4 + 1]! >>> 0;
  }

  get trap(): number {
    return this.#words[RECORD.trap / 4]!;
  }

  /** Time and instructions up to now belong to the present mode; from now on to another one. */
  change(mode: Mode): void {
    this.cyclesIn[this.mode] += this.at - this.#since;
    this.instructionsIn[this.mode] += this.instructions - this.#instructionsBefore;
    this.#since = this.at;
    this.#instructionsBefore = this.instructions;
    this.mode = mode;
  }

  /** The machine stops: what the processor did is measured up to then. */
  end(at: number): void {
    this.at = Math.max(at, this.#since);
    this.ended = this.at;
    this.change(this.mode);
  }

  /** What it is about to do, after so many cycles; of the segment that it executes, whose block begins at an address. */
  suspend(cycles: number, block: number): Suspended {
    const suspended: Suspended = {
      words: this.#words.slice(0, STOP_WORDS),
      result: this.#words.slice(RECORD.result / 4, RECORD.result / 4 + 2),
      virtual: this.virtual,
      imported: this.imported,
      argumentsAt: this.argumentsAt - block,
      trap: this.trap,
      cycles,
      fetches: this.kind === STOP.fetch,
      crossing: this.crossing,
      after: this.after,
    };
    this.#words[RECORD.early / 4] = 0;
    this.halfWay = false;
    this.again = false;
    this.conditional = false;
    this.linked = -1;
    this.crossing = undefined;
    this.after = undefined;
    return suspended;
  }

  /** It is about to do what it was when it was suspended. */
  resumeAs(suspended: Suspended, block: number): void {
    this.#words.set(suspended.words);
    this.#words.set(suspended.result, RECORD.result / 4);
    this.#words[RECORD.virtual / 4] = suspended.virtual;
    this.#words[RECORD.imported / 4] = suspended.imported;
    this.#words[RECORD.imported / 4 + 1] = suspended.argumentsAt + block;
    this.#words[RECORD.trap / 4] = suspended.trap;
    this.at += suspended.cycles;
    this.crossing = suspended.crossing;
    this.after = suspended.after;
  }

  /** It is about to look up a page of code; `after` comes then, if that is not the next instruction. */
  fetchNext(page: number, after: Suspended | undefined): void {
    this.kind = STOP.fetch;
    this.after = after;
    this.#words[RECORD.virtual / 4] = page;
  }
}
