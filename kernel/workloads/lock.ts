/**
 * The lock workload: think, acquire, add to a plain count and compute, release. (Anderson's benchmark has a think time
 * of mean five critical sections; Mellor-Crummey & Scott's has none and an empty or small critical section.)
 *
 * The protected count is accessed without atomics: it equals the acquisitions only if the lock excludes.
 */
import { clock, Event, mark, processor, work } from "../machine";
import { random } from "../random";
import { beginWait, Experiment, endWait, recordOf, stopped } from "./experiment";

/** Acquires and releases `pairs` times without anything else: the latency of an uncontended lock. */
export function runPairs<L>(lock: L, I: usize, pairs: u32): void {
  for (let pair: u32 = 0; pair < pairs; pair++) {
    lock.acquire(I);
    lock.release(I);
  }
}

/** To be executed by every processor of the experiment. */
export function runLock<L>(E: Experiment): void {
  const me = processor();
  const lock = changetype<L>(E.object);
  const record = recordOf(E, me);
  const I = record.I;
  record.begin = clock();
  for (let turn: u32 = 0; turn < E.turns && !stopped(E); turn++) {
    if (E.think) work(random(changetype<usize>(record), 2 * E.think));
    if (E.observed) {
      mark(Event.Arrived, me);
      beginWait(record);
      lock.acquire(I);
      endWait(record);
      mark(Event.Acquired, me);
    } else {
      lock.acquire(I);
    }
    store<u64>(E.data, load<u64>(E.data) + 1);
    if (E.busy) work(E.busy);
    lock.release(I);
    record.done = turn + 1;
  }
  record.end = clock();
}
