/** What Squillante & Lazowska say of their model, in words and in single numbers. */
import { valueAt } from "./comparison.js";
import type { Point } from "./figure.js";
import type { Reproduction } from "./reproduction.js";
import { pausingThreshold } from "./squillante-lazowska-1993.js";
import type { Shape } from "./verdict.js";

/** How far the model may be from an exact value. */
const EXACT = 0.01;
/** How far the paper's simulations may be from the truth, by its own words. */
const SIMULATED = 0.04;
/** Two curves are the same, or one is flat, within this. */
const SAME = 0.02;
/** The footprint's parts were read from a figure. */
const READ = 0.1;
/** A crossing is reached within a tenth of a whole demand. */
const CROSSING = 0.1;

export const shapes: readonly Shape[] = [
  {
    figure: "squillante-reload",
    shape: "R(I) of 1900 blocks within 0.1",
    published: "0.15, 0.40, 0.57, 0.70, 0.86 after 10, 20, 30, 50, 100 tasks",
    find: (reproduction) => read(reproduction, "1900 blocks"),
  },
  {
    figure: "squillante-reload",
    shape: "R(I) of 7600 blocks within 0.1",
    published: "0.75, 0.87, 0.95 after 10, 20, 50 tasks",
    find: (reproduction) => read(reproduction, "7600 blocks"),
  },
  ...["one queue, C = 0", "fixed processor, C = 0", "one queue, all cold, C = 1"].map(
    (name): Shape => ({
      figure: "squillante-exact",
      shape: `${name}, within 1 %`,
      published: "the machine-repair model's",
      find: ({ curves }) => {
        const { curve, simulated } = curves.find(({ curve }) => curve.name === name)!;
        const off = curve.points.map(([tasks, value]) => valueAt(simulated, tasks)! / value - 1);
        return {
          reached: off.every((each) => Math.abs(each) <= EXACT),
          simulated: off.map((each, i) => `${percent(each)} for N = ${curve.points[i]![0]}`).join(", "),
        };
      },
    }),
  ),
  ...["squillante-48", "squillante-128"].map(
    (figure): Shape => ({
      figure,
      shape: "throughputs at C = 1 within 4 %",
      published: "the paper's confidence in its simulations",
      find: ({ curves }) => {
        const off = curves.flatMap(({ curve, simulated }) => {
          const value = valueAt(curve.points, 1);
          return value === undefined ? [] : [{ name: curve.name, part: valueAt(simulated, 1)! / value - 1 }];
        });
        return {
          reached: off.every(({ part }) => Math.abs(part) <= SIMULATED),
          simulated: off.map(({ name, part }) => `${name} ${percent(part)}`).join(", "),
        };
      },
    }),
  ),
  crossing("FCFS", 0.6),
  crossing("LP", 0.75),
  crossing("MI", undefined),
  flat("squillante-48"),
  flat("squillante-128"),
  same("squillante-48", "LMI(8)", "MI"),
  same("squillante-48", "LMI(1)", "LP"),
  same("squillante-128", "LMI(2)", "MI"),
  same("squillante-48", "LP, pausing", "FP", pausingThreshold(48)),
  same("squillante-64", "LP, pausing", "FP", pausingThreshold(64)),
  same("squillante-128", "LP, pausing", "FP", pausingThreshold(128)),
  {
    figure: "squillante-64",
    shape: "with pausing, LMI(4) is above MI and FP",
    published: "27.8 at C = 0.5, 26.8 at C = 1; FP 25.6",
    find: (reproduction) => {
      const [pausing, MI, FP] = ["LMI(4), pausing", "MI", "FP"].map((name) => curve(reproduction, name));
      const off = ([C, value]: Point) => Math.abs(valueAt(pausing!, C)! / value - 1);
      const above = [0.5, 0.75, 1].every((C) => valueAt(pausing!, C)! > Math.max(valueAt(MI!, C)!, valueAt(FP!, C)!));
      return {
        reached: above && off([0.5, 27.8]) <= SIMULATED && off([1, 26.8]) <= SIMULATED,
        simulated: [0.5, 1]
          .map((C) => `${valueAt(pausing!, C)!.toFixed(1)} at C = ${C} (MI ${valueAt(MI!, C)!.toFixed(1)})`)
          .join(", "),
      };
    },
  },
  {
    figure: "squillante-fairness",
    shape: "MI starves tasks",
    published: "in words",
    find: (reproduction) => {
      const [MI, FCFS] = ["MI", "FCFS"].map((name) => valueAt(curve(reproduction, name), 0)!);
      return {
        reached: MI! > 1.5 * FCFS!,
        simulated: `second moment ${MI!.toFixed(1)}, FCFS ${FCFS!.toFixed(1)}, at the same throughput (C = 0)`,
      };
    },
  },
  saturation("48 tasks", 0.8, 0.9),
  saturation("128 tasks", 0.6, 0.7),
];

