import { at, type MachineFigure, type Point } from "./figure.js";

const SOURCE =
  "Anderson, The performance of spin lock alternatives for shared-memory multiprocessors, IEEE TPDS 1(1), 1990";

/**
 * A critical section, a mean delay of five of them, acquire and release of 5.6 µs make up the 67 s that a million of them
 * take one processor: a critical section is 10.2 µs. The mean delays of backoff and static slots lie in 0 to 15 µs, for 18
 * processors: a slot is about a test_and_set, 1 µs.
 */
const WORKLOAD = { kind: "lock", section: 163, think: 818, slot: 16 } as const;

/** The ideal curve of figure 1: what a million critical sections take with a lock that costs nothing. */
const IDEAL = new Map([
  [1, 67],
  [2, 38],
  [5, 18],
  [9, 14],
  [13, 14],
  [18, 14],
]);

/** Figure 3 shows seconds over the ideal. */
function overIdeal(overheads: readonly Point[]): Point[] {
  return overheads.map(([processors, overhead]) => [processors, IDEAL.get(processors)! + overhead]);
}

export const elapsed: MachineFigure = {
  name: "anderson-1",
  title: "Symmetry: time a critical section, mean delay of five between two",
  source: `${SOURCE}, figure 1 (seconds for a million)`,
  machine: "symmetry",
  quantity: "passing time",
  unit: "µs",
  workload: WORKLOAD,
  curves: [
    {
      name: "spin on test_and_set",
      algorithm: "test-and-set",
      reading: "eye",
      points: at([1, 2, 5, 7, 8, 9, 10, 11], [67, 38, 18, 21, 36, 49, 59, 67]),
    },
    {
      name: "spin on read",
      algorithm: "test-and-test-and-set",
      reading: "eye",
      points: at([1, 2, 5, 7, 9, 11, 13, 15, 17, 18], [67, 38, 18, 17, 21, 27, 31, 35, 39, 41]),
      slope: { from: 9, to: 18 },
    },
  ],
};

export const delays: MachineFigure = {
  name: "anderson-3",
  title: "Symmetry: time a critical section with delays and with a queue",
  source: `${SOURCE}, figure 3 added to the ideal of figure 1`,
  machine: "symmetry",
  quantity: "passing time",
  unit: "µs",
  workload: WORKLOAD,
  also: [3],
  order: 18,
  curves: [
    {
      name: "static delay after release",
      algorithm: "static-delay-after-release",
      reading: "eye",
      points: overIdeal(at([1, 5, 9, 13, 18], [0.4, 4.7, 5.5, 5.6, 7])),
    },
    {
      name: "backoff after release",
      algorithm: "backoff-after-release",
      reading: "eye",
      points: overIdeal(at([1, 5, 9, 13, 18], [0.4, 2, 5.2, 6, 8.6])),
    },
    {
      name: "static delay between references",
      algorithm: "static-delay-between-references",
      reading: "eye",
      points: overIdeal(at([1, 5, 9, 13, 18], [0.4, 4.2, 4.7, 5, 6.6])),
    },
    {
      name: "backoff between references",
      algorithm: "backoff-between-references",
      reading: "eye",
      points: overIdeal(at([1, 5, 9, 13, 18], [0.5, 2.1, 4.3, 4.9, 7.1])),
    },
    {
      name: "queue",
      algorithm: "anderson-test-and-set",
      reading: "eye",
      points: overIdeal(at([1, 2, 5, 9, 13, 18], [3.7, 5.4, 3.6, 2.5, 2.5, 2.5])),
    },
  ],
};

export const quiescence: MachineFigure = {
  name: "anderson-2",
  title: "Symmetry: time to quiescence after a release, by spinning processors",
  source: `${SOURCE}, figure 2`,
  machine: "symmetry",
  quantity: "quiescence",
  unit: "µs",
  // Long enough for all to spin in their caches again before the next release.
  workload: { ...WORKLOAD, section: 4000, think: 0 },
  curves: [
    {
      name: "spin on read",
      algorithm: "test-and-test-and-set",
      reading: "eye",
      points: at([1, 2, 5, 7, 9, 11, 13, 15, 17], [0, 0, 5, 10.5, 14.5, 18.5, 21.5, 25.5, 29.5]),
      slope: { from: 2, to: 17 },
    },
  ],
};
