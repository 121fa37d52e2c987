/** The counter workload: every processor adds 1 again and again. */
import { clock, processor, work } from "../machine";
import { random } from "../random";
import { Experiment, recordOf, stopped } from "./experiment";

/** To be executed by every processor of the experiment. */
export function runCounter<C>(E: Experiment): void {
  const counter = changetype<C>(E.object);
  const record = recordOf(E, processor());
  const I = record.I;
  const turns = E.turns;
  const think = E.think;
  record.begin = clock();
  for (let turn: u32 = 0; turn < turns && !stopped(record); turn++) {
    if (think) work(random(changetype<usize>(record), 2 * think));
    counter.add(I, 1);
    record.done = turn + 1;
  }
  record.end = clock();
}

/** Reads the counter `reads` times; returns the sum, so that no read can be left out. */
export function runReads<C>(counter: C, reads: u32, exact: bool): i64 {
  let sum: i64 = 0;
  for (let i: u32 = 0; i < reads; i++) sum += exact ? counter.exact() : counter.approximate();
  return sum;
}
