import { busUtilization } from "./bus-contention.js";
import type { Network, NetworkResult } from "./closed-network.js";
import { at, type ModelCurve, type ModelFigure, type Point } from "./figure.js";
import { machineRepairThroughput } from "./machine-repair.js";
import { reloadFractions } from "./reload.js";

const SOURCE =
  "Squillante and Lazowska, Using processor-cache affinity information in shared-memory multiprocessor scheduling, " +
  "IEEE TPDS 4(2), 1993";

/** What no figure varies. */
const MODEL = {
  source: SOURCE,
  model: "squillante-lazowska",
  processors: 32,
} as const;

/** Blocks of a task, and of one four times as large. */
const FOOTPRINT = 1900;
const LARGE_FOOTPRINT = 7600;
/** The paper's caches are this one and one with half the sets of four blocks; this one's R(I) is nearer to the figure. */
const CACHE = { sets: 16_384, associativity: 2 };
const LRU_CACHE = { sets: 8192, associativity: 4 };
/** Intervening tasks of which R is computed: it is within 2 % of 1 then. */
const MOST = 1000;

const fractions = memoized(() => reloadFractions(FOOTPRINT, CACHE, "any", MOST));

/** The time of a full reload, in a task's mean demand. */
const RELOADS = [0, 0.2, 0.4, 0.6, 0.8, 1];
/** The task counts, from light load to heavy. */
const LOADS = [48, 64, 128];

/** From which time of a reload on an idle processor had better wait: (M / N) Z, with Z = 1. */
export function pausingThreshold(tasks: number): number {
  return MODEL.processors / tasks;
}

type Scheduling = Pick<Network, "policy" | "parameter">;

const FCFS: Scheduling = { policy: "fcfs" };
const LP: Scheduling = { policy: "last-processor" };
const MI: Scheduling = { policy: "minimum-intervening" };
const FP: Scheduling = { policy: "fixed-processor" };
/** The most intervening tasks that count in the kernel's routing; the paper limits the processors instead. */
const LMR: Scheduling = { policy: "minimum-intervening-plus-queue", parameter: 8 };
const LMI = (remembered: number): Scheduling => ({ policy: "limited-minimum-intervening", parameter: remembered });

function networkOf(scheduling: Scheduling, tasks: number, reload: number): Network {
  return { ...scheduling, processors: MODEL.processors, tasks, reload, fractions: fractions() };
}

/** A curve over C. `pausing`: idle processors pause where that pays. */
function curveOf(
  name: string,
  scheduling: Scheduling,
  tasks: number,
  points: readonly Point[] = [],
  { pausing = false, of = (result: NetworkResult) => result.throughput } = {},
): ModelCurve {
  return {
    name,
    algorithm: scheduling.policy,
    reading: "eye",
    points,
    value: async (reload, { network }) => {
      const pauses = pausing && reload >= pausingThreshold(tasks);
      return of(await network({ ...networkOf(scheduling, tasks, reload), ...(pauses && { pauses }) }));
    },
  };
}

const reload: ModelFigure = {
  ...MODEL,
  name: "squillante-reload",
  title: "Part of a footprint that a cache has lost after I intervening tasks",
  source: `${SOURCE}, figure 4; equation 3 as published/reload.ts reads it, and as LRU`,
  axis: "I",
  unit: "1",
  also: [1, 3, 10, 20, 30, 50, 100],
  curves: [
    {
      name: "1900 blocks",
      reading: "eye",
      points: at([10, 20, 30, 50, 100], [0.15, 0.4, 0.57, 0.7, 0.86]),
      value: (I) => fractions()[I]!,
    },
    {
      name: "7600 blocks",
      reading: "eye",
      points: at([10, 20, 50], [0.75, 0.87, 0.95]),
      value: (I) => reloadFractions(LARGE_FOOTPRINT, CACHE, "any", I)[I]!,
    },
    {
      name: "1900, LRU",
      reading: "eye",
      points: [],
      value: (I) => reloadFractions(FOOTPRINT, LRU_CACHE, "least recent", I)[I]!,
    },
  ],
};

/** Queues that are solved exactly: the machine-repair model. */
const exact: ModelFigure = {
  ...MODEL,
  name: "squillante-exact",
  title: "32 processors: throughput where it is known exactly",
  source: "M/M/c/N machine-repair model, by formula",
  axis: "N",
  unit: "tasks/D",
  metric: "throughput",
  curves: [
    {
      name: "one queue, C = 0",
      algorithm: FCFS.policy,
      reading: "text",
      points: LOADS.map((tasks) => [tasks, machineRepairThroughput(MODEL.processors, tasks)]),
      value: async (tasks, { network }) => (await network(networkOf(FCFS, tasks, 0))).throughput,
    },
    {
      name: "fixed processor, C = 0",
      algorithm: FP.policy,
      reading: "text",
      points: LOADS.map((tasks) => [tasks, fixedProcessorThroughput(tasks)]),
      value: async (tasks, { network }) => (await network(networkOf(FP, tasks, 0))).throughput,
    },
    {
      name: "one queue, all cold, C = 1",
      algorithm: FCFS.policy,
      reading: "text",
      points: LOADS.map((tasks) => [tasks, machineRepairThroughput(MODEL.processors, tasks, 2)]),
      value: async (tasks, { network }) => (await network({ ...networkOf(FCFS, tasks, 1), fractions: [1] })).throughput,
    },
  ],
};

