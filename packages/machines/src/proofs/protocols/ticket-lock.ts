import { FIFO, type Long, type Protocol } from "../protocol.js";

interface Load {
  /** What processors do: impatient ones leave the line, unless they are served at once; some only try. */
  readonly does: readonly ("run" | "impatient" | "try")[];
  /** Acquisitions of each who runs. */
  readonly turns: number;
  /** How many die at most. */
  readonly deaths: number;
  /** Whether they are served in the order in which they got in line. */
  readonly ordered?: boolean;
  readonly long?: Long;
}

const LOADS: readonly Load[] = [
  { does: ["run", "run"], turns: 3, deaths: 0, ordered: true },
  { does: ["run", "run", "run"], turns: 2, deaths: 0, ordered: true },
  { does: ["run"], turns: 2, deaths: 1 },
  { does: ["impatient"], turns: 1, deaths: 1 },
  { does: ["try"], turns: 1, deaths: 1 },
  { does: ["try", "try"], turns: 1, deaths: 0 },
  { does: ["run", "run"], turns: 1, deaths: 1 },
  { does: ["run", "impatient"], turns: 1, deaths: 2 },
  { does: ["impatient", "try"], turns: 1, deaths: 1 },
  { does: ["run", "impatient", "try"], turns: 1, deaths: 0 },
  { does: ["run", "run", "run"], turns: 1, deaths: 1, long: "prove" },
];

/** Ticket numbers wrap on the way. */
const LAST_TICKET = 0xffffffff;

const initial = (turns: number, strict: boolean, forced: boolean) => ({
  entry: "ticket_lock_prove_init",
  arguments: [turns, LAST_TICKET, Number(strict), Number(forced)],
});

const LINES: readonly Protocol[] = LOADS.map(({ does, turns, deaths, ordered = false, long }) => ({
  protocol: "ticket-lock",
  scenario: [`${does.join(", ")} x ${turns}`, ordered && "in order", deaths && `${deaths} dying`]
    .filter(Boolean)
    .join(", "),
  processors: does.length,
  entries: does.map((what) => `ticket_lock_prove_${what}`),
  init: initial(turns, false, false),
  final: { entry: "ticket_lock_prove_end" },
  ...(deaths > 0 && { deaths: { entry: "prove_death", most: deaths } }),
  ...(ordered && { order: FIFO }),
  long,
}));

/** One processor acts for several workers. */
const ALONE: readonly Protocol[] = ["alone", "repair"].map((entry) => ({
  protocol: "ticket-lock",
  scenario: entry === "alone" ? "one operation after the other" : "one death after the other",
  processors: 1,
  entries: `ticket_lock_prove_${entry}`,
  init: initial(1, false, false),
  final: { entry: "ticket_lock_prove_end" },
}));

const CREATED: readonly Protocol[] = [true, false].map((strict) => ({
  protocol: "ticket-lock",
  scenario: strict ? "strict ones until the space is full" : "forced ones until the space is full",
  processors: 1,
  entries: "ticket_lock_prove_create",
  arguments: [Number(strict), Number(!strict)],
  init: initial(1, strict, !strict),
}));

export const TICKET_LOCK: readonly Protocol[] = [...ALONE, ...CREATED, ...LINES];
