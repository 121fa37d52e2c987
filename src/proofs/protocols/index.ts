import type { Protocol } from "../protocol.js";
import { CONDITION } from "./condition.js";
import { COUNTER } from "./counter.js";
import { HISTOGRAM } from "./histogram.js";
import { MUTEX } from "./mutex.js";

/** All that is claimed of the library's protocols. */
export const PROTOCOLS: readonly Protocol[] = [...CONDITION, ...COUNTER, ...HISTOGRAM, ...MUTEX];
