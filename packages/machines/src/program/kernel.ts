import { readFile } from "node:fs/promises";
import { setFlagsFromString } from "node:v8";
import type { Kind } from "./kinds.js";
import { createProgram, type Program } from "./program.js";

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
  /** Absent: its processors communicate by shared memory. Messages need a machine that passes them. */
  readonly communicates?: "messages";
  /** Whether its waiters spin for ever, sleep after a while, or wait for messages; counters never wait. */
  readonly waits: "spinning" | "parking" | "receiving" | "never";
  /** Where its waiters spin, by construction. */
  readonly spins?: "shared" | "private in cache" | "private in memory" | "nowhere";
  /** How many waiters a release, or the end of an episode, signals with one write or message, by construction. */
  readonly signals?: "one" | "all";
  /** Locks: whether acquisitions are granted in the order in which they were asked for. */
  readonly order?: "fifo" | "none";
  /** The library's protocol that is proven in its place. */
  readonly proven?: string;
  /** How many processors can take part at most, if that is less than machines have. */
  readonly most?: string;
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
  /** The record of a processor that takes no part in the experiment and executes `bystander_run`. */
  bystander_prepare(processor: number): number;
  bystander_reads(record: number): number;
  bystander_total(record: number): number;
  bystander_longest(record: number): number;
  /** The entries of the algorithms: `mcs_acquire`, `tournament_run`. */
  readonly [entry: string]: (...parameters: never[]) => unknown;
}

const folder = new URL("../", import.meta.url);

/** The algorithms of the kernel, without compiling it. */
export async function readCatalogue(): Promise<readonly Algorithm[]> {
  return (await readDescription()).algorithms;
}

async function readDescription(): Promise<Pick<Kernel, "algorithms">> {
  return JSON.parse(await readFile(new URL("kernel.json", folder), "utf8"));
}

/** V8's features, all on by default. */
const OFF_WHILE_COMPILING = ["liftoff", "wasm-lazy-compilation"];
if (Number.parseInt(process.versions.node, 10) >= 25) OFF_WHILE_COMPILING.push("wasm-inlining");

/**
 * Loads the kernel and compiles all of it with the optimizing compiler, which blocks for some tens of milliseconds.
 * V8's baseline code, with which a module begins otherwise, stays in a loop that it has entered, and a measurement
 * would see it. (V8's flags are the process's: the baseline compiler and lazy compilation are off while this compiles, and on
 * afterwards; so is inlining from Node 25 on, whose optimizing compiler aborts if nothing ran before that says what to inline.)
 */
export async function loadKernel(): Promise<Kernel> {
  const [bytes, sourceMap, description] = await Promise.all([
    readFile(new URL("kernel.wasm", folder)),
    readFile(new URL("kernel.wasm.map", folder), "utf8"),
    readDescription(),
  ]);
  for (const feature of OFF_WHILE_COMPILING) setFlagsFromString(`--no-${feature}`);
  try {
    return { ...createProgram("kernel.wasm", new Uint8Array(bytes), JSON.parse(sourceMap)), ...description };
  } finally {
    for (const feature of OFF_WHILE_COMPILING) setFlagsFromString(`--${feature}`);
  }
}

/** The prefix of an algorithm's entries: `ticket-proportional` has `ticket_proportional_run`. */
export function entryPrefix(algorithm: string): string {
  return algorithm.replaceAll("-", "_");
}
