import type { Protocol } from "../protocol.js";

interface Load {
  /** What processors do: impatient ones write, unless they have to wait long; some only try. */
  readonly does: readonly ("write" | "read" | "impatient" | "try" | "asynchronously" | "twice")[];
  /** Of each who writes or reads. */
  readonly turns: number;
  /** How many die at most. */
  readonly deaths: number;
  /** Whether an heir demands the lock as soon as it has looked in vain. */
  readonly demands?: boolean;
  readonly long?: boolean;
}

const LOADS: readonly Load[] = [
  { does: ["write", "read"], turns: 2, deaths: 0 },
  { does: ["write", "read"], turns: 1, deaths: 2 },
  { does: ["write", "read"], turns: 1, deaths: 1, demands: true },
  { does: ["write", "write"], turns: 1, deaths: 1 },
  { does: ["impatient", "read"], turns: 1, deaths: 1 },
  { does: ["try", "try"], turns: 1, deaths: 0 },
  { does: ["try", "read"], turns: 1, deaths: 1 },
  { does: ["asynchronously", "read"], turns: 1, deaths: 1 },
  { does: ["twice", "read"], turns: 1, deaths: 0 },
  { does: ["asynchronously", "read", "asynchronously"], turns: 1, deaths: 0 },
  { does: ["write", "read", "read"], turns: 1, deaths: 0 },
  { does: ["write", "read", "write"], turns: 1, deaths: 0, demands: true },
  { does: ["write", "read", "write"], turns: 1, deaths: 1, long: true },
];

export const RW_LOCK: readonly Protocol[] = LOADS.map(({ does, turns, deaths, demands = false, long = false }) => ({
  protocol: "rw-lock",
  scenario: [`${does.join(", ")} x ${turns}`, demands && "demanded", deaths && `${deaths} dying`]
    .filter(Boolean)
    .join(", "),
  processors: does.length,
  ...(does.every((what) => what === "try") && { invariant: { entry: "rw_lock_prove_unmarked" } }),
  entries: does.map((what) => `rw_lock_prove_${what}`),
  init: { entry: "rw_lock_prove_init", arguments: [turns, Number(demands)] },
  final: { entry: "rw_lock_prove_end" },
  ...(deaths > 0 && { deaths: { entry: "prove_death", most: deaths } }),
  long,
}));
