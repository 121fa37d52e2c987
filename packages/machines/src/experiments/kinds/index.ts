/** How each kind of algorithm is measured and proven: whoever adds a kind adds a file here. */
import type { Kind } from "../../program/kinds.js";
import { barrier } from "./barrier.js";
import { counter } from "./counter.js";
import type { MeasuredKind } from "./kind.js";
import { lock } from "./lock.js";
import { object } from "./object.js";
import { policy } from "./policy.js";

export const MEASURED: Readonly<Record<Kind, MeasuredKind>> = { lock, barrier, counter, policy, object };
