import type { Protocol } from "../protocol.js";
import { ALLOCATOR } from "./allocator.js";
import { CHANNEL } from "./channel.js";
import { CONDITION } from "./condition.js";
import { COUNTER } from "./counter.js";
import { HISTOGRAM } from "./histogram.js";
import { MUTEX } from "./mutex.js";
import { NAMES } from "./names.js";

/** All that is claimed of the library's protocols. */
export const PROTOCOLS: readonly Protocol[] = [
  ...ALLOCATOR,
  ...CHANNEL,
  ...CONDITION,
  ...COUNTER,
  ...HISTOGRAM,
  ...MUTEX,
  ...NAMES,
];
