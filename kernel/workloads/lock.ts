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

/**
 * To be executed by every processor of the experiment: acquires and releases, `turns` times, around an empty critical
 * section, as Mellor-Crummey & Scott do. Touches no memory but the lock's, so that what is timed is the lock alone, and
 * protects no count. After each acquire and each release come `busy` cycles: what calls and the loop take of a program
 * in which they are not inlined.
 */
export function runEmpty<L>(E: Experiment): void {
  const lock = changetype<L>(E.object);
  const record = recordOf(E, processor());
  const I = record.I;
  const turns = E.turns;
  const busy = E.busy;
  record.begin = clock();
  for (let turn: u32 = 0; turn < turns; turn++) {
    lock.acquire(I);
    work(busy);
    lock.release(I);
    work(busy);
  }
  record.end = clock();
  record.done = turns;
}

/** To be executed by every processor of the experiment. */
export function runLock<L>(E: Experiment): void {
  const me = processor();
  const lock = changetype<L>(E.object);
  const record = recordOf(E, me);
  const I = record.I;
  const turns = E.turns;
  const think = E.think;
  const busy = E.busy;
  const observed = E.observed;
  const data = E.data;
  record.begin = clock();
  for (let turn: u32 = 0; turn < turns && !stopped(record); turn++) {
    if (think) work(random(changetype<usize>(record), 2 * think));
    if (observed) {
      mark(Event.Arrived, me);
      beginWait(record);
      lock.acquire(I);
      endWait(record);
      mark(Event.Acquired, me);
    } else {
      lock.acquire(I);
    }
    store<u64>(data, load<u64>(data) + 1);
    if (busy) work(busy);
    lock.release(I);
    record.done = turn + 1;
  }
  record.end = clock();
}
