import { host } from "#host";
import type { Algorithm } from "./algorithm.js";
import { createProgram, type Program } from "./program.js";

export type { Algorithm } from "./algorithm.js";

/** The kernel and the catalogue of what it holds. */
export interface Kernel extends Program {
  readonly algorithms: readonly Algorithm[];
}

/** The functions that the kernel exports for one experiment, and for the side that measures. */
export interface KernelExports {
  /** Empties the memory for that many processors. First of all calls. */
  boot(processors: number): void;
  /** Sets the unit of delays, in cycles; 0 for the kernel's own. After `boot`, before objects are created. */
  set_slot(cycles: number): void;
  /** Sets how long processors spin before they sleep, in cycles; 0 for the kernel's own. After `boot`. */
  set_patience(cycles: number): void;
  /** Says how many cores there are; 0 for as many as processors. After `boot`, before objects are created. */
  set_cores(cores: number): void;
  /** Bytes handed out since `boot`. */
  allocated(): number;
  shared(bytes: number): number;
  local(processor: number, bytes: number): number;
  /** The processor whose local memory holds the address, -1 for none. */
  home(address: number): number;
  /** The address of the lock, barrier or counter. */
  experiment_object(experiment: number): number;
  experiment_stop(experiment: number): void;
  experiment_done(experiment: number, processor: number): number;
  experiment_protected(experiment: number): number;
  experiment_longest_wait(experiment: number, processor: number): number;
  experiment_total_wait(experiment: number, processor: number): number;
  experiment_waiting_since(experiment: number, processor: number): number;
  experiment_begin(experiment: number, processor: number): number;
  experiment_end(experiment: number, processor: number): number;
  /** The address of a processor's executions in an observed experiment of tasks; kernel/workloads/tasks.ts: Row. */
  tasks_first_row(experiment: number, processor: number): number;
  tasks_rows(experiment: number, processor: number): number;
  /** Time that the processor took to make tasks ready and to be given some. */
  tasks_deciding(experiment: number, processor: number): number;
  /** How long a step of a workload of clustered objects took a processor; kernel/workloads/objects.ts: Step. */
  objects_time(experiment: number, processor: number, step: number): number;
  /** The record of a processor that takes no part in the experiment and executes `bystander_run`. */
  bystander_prepare(processor: number): number;
  bystander_reads(record: number): number;
  bystander_total(record: number): number;
  bystander_longest(record: number): number;
  /** Gives a task of a mix its footprint: lines of 64 bytes. */
  mix_footprint(mix: number, task: number, lines: number): void;
  mix_executions(mix: number, task: number): number;
  mix_references(mix: number, task: number): number;
  mix_begin(mix: number, processor: number): number;
  mix_end(mix: number, processor: number): number;
  mix_profiling(mix: number, processor: number): number;
  mix_shared_misses(mix: number, processor: number): number;
  /** The entries of the algorithms: `mcs_acquire`, `tournament_run`. */
  readonly [entry: string]: (...parameters: never[]) => unknown;
}

/** The algorithms of the kernel, without compiling it. */
export async function readCatalogue(): Promise<readonly Algorithm[]> {
  return (await import("./catalogue.js")).algorithms;
}

let kernel: Promise<Kernel> | undefined;

/**
 * Loads the kernel, once, and compiles all of it with the engine's optimizing compiler, which blocks for some tens of
 * milliseconds. V8's baseline code, with which a module begins otherwise, stays in a loop that it has entered, and a
 * measurement would see it. Browsers compile as they like.
 */
export function loadKernel(): Promise<Kernel> {
  kernel ??= compileKernel();
  return kernel;
}

async function compileKernel(): Promise<Kernel> {
  const [{ bytes, sourceMap }, algorithms] = await Promise.all([import("./kernel-module.js"), readCatalogue()]);
  const program = createProgram("kernel.wasm", bytes, sourceMap);
  const compiled = host.compileOptimized(() => new WebAssembly.Module(program.bytes));
  return { ...program, compiled, algorithms };
}

/** The prefix of an algorithm's entries: `ticket-proportional` has `ticket_proportional_run`. */
export function entryPrefix(algorithm: string): string {
  return algorithm.replaceAll("-", "_");
}
