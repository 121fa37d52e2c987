import { mustBeA, wrong } from "../arguments.js";
import { SharedSpace } from "../space.js";
import { inspect, type ObjectReport } from "./inspect.js";

const MEASURE = "measure a SharedSpace";

/** The part of OpenTelemetry's `Meter` that `measure` uses. */
export interface SpaceMeter<Instrument> {
  createObservableCounter(name: string, options?: { unit: string }): Instrument;
  createObservableGauge(name: string, options?: { unit: string }): Instrument;
  addBatchObservableCallback(observe: (result: Observations<Instrument>) => void, instruments: Instrument[]): void;
  removeBatchObservableCallback(observe: (result: Observations<Instrument>) => void, instruments: Instrument[]): void;
}

interface Observations<Instrument> {
  observe(instrument: Instrument, value: number, attributes?: Record<string, string | number>): void;
}

/**
 * Measures a space for OpenTelemetry. By kind of object: `landspout.contentions`, `landspout.wait.time` (in ms, of
 * workers with debugging enabled) and `landspout.objects`. Of the space: `landspout.waiters`, `landspout.workers` and
 * `landspout.memory.used` (bytes). They are read when they are collected. One worker of a space should call it.
 *
 * See docs/library/debug.md.
 *
 * @param meter default: the meter `landspout` of the global provider of `@opentelemetry/api`
 * @returns a function that ends it
 * @throws if no meter is given and `@opentelemetry/api` is not installed
 */
export async function measure(space: SharedSpace): Promise<() => void>;
export async function measure<Instrument>(space: SharedSpace, meter: SpaceMeter<Instrument>): Promise<() => void>;
export async function measure<Instrument>(space: SharedSpace, meter?: SpaceMeter<Instrument>): Promise<() => void> {
  mustBeA(SharedSpace, space, MEASURE);
  if (meter !== undefined) return measureWith(space, checked(meter));
  return measureWith(space, (await import("@opentelemetry/api")).metrics.getMeter("landspout"));
}

function checked<Instrument>(meter: SpaceMeter<Instrument>): SpaceMeter<Instrument> {
  if (typeof meter?.createObservableCounter === "function") return meter;
  throw wrong(MEASURE, meter, "a Meter of OpenTelemetry");
}

function measureWith<Instrument>(space: SharedSpace, used: SpaceMeter<Instrument>): () => void {
  const contentions = used.createObservableCounter("landspout.contentions");
  const waitTime = used.createObservableCounter("landspout.wait.time", { unit: "ms" });
  const objects = used.createObservableGauge("landspout.objects");
  const waiters = used.createObservableGauge("landspout.waiters");
  const workers = used.createObservableGauge("landspout.workers");
  const memory = used.createObservableGauge("landspout.memory.used", { unit: "By" });
  const all = [contentions, waitTime, objects, waiters, workers, memory];
  const observe = (result: Observations<Instrument>) => {
    const report = inspect(space);
    for (const kind of new Set(report.objects.map(({ kind }) => kind))) {
      const some = report.objects.filter((object) => object.kind === kind);
      const sum = (of: (object: ObjectReport) => number) => some.reduce((sum, object) => sum + of(object), 0);
      result.observe(objects, some.length, { kind });
      result.observe(
        contentions,
        sum(({ contentions = 0 }) => contentions),
        { kind },
      );
      result.observe(
        waitTime,
        sum(({ totalWait }) => totalWait),
        { kind },
      );
    }
    result.observe(waiters, report.workers.filter(({ waitsFor }) => waitsFor).length);
    result.observe(workers, report.workers.length);
    result.observe(memory, report.bytesInUse);
  };
  used.addBatchObservableCallback(observe, all);
  return () => used.removeBatchObservableCallback(observe, all);
}
