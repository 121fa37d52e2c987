import type { Protocol } from "../protocol.js";
import { CHANNEL } from "./channel.js";
import { CONDITION } from "./condition.js";
import { MUTEX } from "./mutex.js";

/** All that is claimed of the library's protocols. */
export const PROTOCOLS: readonly Protocol[] = [...CHANNEL, ...CONDITION, ...MUTEX];
