/**
 * Imported into a thread before anything else: the library's module is replaced by the instrumented one, and the thread
 * ends at the point that its life's number says, in the middle of whatever it does there.
 */
import { workerData } from "node:worker_threads";
import { Random } from "#machines/machines/random.js";
import { ARE_MORTAL, DEATHS, LIVES, type Mortality } from "./mortality.js";

/** Exports from which on points are counted: of an executor, in most lives its first task, as it passes many before. */
const BEGINNINGS = [["pool_come"], ["pool_take", "pool_begin"]] as const;
/** Lives of so many, of which one dies early. */
const EARLY = 8;
/** Points that a thread passes at most before it dies: drawn so that each power of two is as probable. */
const MOST_POINTS_LOG = 13;

const { mortality } = workerData as { mortality: Mortality };
const { module: instrumented, length, seed, control, spared } = mortality;
const life = Atomics.add(control, LIVES, 1);
const random = new Random(seed * 1000 + life);
const isSpared = random.below(spared) === 0;
let left = isSpared
  ? Number.POSITIVE_INFINITY
  : Math.floor(2 ** ((random.below(1024) / 1024) * (mortality.mostPointsLog ?? MOST_POINTS_LOG)));
const beginnings: readonly string[] = (mortality.beginnings ?? BEGINNINGS)[random.below(EARLY) === 0 ? 0 : 1];
let hasBegun = false;

function point(): void {
  if (!hasBegun || control[ARE_MORTAL] === 0 || --left >= 0) return;
  Atomics.add(control, DEATHS, 1);
  process.exit(9);
  // It ends at the next look at what the engine was told.
  for (;;);
}

const { Module, Instance } = WebAssembly;
Object.assign(WebAssembly, {
  Module: function Replaced(bytes: ArrayBufferView) {
    return bytes.byteLength === length ? instrumented : new Module(bytes as never);
  },
  Instance: function Wrapped(module: WebAssembly.Module, imports: WebAssembly.Imports) {
    if (module !== instrumented) return new Instance(module, imports);
    const { exports } = new Instance(module, { ...imports, kills: { point } });
    const beginning = (name: string) => {
      const original = exports[name] as (...given: unknown[]) => unknown;
      return (...given: unknown[]) => {
        hasBegun = true;
        return original(...given);
      };
    };
    return { exports: { ...exports, ...Object.fromEntries(beginnings.map((name) => [name, beginning(name)])) } };
  },
});
