/**
 * The machine instructions of the native machine in a module of their own: a spin calls them, and a call from one module
 * to another stays in WebAssembly. Every processor has an instance of its own.
 */
let me: u32 = 0;
let all: u32 = 1;
let sink: u32 = 0;

export function configure(processor: u32, processors: u32): void {
  me = processor;
  all = processors;
}

export function processor(): u32 {
  return me;
}

export function processors(): u32 {
  return all;
}

/** Cycles: long enough for a writer to take the line and use it before the waiters want it back, measured on x86-64. */
const PAUSE: u32 = 150;

/** For engines without `Atomics.pause`. */
export function pause(): void {
  work(PAUSE);
}

export function mark(event: u32, value: u32): void {}

export function invoke(operation: u32, argument: u32): void {}

export function result(value: u32): void {}

/** One addition a cycle that depends on the one before, kept alive by the store to a global. */
export function work(cycles: u32): void {
  let sum = sink;
  for (let i = cycles; i > 0; i--) sum += i;
  sink = sum;
}
