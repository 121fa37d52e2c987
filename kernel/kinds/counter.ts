/**
 * What the kernel exports of a counter: `sloppy_add`, `sloppy_run`. The build compiles this file once for each file of
 * counters/.
 *
 * @heads source waits reads
 */
import * as algorithm from "../counters/shared";
import { runCounter, runReads } from "../workloads/counter";
import { Experiment } from "../workloads/experiment";

@unmanaged
class Counter {
  @inline add(I: usize, amount: i64): void {
    algorithm.add(changetype<usize>(this), I, amount);
  }
  @inline approximate(): i64 {
    return algorithm.approximate(changetype<usize>(this));
  }
  @inline exact(): i64 {
    return algorithm.exact(changetype<usize>(this));
  }
}

export function add(C: usize, I: usize, amount: i64): void {
  algorithm.add(C, I, amount);
}

export function approximate(C: usize): i64 {
  return algorithm.approximate(C);
}

export function exact(C: usize): i64 {
  return algorithm.exact(C);
}

export function reads(C: usize, count: u32, isExact: bool): i64 {
  return runReads<Counter>(changetype<Counter>(C), count, isExact);
}

export function run(E: usize): void {
  runCounter<Counter>(changetype<Experiment>(E));
}
