/**
 * Anderson's rules for exponential ("Ethernet") backoff: double the mean delay after a test_and_set that failed, leave
 * it when the lock was only seen busy, cap it at P slots, and begin an acquisition with half the mean last used.
 * (IEEE TPDS 1(1), 1990, section IV.)
 *
 *     private record I | mean | limit | random | slot |   cycles, cycles, state of the random numbers, cycles
 */
import { work } from "../machine";
import { local } from "../memory/placement";
import { random, randomState } from "../random";
import { slot } from "./slot";

const mean: u32 = 0;
const limit: u32 = 4;
const state: u32 = 8;
const least: u32 = 12;

export function attachBackoff(processor: u32, processors: u32): usize {
  const I = local(processor, 16);
  store<u32>(I + mean, slot());
  store<u32>(I + limit, processors * slot());
  store<u32>(I + least, slot());
  store<u32>(I + state, randomState(processor));
  return I;
}

/** To be called when an acquisition has to wait for the first time. */
export function beginBackoff(I: usize): void {
  store<u32>(I + mean, max(load<u32>(I + mean) / 2, load<u32>(I + least)));
}

/** To be called after a test_and_set that failed. */
export function doubleBackoff(I: usize): void {
  store<u32>(I + mean, min(load<u32>(I + mean) * 2, load<u32>(I + limit)));
}

/** Waits a random time, uniform around the mean. */
export function backoff(I: usize): void {
  work(random(I + state, 2 * load<u32>(I + mean)));
}
