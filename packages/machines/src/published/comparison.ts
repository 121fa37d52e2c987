/** How curves are compared: by slopes, order and crossings, never by absolute values. */
import type { Point } from "./figure.js";

/** The least-squares slope of the points from one number of processors to another; undefined for fewer than two. */
export function slopeOf(points: readonly Point[], from: number, to: number): number | undefined {
  const within = points.filter(([processors]) => processors >= from && processors <= to);
  if (within.length < 2) return undefined;
  const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
  const meanX = mean(within.map(([x]) => x));
  const meanY = mean(within.map(([, y]) => y));
  const covariance = within.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0);
  return covariance / within.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
}

/** The curve's value at a number of processors, on the line between its neighbours; undefined outside of the curve. */
export function valueAt(points: readonly Point[], processors: number): number | undefined {
  const next = points.findIndex(([x]) => x >= processors);
  if (next < 0) return undefined;
  const [x, y] = points[next]!;
  if (x === processors) return y;
  const before = points[next - 1];
  return before && before[1] + ((y - before[1]) * (processors - before[0])) / (x - before[0]);
}

/**
 * Kendall's tau-b of two rankings of the same things: 1 for the same order, -1 for the reverse.
 *
 * @returns undefined for fewer than two things, or where all of one ranking are equal
 */
export function kendallTau(a: readonly number[], b: readonly number[]): number | undefined {
  let agreement = 0;
  let pairsOfA = 0;
  let pairsOfB = 0;
  for (let i = 0; i < a.length; i++) {
    for (let j = 0; j < i; j++) {
      const signA = Math.sign(a[i]! - a[j]!);
      const signB = Math.sign(b[i]! - b[j]!);
      agreement += signA * signB;
      pairsOfA += Math.abs(signA);
      pairsOfB += Math.abs(signB);
    }
  }
  return pairsOfA * pairsOfB === 0 ? undefined : agreement / Math.sqrt(pairsOfA * pairsOfB);
}

/**
 * The number of processors from which on the curve that was below is above, to the end; undefined where the two have not
 * changed places at the end.
 */
export function crossingOf(a: readonly Point[], b: readonly Point[]): number | undefined {
  const both = a.flatMap(([x, y]) => {
    const other = valueAt(b, x);
    return other === undefined || other === y ? [] : [[x, Math.sign(y - other)] as const];
  });
  const [first] = both;
  const last = both.at(-1);
  if (first === undefined || first[1] === last![1]) return undefined;
  const lastBefore = both.findLastIndex(([, sign]) => sign !== last![1]);
  return both[lastBefore + 1]![0];
}
