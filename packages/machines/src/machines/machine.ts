/** What every machine offers to those who run and measure programs. No machine knows another. */
import type { Program } from "../program/program.js";
import type { LinkMeasures, ProcessorMeasures } from "./measures.js";

/** The unit of a machine's clock, and of every time measured there. */
export type TimeUnit = "ns" | "cycles";

/** What processors of a machine can communicate by. */
export type Communication = "shared memory" | "messages";

/** A run measured by time: what happens when the time is over. */
export interface TimeLimit {
  /** From the moment all processors begin, above 0; in the machine's unit. */
  readonly duration: number;
  /**
   * Asks the program to end, by writing to its memory; `elapsed` is the time since all processors began. Must not throw.
   */
  stop(elapsed: number): void;
}

/** How a program is to run. */
export interface RunOptions {
  /** Processors, 1 or more; the machine says what it can take. */
  readonly processors: number;
  /** Passed to the entry point on every processor. */
  readonly arguments?: readonly (number | bigint)[];
  /** The memory to run in; a new one if none is given. */
  readonly memory?: WebAssembly.Memory;
  readonly timeLimit?: TimeLimit;
  /** Ends the run early: its promise rejects with the signal's reason, and no processor goes on. */
  readonly signal?: AbortSignal;
  /** What a deterministic machine's own choices begin with, a 32-bit word; other machines have none to make. */
  readonly seed?: number;
  /**
   * Called for each `mark` that a processor executes, with the name that the program exports the event by (`Event.NAME`),
   * or its number where it has none; only on machines that observe.
   */
  readonly onMark?: (processor: number, event: string, value: number, time: number) => void;
  /** Called when a reference that left its processor takes effect, in order of time; only on machines that observe. */
  readonly onReference?: (processor: number, time: number) => void;
  /**
   * Whether the machine lends the program the read-modify-writes that it lacks, each at the cost of its own: for
   * measurements of something else than synchronization. Default: it refuses them.
   */
  readonly lends?: boolean;
  /** Processors that watch beside those that take part, numbered after them; only on machines that observe. */
  readonly bystanders?: readonly Bystander[];
}

/**
 * A processor that takes no part: `processors()` does not count it, and the run does not wait for it. The machine's
 * maximum counts it.
 */
export interface Bystander {
  readonly entry: string;
  readonly arguments: readonly (number | bigint)[];
}

/** What an entry point returned: undefined for nothing, all of them where it returns several. */
export type Result = number | bigint | undefined | readonly (number | bigint)[];

/** What every machine says of a run that ended. */
export interface Run {
  /** What the entry point returned, by processor; undefined for one that was cut off. */
  readonly results: readonly Result[];
  readonly memory: WebAssembly.Memory;
  /** Time from the common begin to the entry's return, by processor; undefined for one that was cut off. */
  readonly durations: readonly (number | undefined)[];
  /** Time from the common begin to the last processor's end. */
  readonly elapsed: number;
  /** The machine's clock after that. */
  readonly end: number;
  /** Processors that had to be ended because they did not stop in time. */
  readonly cutOff: readonly number[];
  /** What the processors' references did, by processor; only from machines that observe. */
  readonly processors?: readonly ProcessorMeasures[];
  /** What that took of buses, switches, memories and directories; only from machines that observe. */
  readonly links?: readonly LinkMeasures[];
}

/** Executes programs on many processors. */
export interface Machine {
  /** By which commands and rows know it. */
  readonly name: string;
  /** What it is, for people: a processor's model, or a machine's title. */
  readonly title: string;
  readonly unit: TimeUnit;
  /** Nanoseconds of one unit. */
  readonly nanoseconds: number;
  readonly communication: Communication;
  /** The most processors of one run. */
  readonly maximum: number;
  /** Processors that execute at the same time; further ones take turns with them. */
  readonly cores: number;
  /** Whether each processor stays on its core. */
  readonly pinned: boolean;
  /** Whether it sees every reference: its runs have `processors` and `links`, and heed what is for such machines. */
  readonly observes: boolean;
  /** Bytes of each processor's cache; 0 where nothing is cached. Only machines that observe know. */
  readonly cacheBytes?: number;
  /** The read-modify-writes that it lacks. Only machines that observe know. */
  readonly lacks?: readonly string[];
  /**
   * Executes an entry point of the program on every processor at once; resolves when all have ended.
   *
   * @throws {UnavailableError} if the program needs what the machine lacks
   */
  run(program: Program, entry: string, options: RunOptions): Promise<Run>;
  /**
   * By address of a program's interleaved part the memory module that is its home, a number from 0 on. Only machines
   * that observe know.
   */
  homes?(): (address: number) => number;
  /** Gives back what the machine holds, also in the middle of a run. */
  close(): Promise<void>;
}

/** A program needs what the machine lacks. */
export class UnavailableError extends Error {
  override readonly name = "UnavailableError";
  /** What it is: `compare_and_swap`, `shared memory`. */
  readonly needs: string;

  constructor(message: string, needs: string) {
    super(message);
    this.needs = needs;
  }
}
