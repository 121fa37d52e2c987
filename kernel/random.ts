/**
 * Uniform random numbers from one word of private state (Marsaglia's xorshift32, Journal of Statistical Software 8(14),
 * 2003), so that every delay is a function of the seed.
 */
import { SEED } from "./memory/placement";

/** Sets what all states begin with; a word of the memory, since every processor must know it. */
export function seedRandom(seed: u32): void {
  store<u32>(SEED, seed);
}

/** A state for a processor; never 0, which xorshift cannot leave. */
export function randomState(processor: u32): u32 {
  const mixed = (load<u32>(SEED) ^ (processor * 0x9e3779b9)) * 0x85ebca6b;
  return mixed == 0 ? 1 : mixed;
}

/**
 * A number in 0 .. `bound - 1`, for which the state word at `state` advances; 0 for a bound of 0, where nothing is to
 * be chosen.
 */
export function random(state: usize, bound: u32): u32 {
  if (bound == 0) return 0;
  let x = load<u32>(state);
  x ^= x << 13;
  x ^= x >> 17;
  x ^= x << 5;
  store<u32>(state, x);
  return <u32>((<u64>x * bound) >> 32);
}

/** A number above 0, exponentially distributed, for which the state word at `state` advances. */
export function exponential(state: usize, mean: f64): f64 {
  return mean == 0 ? 0 : -mean * logarithm(random(state, u32.MAX_VALUE) + 1);
}

const LN2: f64 = NativeMath.LN2;

/** The natural logarithm of x / 2^32, of x above 0; to some 10^-7. Math.log has a table, which would be static data. */
function logarithm(x: u32): f64 {
  const zeros = clz(x);
  // x = m * 2^(31 - zeros) with m in 1 .. 2, and ln m = 2 artanh((m - 1) / (m + 1)).
  const m = <f64>(x << zeros) / 2147483648.0;
  const z = (m - 1) / (m + 1);
  const q = z * z;
  const series = 1 + q * (1.0 / 3 + q * (1.0 / 5 + q * (1.0 / 7 + q * (1.0 / 9 + q * (1.0 / 11 + q / 13)))));
  return 2 * z * series - (zeros + 1) * LN2;
}