/** Each processor has its tasks to itself: as many as another one has, or one more. */
function fixedProcessorThroughput(tasks: number): number {
  const fewer = Math.floor(tasks / MODEL.processors);
  const withMore = tasks % MODEL.processors;
  return (
    withMore * machineRepairThroughput(1, fewer + 1) + (MODEL.processors - withMore) * machineRepairThroughput(1, fewer)
  );
}

const throughput = { ...MODEL, axis: "C", unit: "tasks/D", metric: "throughput" } as const;
const from = (withoutReload: number, withReload: number) => at([0, 1], [withoutReload, withReload]);

const light: ModelFigure = {
  ...throughput,
  name: "squillante-48",
  title: "32 processors, 48 tasks: throughput by the time of a full reload",
  also: RELOADS,
  order: 1,
  curves: [
    curveOf("FCFS", FCFS, 48, from(24, 19)),
    curveOf("LP", LP, 48, from(24, 19.8)),
    curveOf("MI", MI, 48, from(24, 21.4)),
    curveOf("FP", FP, 48, from(20.8, 20.8)),
    curveOf("LMI(1)", LMI(1), 48),
    curveOf("LMI(2)", LMI(2), 48),
    curveOf("LMI(8)", LMI(8), 48),
    curveOf("LP, pausing", LP, 48, [], { pausing: true }),
  ],
};

const middle: ModelFigure = {
  ...throughput,
  name: "squillante-64",
  title: "32 processors, 64 tasks: throughput where idle processors pause from C = 0.5 on",
  also: [0, 0.25, 0.5, 0.75, 1],
  curves: [
    curveOf("LMI(4)", LMI(4), 64),
    curveOf("LMI(4), pausing", LMI(4), 64, at([0.5, 1], [27.8, 26.8]), { pausing: true }),
    curveOf("LP, pausing", LP, 64, [], { pausing: true }),
    curveOf("MI", MI, 64),
    curveOf("FP", FP, 64, from(25.6, 25.6)),
  ],
};

const heavy: ModelFigure = {
  ...throughput,
  name: "squillante-128",
  title: "32 processors, 128 tasks: throughput by the time of a full reload",
  also: RELOADS,
  order: 1,
  curves: [
    curveOf("FCFS", FCFS, 128, from(32, 18.5)),
    curveOf("LP", LP, 128, from(32, 29)),
    curveOf("MI", MI, 128, from(32, 30)),
    curveOf("FP", FP, 128, from(31.2, 31.2)),
    curveOf("LMI(2)", LMI(2), 128),
    curveOf("LP, pausing", LP, 128, [], { pausing: true }),
  ],
};

const of = (result: NetworkResult) => result.secondMoment;

const fairness: ModelFigure = {
  ...MODEL,
  name: "squillante-fairness",
  title: "32 processors, 128 tasks: second moment of the response time",
  axis: "C",
  unit: "D²",
  metric: "secondMoment",
  also: RELOADS,
  curves: [
    curveOf("FCFS", FCFS, 128, [], { of }),
    curveOf("MI", MI, 128, [], { of }),
    curveOf("LMI(4)", LMI(4), 128, [], { of }),
    curveOf("LP", LP, 128, [], { of }),
    curveOf("MI plus queue", LMR, 128, [], { of }),
    curveOf("FP", FP, 128, [], { of }),
  ],
};

const bus: ModelFigure = {
  ...MODEL,
  name: "squillante-bus",
  title: "32 processors, FCFS: part of the time in which the bus is busy",
  axis: "C",
  unit: "1",
  metric: "utilization",
  also: [0.2, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1],
  curves: [48, 128].map((tasks) => ({
    name: `${tasks} tasks`,
    algorithm: FCFS.policy,
    reading: "eye",
    points: [],
    value: (reload, { network }) => busUtilization(networkOf(FCFS, tasks, reload), network),
  })),
};

export const figures: readonly ModelFigure[] = [reload, exact, light, middle, heavy, fairness, bus];

/** What is computed when it is asked for first, and then kept. */
function memoized<Value>(compute: () => Value): () => Value {
  let value: Value | undefined;
  return () => {
    value ??= compute();
    return value;
  };
}
