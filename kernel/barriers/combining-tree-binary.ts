/**
 * Software combining tree barrier with a fan-in of 2: fewer processors wait at a node, on more levels. All else is as in
 * the combining tree.
 *
 * Invariant: as for the combining tree, whatever the fan-in.
 *
 * @source Mellor-Crummey & Scott, ACM TOCS 9(1), 1991, Algorithm 8
 * @waits spinning
 * @spins shared
 * @signals all
 */
import { attachTo, plant } from "./combining-tree";

export { barrier } from "./combining-tree";

const FAN_IN: u32 = 2;

export function create(processors: u32): usize {
  return plant(processors, FAN_IN);
}

export function attach(B: usize, processor: u32): usize {
  return attachTo(B, processor, FAN_IN);
}
