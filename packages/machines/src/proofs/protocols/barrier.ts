import type { Long, Protocol } from "../protocol.js";

interface Load {
  readonly processors: number;
  readonly turns: number;
  /** Children of a node. */
  readonly fanIn: number;
  /** Whether the last processor leaves after its first turn. */
  readonly leaves?: boolean;
  /** Whether processor 0 arrives first and waits later. */
  readonly splits?: boolean;
  /** Whether there are cores for all, so that who waits looks before it sleeps. */
  readonly looks?: boolean;
  /** Whether the last processor may die. */
  readonly dies?: boolean;
  readonly long?: Long;
}

const LOADS: readonly Load[] = [
  { processors: 2, turns: 1, fanIn: 8 },
  { processors: 2, turns: 1, fanIn: 8, dies: true },
  { processors: 2, turns: 1, fanIn: 8, splits: true, looks: true },
  { processors: 2, turns: 2, fanIn: 8 },
  { processors: 2, turns: 2, fanIn: 8, splits: true },
  { processors: 3, turns: 2, fanIn: 8, leaves: true, long: "sc" },
  { processors: 3, turns: 1, fanIn: 2 },
  { processors: 3, turns: 3, fanIn: 2, leaves: true, long: "prove" },
  { processors: 2, turns: 2, fanIn: 8, dies: true },
  { processors: 3, turns: 1, fanIn: 2, dies: true, long: "sc" },
  { processors: 3, turns: 2, fanIn: 2, dies: true, long: "prove" },
  { processors: 3, turns: 2, fanIn: 8, leaves: true, dies: true, long: "prove" },
];

const EPISODES: readonly Protocol[] = LOADS.map(
  ({ processors, turns, fanIn, leaves = false, splits = false, looks = false, dies = false, long }) => ({
    protocol: "barrier",
    scenario: [
      `${processors} x ${turns}, fan-in ${fanIn}`,
      splits && "split",
      looks && "looking",
      leaves && "one leaving",
      dies && "one dying",
    ]
      .filter(Boolean)
      .join(", "),
    processors,
    entries: "barrier_prove_run",
    init: {
      entry: "barrier_prove_init",
      arguments: [
        fanIn,
        turns,
        leaves || dies ? processors - 1 : processors,
        Number(leaves),
        Number(splits),
        Number(looks),
      ],
    },
    final: { entry: "barrier_prove_end", arguments: [Number(dies)] },
    ...(dies && { deaths: { entry: "prove_death", processors: [processors - 1] } }),
    long,
  }),
);

const ALONE: readonly Protocol[] = [
  ["a tree of parties", "barrier_prove_tree"],
  ["seats taken, and given up by a death", "barrier_prove_seats"],
  ["one operation after the other", "barrier_prove_alone"],
  ["leaving, one after the other", "barrier_prove_leaving"],
].map(([scenario, entry]) => ({
  protocol: "barrier",
  scenario: scenario!,
  processors: 1,
  entries: entry!,
  init: { entry: "barrier_prove_alone_init", arguments: [] },
}));

const GONE: readonly Protocol[] = [
  { ends: false, dies: false },
  { ends: false, dies: true },
  { ends: true, dies: true },
].map(({ ends, dies }) => ({
  protocol: "barrier",
  scenario: ["two leaving at once", ends && "one by its end", dies && "one dying"].filter(Boolean).join(", "),
  processors: 2,
  entries: "barrier_prove_gone",
  init: { entry: "barrier_prove_gone_init", arguments: [2, Number(ends)] },
  final: { entry: "barrier_prove_gone_end", arguments: [] },
  ...(dies && { deaths: { entry: "prove_death", ...(ends && { processors: [1] }) } }),
}));

export const BARRIER: readonly Protocol[] = [...ALONE, ...GONE, ...EPISODES];
