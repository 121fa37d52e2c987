import type { Point } from "../published/figure.js";
import type { ReproducedCurve, Reproduction } from "../published/reproduction.js";
import { axisOf, type Verdict } from "../published/verdict.js";
import { formatNumber, type ReportTable } from "./table.js";

/** Published and simulated values of a figure, side by side, by what is on its x axis. */
export function reproductionTable({ figure, curves }: Reproduction): ReportTable {
  const xs = curves.flatMap(({ curve, simulated }) => [...curve.points, ...simulated].map(([x]) => x));
  const cell = (points: readonly Point[], halfWidths: readonly Point[], x: number) => {
    const at = (of: readonly Point[]) => of.find(([other]) => other === x)?.[1];
    const [value, halfWidth] = [at(points), at(halfWidths)];
    if (value === undefined) return "";
    return halfWidth === undefined ? formatNumber(value) : `${formatNumber(value)} ±${halfWidth.toPrecision(1)}`;
  };
  const isModel = !("machine" in figure);
  const by = isModel ? "model" : figure.machine;
  const intervals = isModel ? ", or these alone; ± is half of a confidence interval of 98 %" : "";
  // A model has curves that the paper says something of, but prints no values.
  const isPublished = ({ curve }: ReproducedCurve) => !isModel || curve.points.length > 0;
  return {
    title: `${figure.name}. ${figure.title}${figure.unit === "1" ? "" : `, ${figure.unit}`}`,
    note: `Of each curve the published values, then those of ${isModel ? "the model" : by}${intervals}. ${figure.source}.`,
    columns: [
      "machine" in figure && figure.quantity === "quiescence" ? "waiting" : axisOf(figure),
      ...curves.flatMap((curve) => (isPublished(curve) ? [curve.curve.name, by] : [curve.curve.name])),
    ],
    rows: [...new Set(xs)]
      .sort((a, b) => a - b)
      .map((x) => [
        String(x),
        ...curves.flatMap((curve) => [
          ...(isPublished(curve) ? [cell(curve.curve.points, [], x)] : []),
          cell(curve.simulated, curve.halfWidths, x),
        ]),
      ]),
  };
}

/** What of the figures is reached, one line a shape. */
export function verdictText(verdicts: readonly Verdict[]): string {
  return verdicts
    .map(({ figure, shape, published, simulated, reached }) =>
      [
        `${reached ? "reached     " : "not reached "} ${figure}: ${shape}`,
        `               published: ${published}`,
        `               simulated: ${simulated}`,
      ].join("\n"),
    )
    .join("\n");
}
