/** Claims on worker threads, one a core: each explores one claim at a time. */
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { Covered, Verdict } from "../machines/checked/check.js";
import type { Kernel } from "../program/kernel.js";
import type { Program } from "../program/program.js";
import type { Claim } from "./claim.js";
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
export async function proveAll(
  programs: Programs,
  tasks: readonly Task[],
  { signal, onReport }: WorkersOptions,
): Promise<void> {
  const left = tasks.values();
  const workers = Array.from(
    { length: Math.min(availableParallelism(), tasks.length) },
    () => new Worker(new URL("./worker.js", import.meta.url), { workerData: programs }),
  );
  const work = (worker: Worker) =>
    new Promise<void>((resolve, reject) => {
      let task: Task | undefined;
      const next = () => {
        task = left.next().value;
        if (task === undefined) resolve();
        else worker.postMessage(task);
      };
      worker.on("message", (report: Report) => {
        onReport(task!, report);
        if (report.kind !== "covered") next();
      });
      worker.on("error", reject);
      signal.addEventListener("abort", () => reject(signal.reason), { once: true });
      next();
    });
  try {
    signal.throwIfAborted();
    await Promise.all(workers.map(work));
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}
