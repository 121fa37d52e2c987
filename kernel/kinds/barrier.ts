/**
 * What the kernel exports of a barrier: `tournament_barrier`, `tournament_run`. The build compiles this file once for each
 * file of barriers/.
 *
 * @heads source waits spins signals
 */
import * as algorithm from "../barriers/sense-reversing";
import { runBarrier } from "../workloads/barrier";
import { Experiment } from "../workloads/experiment";

@unmanaged
class Barrier {
  @inline barrier(I: usize): void {
    algorithm.barrier(changetype<usize>(this), I);
  }
}

export function barrier(B: usize, I: usize): void {
  algorithm.barrier(B, I);
}

export function run(E: usize): void {
  runBarrier<Barrier>(changetype<Experiment>(E));
}
