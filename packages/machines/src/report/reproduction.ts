import type { Reproduction } from "../published/reproduce.js";
import type { Verdict } from "../published/verdict.js";
import { formatNumber, type ReportTable } from "./table.js";

/** Published and simulated values of a figure, side by side, by processors. */
export function reproductionTable({ figure, curves }: Reproduction): ReportTable {
  const counts = curves.flatMap(({ curve, simulated }) => [...curve.points, ...simulated].map(([P]) => P));
  const at = (points: readonly (readonly [number, number])[], P: number) => {
    const value = points.find(([processors]) => processors === P)?.[1];
    return value === undefined ? "" : formatNumber(value);
  };
  return {
    title: `${figure.name}. ${figure.title}${figure.unit === "1" ? "" : `, ${figure.unit}`}`,
    note: `Of each curve the published values, then those of ${figure.machine}. ${figure.source}.`,
    columns: [
      figure.quantity === "quiescence" ? "waiting" : "P",
      ...curves.flatMap(({ curve }) => [curve.name, figure.machine]),
    ],
    rows: [...new Set(counts)]
      .sort((a, b) => a - b)
      .map((P) => [String(P), ...curves.flatMap(({ curve, simulated }) => [at(curve.points, P), at(simulated, P)])]),
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
