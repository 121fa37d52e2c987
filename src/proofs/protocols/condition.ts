import type { Protocol } from "../protocol.js";

interface Load {
  /** Who wait for it. */
  readonly consumers: number;
  /** Of them, the first so many wait for ever; others give up in time. */
  readonly patient: number;
  /** Who make it so, and notify one each. */
  readonly producers: number;
  /** Whether the consumers wait from the beginning. */
  readonly asleep?: boolean;
  /** The processors of which one dies: consumers come first. */
  readonly mortal?: readonly number[];
  readonly long?: boolean;
}

const LOADS: readonly Load[] = [
  { consumers: 1, patient: 1, producers: 1 },
  { consumers: 1, patient: 0, producers: 1 },
  { consumers: 2, patient: 2, producers: 1, asleep: true },
  { consumers: 2, patient: 1, producers: 1, asleep: true, long: true },
  { consumers: 1, patient: 1, producers: 2, asleep: true, long: true },
  { consumers: 2, patient: 0, producers: 0, long: true },
  { consumers: 1, patient: 1, producers: 1, mortal: [0] },
  { consumers: 2, patient: 2, producers: 1, asleep: true, mortal: [0, 1], long: true },
  { consumers: 1, patient: 1, producers: 2, asleep: true, mortal: [1, 2], long: true },
  { consumers: 2, patient: 0, producers: 0, asleep: true, mortal: [0] },
];

const WAITS: readonly Protocol[] = LOADS.map(
  ({ consumers, patient, producers, asleep = false, mortal, long = false }) => ({
    protocol: "condition",
    scenario: [
      `${consumers} for ${producers}`,
      patient < consumers && `${consumers - patient} giving up`,
      asleep && "asleep",
      mortal && `one of ${mortal.join(" and ")} dying`,
    ]
      .filter(Boolean)
      .join(", "),
    processors: consumers + producers,
    entries: "condition_prove_run",
    init: { entry: "condition_prove_init", arguments: [consumers, patient, Number(asleep)] },
    final: { entry: "condition_prove_end", arguments: [mortal ? 1 : 0] },
    ...(mortal && { deaths: { entry: "prove_death", processors: mortal } }),
    long,
  }),
);

/** More at once than one section can notify. */
const MANY: Protocol = {
  protocol: "condition",
  scenario: "many, one after the other",
  processors: 1,
  entries: "condition_prove_many",
  init: { entry: "condition_prove_init", arguments: [0, 0, 0] },
  final: { entry: "condition_prove_end", arguments: [1] },
};

export const CONDITION: readonly Protocol[] = [MANY, ...WAITS];
