/**
 * Bell: where a worker sleeps that waits for any of several things: answers of services, and calls of those that it serves. One
 * word of its record, as a worker can sleep on one word alone.
 *
 *     bell | sequence: 31 | armed: 1 |
 *
 * 1. Wait: arm the bell, then look at all that is waited for. Nothing: sleep while the bell is what arming has answered.
 * 2. Ring: make true what the worker waits for, then look at its bell. If that is armed: one more, not armed, and wake.
 *
 * Invariant: who sleeps has looked after its bell was armed, and nobody has found it armed since; or whoever did so is about to
 * wake it, or died, and is repaired by ringing all (Dekker). A bell that is armed though nobody sleeps is rung once for nothing.
 */
import { compare_and_swap, read } from "../atomics";
import { mustWake, sleepOn } from "./sleep";
import { bell, me, recordOf } from "./space";

const ARMED: u32 = 1;
const ONE: u32 = 2;

/** Where the bell of a slot's worker is. */
export function bellOf(slot: u32): usize {
  return recordOf(slot) + bell;
}

/** The number to sleep with. To be followed by a look. */
export function arm(): u32 {
  return atomic.or<u32>(bellOf(me), ARMED) | ARMED;
}

/** False: the worker does not sleep, and looks before it does. */
export function ring(slot: u32): bool {
  const place = bellOf(slot);
  while (true) {
    const word = read(place);
    if (!(word & ARMED)) return false;
    mustWake(place);
    if (!compare_and_swap(place, word, (word & ~ARMED) + ONE)) continue;
    atomic.notify(place, -1);
    return true;
  }
}

/**
 * Sleeps until the bell has rung since it was armed.
 *
 * @param milliseconds the longest time, below 0 for ever
 * @returns false: the time is over
 */
export function sleepUntilRung(number: u32, milliseconds: f64): bool {
  return sleepOn(bellOf(me), number, milliseconds < 0 ? -1 : <i64>(milliseconds * 1e6));
}