function curve({ curves }: Reproduction, name: string): readonly Point[] {
  return curves.find(({ curve }) => curve.name === name)!.simulated;
}

function percent(part: number): string {
  return `${part < 0 ? "" : "+"}${(100 * part).toFixed(1)} %`;
}

function read({ curves }: Reproduction, name: string): ReturnType<Shape["find"]> {
  const { curve, simulated } = curves.find(({ curve }) => curve.name === name)!;
  const pairs = curve.points.map(([I, value]) => [value, valueAt(simulated, I)!] as const);
  return {
    reached: pairs.every(([published, value]) => Math.abs(value - published) <= READ),
    simulated: pairs.map(([, value]) => value.toFixed(2)).join(", "),
  };
}

/** Where a policy falls below fixed processor with 48 tasks, on the line between the points; undefined: not up to 1. */
function crossing(name: string, published: number | undefined): Shape {
  const said = (C: number | undefined) => (C === undefined ? "nowhere up to C = 1" : `at C = ${C.toFixed(2)}`);
  return {
    figure: "squillante-48",
    shape: `${name} falls below FP`,
    published: said(published),
    find: (reproduction) => {
      const FP = curve(reproduction, "FP");
      const above = curve(reproduction, name).map(([C, value]): Point => [C, value - valueAt(FP, C)!]);
      const after = above.findIndex(([, value]) => value < 0);
      const [C1, before] = above[after - 1] ?? [0, 0];
      const [C2, behind] = above[after] ?? [0, 0];
      const found = after < 0 ? undefined : C1 + ((C2 - C1) * before) / (before - behind);
      return {
        reached:
          found === undefined || published === undefined
            ? found === published
            : Math.abs(found - published) <= CROSSING,
        simulated: said(found),
      };
    },
  };
}

function flat(figure: string): Shape {
  return {
    figure,
    shape: "FP is flat in C, within 2 %",
    published: "a task's few neighbours displace nothing",
    find: (reproduction) => {
      const values = curve(reproduction, "FP").map(([, value]) => value);
      const [least, most] = [Math.min(...values), Math.max(...values)];
      return { reached: most <= (1 + SAME) * least, simulated: `${most.toFixed(1)} to ${least.toFixed(1)}` };
    },
  };
}

function same(figure: string, name: string, other: string, from = 0): Shape {
  return {
    figure,
    shape: `${name} is ${other}${from === 0 ? "" : ` from C = ${Number(from.toFixed(3))} on`}, within 2 %`,
    published: "in words",
    find: (reproduction) => {
      const others = curve(reproduction, other);
      const off = curve(reproduction, name)
        .filter(([C]) => C >= from)
        .map(([C, value]) => value / valueAt(others, C)! - 1);
      const worst = off.reduce((most, each) => (Math.abs(each) > Math.abs(most) ? each : most), 0);
      return { reached: Math.abs(worst) <= SAME, simulated: `at most ${percent(worst)}` };
    },
  };
}

function saturation(name: string, from: number, to: number): Shape {
  return {
    figure: "squillante-bus",
    shape: `the bus is saturated, ${name}`,
    published: `from C = ${from} to ${to} on`,
    find: (reproduction) => {
      const points = curve(reproduction, name);
      const saturated = points.findIndex(([, value]) => value >= 1);
      const [before, first] = [points[saturated - 1]?.[0], points[saturated]?.[0]];
      return {
        reached: before !== undefined && before >= from - CROSSING && first! <= to,
        simulated: saturated < 0 ? "nowhere" : `from C = ${before} to ${first} on`,
      };
    },
  };
}
