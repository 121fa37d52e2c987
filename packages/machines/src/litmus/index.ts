/**
 * Litmus tests in herd7's format, for X86 and X86_64: read one, run it through every execution of a memory model, and say
 * which final states are possible.
 */
export * from "./litmus-test.js";
export * from "./parse.js";
export type { Equality, Proposition } from "./proposition.js";
export { type FinalState, type LitmusRun, runLitmus, unmetExpectation } from "./run.js";
export { LitmusError } from "./tokens.js";
export * from "./variable.js";
