/**
 * The read-modify-write primitives by the names of the literature, and the sequentially consistent read and write that
 * go with them. WebAssembly promises sequential consistency to programs without data races: a word that two processors
 * may access at once goes through these. A word that one processor owns until a later atomic shows it to another needs
 * only plain loads and stores, a tenth of the cost on x86-64; a head says so where an algorithm relies on that.
 *
 * All addresses are of naturally aligned 32-bit words.
 */

/** The address of nothing. Placement never hands it out. */
export const NIL: u32 = 0;

export function read(address: usize): u32 {
  return atomic.load<u32>(address);
}

export function write(address: usize, value: u32): void {
  atomic.store<u32>(address, value);
}

/** Sets the word to 1; true if it was set already, so that the caller who gets false owns it. */
export function test_and_set(address: usize): bool {
  return atomic.xchg<u32>(address, 1) != 0;
}

/** Adds 1, modulo 2^32; returns the value before. */
export function fetch_and_increment(address: usize): u32 {
  return atomic.add<u32>(address, 1);
}

/** Subtracts 1, modulo 2^32; returns the value before. */
export function fetch_and_decrement(address: usize): u32 {
  return atomic.sub<u32>(address, 1);
}

/** Stores `value`; returns the value before. Also called swap. */
export function fetch_and_store(address: usize, value: u32): u32 {
  return atomic.xchg<u32>(address, value);
}

/** Stores `replacement` if the word equals `expected`; true if it did. */
export function compare_and_swap(address: usize, expected: u32, replacement: u32): bool {
  return atomic.cmpxchg<u32>(address, expected, replacement) == expected;
}
