/**
 * The machine instructions that only a kernel may execute, and what kernels and machines tell each other by numbers.
 * kernel/privileged.ts says what each is; test/program/privileged.test.ts compares the two.
 */
import type { FunctionType } from "../wasm/module.js";

const I32 = "i32" as const;
const signature = (parameters: number, results: 0 | 1): FunctionType => ({
  parameters: new Array(parameters).fill(I32),
  results: new Array(results).fill(I32),
});

/** The most arguments that `call` gives a function. */
export const MOST_ARGUMENTS = 6;

/** Whether a function takes and returns i32 alone, which kernels and machines give each other. */
export function isOfWords({ parameters, results }: FunctionType): boolean {
  return [...parameters, ...results].every((type) => type === I32);
}

/** Enters the kernel; the only one that programs execute. */
export const TRAP_INSTRUCTION = { trap: signature(5, 1) } as const;

/** In the order of their numbers. */
export const PRIVILEGED_INSTRUCTIONS = {
  argument: signature(1, 1),
  create_instance: signature(2, 1),
  set_global: signature(3, 0),
  replace_instance: signature(2, 0),
  create_context: signature(2, 1),
  copy_context: signature(0, 1),
  context: signature(0, 1),
  release: signature(1, 0),
  switch_to: signature(1, 0),
  call: signature(8, 1),
  abandon: signature(1, 0),
  set_space: signature(2, 0),
  set_processor: signature(2, 0),
  write_translation: signature(3, 0),
  drop_translations: signature(1, 0),
  enable_interrupts: signature(1, 1),
  idle: signature(0, 0),
  interrupt: signature(2, 0),
  set_timer: signature(1, 0),
  io: signature(4, 1),
} as const satisfies Readonly<Record<string, FunctionType>>;

export type PrivilegedInstruction = keyof typeof PRIVILEGED_INSTRUCTIONS;

/** Why the kernel is entered. */
export const CAUSE = {
  TRANSLATION_MISS: 0,
  READ_ONLY: 1,
  SYSTEM_CALL: 2,
  GROW: 3,
  SIZE: 4,
  WAIT: 5,
  NOTIFY: 6,
  PRIVILEGED: 7,
  FAULT: 8,
} as const;
export type Cause = keyof typeof CAUSE;

/** The number of a system call that is an import of any module but `machine`: this, and the import's own. */
export const FOREIGN_CALL = 2 ** 16;

/** The most words of a trap, so that a monitor can keep them: of an import's parameters, an i64 or f64 as two. */
export const TRAP_WORDS = 32;

/** How a page was referred to. */
export const ACCESS_OF_PAGE = { read: 0, write: 1, execute: 2 } as const;

/** Why a program cannot go on; from `first` on, traps of WebAssembly in their order. */
export const FAULT = { failed: 0, message: 1, first: 2 } as const;

export const INTERRUPT = { timer: 0, completion: 1, first: 2, last: 31 } as const;

/** Bits of a translation, below its frame's address. */
export const ENTRY = { valid: 1, writable: 2, accessed: 4, dirty: 8, global: 16 } as const;

export const DEVICE = { power: 0, console: 1, disk: 2, network: 3 } as const;
export type DeviceKind = keyof typeof DEVICE;

export const COMMAND = { read: 0, write: 1 } as const;
