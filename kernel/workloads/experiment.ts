/**
 * What the processors of a workload share, and what each of them records. An experiment is made before they start; its
 * words do not change while they run, except what is behind data, which has a cache line of its own. Each record is in
 * its processor's local memory, with all that is looked at or written each turn, so that measuring disturbs nobody, also
 * where nothing is cached; and it holds what was finished at any time, also after a run that was cut off.
 */
import { read, write } from "../atomics";
import { clock } from "../machine";
import { local, shared } from "../memory/placement";
import { randomState } from "../random";

/** Turns without a limit: until the experiment is stopped. */
export const FOREVER: u32 = 0xffffffff;

@unmanaged
export class Experiment {
  /** The lock, barrier or counter. */
  object: usize;
  processors: u32;
  /** Acquisitions, episodes or additions of each processor. */
  turns: u32;
  /** Cycles of work inside a critical section. */
  busy: u32;
  /** Mean cycles of work before each turn, uniform in 0 .. 2 * think. */
  think: u32;
  /** Whether waits are timed and marked, and barriers checked. */
  observed: bool;
  /** Address of a line for the workload: what the lock protects. */
  data: usize;
  /** Address of the table of the records' addresses. */
  records: usize;
}

@unmanaged
export class Record {
  /** State of the processor's random numbers. */
  random: u32;
  /** The processor's own record of the lock, barrier or counter. */
  I: usize;
  /** Turns finished. */
  done: u32;
  /** The barrier's episode this processor arrived at last; atomic, the others read it. */
  arrived: u32;
  /** The barrier's last episode; atomic, processor 0 may write it. */
  last: u32;
  /** Not 0 once the experiment is to end; atomic. */
  stop: u32;
  /** The clock when the processor began to wait; 0 while it does not. */
  waitingSince: f64;
  longestWait: f64;
  totalWait: f64;
  begin: f64;
  end: f64;
}

export function createExperiment(
  object: usize,
  processors: u32,
  turns: u32,
  busy: u32,
  think: u32,
  observed: bool,
): Experiment {
  const E = changetype<Experiment>(shared(offsetof<Experiment>()));
  E.object = object;
  E.processors = processors;
  E.turns = turns;
  E.busy = busy;
  E.think = think;
  E.observed = observed;
  E.data = shared(8);
  E.records = shared(processors * 4);
  return E;
}

export function createRecord(E: Experiment, processor: u32, I: usize): void {
  const record = changetype<Record>(local(processor, offsetof<Record>()));
  record.random = randomState(processor);
  record.I = I;
  record.last = E.turns;
  store<u32>(E.records + processor * 4, <u32>changetype<usize>(record));
}

export function recordOf(E: Experiment, processor: u32): Record {
  return changetype<Record>(<usize>load<u32>(E.records + processor * 4));
}

export function arrivedOf(record: Record): usize {
  return changetype<usize>(record) + offsetof<Record>("arrived");
}

export function lastOf(record: Record): usize {
  return changetype<usize>(record) + offsetof<Record>("last");
}

function stopOf(record: Record): usize {
  return changetype<usize>(record) + offsetof<Record>("stop");
}

export function beginWait(record: Record): void {
  record.waitingSince = clock();
}

export function endWait(record: Record): void {
  const wait = clock() - record.waitingSince;
  record.waitingSince = 0;
  record.totalWait += wait;
  record.longestWait = max(record.longestWait, wait);
}

/** Asks the processors to finish the turn they are in. May be called by anyone while they run. */
export function experiment_stop(E: Experiment): void {
  for (let p: u32 = 0; p < E.processors; p++) write(stopOf(recordOf(E, p)), 1);
}

export function stopped(record: Record): bool {
  return read(stopOf(record)) != 0;
}

/** The address of the lock, barrier or counter. */
export function experiment_object(E: Experiment): usize {
  return E.object;
}

/**
 * How often the protected count of a lock experiment was increased: as often as the lock was acquired, if it is one.
 */
export function experiment_protected(E: Experiment): f64 {
  return <f64>load<u64>(E.data);
}

/** Turns that a processor finished: acquisitions, episodes or additions. */
export function experiment_done(E: Experiment, processor: u32): u32 {
  return recordOf(E, processor).done;
}

/** In the machine's unit of time; 0 unless observed. */
export function experiment_longest_wait(E: Experiment, processor: u32): f64 {
  return recordOf(E, processor).longestWait;
}

/** The clock when the processor began a wait that it has not ended; 0 for none, and unless observed. */
export function experiment_waiting_since(E: Experiment, processor: u32): f64 {
  return recordOf(E, processor).waitingSince;
}

/** In the machine's unit of time; 0 unless observed. */
export function experiment_total_wait(E: Experiment, processor: u32): f64 {
  return recordOf(E, processor).totalWait;
}

/** The clock when the processor began; 0 if it never did. */
export function experiment_begin(E: Experiment, processor: u32): f64 {
  return recordOf(E, processor).begin;
}

/** The clock when the processor ended; 0 if it was cut off. */
export function experiment_end(E: Experiment, processor: u32): f64 {
  return recordOf(E, processor).end;
}
