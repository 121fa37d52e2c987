/** The page's plots, what each shows, and how to read it. */
import type { Measurement, Metric } from "../experiments/measurement.js";
import type { Kind } from "../program/kinds.js";
import { footprintName } from "./scheduling.js";

/** A plot, shown for each machine that has rows of its metric. */
export interface Section {
  readonly heading: string;
  readonly workload: Kind;
  readonly metric: Metric;
  /** Where there are several of one metric: which. */
  readonly part?: string;
  /** Which rows of the metric; absent: all. */
  readonly shows?: (row: Measurement) => boolean;
  /** What the lines go along. Absent: processors. */
  readonly along?: Along;
  /** The line that a row is of. Absent: its algorithm's. */
  readonly lineOf?: (row: Measurement) => string;
  /** How to read it, for rows up to that many processors. */
  readonly reading: (processors: number) => string;
  /** Absent: it is no plot of lines. */
  readonly axis?: SectionAxis;
  /** How to read the part with more processors than cores. */
  readonly beyondCores: string;
}

/** Another axis than that of processors. */
export interface Along {
  /** One of it, for people. */
  readonly one: string;
  readonly of: (row: Measurement) => number;
}

/** The axis of values. */
export interface SectionAxis {
  readonly quantity: string;
  /** Whether values usually span decades. */
  readonly spans: boolean;
  readonly better: "lower" | "higher";
}

/** Rows of policies with more than two tasks a processor, and with less; not those of a part of the executions. */
const isHeavy = ({ tasks, processors, intervening }: Measurement) =>
  intervening === undefined && tasks !== undefined && tasks > 2 * processors;
const isLight = ({ tasks, processors, intervening }: Measurement) =>
  intervening === undefined && tasks !== undefined && tasks <= 2 * processors;
const INTERVENING: Along = { one: "intervening task", of: ({ intervening }) => intervening ?? 0 };

