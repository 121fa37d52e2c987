import type { TimeUnit } from "../machines/machine.js";
import type { Kind } from "../program/kinds.js";

/** Where a measurement was taken. */
export interface Host {
  /** The processor's model, as the operating system names it; the title of a simulated machine. */
  readonly cpu: string;
  /** Processors that execute at the same time: cores that threads could run on, all those of a simulated machine. */
  readonly cores: number;
  /** Node's version, without the v; empty in browsers. */
  readonly node: string;
  /** Whether each processor stayed on a core; those of simulated machines do. */
  readonly pinned: boolean;
  /** The operating system's load average of the last minute, when the evaluation began; NaN in browsers. */
  readonly load: number;
}

/**
 * What is measured, with its unit: "time" is the machine's own, and "rate" operations by that (see `unitOf`). Times are
 * per operation, elapsed time over all processors' operations; what references do is per operation, too: an acquisition,
 * an episode of all processors, an addition.
 */
export const UNITS = {
  /** Locks: an uncontended acquire and release. */
  latency: "time",
  /**
   * Locks: elapsed time by acquisitions of all processors; the time between two of them where the lock is contended.
   */
  passingTime: "time",
  /** Locks: a processor's part of all acquisitions; the row's `processor` says whose. */
  share: "1",
  /** Locks: Jain's index of the shares, 1 when all are equal, 1/P when one has all. */
  fairness: "1",
  /** Locks: the longest time from asking for the lock to holding it. */
  longestWait: "time",
  /** Locks: the mean time from asking for the lock to holding it. */
  meanWait: "time",
  /** Locks: from a release to the last reference that it causes, by those who wait; the row's processors are these. */
  quiescence: "time",
  /** Barriers: elapsed time by episodes. */
  episodeTime: "time",
  /** Counters: elapsed time by additions of all processors. */
  additionTime: "time",
  /** Counters: additions of all processors by elapsed time. Policies: executions. Calls: calls of all clients. */
  throughput: "rate",
  /** Counters: one read of the cheap kind, nobody adding. */
  approximateRead: "time",
  /** Counters: one exact read, nobody adding. */
  exactRead: "time",
  /** Memory for that many processors, with padding. */
  space: "B",
  /** Processors whose threads had to be ended because they did not stop in time. */
  cutOff: "processors",
  /** The algorithm needs what the machine lacks; the row's `detail` says what. The value is 1. */
  unavailable: "1",
  /** Read-modify-writes of all processors, those of critical sections included. */
  readModifyWrites: "1",
  /** References of all processors that left their node, or went over the bus. */
  networkReferences: "1",
  /** Lines that caches lost to others' writes. */
  invalidations: "1",
  /** Words that caches sent to others' copies. */
  updates: "1",
  /** The part of the time in which the most occupied link was held, 0 to 1; the row's `detail` names it. */
  utilization: "1",
  /** Locks: the part of the waits during which another processor acquired twice; 0 is first come, first served. */
  overtaken: "1",
  /** Locks and barriers: network references of one wait, critical sections or work before the barrier being long. */
  waitingReferences: "1",
  /** Locks and barriers: by which part those grow when the wait is four times as long; 0 where there were none. */
  waitingGrowth: "1",
  /**
   * Locks: of those who wait quietly, and wait on after a release, the part that it makes refer to memory beyond their
   * caches.
   */
  disturbed: "1",
  /**
   * Locks: how long a processor that takes no part waits for a reference to memory at the lock's home, by what the same
   * reference takes when nobody else runs; 1 is undisturbed.
   */
  bystanderAtHome: "1",
  /** Locks: the same for memory at a node where nobody takes part. */
  bystanderElsewhere: "1",
  /**
   * Policies: throughput times the mean of a warm execution: how many processors would do as much if they never had to
   * reload, to wait or to decide.
   */
  effectiveProcessors: "1",
  /** Policies: from the moment at which a task becomes ready to the end of its execution: the mean. */
  response: "time",
  /**
   * Policies: the mean square of the response, in squares of a warm execution's mean, unless the row says in what: it tells
   * starvation.
   */
  secondMoment: "1",
  /** Policies: what 99 of 100 are below. */
  responseP99: "time",
  /** Policies: tasks that the processor had done since it executed the one that it executes now: the mean, if it ever did. */
  intervening: "1",
  /** Policies: the part of the executions whose task was executed last on another processor. */
  elsewhere: "1",
  /**
   * Policies: how much longer an execution takes than a warm one. With `intervening`, only those with so many tasks, and
   * up to twice as many; with `footprint`, one processor alone executes so many tasks in turn.
   */
  reload: "time",
  /** Policies: misses of an execution, by cause; another's writes are the cause of sharing. */
  coldMisses: "1",
  capacityMisses: "1",
  conflictMisses: "1",
  sharingMisses: "1",
  /** Policies: for making a task ready and for asking for one: guards, queues and choices. */
  deciding: "time",
  /** Policies: for which a message waits for the most occupied link; the row's `detail` names it. */
  queueing: "time",
  /** Objects: an operation that uses three, each of its processors doing the same all the time. */
  useTime: "time",
  /** Objects: to begin an operation and to end it, nothing in between. */
  operationTime: "time",
  /** Objects: a call through a reference that is in the translation table, without what is called. */
  callTime: "time",
  /** Objects: the first use of an object by a processor: its representative is made. */
  missTime: "time",
  createTime: "time",
  /** Objects: until the object is gone for all; its memory comes back later. */
  destroyTime: "time",
  /** Objects: until its memory has come back, where nobody else has used it. */
  reclaimTime: "time",
  /** Objects: from the destruction of one that all processors have used to its memory's coming back. */
  roundTrip: "time",
  /** Calls: one call between protection domains and its return, by one client alone; the row's `detail` names the procedure. */
  callCycles: "time",
  /** Calls, the same for all below: copies of arguments and results, by kernel and stubs. */
  copies: "1",
  /** System calls of client and server. */
  traps: "1",
  /** Changes of the context. */
  switches: "1",
  /** Interrupts from processors. */
  interrupts: "1",
  /** Misses of the TLB, of data and of code. */
  translationMisses: "1",
  kernelInstructions: "1",
  userInstructions: "1",
  /** Part of a call; the row's `detail` names the procedure and the part. */
  phase: "time",
  /** Policies, objects: the machine lent them read-modify-writes that it lacks; the row's `detail` names them. The value is 1. */
  lent: "1",
} as const;

