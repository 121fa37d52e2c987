/** How sure a simulated mean is: the run is cut into batches, whose means are nearly independent. */

export interface Estimate {
  readonly mean: number;
  /** Of the confidence interval of 98 %, on both sides of the mean. */
  readonly halfWidth: number;
}

/** The 99 % quantiles of Student's t distribution for 1 to 19 degrees of freedom. */
const QUANTILES = [
  31.821, 6.965, 4.541, 3.747, 3.365, 3.143, 2.998, 2.896, 2.821, 2.764, 2.718, 2.681, 2.65, 2.624, 2.602, 2.583, 2.567,
  2.552, 2.539,
];

/** The mean of 2 to 20 batches' means. */
export function estimate(means: readonly number[]): Estimate {
  const quantile = QUANTILES[means.length - 2];
  if (quantile === undefined) throw new RangeError(`Cannot estimate a mean: received ${means.length} batches`);
  const mean = means.reduce((sum, each) => sum + each, 0) / means.length;
  const squares = means.reduce((sum, each) => sum + (each - mean) ** 2, 0);
  return { mean, halfWidth: quantile * Math.sqrt(squares / (means.length - 1) / means.length) };
}
