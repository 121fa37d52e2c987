import type { Program } from "../program/program.js";

/** How a program is to run. */
export interface RunOptions {
  /** Processors, 1 or more; the machine says what it can take. */
  readonly processors: number;
  /** Passed to the entry point on every processor. */
  readonly arguments?: readonly number[];
  /** The memory to run in; a new one if none is given. */
  readonly memory?: WebAssembly.Memory;
  /** Ends the run early: its promise rejects with the signal's reason, and no processor goes on. */
  readonly signal?: AbortSignal;
}

/** What every machine says of a run that ended. */
export interface Run {
  /** What the entry point returned, by processor; undefined where it returns nothing. */
  readonly results: readonly (number | bigint | undefined)[];
  readonly memory: WebAssembly.Memory;
}

/** Executes programs on many processors. */
export interface Machine<Options extends RunOptions = RunOptions, Result extends Run = Run> {
  readonly name: string;
  run(program: Program, entry: string, options: Options): Promise<Result>;
}
