/** Four parallel applications together on one multiprocessor: how waiting and scheduling use its processors. */
import { valueAt } from "./comparison.js";
import { at, type ModelCurve, type ModelFigure, type Point } from "./figure.js";
import type { Multiprogramming } from "./multiprogramming.js";
import type { Reproduction } from "./reproduction.js";
import type { Shape } from "./verdict.js";

const SOURCE =
  "Gupta, Tucker and Urushibara, The impact of operating system scheduling policies and synchronization methods on the " +
  "performance of parallel applications, SIGMETRICS 1991 (its applications are not simulated: how often processes meet, " +
  "what a switch costs and the quantum are set so that batch, blocking and busy-waiting come out)";

const PROCESSORS = 16;
/** In ticks of which a process computes for nine before each critical section. */
const MODEL = {
  processors: PROCESSORS,
  quantum: 1200,
  computation: 9,
  criticalSection: 1,
  sections: 25,
  switching: 150,
} as const;

/** Applications at the same time. */
const APPLICATIONS = [1, 2, 4];
const TOGETHER = 4;

type Way = Pick<Multiprogramming, "scheduling" | "blocks">;

function curveOf(name: string, way: Way, points: readonly Point[] = []): ModelCurve {
  return {
    name,
    ...(way.scheduling === "priority" && { algorithm: "priority" }),
    reading: "text",
    points,
    value: async (applications, { utilization }) => 100 * (await utilization({ ...MODEL, ...way, applications })),
  };
}

const BUSY = "priority, busy-waiting";
const BLOCKING = "priority, blocking";
const BATCH = "batch";
const GANG = "gang";
const CONTROL = "process control";

export const multiprogramming: ModelFigure = {
  name: "gupta",
  title: "Processors' time that is computation, by applications at the same time",
  source: SOURCE,
  model: "multiprogramming",
  axis: "applications",
  processors: PROCESSORS,
  unit: "%",
  metric: "utilization",
  also: APPLICATIONS,
  order: TOGETHER,
  curves: [
    curveOf(BUSY, { scheduling: "priority", blocks: false }, at([TOGETHER], [28])),
    curveOf(BLOCKING, { scheduling: "priority", blocks: true }, at([TOGETHER], [65])),
    curveOf(BATCH, { scheduling: "batch", blocks: false }, at([TOGETHER], [74])),
    curveOf(GANG, { scheduling: "gang", blocks: false }),
    curveOf(CONTROL, { scheduling: "process control", blocks: false }),
  ],
};

function valuesOf({ curves }: Reproduction, applications: number): Map<string, number> {
  return new Map(curves.map(({ curve, simulated }) => [curve.name, valueAt(simulated, applications)!]));
}

const listed = (values: ReadonlyMap<string, number>) =>
  [...values]
    .sort(([, a], [, b]) => a - b)
    .map(([name, value]) => `${name} ${value.toFixed(0)} %`)
    .join(" < ");

/** The model's settings give the published numbers within so many points. */
const SET = 3;

export const shapes: readonly Shape[] = [
  {
    figure: "gupta",
    shape: "the settings give the three published utilizations, within 3 points",
    published: "28 %, 65 %, 74 %",
    find: ({ curves }) => {
      const pairs = curves.flatMap(({ curve, simulated }) =>
        curve.points.map(([x, value]) => [value, valueAt(simulated, x)!] as const),
      );
      return {
        reached: pairs.every(([published, simulated]) => Math.abs(simulated - published) <= SET),
        simulated: pairs.map(([, simulated]) => `${simulated.toFixed(0)} %`).join(", "),
      };
    },
  },
  {
    figure: "gupta",
    shape: "busy-waiting under priority scheduling is worst, blocking between, gang, batch and process control best",
    published: "28 %, 65 %, 74 % in batch mode",
    find: (reproduction) => {
      const values = valuesOf(reproduction, TOGETHER);
      const best = Math.min(...[GANG, BATCH, CONTROL].map((name) => values.get(name)!));
      const blocking = values.get(BLOCKING)!;
      return { reached: values.get(BUSY)! < blocking && blocking < best, simulated: listed(values) };
    },
  },
  {
    figure: "gupta",
    shape: "the more applications, the worse is busy-waiting under priority scheduling",
    published: "processes spin for what is preempted",
    find: (reproduction) => {
      const values = APPLICATIONS.map((applications) => valuesOf(reproduction, applications).get(BUSY)!);
      const falls = values.every((value, i) => i === 0 || value < values[i - 1]!);
      return { reached: falls, simulated: values.map((value) => `${value.toFixed(0)} %`).join(", ") };
    },
  },
];
