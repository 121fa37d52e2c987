/// <reference lib="dom" preserve="true" />
/**
 * Landspout: synchronization algorithms of shared-memory multiprocessors, compiled once to WebAssembly, and the native
 * machine that runs and measures them on this computer.
 *
 * @packageDocumentation
 */
export * from "./experiments/evaluate.js";
export * from "./experiments/experiment.js";
export * from "./experiments/measurement.js";
export * from "./machines/machine.js";
export * from "./machines/native/machine.js";
export * from "./program/kernel.js";
export * from "./program/program.js";
