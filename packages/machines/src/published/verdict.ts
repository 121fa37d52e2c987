/** What of the published results the machines reach. */
import { crossingOf, kendallTau, slopeOf, valueAt } from "./comparison.js";
import type { Figure } from "./figure.js";
import type { Reproduction } from "./reproduction.js";

export interface Verdict {
  /** The figure's name. */
  readonly figure: string;
  /** What is to be reached, in words. */
  readonly shape: string;
  readonly published: string;
  readonly simulated: string;
  readonly reached: boolean;
}

/** Something that a paper says of a figure in words. */
export interface Shape extends Omit<Verdict, "simulated" | "reached"> {
  /** Whether it is there, and by which numbers. */
  readonly find: (reproduction: Reproduction) => Pick<Verdict, "simulated" | "reached">;
}

/** A slope is reached within a factor of two, an order from this tau on, a crossing within a quarter. */
const SLOPE = 2;
const TAU = 0.8;
const CROSSING = 1.25;

/** What is on the figure's x axis: processors for machines. */
export function axisOf(figure: Figure): string {
  return "machine" in figure ? "P" : figure.axis;
}

/** Every slope, order and crossing that the figure names. */
export function comparisons({ figure, curves }: Reproduction): Verdict[] {
  const verdicts: Verdict[] = [];
  for (const { curve, simulated } of curves) {
    if (!("slope" in curve) || curve.slope === undefined) continue;
    const { from, to, published = slopeOf(curve.points, from, to)! } = curve.slope;
    const slope = slopeOf(simulated, from, to)!;
    verdicts.push({
      figure: figure.name,
      shape: `slope of ${curve.name}, P = ${from} to ${to}`,
      published: `${published.toPrecision(2)} ${figure.unit}/processor`,
      simulated: `${slope.toPrecision(2)}, ratio ${(slope / published).toFixed(2)}`,
      reached: slope / published <= SLOPE && slope / published >= 1 / SLOPE,
    });
  }
  if (figure.order !== undefined) {
    const { order } = figure;
    const compared = curves.filter(({ curve }) => curve.points.length > 0);
    const published = compared.map(({ curve }) => valueAt(curve.points, order)!);
    const simulated = compared.map((curve) => valueAt(curve.simulated, order)!);
    const tau = kendallTau(published, simulated)!;
    const ranking = (values: readonly number[]) =>
      compared
        .map(({ curve }, i) => ({ name: curve.name, value: values[i]! }))
        .sort((a, b) => a.value - b.value)
        .map(({ name }) => name)
        .join(" < ");
    verdicts.push({
      figure: figure.name,
      shape: `order at ${axisOf(figure)} = ${order}`,
      published: ranking(published),
      simulated: `${ranking(simulated)}, tau ${tau.toFixed(2)}`,
      reached: tau >= TAU,
    });
  }
  for (const pair of "machine" in figure ? (figure.crossings ?? []) : []) {
    const [a, b] = pair.map((name) => curves.find(({ curve }) => curve.name === name)!);
    const published = crossingOf(a!.curve.points, b!.curve.points)!;
    const simulated = crossingOf(a!.simulated, b!.simulated);
    verdicts.push({
      figure: figure.name,
      shape: `${pair.join(" and ")} change places`,
      published: `at P = ${published}`,
      simulated: simulated === undefined ? "nowhere" : `at P = ${simulated}`,
      reached: simulated !== undefined && simulated <= published * CROSSING && simulated >= published / CROSSING,
    });
  }
  return verdicts;
}
