import type { Protocol } from "../protocol.js";

interface Load {
  /** Who wait for a thing each: so many blocked, and so many without blocking. */
  readonly blocking: number;
  readonly asynchronous: number;
  readonly makers: number;
  /** Things that each maker adds. */
  readonly turns: number;
  /** Whether a maker adds all its things, then wakes all, or repairs; else it wakes one for each. */
  readonly wakes?: "all" | "by repair";
  /** Wakes before the first thing, to begin with the mark of one who will not sleep. */
  readonly idle?: number;
  /** The processors of which one dies: who block come first, makers last. */
  readonly mortal?: readonly number[];
}

const LOADS: readonly Load[] = [
  { blocking: 1, asynchronous: 0, makers: 1, turns: 1 },
  { blocking: 0, asynchronous: 1, makers: 1, turns: 1 },
  { blocking: 2, asynchronous: 0, makers: 1, turns: 2 },
  { blocking: 1, asynchronous: 1, makers: 1, turns: 2 },
  { blocking: 0, asynchronous: 2, makers: 1, turns: 2 },
  { blocking: 1, asynchronous: 0, makers: 2, turns: 1 },
  { blocking: 2, asynchronous: 0, makers: 1, turns: 2, wakes: "all" },
  { blocking: 0, asynchronous: 2, makers: 1, turns: 2, wakes: "all" },
  { blocking: 1, asynchronous: 1, makers: 1, turns: 2, wakes: "all" },
  { blocking: 2, asynchronous: 0, makers: 1, turns: 2, wakes: "all", idle: 1 },
  { blocking: 2, asynchronous: 0, makers: 1, turns: 2, wakes: "by repair" },
  { blocking: 0, asynchronous: 2, makers: 1, turns: 2, wakes: "by repair" },
  { blocking: 1, asynchronous: 1, makers: 1, turns: 2, mortal: [0] },
  { blocking: 1, asynchronous: 1, makers: 1, turns: 2, mortal: [1] },
  { blocking: 2, asynchronous: 0, makers: 1, turns: 2, mortal: [0, 1] },
  { blocking: 1, asynchronous: 0, makers: 2, turns: 1, mortal: [1] },
  { blocking: 0, asynchronous: 1, makers: 2, turns: 1, mortal: [1] },
  { blocking: 2, asynchronous: 0, makers: 1, turns: 2, wakes: "all", mortal: [2] },
  { blocking: 0, asynchronous: 2, makers: 1, turns: 2, wakes: "all", mortal: [2] },
];

const WAKES: readonly string[] = ["one", "all", "by repair"];

const WAITS: readonly Protocol[] = LOADS.map(
  ({ blocking, asynchronous, makers, turns, wakes = "one", idle = 0, mortal }) => ({
    protocol: "eventcount",
    scenario: [
      `${blocking} blocked and ${asynchronous} not, for ${makers} x ${turns}`,
      wakes !== "one" && `waking ${wakes === "all" ? "all" : "all by repair"}`,
      idle > 0 && `${idle} for nothing first`,
      mortal && `one of ${mortal.join(" and ")} dying`,
    ]
      .filter(Boolean)
      .join(", "),
    processors: blocking + asynchronous + makers,
    entries: "eventcount_prove_run",
    init: {
      entry: "eventcount_prove_init",
      arguments: [blocking + asynchronous, blocking, turns, WAKES.indexOf(wakes), idle],
    },
    final: {
      entry: "eventcount_prove_end",
      // One who dies may have taken nothing; what a maker had added before it died is added again.
      arguments: [makers * turns - (blocking + asynchronous) + (mortal === undefined ? 0 : turns)],
    },
    ...(mortal && { deaths: { entry: "eventcount_prove_death", processors: mortal } }),
  }),
);

const ALONE: Protocol = {
  protocol: "eventcount",
  scenario: "one operation after the other",
  processors: 1,
  entries: "eventcount_prove_alone",
  init: { entry: "eventcount_prove_init", arguments: [0, 0, 0, 0, 0] },
};

export const EVENTCOUNT: readonly Protocol[] = [ALONE, ...WAITS];
