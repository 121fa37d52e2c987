/**
 * How long a processor spins before it sleeps: about what sleeping and being woken cost, so that waiting costs at most
 * twice what the best choice would have cost (Karlin, Li, Manasse & Owicki, SOSP 1991). Machines differ in it, so whoever
 * prepares a program may set it.
 */
import { PATIENCE } from "../memory/placement";

/** Of current processors. */
const DEFAULT: u32 = 32768;

/** To be called after `boot`; 1 to 2^31, 0 for the default. */
export function set_patience(cycles: u32): void {
  store<u32>(PATIENCE, cycles);
}

/** In cycles. To be called by a processor that waits: it has the time to load a word that may be far away. */
export function patience(): u32 {
  return load<u32>(PATIENCE) || DEFAULT;
}
