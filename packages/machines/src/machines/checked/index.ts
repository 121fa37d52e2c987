/** The checked machine: what those who check programs import. */
export { check, replay, UnexploredError } from "./check.js";
export { maximumProcessors } from "./exploration.js";
export { type Call, CheckError } from "./loading.js";
export { type CheckOptions, type Deaths, type End, MOST_WORKERS, type Mode } from "./options.js";
export type { Order } from "./order.js";
export { MOST_DEPTH } from "./random.js";
export { formatReplay, hashOf, parseReplay, type Replay, type ReplayOptions } from "./replay.js";
export type { Buffered } from "./store-buffers.js";
export type { Model } from "./system-options.js";
export type { Step } from "./trace.js";
export type { Covered, Schedule, Verdict, Violation } from "./verdict.js";
export type { ViolationKind } from "./violation.js";
export type { Visits } from "./visits.js";
