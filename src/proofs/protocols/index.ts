import type { Protocol } from "../protocol.js";
import { CHANNEL } from "./channel.js";
import { CONDITION } from "./condition.js";
import { COUNTER } from "./counter.js";
import { HISTOGRAM } from "./histogram.js";
import { MUTEX } from "./mutex.js";
import { RW_LOCK } from "./rw-lock.js";
import { SEMAPHORE } from "./semaphore.js";
import { TICKET_LOCK } from "./ticket-lock.js";

/** All that is claimed of the library's protocols. */
export const PROTOCOLS: readonly Protocol[] = [
  ...CHANNEL,
  ...CONDITION,
  ...COUNTER,
  ...HISTOGRAM,
  ...MUTEX,
  ...RW_LOCK,
  ...SEMAPHORE,
  ...TICKET_LOCK,
];