export type Metric = keyof typeof UNITS;

/** The unit of a rate, with the time that it is by, for each unit of time. */
const RATES: Readonly<Record<TimeUnit, { readonly unit: string; readonly time: number }>> = {
  ns: { unit: "1/s", time: 1e9 },
  cycles: { unit: "1/kcycle", time: 1e3 },
};

/** The unit of a metric on machines whose times are in that unit. */
export function unitOf(metric: Metric, time: TimeUnit): string {
  const unit = UNITS[metric];
  return unit === "time" ? time : unit === "rate" ? RATES[time].unit : unit;
}

/** Operations a second, or a thousand cycles. */
export function rate(operations: number, elapsed: number, unit: TimeUnit): number {
  return (operations / elapsed) * RATES[unit].time;
}

/** One measured value: one flat record a row. Everything that prints, plots or compares reads these. */
export interface Measurement extends Host {
  readonly machine: string;
  /** A kind of algorithm, or calls between protection domains. */
  readonly workload: Kind | "call";
  readonly algorithm: string;
  readonly processors: number;
  readonly metric: Metric;
  readonly value: number;
  readonly unit: string;
  /** What the evaluation's random delays began with; repetition r began with seed + r. */
  readonly seed: number;
  /** 0, 1, ... within one evaluation. */
  readonly repetition: number;
  /** Which processor the value is of; absent where it is of all. */
  readonly processor?: number;
  /** Policies: how many tasks there are. */
  readonly tasks?: number;
  /** Tasks that have intervened, at least, where the metric's description says so. */
  readonly intervening?: number;
  /** Bytes of memory of each task, where the metric's description says so. */
  readonly footprint?: number;
  /** What else the metric's description names. */
  readonly detail?: string;
}

/** A value in the middle, and how far the repetitions lie apart. */
export interface Summary {
  readonly median: number;
  readonly minimum: number;
  readonly maximum: number;
  readonly count: number;
}

/** Median, minimum and maximum of the values; undefined for none. */
export function summarize(values: readonly number[]): Summary | undefined {
  if (values.length === 0) return undefined;
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const median = sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
  return { median, minimum: sorted[0]!, maximum: sorted[sorted.length - 1]!, count: sorted.length };
}

/** Jain's fairness index: (sum x)^2 / (n sum x^2), from 1/n to 1; 1 where nobody got anything. */
export function jainIndex(values: readonly number[]): number {
  const sum = values.reduce((a, b) => a + b, 0);
  const squares = values.reduce((a, b) => a + b * b, 0);
  return squares === 0 ? 1 : sum ** 2 / (values.length * squares);
}

/** What a row may say beside its value; policies with a parameter have it in their names, as in `priority(0)`. */
export type Of = Partial<
  Pick<Measurement, "algorithm" | "processor" | "tasks" | "intervening" | "footprint" | "detail">
>;

/** Which rows are meant: those that agree with every field given. */
export type Selection = Partial<Pick<Measurement, "machine" | "workload" | "algorithm" | "processors" | "metric">>;

/** The values of the rows selected. */
export function select(rows: readonly Measurement[], selection: Selection): number[] {
  const fields = Object.entries(selection) as [keyof Selection, unknown][];
  return rows.filter((row) => fields.every(([field, value]) => row[field] === value)).map((row) => row.value);
}

/** Whether rows of one machine are of a simulated one: its times are cycles, and no other lacks anything. */
export function isSimulated(rows: readonly Measurement[]): boolean {
  return rows.some(({ unit, metric }) => unit === "cycles" || metric === "unavailable");
}

/** The rows by machine, in the order in which the machines come first. */
export function byMachine(rows: readonly Measurement[]): Map<string, Measurement[]> {
  const groups = new Map<string, Measurement[]>();
  for (const row of rows) {
    const group = groups.get(row.machine);
    if (group) group.push(row);
    else groups.set(row.machine, [row]);
  }
  return groups;
}
