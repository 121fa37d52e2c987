/**
 * What the kernel exports of every algorithm, of whatever kind. The build compiles this file once for each, as those of the
 * kinds beside it: with the algorithm's file in the place of the one that is imported here, and its name before each export.
 */
import * as algorithm from "../locks/test-and-set";
import { seedRandom } from "../random";
import { createExperiment, createRecord } from "../workloads/experiment";

export function create(processors: u32): usize {
  return algorithm.create(processors);
}

export function attach(object: usize, processor: u32): usize {
  return algorithm.attach(object, processor);
}

export function prepare(processors: u32, turns: u32, busy: u32, think: u32, observed: bool, seed: u32): usize {
  seedRandom(seed);
  const object = algorithm.create(processors);
  const E = createExperiment(object, processors, turns, busy, think, observed);
  for (let p: u32 = 0; p < processors; p++) createRecord(E, p, algorithm.attach(object, p));
  return changetype<usize>(E);
}
