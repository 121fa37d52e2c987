/// <reference lib="dom" preserve="true" />
/**
 * Landspout: synchronization algorithms of multiprocessors, compiled once to WebAssembly, and the machines that run and
 * measure them: this computer, and simulated ones; and the machine that checks them, in every schedule.
 *
 * @packageDocumentation
 */
export * from "./browser.js";
export * from "./files/machine.js";
export * from "./files/program.js";
export * from "./machines/native/machine.js";
