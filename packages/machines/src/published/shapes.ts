/** The named shapes of the figures: what their papers say in words. */
import * as bershad from "./bershad-1990.js";
import { slopeOf, valueAt } from "./comparison.js";
import * as fedorova from "./fedorova-2005.js";
import type { Point } from "./figure.js";
import * as gupta from "./gupta-1991.js";
import type { ReproducedCurve, Reproduction } from "./reproduction.js";
import * as squillante from "./squillante-lazowska-shapes.js";
import type { Shape, Verdict } from "./verdict.js";

/** How much a curve that is flat may change, as a factor. */
const FLAT = 1.15;

const SHAPES: readonly Shape[] = [
  {
    figure: "anderson-1",
    shape: "spin on test_and_set is fastest near saturation",
    published: "at P = 5 to 7",
    find: (reproduction) => {
      const fastest = lowest(curve(reproduction, "test-and-set"));
      return { reached: fastest >= 4 && fastest <= 8, simulated: `at P = ${fastest}` };
    },
  },
  {
    figure: "anderson-1",
    shape: "spin on test_and_set returns to the uniprocessor time",
    published: "at P = 11",
    find: (reproduction) => {
      const points = curve(reproduction, "test-and-set").simulated;
      const [alone, many] = [valueAt(points, 1)!, valueAt(points, 11)!];
      return { reached: many >= 0.8 * alone, simulated: `${many.toFixed(1)} of ${alone.toFixed(1)} µs at P = 11` };
    },
  },
  {
    figure: "anderson-2",
    shape: "quiescence takes time linear in the spinning processors",
    published: "about 2 µs each",
    find: (reproduction) => {
      const points = curve(reproduction, "test-and-test-and-set").simulated;
      const fit = determination(points);
      const each = slopeOf(points, 1, 18)!;
      return { reached: fit >= 0.98, simulated: `${each.toFixed(2)} µs each, r² ${fit.toFixed(3)}` };
    },
  },
  {
    figure: "anderson-3",
    shape: "the queue is worst at P <= 3",
    published: "at P = 1 to 3",
    find: (reproduction) => {
      const worst = [1, 3].filter((P) => extreme(reproduction, P, Math.max) === "anderson-test-and-set");
      return { reached: worst.length === 2, simulated: `at P = ${worst.join(" and ") || "none of 1 and 3"}` };
    },
  },
  {
    figure: "anderson-3",
    shape: "the queue is flat from P = 9",
    published: "16.5 µs from P = 9 to 18",
    find: (reproduction) => flat(curve(reproduction, "anderson-test-and-set"), 9, 18, "µs"),
  },
  {
    figure: "mcs-5",
    shape: "MCS is flat",
    published: "22.7 µs from P = 5 to 76",
    find: (reproduction) => flat(curve(reproduction, "mcs-swap"), 5, 76, "µs"),
  },
  {
    figure: "mcs-6",
    shape: "MCS without compare_and_swap is slowest at P = 2",
    published: "15.1 µs, 9.2 at P = 1, 8.7 at P = 18",
    find: (reproduction) => {
      const points = curve(reproduction, "mcs-swap").simulated;
      const two = valueAt(points, 2)!;
      return {
        reached: points.every(([P, value]) => P === 2 || value < two),
        simulated: [2, 1, 18].map((P) => `${valueAt(points, P)!.toFixed(1)} µs at P = ${P}`).join(", "),
      };
    },
  },
  {
    figure: "mcs-8",
    shape: "dissemination is best",
    published: "at P = 80",
    find: (reproduction) => {
      const best = extreme(reproduction, 80, Math.min);
      return { reached: best === "dissemination", simulated: `${best} at P = 80` };
    },
  },
  {
    figure: "mcs-8",
    shape: "dissemination has P ceil(log2 P) transactions an episode",
    published: "each processor signals another in each round",
    find: (reproduction) => transactions(curve(reproduction, "dissemination"), (P) => P * Math.ceil(Math.log2(P))),
  },
  {
    figure: "mcs-8",
    shape: "the tree has 2P - 2 transactions an episode",
    published: "one up and one down for all but the root",
    find: (reproduction) => transactions(curve(reproduction, "mcs-tree"), (P) => 2 * P - 2),
  },
  {
    figure: "mcs-10",
    shape: "dissemination is worst past P = 8",
    published: "from P = 9 on",
    find: (reproduction) => {
      const past = [9, 10, 11, 12, 13, 14, 15, 16, 17, 18];
      const worst = past.filter((P) => extreme(reproduction, P, Math.max) === "dissemination");
      const from = past.find((P) => past.every((other) => other < P || worst.includes(other)));
      return { reached: from === 9, simulated: from === undefined ? "nowhere" : `from P = ${from} on` };
    },
  },
  {
    figure: "gamsa-1",
    shape: "an update of a shared counter takes one processor 25 cycles, and thousands of 16",
    published: "25 and 60 000 cycles",
    find: (reproduction) => {
      const points = curve(reproduction, "shared").simulated;
      const [alone, many] = [valueAt(points, 1)!, valueAt(points, 16)!];
      return {
        reached: alone <= 50 && many >= 2000,
        simulated: `${alone.toFixed(0)} and ${many.toFixed(0)} cycles`,
      };
    },
  },
  {
    figure: "gamsa-1",
    shape: "counters in lines of their own are flat",
    published: "30 cycles from P = 1 to 16",
    find: (reproduction) => flat(curve(reproduction, "padded-array"), 1, 16, "cycles"),
  },
  {
    figure: "gamsa-1",
    shape: "a clustered object with a representative on each processor is flat",
    published: "30 cycles from P = 1 to 16",
    find: (reproduction) => flat(curve(reproduction, "clustered"), 1, 16, "cycles"),
  },
  {
    figure: "boyd-wickizer",
    shape: "the ticket lock collapses, it does not level off",
    published: "21.6 cores of 28, 10.1 of 40",
    find: (reproduction) => {
      const points = curve(reproduction, "ticket").simulated;
      const best = Math.max(...points.map(([, value]) => value));
      const later = valueAt(points, 40)!;
      return { reached: later < 0.6 * best, simulated: `${best.toFixed(1)} cores at best, ${later.toFixed(1)} of 40` };
    },
  },
  ...squillante.shapes,
  ...gupta.shapes,
  ...fedorova.shapes,
  ...bershad.shapes,
];

