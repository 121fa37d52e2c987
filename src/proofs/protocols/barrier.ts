import type { Protocol } from "../protocol.js";

interface Load {
  readonly processors: number;
  readonly turns: number;
  /** Children of a node. */
  readonly fanIn: number;
  /** Whether the last processor leaves after its first turn. */
  readonly leaves?: boolean;
  /** Whether processor 0 arrives first and waits later. */
  readonly splits?: boolean;
  /** Whether the last processor may die. */
  readonly dies?: boolean;
  readonly long?: boolean;
}

const LOADS: readonly Load[] = [
  { processors: 2, turns: 2, fanIn: 8 },
  { processors: 2, turns: 2, fanIn: 8, splits: true },
  { processors: 3, turns: 2, fanIn: 8, leaves: true, long: true },
  { processors: 3, turns: 1, fanIn: 2 },
  { processors: 3, turns: 3, fanIn: 2, leaves: true, long: true },
  { processors: 2, turns: 2, fanIn: 8, dies: true },
  { processors: 3, turns: 1, fanIn: 2, dies: true },
  { processors: 3, turns: 2, fanIn: 2, dies: true, long: true },
  { processors: 3, turns: 2, fanIn: 8, leaves: true, dies: true, long: true },
];

export const BARRIER: readonly Protocol[] = LOADS.map(
  ({ processors, turns, fanIn, leaves = false, splits = false, dies = false, long = false }) => ({
    protocol: "barrier",
    scenario: [
      `${processors} x ${turns}, fan-in ${fanIn}`,
      splits && "split",
      leaves && "one leaving",
      dies && "one dying",
    ]
      .filter(Boolean)
      .join(", "),
    processors,
    entries: "barrier_prove_run",
    init: {
      entry: "barrier_prove_init",
      arguments: [fanIn, turns, leaves || dies ? processors - 1 : processors, Number(leaves), Number(splits)],
    },
    final: { entry: "barrier_prove_end", arguments: [Number(dies)] },
    ...(dies && { deaths: { entry: "prove_death", processors: [processors - 1] } }),
    long,
  }),
);
