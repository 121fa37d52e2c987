import type { Kernel } from "../program/kernel.js";
import type { Curve, Figure } from "./figure.js";
import { reproduceOnMachine } from "./reproduce-machine.js";
import { reproduceModel, simulationsOf } from "./reproduce-model.js";
import type { ReproduceOptions, Reproduction } from "./reproduction.js";

/** Where a curve without points is simulated, in parts of its slope's range. */
const PARTS = [0, 0.25, 0.5, 0.75, 1];

/** Where on the x axis a curve is computed: at its points, and where the figure says so. */
export function xsOf({ also = [] }: Figure, curve: Curve): readonly number[] {
  const xs = curve.points.map(([x]) => x);
  if (xs.length === 0 && "slope" in curve && curve.slope !== undefined) {
    const { from, to } = curve.slope;
    xs.push(...PARTS.map((part) => Math.round(from + part * (to - from))));
  }
  return [...new Set([...xs, ...also])].sort((a, b) => a - b);
}

/**
 * Computes the points of published figures, one after the other.
 *
 * @param xs which of a curve's; default: all
 * @throws {Error} what a run throws
 */
export async function reproduce(
  figures: readonly Figure[],
  kernel: Kernel,
  options: ReproduceOptions,
  xs: (figure: Figure, curve: Curve) => readonly number[] = xsOf,
): Promise<Reproduction[]> {
  const points = (figure: Figure) =>
    "machine" in figure && figure.quantity === "quiescence"
      ? figure.curves.length
      : figure.curves.reduce((sum, curve) => sum + xs(figure, curve).length, 0);
  const total = figures.reduce((sum, figure) => sum + points(figure), 0);
  const simulations = simulationsOf(kernel, options);
  const reproductions: Reproduction[] = [];
  let done = 0;
  for (const figure of figures) {
    const at = (curve: Curve) => xs(figure, curve);
    const next = ({ name }: Curve) => options.progress?.({ done: done++, total, curve: `${figure.name}: ${name}` });
    reproductions.push(
      "machine" in figure
        ? await reproduceOnMachine(figure, kernel, options, at, next)
        : await reproduceModel(figure, simulations, options, at, next),
    );
  }
  return reproductions;
}
