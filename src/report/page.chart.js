// @ts-check
// What a plot of lines shows: a line an algorithm, of medians by processors, and which of them the reader looks at.
import { algorithmsOf, rowsWith, summaryOf } from "./page.rows.js";

/** @typedef {import("../experiments/measurement.js").Measurement} Measurement */
/** @typedef {import("../experiments/measurement.js").Summary} Summary */

/**
 * One algorithm.
 * @typedef {object} Line
 * @property {string} title
 * @property {number} number the algorithm's in the catalogue, which decides how the line looks
 * @property {(Summary | undefined)[]} summaries of the values, by the chart's counts
 * @property {number[]} cutOff processors that did not stop in time, by the chart's counts
 * @property {boolean} shown
 */

/**
 * @typedef {object} Chart
 * @property {number[]} counts of processors, ascending
 * @property {number} cores
 * @property {string} unit
 * @property {Line[]} lines
 * @property {Line | undefined} highlighted
 * @property {number | undefined} index of the highlighted point in the counts; undefined for the line as a whole
 */

/** @param {Measurement[]} of at least one, all of one machine, workload, metric and unit @returns {Chart} */
export function chartOf(of) {
  const { machine, workload, cores, unit } = /** @type {Measurement} */ (of[0]);
  const counts = [...new Set(of.map((row) => row.processors))].sort((a, b) => a - b);
  const lines = algorithmsOf(of).map(({ name: algorithm, title, number }) => {
    const mine = of.filter((row) => row.algorithm === algorithm && row.value > 0);
    const cutOff = rowsWith({ machine, workload, algorithm, metric: "cutOff" });
    return {
      title,
      number,
      summaries: counts.map((processors) => summaryOf(rowsWith({ processors }, mine))),
      cutOff: counts.map((processors) => summaryOf(rowsWith({ processors }, cutOff))?.maximum ?? 0),
      shown: true,
    };
  });
  // The legend has the order of the lines' ends, from top to bottom.
  lines.sort((a, b) => endOf(b) - endOf(a));
  return { counts, cores, unit, lines, highlighted: undefined, index: undefined };
}

/** @param {Line} line */
function endOf(line) {
  return line.summaries.findLast((summary) => summary)?.median ?? 0;
}

/** The line's points, where it has any. @param {Line} line */
export function pointsOf(line) {
  return line.summaries.flatMap((summary, index) => (summary ? [{ ...summary, index }] : []));
}

/** The least and the greatest value; Infinity and -Infinity where there are no points. @param {Line[]} lines */
export function extentOf(lines) {
  const points = lines.flatMap(pointsOf);
  return {
    low: Math.min(...points.map(({ minimum }) => minimum)),
    high: Math.max(...points.map(({ maximum }) => maximum)),
  };
}

/** Whether the line steps back behind the highlighted one. @param {Chart} chart @param {Line} line */
export function isFaded({ highlighted }, line) {
  return highlighted?.shown === true && line !== highlighted;
}