/** The named shapes of a figure. */
export function shapesOf(reproduction: Reproduction): Verdict[] {
  const { name } = reproduction.figure;
  return SHAPES.filter(({ figure }) => figure === name).map(({ find, ...shape }) => ({
    ...shape,
    ...find(reproduction),
  }));
}

function curve({ curves }: Reproduction, algorithm: string): ReproducedCurve {
  return curves.find(({ curve: { algorithm: name } }) => name === algorithm)!;
}

/** The processors at which a curve is lowest. */
function lowest({ simulated }: ReproducedCurve): number {
  return simulated.reduce((least, point) => (point[1] < least[1] ? point : least))[0];
}

/** The algorithm whose value at P is the largest, or the least. */
function extreme({ curves }: Reproduction, P: number, of: typeof Math.max): string | undefined {
  const values = curves.map(({ simulated }) => valueAt(simulated, P)!);
  return curves[values.indexOf(of(...values))]!.curve.algorithm;
}

function flat({ simulated }: ReproducedCurve, from: number, to: number, unit: string) {
  const values = simulated.filter(([P]) => P >= from && P <= to).map(([, value]) => value);
  const [least, most] = [Math.min(...values), Math.max(...values)];
  return { reached: most <= FLAT * least, simulated: `${least.toFixed(1)} to ${most.toFixed(1)} ${unit}` };
}

function transactions({ references }: ReproducedCurve, expected: (P: number) => number) {
  const wrong = references.filter(([P, count]) => count !== expected(P));
  const shown = (wrong.length > 0 ? wrong : references.slice(-1)).map(([P, count]) => `${count} at P = ${P}`);
  return { reached: wrong.length === 0, simulated: shown.join(", ") };
}

/** The coefficient of determination of the line through the points. */
function determination(points: readonly Point[]): number {
  const swapped = points.map(([x, y]): Point => [y, x]);
  const everywhere = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY] as const;
  return slopeOf(points, ...everywhere)! * slopeOf(swapped, ...everywhere)!;
}