export const SECTIONS: readonly Section[] = [
  {
    heading: "Locks: passing time",
    workload: "lock",
    metric: "passingTime",
    axis: { quantity: "Time per acquisition", spans: true, better: "lower" },
    reading: () =>
      "Elapsed time divided by the acquisitions of all processors. Under contention this is the time from one " +
      "acquisition to the next. Lower is better.",
    beyondCores:
      "In the shaded part there are more processors than cores. The holder of the lock, or the next in its queue, may " +
      "not be running, while those that spin keep the cores. A line that climbs by decades there is a spin lock that " +
      "collapses. A lock whose waiters sleep stays low.",
  },
  {
    heading: "Locks: who gets the lock",
    workload: "lock",
    metric: "share",
    reading: (processors) =>
      `All acquisitions of a lock at ${processors} processors, divided into the processors' parts; the fairest lock is ` +
      "the first. Of several repetitions the bar shows the one in the middle by Jain's index. The index is 1 when all " +
      `parts are equal and 1/${processors} when one processor has everything. The longest wait is from asking for the ` +
      "lock to holding it.",
    beyondCores: "",
  },
  {
    heading: "Locks: network references",
    workload: "lock",
    metric: "networkReferences",
    axis: { quantity: "Network references per acquisition", spans: true, better: "lower" },
    reading: () =>
      "References of all processors that left their node, or went over the bus, for each acquisition. A line that rises " +
      "with the processors is a lock whose waiters disturb each other and the holder. The waiters of a flat one spin " +
      "privately.",
    beyondCores: "",
  },
  {
    heading: "Barriers: episode time",
    workload: "barrier",
    metric: "episodeTime",
    axis: { quantity: "Time per episode", spans: true, better: "lower" },
    reading: () =>
      "Elapsed time divided by the episodes: what it costs all processors to wait for each other once. Lower is better.",
    beyondCores:
      "In the shaded part an episode needs processors that are not running. Those that spin keep the cores until the " +
      "operating system takes them away, some milliseconds each. Those that sleep give them up at once.",
  },
  {
    heading: "Barriers: network references",
    workload: "barrier",
    metric: "networkReferences",
    axis: { quantity: "Network references per episode", spans: true, better: "lower" },
    reading: () =>
      "References of all processors that left their node, or went over the bus, for each episode. Where they go one " +
      "after the other, as over a bus, their number decides. Where they go side by side, the longest path does.",
    beyondCores: "",
  },
  {
    heading: "Counters: throughput",
    workload: "counter",
    metric: "throughput",
    axis: { quantity: "Additions of all processors", spans: false, better: "higher" },
    reading: () =>
      "Additions of all processors by elapsed time. Higher is better. A counter of which each processor adds to a part " +
      "of its own rises with the processors, as long as each has a core. A line that falls is a cache line that all of " +
      "them write.",
    beyondCores: "In the shaded part processors take turns on the cores, and nothing can rise any further.",
  },
  {
    heading: "Objects: an operation that uses three",
    workload: "object",
    metric: "useTime",
    axis: { quantity: "Time per operation of a processor", spans: true, better: "lower" },
    reading: () =>
      "How long a processor takes for an operation that uses a process, a region and a cached object, while all processors do " +
      "the same in one process. Lower is better. A flat line waits for nobody; one that rises waits for a lock.",
    beyondCores: "In the shaded part processors take turns on the cores, and each takes longer.",
  },
  {
    heading: "Objects: a token's round trip",
    workload: "object",
    metric: "roundTrip",
    axis: { quantity: "Time per object", spans: true, better: "lower" },
    reading: () =>
      "From the destruction of an object that all processors have used to the moment at which its memory has come back. A " +
      "token visits one processor after the other; epochs are waited for all at once.",
    beyondCores: "In the shaded part some have to get a core before they can look.",
  },
  {
    heading: "Scheduling: throughput under heavy load",
    workload: "policy",
    metric: "effectiveProcessors",
    part: "heavy",
    shows: isHeavy,
    axis: { quantity: "Effective processors", spans: false, better: "higher" },
    reading: () =>
      "Throughput, as how many processors would do as much if they never had to reload a cache, to wait or to decide. " +
      "There are four tasks a processor. Higher is better. What is missing is time for reloading, for waiting at " +
      "guards, or without a task.",
    beyondCores: "In the shaded part processors take turns on the cores, and nothing can rise any further.",
  },
  {
    heading: "Scheduling: throughput under light load",
    workload: "policy",
    metric: "effectiveProcessors",
    part: "light",
    shows: isLight,
    axis: { quantity: "Effective processors", spans: false, better: "higher" },
    reading: () =>
      "The same with one and a half tasks a processor. A policy that keeps tasks where they were has processors without " +
      "work, while tasks wait for others.",
    beyondCores: "In the shaded part processors take turns on the cores, and nothing can rise any further.",
  },
  {
    heading: "Scheduling: response under heavy load",
    workload: "policy",
    metric: "response",
    part: "heavy",
    shows: isHeavy,
    axis: { quantity: "Response", spans: false, better: "lower" },
    reading: () =>
      "From the moment at which a task becomes ready to the end of its execution, the mean. Lower is better. The table " +
      "has second moments and p99: a policy that lets some tasks starve has a good mean and a bad second moment.",
    beyondCores: "In the shaded part processors take turns on the cores.",
  },
  {
    heading: "Scheduling: reload time by intervening tasks",
    workload: "policy",
    metric: "reload",
    part: "policies",
    shows: ({ tasks, processors, intervening, footprint }) =>
      intervening !== undefined && footprint === undefined && tasks! > 2 * processors && processors > 1,
    along: INTERVENING,
    axis: { quantity: "Reload time of an execution", spans: false, better: "lower" },
    reading: () =>
      "How much longer an execution takes than a warm one, by the tasks that its processor has done since it executed " +
      "the same task last; a point is for so many and up to twice as many. What another processor wrote is cold, " +
      "however few have intervened. Where the bus is busy, the same misses take longer. All numbers of processors " +
      "are taken together.",
    beyondCores: "",
  },
  {
    heading: "Scheduling: reload time of one processor",
    workload: "policy",
    metric: "reload",
    part: "footprints",
    shows: ({ footprint }) => footprint !== undefined,
    along: INTERVENING,
    lineOf: ({ footprint }) => footprintName(footprint!),
    axis: { quantity: "Reload time of an execution", spans: false, better: "lower" },
    reading: () =>
      "One processor executes tasks in turn, so that always the same number intervenes: the curve R of Squillante & " +
      "Lazowska. A line is a footprint. Its height is what a whole footprint takes to reload. It climbs where the " +
      "tasks' footprints together outgrow the cache.",
    beyondCores: "",
  },
];
