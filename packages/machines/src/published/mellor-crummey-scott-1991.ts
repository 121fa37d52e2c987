import { at, type MachineFigure, type Point } from "./figure.js";

const SOURCE =
  "Mellor-Crummey and Scott, Algorithms for scalable synchronization on shared-memory multiprocessors, ACM TOCS 9(1), 1991";

/** What follows each other from so many processors on, one more each time. */
function from(first: number, values: readonly number[]): Point[] {
  return values.map((value, i) => [first + i, value]);
}

/**
 * Cycles after each acquire and each release, half of what an uncontended pair is short of table 1's test_and_set, 7.0 µs:
 * the paper's are calls, the kernel's are inlined.
 */
const SYMMETRY_CALLS = 26;
/** A read-modify-write of remote memory, which is longer than the kernel's own slot. */
const BUTTERFLY_SLOT = 214;
/** Delays count the iterations of an empty loop: on the MC68000 a dbra that branches, 10 cycles. */
const BUTTERFLY_ITERATION = 10;
const SYMMETRY_SLOT = 128;

export const butterflyLocks: MachineFigure = {
  name: "mcs-5",
  title: "Butterfly: time a lock's passing, empty critical section",
  source: `${SOURCE}, figures 4 and 5; slopes from the text`,
  machine: "butterfly",
  quantity: "passing time",
  unit: "µs",
  // test_and_set's uncontended pair is what the machine's read-modify-write is calibrated to, so nothing is left for calls.
  workload: { kind: "empty lock", calls: 0, slot: BUTTERFLY_SLOT },
  // Where the text gives slopes of curves that the figure shows as lines.
  also: [10, 43],
  order: 76,
  curves: [
    {
      name: "test_and_set",
      algorithm: "test-and-set",
      reading: "glyphs",
      points: at([4, 10, 16, 22, 34, 46, 58, 76], [28, 52, 89, 129, 203, 300, 382, 560]),
      slope: { from: 10, to: 76, published: 7.4 },
    },
    {
      name: "ticket",
      algorithm: "ticket",
      reading: "text",
      points: [],
      slope: { from: 10, to: 76, published: 7.0 },
    },
    {
      name: "test_and_set, linear backoff",
      algorithm: "test-and-set-linear",
      reading: "glyphs",
      // One iteration more after each failure.
      slot: BUTTERFLY_ITERATION,
      points: at([2, 8, 14, 26, 38, 50, 62, 76], [35, 34, 52, 104, 153, 220, 301, 383]),
      slope: { from: 14, to: 76, published: 5.0 },
    },
    {
      name: "Anderson",
      algorithm: "anderson",
      reading: "glyphs",
      points: at([1, 2, 8, 20, 32, 50, 76], [65.7, 33.4, 34.7, 38.5, 44.2, 52.9, 64.8]),
      slope: { from: 8, to: 76, published: 0.4 },
    },
    {
      name: "test_and_set, exponential backoff",
      algorithm: "test-and-set-exponential",
      reading: "glyphs",
      points: at([1, 2, 76], [34.9, 33.5, 35]),
      slope: { from: 10, to: 76, published: 0.025 },
    },
    {
      name: "ticket, proportional backoff",
      algorithm: "ticket-proportional",
      reading: "glyphs",
      points: at([1, 3, 9, 76], [38.8, 18.3, 23, 24.5]),
      slope: { from: 10, to: 76, published: 0.021 },
    },
    {
      name: "MCS",
      algorithm: "mcs-swap",
      reading: "glyphs",
      points: at([1, 2, 5, 76], [71.3, 76, 22.7, 22.7]),
    },
  ],
};

export const symmetryLocks: MachineFigure = {
  name: "mcs-6",
  title: "Symmetry: time a lock's passing, empty critical section",
  source: `${SOURCE}, figure 6`,
  machine: "symmetry",
  quantity: "passing time",
  unit: "µs",
  workload: { kind: "empty lock", calls: SYMMETRY_CALLS, slot: SYMMETRY_SLOT },
  order: 18,
  curves: [
    {
      name: "test_and_test_and_set",
      algorithm: "test-and-test-and-set",
      reading: "glyphs",
      points: from(
        1,
        [7, 9.5, 9.5, 12.2, 13.7, 15.6, 17.3, 18.6, 19.6, 21.9, 20.1, 25.8, 25.4, 29.3, 22.6, 21.4, 21.9, 23.2],
      ),
      slope: { from: 3, to: 14 },
    },
    {
      name: "Anderson",
      algorithm: "anderson-test-and-set",
      reading: "glyphs",
      points: from(
        1,
        [10.5, 12.2, 12.8, 12.7, 12.6, 12.6, 12.6, 12.6, 12.7, 12.8, 13, 13.2, 13.5, 13.8, 14.2, 14.6, 15.1, 15.6],
      ),
      slope: { from: 3, to: 18 },
    },
    {
      name: "test_and_set, exponential backoff",
      algorithm: "test-and-set-exponential",
      reading: "glyphs",
      points: from(1, [7, 9, 8.7, 9.4, 9.7, 9.9, 10.3, 10.7, 11, 11.2, 11.4, 11.6, 11.7, 11.9, 12.1, 12.2, 12.4, 12.5]),
      slope: { from: 3, to: 18 },
    },
    {
      name: "MCS",
      algorithm: "mcs-swap",
      reading: "glyphs",
      points: from(1, [9.2, 15.1, 10, 8.1, 8.6, 8.6, 8.6, 8.5, 8.4, 8.4, 8.7, 9, 8.8, 8.9, 8.8, 8.8, 8.8, 8.7]),
    },
  ],
};

