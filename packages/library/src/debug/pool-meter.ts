import { mustBeA, wrong } from "../arguments.js";
import { Pool } from "../pool/pool.js";
import type { WorkerStatistics } from "../pool/statistics.js";
import type { SpaceMeter } from "./meter.js";

const MEASURE = "measure a Pool";

/** What is counted for each worker, by the name of its instrument. */
const COUNTED = { tasks: "tasks", failed: "failed", warm: "warm", cold: "cold", stolen: "stolen" } as const;
const QUANTILES = [50, 90, 99];

/** A pool of whatever tasks. */
type AnyPool = Pick<Pool, "closed" | "statistics">;

type Counts = Record<keyof typeof COUNTED, number>;

/**
 * Measures a pool for OpenTelemetry. Counters: `landspout.pool.tasks`, and of these `.failed`, `.warm`, `.cold` and
 * `.stolen`. Gauges: `landspout.pool.workers`, `landspout.pool.queued`, and in milliseconds `landspout.pool.waiting.time` and
 * `landspout.pool.running.time` with the attribute `percentile`: 50, 90 and 99. They are read when they are collected.
 * What a worker does between the last collection and its end is not counted. To be called by the thread that made the
 * pool: others know no times.
 *
 * See docs/library/debug.md.
 *
 * @param meter default: the meter `landspout` of the global provider of `@opentelemetry/api`
 * @returns a function that ends it; closing the pool does so, too
 * @throws if no meter is given and `@opentelemetry/api` is not installed
 */
export async function measurePool(pool: AnyPool): Promise<() => void>;
export async function measurePool<Instrument>(pool: AnyPool, meter: SpaceMeter<Instrument>): Promise<() => void>;
export async function measurePool<Instrument>(pool: AnyPool, meter?: SpaceMeter<Instrument>) {
  mustBeA(Pool, pool as Pool, MEASURE);
  if (meter === undefined) return measureWith(pool, (await import("@opentelemetry/api")).metrics.getMeter("landspout"));
  if (typeof meter?.createObservableCounter !== "function") throw wrong(MEASURE, meter, "a Meter of OpenTelemetry");
  return measureWith(pool, meter);
}

function measureWith<Instrument>(pool: AnyPool, used: SpaceMeter<Instrument>): () => void {
  const name = (of: string) => (of === "tasks" ? "landspout.pool.tasks" : `landspout.pool.tasks.${of}`);
  const counters = Object.values(COUNTED).map((of) => [of, used.createObservableCounter(name(of))] as const);
  const workers = used.createObservableGauge("landspout.pool.workers");
  const queued = used.createObservableGauge("landspout.pool.queued");
  const waiting = used.createObservableGauge("landspout.pool.waiting.time", { unit: "ms" });
  const running = used.createObservableGauge("landspout.pool.running.time", { unit: "ms" });
  const all = [...counters.map(([, counter]) => counter), workers, queued, waiting, running];
  const totals = new Totals();
  const observe: Parameters<typeof used.addBatchObservableCallback>[0] = (result) => {
    if (pool.closed) {
      end();
      return;
    }
    const statistics = pool.statistics();
    totals.add(statistics.workers);
    for (const [of, counter] of counters) result.observe(counter, totals.counts[of]);
    result.observe(workers, statistics.workers.length);
    result.observe(queued, statistics.queued);
    for (const [gauge, times] of [
      [waiting, statistics.waiting],
      [running, statistics.running],
    ] as const) {
      if (!times || times.count === 0) continue;
      for (const percentile of QUANTILES) result.observe(gauge, times.percentile(percentile) / 1000, { percentile });
    }
  };
  const end = () => used.removeBatchObservableCallback(observe, all);
  used.addBatchObservableCallback(observe, all);
  return end;
}

/** Sums that never fall, also when workers are replaced. */
class Totals {
  readonly counts: Counts = { tasks: 0, failed: 0, warm: 0, cold: 0, stolen: 0 };
  #before = new Map<number, WorkerStatistics>();

  add(workers: readonly WorkerStatistics[]): void {
    for (const worker of workers) {
      const before = this.#before.get(worker.worker);
      // Who has done fewer than that number had is another one.
      const isSame = before !== undefined && before.tasks <= worker.tasks;
      for (const of of Object.values(COUNTED)) this.counts[of] += worker[of] - (isSame ? before[of] : 0);
    }
    this.#before = new Map(workers.map((worker) => [worker.worker, worker]));
  }
}
