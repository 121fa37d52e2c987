/**
 * Landspout's looks inside: who holds what and waits for whom, deadlocks as errors, what is contended and what leaks.
 *
 * @packageDocumentation
 */
export * from "./enable.js";
export { formatDebug } from "./format.js";
export {
  type AwaitReport,
  type DebugReport,
  inspect,
  type ObjectName,
  type ObjectReport,
  type WorkerReport,
} from "./inspect.js";
export * from "./meter.js";
