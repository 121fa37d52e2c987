/// <reference lib="dom" preserve="true" />
/**
 * Landspout's machines as far as browsers have them: simulated multiprocessors, the checked machine, litmus tests, and
 * the kernel with its experiments. In Node there are the computer itself as a machine and what is loaded from files, too.
 *
 * @packageDocumentation
 */
export * from "./experiments/effort.js";
export * from "./experiments/evaluate.js";
export * from "./experiments/experiment.js";
export * from "./experiments/measurement.js";
export type * from "./experiments/traffic.js";
export * as litmus from "./litmus/index.js";
export * from "./machines/checked/index.js";
export * from "./machines/machine.js";
export type * from "./machines/measures.js";
export type * from "./machines/presets/description.js";
export { findPreset, MachineError, parseMachine } from "./machines/presets/find.js";
export * from "./machines/presets/index.js";
export * from "./machines/simulated/machine.js";
export { bootMachine } from "./machines/simulated/privileged/boot.js";
export type * from "./machines/simulated/privileged/boot-run.js";
export type { Value } from "./processor/processors.js";
export { WITHOUT_MESSAGES } from "./program/instructions.js";
export * from "./program/kernel.js";
export * from "./program/kinds.js";
export * from "./program/operating-systems.js";
export * from "./program/program.js";
export * from "./report/check.js";
