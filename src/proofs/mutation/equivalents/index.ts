import { BARRIER } from "./barrier.js";
import { DOORBELL } from "./doorbell.js";
import type { Equivalents } from "./equivalent.js";
import { EVENT } from "./event.js";
import { EVENTCOUNT } from "./eventcount.js";
import { ONCE } from "./once.js";
import { TICKET_LOCK } from "./ticket-lock.js";

/** Of all files. */
export const EQUIVALENTS: readonly Equivalents[] = [BARRIER, DOORBELL, EVENT, EVENTCOUNT, ONCE, TICKET_LOCK];
