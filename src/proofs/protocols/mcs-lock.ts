import { FIFO, type Protocol } from "../protocol.js";

interface Load {
  /** What processors do: some only try. */
  readonly does: readonly ("run" | "try")[];
  /** Acquisitions of each who runs. */
  readonly turns: number;
  /** How many die at most. */
  readonly deaths: number;
  readonly long?: boolean;
  /** Whether they are served in the order in which they got in line. */
  readonly ordered?: boolean;
}

const LOADS: readonly Load[] = [
  { does: ["run", "run"], turns: 3, deaths: 0, ordered: true },
  { does: ["run", "run", "run"], turns: 2, deaths: 0, ordered: true },
  { does: ["run", "run"], turns: 2, deaths: 1 },
  { does: ["run", "run"], turns: 1, deaths: 2 },
  { does: ["run", "try"], turns: 1, deaths: 1 },
  { does: ["run", "run", "try"], turns: 1, deaths: 0 },
  { does: ["run", "run", "run"], turns: 1, deaths: 1, long: true },
];

export const MCS_LOCK: readonly Protocol[] = LOADS.map(({ does, turns, deaths, ordered = false, long = false }) => ({
  protocol: "mcs-lock",
  scenario: [`${does.join(", ")} x ${turns}`, ordered && "in order", deaths && `${deaths} dying`]
    .filter(Boolean)
    .join(", "),
  processors: does.length,
  entries: does.map((what) => `mcs_lock_prove_${what}`),
  init: { entry: "mcs_lock_prove_init", arguments: [turns] },
  final: { entry: "mcs_lock_prove_end" },
  ...(deaths > 0 && { deaths: { entry: "prove_death", most: deaths } }),
  ...(ordered && { order: FIFO }),
  long,
}));
