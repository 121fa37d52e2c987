/**
 * What the kernel exports of a lock: `mcs_acquire`, `mcs_run`. The build compiles this file once for each file of locks/.
 * Every workload is compiled for one lock alone: a call through a table would cost as much as the lock.
 *
 * @heads source order waits spins signals
 */
import * as algorithm from "../locks/test-and-set";
import { Experiment } from "../workloads/experiment";
import { runEmpty, runLock, runPairs } from "../workloads/lock";

@unmanaged
class Lock {
  @inline acquire(I: usize): void {
    algorithm.acquire(changetype<usize>(this), I);
  }
  @inline release(I: usize): void {
    algorithm.release(changetype<usize>(this), I);
  }
}

export function acquire(L: usize, I: usize): void {
  algorithm.acquire(L, I);
}

export function release(L: usize, I: usize): void {
  algorithm.release(L, I);
}

export function pairs(L: usize, I: usize, count: u32): void {
  runPairs<Lock>(changetype<Lock>(L), I, count);
}

export function empty(E: usize): void {
  runEmpty<Lock>(changetype<Experiment>(E));
}

export function run(E: usize): void {
  runLock<Lock>(changetype<Experiment>(E));
}
