/** The page's plots, what each shows, and how to read it. */
import type { Metric } from "../experiments/measurement.js";
import type { Kind } from "../program/kinds.js";

/** A plot, shown for each machine that has rows of its metric. */
export interface Section {
  readonly heading: string;
  readonly workload: Kind;
  readonly metric: Metric;
  /** How to read it, for rows up to that many processors. */
  readonly reading: (processors: number) => string;
  /** Absent: it is no plot of lines. */
  readonly axis?: SectionAxis;
  /** How to read the part with more processors than cores. */
  readonly beyondCores: string;
}

/** The axis of values. */
export interface SectionAxis {
  readonly quantity: string;
  /** Whether values usually span decades. */
  readonly spans: boolean;
  readonly better: "lower" | "higher";
}

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
];
