/** Counts the primes below 10,000 by the sieve of Eratosthenes, and says how many: 1229. Status: 0. */
import { add, addNumber, endLine } from "./system";

const BOUND: u32 = 10_000;
/** By number: 1 for a multiple of a smaller one. */
const SIEVE: usize = memory.data(10_000);

export function run(): u32 {
  let primes: u32 = 0;
  for (let n: u32 = 2; n < BOUND; n++) {
    if (load<u8>(SIEVE + n) != 0) continue;
    primes++;
    for (let multiple = n * n; multiple < BOUND; multiple += n) store<u8>(SIEVE + multiple, 1);
  }
  addNumber(primes);
  add(" primes");
  endLine();
  return primes == 1229 ? 0 : 1;
}
