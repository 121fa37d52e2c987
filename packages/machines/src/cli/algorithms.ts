import type { Algorithm } from "../program/kernel.js";
import { pluralOf } from "../program/kinds.js";

/** Whether a name on the command line means an algorithm: its own, or that of all of its kind. */
export function matches(algorithm: Algorithm, name: string): boolean {
  return name === algorithm.name || name === pluralOf(algorithm.kind);
}
