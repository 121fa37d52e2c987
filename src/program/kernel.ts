import { readFile } from "node:fs/promises";
import { setFlagsFromString } from "node:v8";
import type { Program } from "./program.js";

/** What kind of thing an algorithm implements. */
export type Kind = "lock" | "barrier" | "counter";

/** An algorithm of the kernel, as the head of its file describes it. */
export interface Algorithm {
  readonly kind: Kind;
  /** Its file's name, by which commands know it: `mcs`, `ticket-proportional`. */
  readonly name: string;
  readonly title: string;
  /** What it does, its state and its invariant. */
  readonly text: string;
  /** Paper and figure or algorithm number. */
  readonly source: string;
  /** Whether its waiters spin for ever or sleep after a while; counters never wait. */
  readonly waits: "spinning" | "parking" | "never";
  /** Where its waiters spin, by construction. */
  readonly spins?: "shared" | "private in cache" | "private in memory";
  /** How many waiters a release, or the end of an episode, signals with one write, by construction. */
  readonly signals?: "one" | "all";
  /** Locks: whether acquisitions are granted in the order in which they were asked for. */
  readonly order?: "fifo" | "none";
  /** Counters: whether the cheap read is exact. */
  readonly reads?: "exact" | "approximate";
}

/** The kernel and the catalogue of what it holds. */
export interface Kernel extends Program {
  readonly algorithms: readonly Algorithm[];
}

/** The functions that the kernel exports for one experiment, and for the side that measures. */
export interface KernelExports {
  /** Empties the memory for that many processors. First of all calls. */
  boot(processors: number): void;
  /** Bytes handed out since `boot`. */
  allocated(): number;
  shared(bytes: number): number;
  local(processor: number, bytes: number): number;
  /** The processor whose local memory holds the address, -1 for none. */
  home(address: number): number;
  experiment_stop(experiment: number): void;
  experiment_done(experiment: number, processor: number): number;
  experiment_protected(experiment: number): number;
  experiment_longest_wait(experiment: number, processor: number): number;
  experiment_total_wait(experiment: number, processor: number): number;
  experiment_waiting_since(experiment: number, processor: number): number;
  experiment_begin(experiment: number, processor: number): number;
  experiment_end(experiment: number, processor: number): number;
  /** The entries of the algorithms: `mcs_acquire`, `tournament_run`. */
  readonly [entry: string]: (...parameters: never[]) => unknown;
}

const folder = new URL("../", import.meta.url);

/** The algorithms of the kernel, without compiling it. */
export async function readCatalogue(): Promise<readonly Algorithm[]> {
  return (await readDescription()).algorithms;
}

async function readDescription(): Promise<Pick<Kernel, "memory" | "algorithms">> {
  return JSON.parse(await readFile(new URL("kernel.json", folder), "utf8"));
}

/**
 * Loads the kernel and compiles all of it with the optimizing compiler, which blocks for some tens of milliseconds.
 * V8's baseline code, with which a module begins otherwise, stays in a loop that it has entered, and a measurement
 * would see it. (V8's flags are the process's: the baseline compiler and lazy compilation are off while this compiles, and on
 * afterwards.)
 */
export async function loadKernel(): Promise<Kernel> {
  const [bytes, description] = await Promise.all([readFile(new URL("kernel.wasm", folder)), readDescription()]);
  setFlagsFromString("--no-liftoff");
  setFlagsFromString("--no-wasm-lazy-compilation");
  try {
    return { name: "kernel.wasm", module: new WebAssembly.Module(bytes), ...description };
  } finally {
    setFlagsFromString("--liftoff");
    setFlagsFromString("--wasm-lazy-compilation");
  }
}

/** The prefix of an algorithm's entries: `ticket-proportional` has `ticket_proportional_run`. */
export function entryPrefix(algorithm: string): string {
  return algorithm.replaceAll("-", "_");
}
