/**
 * Looks inside a space: which worker holds what and waits for whom, deadlocks as errors, contention, leaks.
 *
 * @packageDocumentation
 */
export type { CallReport } from "./calls.js";
export * from "./enable.js";
export { formatDebug } from "./format.js";
export {
  type AwaitReport,
  type DebugReport,
  inspect,
  type ObjectReport,
  type WorkerReport,
} from "./inspect.js";
export * from "./meter.js";
export type { ObjectName } from "./objects.js";
export * from "./pool-meter.js";
