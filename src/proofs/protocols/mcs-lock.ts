import type { Protocol } from "../protocol.js";

interface Load {
  /** What processors do: some only try. */
  readonly does: readonly ("run" | "try")[];
  /** Acquisitions of each who runs. */
  readonly turns: number;
  /** How many die at most. */
  readonly deaths: number;
}

const LOADS: readonly Load[] = [
  { does: ["run", "run"], turns: 2, deaths: 1 },
  { does: ["run", "run"], turns: 1, deaths: 2 },
  { does: ["run", "try"], turns: 1, deaths: 1 },
  { does: ["run", "run", "try"], turns: 1, deaths: 0 },
  { does: ["run", "run", "run"], turns: 1, deaths: 1 },
];

export const MCS_LOCK: readonly Protocol[] = LOADS.map(({ does, turns, deaths }) => ({
  protocol: "mcs-lock",
  scenario: [`${does.join(", ")} x ${turns}`, deaths && `${deaths} dying`].filter(Boolean).join(", "),
  processors: does.length,
  entries: does.map((what) => `mcs_lock_prove_${what}`),
  init: { entry: "mcs_lock_prove_init", arguments: [turns] },
  final: { entry: "mcs_lock_prove_end" },
  ...(deaths > 0 && { deaths: { entry: "prove_death", most: deaths } }),
}));
