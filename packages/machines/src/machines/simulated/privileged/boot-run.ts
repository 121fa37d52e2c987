import type { Cause } from "../../../program/privileged.js";
import type { Program } from "../../../program/program.js";
import type { LinkMeasures, ProcessorMeasures } from "../../measures.js";

/** A program that could not go on, and that the kernel abandoned for it. */
export interface ProgramFault {
  readonly processor: number;
  /** The cycle in which the kernel abandoned it. */
  readonly at: number;
  /** `integer divide by zero`, `a read of 0x20000, which the kernel did not map`. */
  readonly cause: string;
  /** Functions and lines, the kernel's above the program's. */
  readonly place: string;
}

export interface BootOptions {
  readonly processors: number;
  /** Those that the kernel may instantiate: images 1, 2, ... */
  readonly images: readonly Program[];
  /** Bytes of physical memory. Default: 16 MiB. */
  readonly memory?: number;
  /** What the kernel is told: UTF-8. Default: nothing. */
  readonly arguments?: string;
  /** What disks after the first one hold, which has the images' data; written to in place. Default: none. */
  readonly disks?: readonly Uint8Array[];
  /** Where the console writes; by default nowhere. */
  readonly onConsole?: (bytes: Uint8Array) => void;
  /** What the console reads: the next bytes, up to so many; undefined at the end. By default it is at its end. */
  readonly input?: (most: number) => Uint8Array | undefined;
  /** Called for each program that the kernel abandons for a fault: a trap, `fail`, or a reference that it does not allow. */
  readonly onFault?: (fault: ProgramFault) => void;
  /**
   * Called for each `mark` that the kernel or a program executes, with the name that the kernel exports the event by
   * (`Event.NAME`), or its number where it has none; the time is in cycles.
   */
  readonly onMark?: (processor: number, event: string, value: number, time: number) => void;
  /** What order and randomness are made from. Default: 0. */
  readonly seed?: number;
  /** The last cycle that may be simulated. Default: no limit. */
  readonly cycles?: number;
  readonly signal?: AbortSignal;
  /** Called some times a second with the cycles so far. */
  readonly progress?: (cycles: number) => void;
}

/** What one processor of a booted machine did. Cycles add up to `cycles`. */
export interface BootProcessorMeasures extends ProcessorMeasures {
  readonly kernelCycles: number;
  readonly userCycles: number;
  /** In `idle`. */
  readonly idleCycles: number;
  readonly kernelInstructions: number;
  readonly userInstructions: number;
  readonly traps: Readonly<Record<Cause, number>>;
  /** Misses of the TLB: to read or write, and of pages of code. */
  readonly dataMisses: number;
  readonly codeMisses: number;
  readonly interrupts: { readonly timer: number; readonly completion: number; readonly processor: number };
  /** Executions of `switch_to`. */
  readonly contextSwitches: number;
}

export interface BootRun {
  /** What the kernel stopped the machine with. */
  readonly status: number;
  /** In cycles, from boot to the stop. */
  readonly elapsed: number;
  readonly processors: readonly BootProcessorMeasures[];
  readonly links: readonly LinkMeasures[];
  /** The physical memory at the end. */
  readonly memory: WebAssembly.Memory;
  readonly devices: readonly { readonly kind: string; readonly requests: number; readonly busyCycles: number }[];
}
