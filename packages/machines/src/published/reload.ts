/**
 * How much of a task's footprint a cache has lost after other tasks have intervened: R(I).
 *
 * A task has F blocks, each in a set of its own choice: in a set of S they are X ~ Bin(F, 1/S), and a cache of associativity
 * K holds no more than K of them. I intervening tasks bring W_I blocks to the set, the I-fold convolution of X. With V_I
 * for what is displaced, R(I) = (F - S (E[X] - E[V_I])) / F.
 *
 * Source: Squillante & Lazowska, IEEE TPDS 4(2), 1993, equation 3 and figure 4.
 */

export interface Cache {
  readonly sets: number;
  readonly associativity: number;
}

/**
 * How many of a task's `own` blocks in a set are displaced by `others` that came later.
 *
 * - "least recent": the set keeps the K blocks that were used last, so others' first. That is LRU; its R(I) rises within 30
 *   tasks from nearly 0 to nearly 1, which the paper's figure 4 does not.
 * - "any": the set keeps K of all of them, each as likely. R(I) approaches 1 as 1 - c / I does, as figure 4's, and so do
 *   the paper's throughputs.
 */
export type Displacement = "least recent" | "any";

function displaced(own: number, others: number, associativity: number, displacement: Displacement): number {
  const excess = own + others - associativity;
  if (excess <= 0) return 0;
  return displacement === "any" ? (own * excess) / (own + others) : Math.min(own, excess);
}

/** The probabilities of 0, 1, ... `most` successes in as many trials; the last is that of `most` or more. */
function truncatedBinomial(trials: number, probability: number, most: number): number[] {
  const probabilities = [(1 - probability) ** trials];
  for (let k = 1; k < most; k++) {
    probabilities.push((probabilities[k - 1]! * (trials - k + 1) * probability) / (k * (1 - probability)));
  }
  probabilities.push(1 - probabilities.reduce((sum, each) => sum + each, 0));
  return probabilities;
}

/** The distribution of the sum; what nobody could see any more, at its end, is left out. */
function convolve(a: readonly number[], b: readonly number[]): number[] {
  const sum = new Array<number>(a.length + b.length - 1).fill(0);
  for (let i = 0; i < a.length; i++) for (let j = 0; j < b.length; j++) sum[i + j]! += a[i]! * b[j]!;
  while (sum.at(-1)! < Number.EPSILON) sum.pop();
  return sum;
}

/** R(0) to R(`most`). */
export function reloadFractions(
  footprint: number,
  { sets, associativity }: Cache,
  displacement: Displacement,
  most: number,
): number[] {
  const own = truncatedBinomial(footprint, 1 / sets, associativity);
  const fractions: number[] = [];
  let others = [1];
  for (let intervening = 0; intervening <= most; intervening++) {
    let kept = 0;
    for (let x = 1; x <= associativity; x++) {
      for (let w = 0; w < others.length; w++) {
        kept += own[x]! * others[w]! * (x - displaced(x, w, associativity, displacement));
      }
    }
    fractions.push((footprint - sets * kept) / footprint);
    others = convolve(others, own);
  }
  return fractions;
}