export const butterflyBarriers: MachineFigure = {
  name: "mcs-8",
  title: "Butterfly: time an episode",
  source: `${SOURCE}, figures 8 and 9`,
  machine: "butterfly",
  quantity: "episode time",
  unit: "µs",
  workload: { kind: "barrier", slot: BUTTERFLY_SLOT },
  order: 80,
  curves: [
    {
      name: "counter",
      algorithm: "sense-reversing",
      reading: "glyphs",
      points: at([8, 16, 32, 48, 64, 81], [152, 427, 1397, 2752, 4302, 5647]),
      slope: { from: 8, to: 81 },
    },
    {
      name: "counter, exponential backoff",
      algorithm: "sense-reversing-exponential",
      reading: "glyphs",
      points: at([16, 32, 64, 81], [297, 737, 2147, 2812]),
      slope: { from: 16, to: 81 },
    },
    {
      name: "counter, proportional backoff",
      algorithm: "sense-reversing-proportional",
      reading: "glyphs",
      points: at([16, 32, 64, 81], [247, 487, 1262, 1677]),
      slope: { from: 16, to: 81 },
    },
    {
      // The fan-in that was measured is not known, but not 4: four processors would have shared one counter, and they take
      // longer than eight take with the counter, 152 µs.
      name: "combining tree",
      algorithm: "combining-tree-binary",
      reading: "eye",
      points: at([4, 8, 16, 32, 48, 64, 80], [210, 280, 500, 640, 720, 1050, 1160]),
      slope: { from: 8, to: 80 },
    },
    {
      name: "counter, tree wakeup",
      algorithm: "counter-tree-wakeup",
      reading: "glyphs",
      points: at([2, 8, 16, 32, 48, 64, 80], [79, 135, 166, 236, 317, 391, 484]),
      slope: { from: 16, to: 80 },
    },
    {
      name: "tournament",
      algorithm: "tournament",
      reading: "eye",
      points: at([2, 8, 16, 32, 64, 80], [60, 150, 195, 230, 282, 313]),
      slope: { from: 8, to: 80 },
    },
    {
      name: "tree",
      algorithm: "mcs-tree",
      reading: "glyphs",
      points: at([2, 8, 14, 20, 26, 32, 50, 62, 74, 84], [74, 124, 137, 146, 170, 179, 191, 200, 205, 209]),
      slope: { from: 8, to: 84 },
    },
    {
      name: "dissemination",
      algorithm: "dissemination",
      reading: "glyphs",
      points: at([2, 8, 14, 20, 32, 38, 50, 62, 68, 81], [58, 81, 93, 106, 109, 123, 128, 132, 149, 151]),
      slope: { from: 8, to: 81 },
    },
  ],
};

export const symmetryBarriers: MachineFigure = {
  name: "mcs-10",
  title: "Symmetry: time an episode",
  source: `${SOURCE}, figure 10`,
  machine: "symmetry",
  quantity: "episode time",
  unit: "µs",
  workload: { kind: "barrier", slot: SYMMETRY_SLOT },
  order: 18,
  crossings: [
    ["counter", "arrival tree, flag"],
    ["dissemination", "tree"],
  ],
  curves: [
    {
      name: "counter",
      algorithm: "sense-reversing",
      reading: "glyphs",
      points: from(2, [13, 14.4, 16.3, 18.3, 20.2, 22.1, 24.1, 26, 28.1, 30.1, 31.8, 33.6, 35.5, 37.6, 40.5, 42.5, 45]),
      slope: { from: 2, to: 18 },
    },
    {
      name: "arrival tree, flag",
      algorithm: "arrival-tree",
      reading: "glyphs",
      points: from(
        2,
        [19.6, 21.3, 23.3, 25.2, 28.9, 29.5, 31, 32.6, 33.6, 34.4, 35.5, 37.3, 38.4, 39.4, 40.5, 42.1, 44],
      ),
      slope: { from: 2, to: 18 },
    },
    {
      name: "tournament, flag",
      algorithm: "tournament-flag",
      reading: "glyphs",
      points: from(
        2,
        [15.3, 21.6, 22.6, 29.8, 29.9, 30.7, 31.3, 37.4, 37.3, 39.1, 39.7, 40.8, 41.8, 42.1, 43.1, 50.4, 51.3],
      ),
      slope: { from: 2, to: 18 },
    },
    {
      name: "tree",
      algorithm: "mcs-tree",
      reading: "glyphs",
      points: from(
        2,
        [21, 24.7, 28.9, 31.9, 37.3, 40.8, 44.1, 44.8, 46.3, 48.2, 50.5, 51.5, 53.5, 55, 57.1, 58.2, 60.6],
      ),
      slope: { from: 2, to: 18 },
    },
    {
      name: "dissemination",
      algorithm: "dissemination",
      reading: "glyphs",
      points: from(
        2,
        [15.3, 23.8, 25.1, 34.4, 35.5, 36.7, 38.4, 51.9, 55.1, 58.6, 62.2, 66.9, 70.2, 74.5, 79.6, 98.6, 106.4],
      ),
      slope: { from: 2, to: 18 },
    },
  ],
};
