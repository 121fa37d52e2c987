import type { Protocol } from "../protocol.js";
import { CONDITION } from "./condition.js";
import { MUTEX } from "./mutex.js";
import { RW_LOCK } from "./rw-lock.js";
import { SEMAPHORE } from "./semaphore.js";
import { TICKET_LOCK } from "./ticket-lock.js";

/** All that is claimed of the library's protocols. */
export const PROTOCOLS: readonly Protocol[] = [...CONDITION, ...MUTEX, ...RW_LOCK, ...SEMAPHORE, ...TICKET_LOCK];
