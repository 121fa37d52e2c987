/** Claims on worker threads, one a core: each explores one claim at a time. */
import type { Covered, Verdict } from "../machines/checked/index.js";
import type { Kernel } from "../program/kernel.js";
import type { Program } from "../program/program.js";
import type { Claim } from "./claim.js";
import { workThrough } from "./pool.js";
import type { Protocol } from "./protocol.js";
import type { Exploration } from "./prover.js";

/** What claims are about. */
export interface Programs {
  readonly kernel: Kernel;
  readonly library: Program;
}

export interface Task<Claimed = Claim | Protocol> {
  readonly claim: Claimed;
  readonly exploration: Exploration;
}

/** Executions after which an exploration of them is given up. */
export const MOST_EXECUTIONS = 20_000;

/** What a worker says of the task that it was given last: how far it is, or that it is over. */
export type Report =
  | { readonly kind: "covered"; readonly covered: Covered }
  | { readonly kind: "given up" }
  | { readonly kind: "explored"; readonly verdict: Verdict };

export interface WorkersOptions {
  /** Ends all workers; what was reported remains. */
  readonly signal: AbortSignal;
  /** Called some times a second for each task under way, and when it is over, in whatever order they end. */
  readonly onReport: (task: Task, report: Report) => void;
}

/**
 * Explores all tasks. Resolves when all are over and no worker is left.
 *
 * @throws {Error} the signal's reason when it is aborted; what a worker failed with
 */
export function proveAll(
  programs: Programs,
  tasks: readonly Task[],
  { signal, onReport }: WorkersOptions,
): Promise<void> {
  return workThrough<Task, Report>({
    entry: new URL("./worker.js", import.meta.url),
    workerData: programs,
    tasks,
    most: tasks.length,
    signal,
    onReport,
    isLast: ({ kind }) => kind !== "covered",
  });
}
