/** The checked machine: what those who check programs import. */
export { check, replay, UnexploredError } from "./check.js";
export { formatReplay, hashOf, parseReplay, type Replay, type ReplayOptions } from "./counterexamples/replay.js";
export type { Step } from "./counterexamples/trace.js";
export { MOST_DEPTH } from "./executions/random-executions.js";
export { type CheckOptions, type Deaths, type End, MOST_WORKERS, type Mode } from "./options.js";
export { maximumProcessors } from "./prepare.js";
export type { ViolationKind } from "./properties/violation.js";
export { type Call, CheckError } from "./system/loading.js";
export type { Order } from "./system/order.js";
export type { Buffered } from "./system/store-buffers.js";
export type { Model } from "./system/system-options.js";
export type { Visits } from "./system/visits.js";
export type { Covered, Schedule, Verdict, Violation } from "./verdict.js";
