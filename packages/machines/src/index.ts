/// <reference lib="dom" preserve="true" />
/**
 * Landspout: synchronization algorithms of multiprocessors, compiled once to WebAssembly, and the machines that run and
 * measure them: this computer, and simulated ones; and the machine that checks them, in every schedule.
 *
 * @packageDocumentation
 */
export * from "./experiments/effort.js";
export * from "./experiments/evaluate.js";
export * from "./experiments/experiment.js";
export * from "./experiments/measurement.js";
export type * from "./experiments/traffic.js";
export * from "./files/machine.js";
export * from "./files/program.js";
export * as litmus from "./litmus/index.js";
export * from "./machines/checked/index.js";
export * from "./machines/machine.js";
export type * from "./machines/measures.js";
export * from "./machines/native/machine.js";
export type * from "./machines/presets/description.js";
export { findPreset, MachineError, parseMachine } from "./machines/presets/find.js";
export * from "./machines/presets/index.js";
export * from "./machines/simulated/machine.js";
export type { Value } from "./processor/processors.js";
export { WITHOUT_MESSAGES } from "./program/instructions.js";
export * from "./program/kernel.js";
export * from "./program/kinds.js";
export * from "./program/program.js";
export * from "./report/check.js";
