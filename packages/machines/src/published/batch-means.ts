/** How sure a simulated mean is: the run is cut into batches, whose means are nearly independent. */

export interface Estimate {
  readonly mean: number;
  /** Of the confidence interval of 98 %, on both sides of the mean. */
  readonly halfWidth: number;
}

export const BATCHES = 10;
/** The 99 % quantile of Student's t distribution with one degree of freedom fewer than there are batches. */
const QUANTILE = 2.821;

/** @param means of the BATCHES */
export function estimate(means: readonly number[]): Estimate {
  const mean = means.reduce((sum, each) => sum + each, 0) / BATCHES;
  const squares = means.reduce((sum, each) => sum + (each - mean) ** 2, 0);
  return { mean, halfWidth: QUANTILE * Math.sqrt(squares / (BATCHES - 1) / BATCHES) };
}
