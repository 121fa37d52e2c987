/**
 * The bystander workload: a processor that takes no part in an experiment reads lines of memory one after the other and
 * times each read. What waiting costs others: at the lock's home or at an idle node, as the address says.
 *
 * A read is a miss as long as the lines are more than the processor's cache holds, or it has not come round to the first
 * again.
 */
import { read } from "../atomics";
import { clock, work } from "../machine";
import { local } from "../memory/placement";
import { random, randomState } from "../random";

@unmanaged
class Bystander {
  /** State of the processor's random numbers. */
  random: u32;
  /** Reads finished. */
  reads: u32;
  /** Of all reads, in the machine's unit of time, each with the clock's own. */
  total: f64;
  longest: f64;
}

/** The record of the processor that is to be the bystander. To be called after the experiment was prepared. */
export function bystander_prepare(processor: u32): Bystander {
  const I = changetype<Bystander>(local(processor, offsetof<Bystander>()));
  I.random = randomState(processor);
  return I;
}

/**
 * To be executed by that processor: reads a word of each of `lines` lines, 1 or more, the first at `address`, each
 * `stride` bytes after the one before, and again, with a mean of `think` cycles of work before each read, uniform in
 * 0 .. 2 * think; until `reads` reads are done.
 */
export function bystander_run(I: Bystander, address: usize, stride: u32, lines: u32, think: u32, reads: u32): void {
  for (let turn: u32 = 0; turn < reads; turn++) {
    if (think) work(random(changetype<usize>(I), 2 * think));
    const begin = clock();
    read(address + (turn % lines) * stride);
    const latency = clock() - begin;
    I.total += latency;
    I.longest = max(I.longest, latency);
    I.reads = turn + 1;
  }
}

export function bystander_reads(I: Bystander): u32 {
  return I.reads;
}

/** Of all reads, in the machine's unit of time. */
export function bystander_total(I: Bystander): f64 {
  return I.total;
}

/** Of one read, in the machine's unit of time. */
export function bystander_longest(I: Bystander): f64 {
  return I.longest;
}
