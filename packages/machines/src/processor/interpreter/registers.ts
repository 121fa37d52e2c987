/**
 * What a processor with a kernel mode keeps beside its contexts: 64 bytes each, which the other side writes.
 *
 *     | limit | lookups | processor, processors: kernel's, user's | pages | - |
 *       0       8         16                                        32
 *
 * limit, u64: of addresses in the present mode. lookups, f64: of pages, so far. pages: the address of the pages that the
 * processor has translations of in the present mode; 0 where addresses are physical.
 */
import { allocate } from "./layout";

export const LIMIT: u32 = 0;
export const LOOKUPS: u32 = 8;
export const PAGES: u32 = 32;
const BYTES: u32 = 64;

let registers: u32 = 0;

export function openRegisters(processors: u32): void {
  registers = allocate(BYTES * processors);
  memory.fill(registers, 0, BYTES * processors);
}

export function registersOf(processor: u32): u32 {
  return registers + BYTES * processor;
}
