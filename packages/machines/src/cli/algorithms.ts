import type { Algorithm } from "../program/kernel.js";

/** Whether a name on the command line means an algorithm: its own, or `locks`, `barriers` or `counters`. */
export function matches(algorithm: Algorithm, name: string): boolean {
  return name === algorithm.name || name === `${algorithm.kind}s`;
}
