import type { Protocol } from "../protocol.js";
import { BARRIER } from "./barrier.js";
import { CONDITION } from "./condition.js";
import { EVENT } from "./event.js";
import { MUTEX } from "./mutex.js";
import { ONCE } from "./once.js";

/** All that is claimed of the library's protocols. */
export const PROTOCOLS: readonly Protocol[] = [...BARRIER, ...CONDITION, ...EVENT, ...MUTEX, ...ONCE];
