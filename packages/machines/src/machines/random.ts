/**
 * Uniform random numbers that are a function of the seed (Marsaglia's xorshift32, Journal of Statistical Software
 * 8(14), 2003).
 */
export class Random {
  #state: number;

  /** @param seed a 32-bit word */
  constructor(seed: number) {
    this.#state = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) || 1;
  }

  /** A number in 0 .. `bound - 1`. */
  below(bound: number): number {
    let x = this.#state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.#state = x;
    return Math.floor(((x >>> 0) / 2 ** 32) * bound);
  }

  /** The numbers 0 to `count - 1` in random order. */
  permutation(count: number): number[] {
    const numbers = Array.from({ length: count }, (_, i) => i);
    for (let i = count - 1; i > 0; i--) {
      const j = this.below(i + 1);
      [numbers[i], numbers[j]] = [numbers[j]!, numbers[i]!];
    }
    return numbers;
  }
}
