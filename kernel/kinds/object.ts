/**
 * What the kernel exports of a way to keep objects from going away under those who use them: `token_run`, `epochs_lives`.
 * The build compiles this file once for each file of existence/.
 *
 * @heads source waits
 */
import * as algorithm from "../existence/token";
import { Experiment } from "../workloads/experiment";
import { runLives, runRounds, runUses } from "../workloads/objects";

@unmanaged
class Existence {
  @inline use(): void {
    algorithm.use(changetype<usize>(this));
  }
}

/** One operation that uses three objects. */
export function use(I: usize): void {
  algorithm.use(I);
}

export function run(E: usize): void {
  runUses<Existence>(changetype<Experiment>(E));
}

/** Whether objects come and go, so that what follows can be run. */
export function lives(): bool {
  return algorithm.LIVES;
}

export function lives_run(E: usize): void {
  if (algorithm.LIVES) runLives(changetype<Experiment>(E));
}

export function rounds_run(E: usize): void {
  if (algorithm.LIVES) runRounds(changetype<Experiment>(E));
}
