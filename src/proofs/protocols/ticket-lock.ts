import { FIFO, type Protocol } from "../protocol.js";

interface Load {
  /** What processors do: impatient ones leave the line, unless they are served at once; some only try. */
  readonly does: readonly ("run" | "impatient" | "try")[];
  /** Acquisitions of each who runs. */
  readonly turns: number;
  /** How many die at most. */
  readonly deaths: number;
  /** Whether they are served in the order in which they got in line. */
  readonly ordered?: boolean;
}

const LOADS: readonly Load[] = [
  { does: ["run", "run"], turns: 3, deaths: 0, ordered: true },
  { does: ["run", "run", "run"], turns: 2, deaths: 0, ordered: true },
  { does: ["run", "run"], turns: 2, deaths: 1 },
  { does: ["run", "impatient"], turns: 1, deaths: 2 },
  { does: ["impatient", "try"], turns: 1, deaths: 1 },
  { does: ["run", "impatient", "try"], turns: 1, deaths: 0 },
  { does: ["run", "run", "run"], turns: 1, deaths: 1 },
];

export const TICKET_LOCK: readonly Protocol[] = LOADS.map(({ does, turns, deaths, ordered = false }) => ({
  protocol: "ticket-lock",
  scenario: [`${does.join(", ")} x ${turns}`, ordered && "in order", deaths && `${deaths} dying`]
    .filter(Boolean)
    .join(", "),
  processors: does.length,
  entries: does.map((what) => `ticket_lock_prove_${what}`),
  init: { entry: "ticket_lock_prove_init", arguments: [turns] },
  final: { entry: "ticket_lock_prove_end" },
  ...(deaths > 0 && { deaths: { entry: "prove_death", most: deaths } }),
  ...(ordered && { order: FIFO }),
}));
