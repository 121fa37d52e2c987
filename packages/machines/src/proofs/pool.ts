/** Worker threads, one a core, that work through tasks: each has one at a time. */
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";

export interface PoolOptions<Task, Report> {
  /** The worker's entry file: it gets tasks as messages and answers with reports. */
  readonly entry: URL;
  readonly workerData: unknown;
  /** A task is taken from here when a worker is free for it. */
  readonly tasks: Iterable<Task>;
  /** At most so many workers are started. */
  readonly most: number;
  /** Ends all workers; what was reported remains. */
  readonly signal: AbortSignal;
  readonly onReport: (task: Task, report: Report) => void;
  /** Whether a report is the last one of its task. */
  readonly isLast: (report: Report) => boolean;
}

/**
 * Resolves when all tasks are over and no worker is left.
 *
 * @throws {Error} the signal's reason when it is aborted; what a worker failed with
 */
export async function workThrough<Task, Report>(options: PoolOptions<Task, Report>): Promise<void> {
  const { entry, workerData, tasks, most, signal, onReport, isLast } = options;
  const left = tasks[Symbol.iterator]();
  const workers = Array.from(
    { length: Math.min(availableParallelism(), most) },
    () => new Worker(entry, { workerData }),
  );
  const work = (worker: Worker) =>
    new Promise<void>((resolve, reject) => {
      let task: Task;
      const next = () => {
        const { value, done } = left.next();
        if (done) return resolve();
        task = value;
        worker.postMessage(task);
      };
      worker.on("message", (report: Report) => {
        onReport(task, report);
        if (isLast(report)) next();
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
