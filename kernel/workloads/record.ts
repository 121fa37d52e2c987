/**
 * What each processor of a workload keeps, in its own local memory, so that recording disturbs nobody. Read by the
 * measuring side with the getters below, at any time: after a run that was cut off, done holds what was finished.
 *
 *     | I | random | done: u32 | - | longestWait: f64 | totalWait: f64 | begin: f64 | end: f64 |
 */
import { clock } from "../machine";
import { local } from "../memory/placement";
import { randomState } from "../random";

export const me: usize = 0;
export const randomness: usize = 4;
export const done: usize = 8;
const longestWait: u32 = 16;
const totalWait: u32 = 24;
const begin: u32 = 32;
const end: u32 = 40;
const RECORD: u32 = 48;

export function createRecord(processor: u32, seed: u32, I: usize): usize {
  const record = local(processor, RECORD);
  store<u32>(record + me, <u32>I);
  store<u32>(record + randomness, randomState(seed, processor));
  return record;
}

export function recordBegin(record: usize): void {
  store<f64>(record + begin, clock());
}

export function recordEnd(record: usize): void {
  store<f64>(record + end, clock());
}

export function recordWait(record: usize, wait: f64): void {
  store<f64>(record + totalWait, load<f64>(record + totalWait) + wait);
  store<f64>(record + longestWait, max(load<f64>(record + longestWait), wait));
}

/** Turns this processor finished: acquisitions, episodes or additions. */
export function record_done(record: usize): u32 {
  return load<u32>(record + done);
}

/** In the machine's unit of time; 0 unless waits were recorded. */
export function record_longest_wait(record: usize): f64 {
  return load<f64>(record + longestWait);
}

/** In the machine's unit of time; 0 unless waits were recorded. */
export function record_total_wait(record: usize): f64 {
  return load<f64>(record + totalWait);
}

/** The clock when this processor began. */
export function record_begin(record: usize): f64 {
  return load<f64>(record + begin);
}

/** The clock when this processor ended; 0 if it was cut off. */
export function record_end(record: usize): f64 {
  return load<f64>(record + end);
}
