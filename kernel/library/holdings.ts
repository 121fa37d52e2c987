/**
 * What a worker holds, for those who repair what it leaves behind when it dies:
 *
 *     my record, from `held` | count | object | object ...
 *
 * The list says where to look, not what to find: the object itself knows whether the worker holds it. So an object may
 * be listed that is not held, or twice; but none that is held is missing.
 */

import { read, write } from "../atomics";
import { heap, held, my } from "./space";

/** Objects that a worker can hold at once. */
export const MOST_HELD: u32 = (heap - held) / 4 - 1;

export function canHold(): bool {
  return load<u32>(my + held) < MOST_HELD;
}

/** Lists an object before it is acquired, or while `pending` names it. */
export function hold(object: usize): void {
  const count = load<u32>(my + held);
  store<u32>(my + held + 4 + count * 4, <u32>object);
  store<u32>(my + held, count + 1);
}

/** Takes an object off the list, once. To be called after it was released, or while `pending` names it. */
export function drop(object: usize): void {
  const last = my + held + load<u32>(my + held) * 4;
  for (let entry = last; entry > my + held; entry -= 4) {
    if (load<u32>(entry) != <u32>object) continue;
    store<u32>(entry, load<u32>(last));
    store<u32>(my + held, load<u32>(my + held) - 1);
    return;
  }
}

export function heldCount(R: usize): u32 {
  return read(R + held);
}

export function heldObject(R: usize, index: u32): usize {
  return load<u32>(R + held + 4 + index * 4);
}

/** Of a dead worker's record R, with one object at least: the last one is repaired. */
export function dropLast(R: usize): void {
  write(R + held, read(R + held) - 1);
}
