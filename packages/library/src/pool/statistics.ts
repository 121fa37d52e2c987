/** What a pool's workers have done. */
import type { HistogramSnapshot } from "../histogram.js";
import type { SharedSpace } from "../space.js";
import { Count, countOf } from "./counts.js";
import type { Manager } from "./manager.js";

/** What one worker has done since it started. */
export interface WorkerStatistics {
  /** Its number. A worker that replaces another one has another number, or the same one later. */
  readonly worker: number;
  /** Tasks that have an outcome, and those in progress. */
  readonly tasks: number;
  readonly inProgress: number;
  /** Of the tasks: those with a key whose state it had; with one that it had not; taken from another worker's queue; that threw. */
  readonly warm: number;
  readonly cold: number;
  readonly stolen: number;
  readonly failed: number;
  /** Bytes of its JavaScript heap, some time ago; undefined in browsers. */
  readonly heapBytes: number | undefined;
  /** The part of the time since the last statistics for which its event loop was busy, 0 to 1; only in the maker's thread, in Node. */
  readonly utilization: number | undefined;
}

export interface PoolStatistics {
  readonly workers: readonly WorkerStatistics[];
  /** Tasks that wait for a worker. */
  readonly queued: number;
  /** Microseconds for which tasks have waited for a worker, and run; only in the maker's thread. */
  readonly waiting: HistogramSnapshot | undefined;
  readonly running: HistogramSnapshot | undefined;
}

export function statisticsOf(space: SharedSpace, pool: number, manager: Manager | undefined): PoolStatistics {
  const { kernel } = space;
  const workers: WorkerStatistics[] = [];
  for (let worker = 0, all = kernel.pool_executors(pool); worker < all; worker++) {
    if (kernel.pool_is_there(pool, worker) === 0) continue;
    const count = (offset: number) => countOf(space, pool, worker, offset) >>> 0;
    const utilization = manager?.utilization(worker);
    workers.push({
      worker,
      tasks: count(Count.Done),
      inProgress: count(Count.InProgress),
      warm: count(Count.Warm),
      cold: count(Count.Cold),
      stolen: count(Count.Stolen),
      failed: count(Count.Failed),
      heapBytes: count(Count.Heap) * 1024 || undefined,
      utilization: utilization === undefined || Number.isNaN(utilization) ? undefined : utilization,
    });
  }
  return {
    workers,
    queued: kernel.pool_queued(pool),
    waiting: manager?.waiting.snapshot(),
    running: manager?.running.snapshot(),
  };
}

const COLUMNS = ["worker", "tasks", "in progress", "warm", "cold", "stolen", "failed", "heap MiB", "busy %"];
/** Percentiles that the table shows. */
const SHOWN = [50, 99] as const;

/** As a table: a line for each worker, then the times. */
export function inspected({ workers, queued, waiting, running }: PoolStatistics): string {
  const rows = workers.map((one) => [
    one.worker,
    one.tasks,
    one.inProgress,
    one.warm,
    one.cold,
    one.stolen,
    one.failed,
    one.heapBytes === undefined ? "-" : Math.round(one.heapBytes / 2 ** 20),
    one.utilization === undefined ? "-" : Math.round(one.utilization * 100),
  ]);
  const cells = [COLUMNS, ...rows.map((row) => row.map(String))];
  const widths = COLUMNS.map((_, i) => Math.max(...cells.map((row) => row[i]!.length)));
  const lines = cells.map((row) => row.map((cell, i) => cell.padStart(widths[i]!)).join("  "));
  lines.push(`queued: ${queued}`);
  for (const [name, times] of Object.entries({ waiting, running }))
    if (times) lines.push(`${name}: ${percentiles(times)}`);
  return lines.join("\n");
}

function percentiles(times: HistogramSnapshot): string {
  if (times.count === 0) return "no task yet";
  const shown = SHOWN.map((p) => `p${p} ${milliseconds(times.percentile(p))}`);
  return `${[...shown, `at most ${milliseconds(times.max)}`].join(", ")} ms, ${times.count} tasks`;
}

function milliseconds(microseconds: number): string {
  return (microseconds / 1000).toPrecision(3);
}
