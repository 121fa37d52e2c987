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
