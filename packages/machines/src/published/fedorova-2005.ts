/**
 * Balance-set scheduling on a chip multiprocessor: tasks of eight footprints side by side, scheduled without regard to the cache
 * that they share, and so that they fit into it.
 */

import { valueAt } from "./comparison.js";
import type { ChipMix, ModelFigure, Simulations } from "./figure.js";
import { at } from "./figure.js";
import type { Reproduction } from "./reproduction.js";
import type { Shape } from "./verdict.js";

const SOURCE =
  "Fedorova, Seltzer, Small and Nussbaum, Performance of multithreaded chip multiprocessors and implications for " +
  "operating system design, USENIX 2005 (gains of SPEC programs; here of tasks that sweep over footprints of 4 to 384 KB)";

/** Lines of 64 bytes, from half of a first level to all of the largest second level. */
const FOOTPRINTS = [64, 128, 256, 512, 1024, 2048, 3072, 6144];
const LINE = 64;
const PROCESSORS = 4;
/** Cycles of an execution: long enough to fetch the largest footprint and to go over it. */
const QUANTUM = 200_000;
/** Kilobytes of the second level, as the paper varied it. */
const SIZES = [48, 96, 192, 384];

/** What of the second level tasks may ask for together: sweeps have conflicts before it is full. */
const FITS = 0.5;

/** Run on a chip with so many kilobytes of a second level. */
function blind(kilobytes: number): ChipMix {
  return { ...mix(kilobytes), policy: "fcfs", parameter: 0, bound: 0, profiled: false };
}

function balanced(kilobytes: number): ChipMix {
  return {
    ...mix(kilobytes),
    policy: "balance-set",
    parameter: (FITS * 1024 * kilobytes) / LINE,
    // Twice as long as a task waits on average.
    bound: (2 * QUANTUM * FOOTPRINTS.length) / PROCESSORS,
    profiled: true,
  };
}

function mix(kilobytes: number) {
  return { kilobytes, footprints: FOOTPRINTS, processors: PROCESSORS, quantum: QUANTUM };
}

/** By how many per cent a value is larger than with a scheduler that does not look at the cache. */
const gainOf =
  (of: "referencesPerCycle" | "referencesPerExecution" | "sharedMissRatio") =>
  async (kilobytes: number, { chip }: Simulations) =>
    100 * ((await chip(balanced(kilobytes)))[of] / (await chip(blind(kilobytes)))[of] - 1);

export const balanceSet: ModelFigure = {
  name: "fedorova",
  title: "Balance-set scheduling over cache-blind, by KB of the shared second level",
  source: SOURCE,
  model: "chip-multiprocessor",
  axis: "KB",
  processors: PROCESSORS,
  unit: "%",
  also: SIZES,
  curves: [
    {
      name: "instructions per cycle, more",
      algorithm: "balance-set",
      reading: "text",
      points: at([48, 384], [45, 27]),
      value: gainOf("referencesPerCycle"),
    },
    {
      name: "the same, if each task were executed as often",
      algorithm: "balance-set",
      reading: "text",
      points: [],
      value: gainOf("referencesPerExecution"),
    },
    {
      name: "misses of the second level by reference, more",
      algorithm: "balance-set",
      reading: "text",
      points: [],
      value: gainOf("sharedMissRatio"),
    },
    {
      name: "cycles of the profiles, by those of the run",
      algorithm: "balance-set",
      reading: "text",
      points: [],
      value: async (kilobytes, { chip }) => 100 * (await chip(balanced(kilobytes))).profiling,
    },
    {
      name: "fairness of executions, blind is 100",
      algorithm: "balance-set",
      reading: "text",
      points: [],
      value: async (kilobytes, { chip }) => 100 * (await chip(balanced(kilobytes))).fairness,
    },
  ],
};

const gains = ({ curves }: Reproduction, curve: number) =>
  SIZES.map((size) => valueAt(curves[curve]!.simulated, size)!);
const listed = (values: readonly number[]) =>
  values.map((value, i) => `${value.toFixed(0)} % at ${SIZES[i]} KB`).join(", ");

export const shapes: readonly Shape[] = [
  {
    figure: "fedorova",
    shape: "more instructions per cycle, and the more the smaller the cache",
    published: "45 % at 48 KB, 27 % at 384 KB",
    find: (reproduction) => {
      const values = gains(reproduction, 0);
      const [smallest, largest] = [values[0]!, values.at(-1)!];
      return { reached: values.every((value) => value > 0) && smallest > largest, simulated: listed(values) };
    },
  },
  {
    figure: "fedorova",
    shape: "more instructions per cycle, as many as in the paper, within 10 points",
    published: "45 % at 48 KB, 27 % at 384 KB",
    find: ({ curves: [curve] }) => {
      const off = curve!.curve.points.map(([size, value]) => valueAt(curve!.simulated, size)! - value);
      const simulated = off.map((points) => `${points > 0 ? "+" : ""}${points.toFixed(0)} points`).join(", ");
      return { reached: off.every((points) => Math.abs(points) <= 10), simulated };
    },
  },
  {
    figure: "fedorova",
    shape: "fewer misses of the second level, by a quarter at least",
    published: "25 to 37 % fewer",
    find: (reproduction) => {
      const values = gains(reproduction, 2);
      return { reached: values.every((value) => value <= -25), simulated: listed(values) };
    },
  },
];
