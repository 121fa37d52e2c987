import { type Load, spinLock } from "./spin-lock.js";

/** Impatient ones leave the line, unless they are served at once; some only try. */
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

export const TICKET_LOCK = spinLock({
  protocol: "ticket-lock",
  loads: LOADS,
  init: (turns, _, strict, forced) => [turns, LAST_TICKET, Number(strict), Number(forced)],
});
