/**
 * The machine instructions that only a kernel may execute, on machines with a `privileged` part. A kernel is a module that
 * imports one shared memory, the machine's physical memory, and exports `boot(information)`, `handle_trap(cause, number, a,
 * b, c, d)` and `handle_interrupt(number, argument)`. Frames of the kernel are on the same stack as those of the program
 * that trapped; they use the globals of the processor that they are on.
 *
 * In user mode each of these traps, cause PRIVILEGED, with its number in `Instruction`; so a kernel's own bytes run as the
 * guest of another kernel. After `call`, `switch_to` and `copy_context` a function may be on another processor.
 */

export * from "./privileged/machine";

/** Of an entry: a function's index in table 0, not in the module. */
export const ENTRY: u32 = 0x80000000;

/** The number of each instruction, for cause PRIVILEGED. */
export enum Instruction {
  argument,
  create_instance,
  set_global,
  replace_instance,
  create_context,
  copy_context,
  context,
  release,
  switch_to,
  call,
  abandon,
  set_space,
  set_processor,
  write_translation,
  drop_translations,
  enable_interrupts,
  idle,
  interrupt,
  set_timer,
  io,
}

/** Why the kernel is entered. */
export enum Cause {
  /** number: the page; a: an `Access`; b: the address. Returning repeats the reference, as for READ_ONLY. */
  TRANSLATION_MISS,
  /** The same, of a write to a page whose entry is valid, not writable. */
  READ_ONLY,
  /**
   * number to d as `trap` has them; or of an import of any other module 2^16 + its number, and `argument` has what it is given,
   * an i64 or f64 as two words. Returns the result.
   */
  SYSTEM_CALL,
  /** number: by how many pages of 64 KiB. Returns the size before, or -1. */
  GROW,
  /** Returns the size in pages of 64 KiB. */
  SIZE,
  /** number: 4 or 8 bytes; a: the address; b, c: what is expected; d, argument(4): nanoseconds. Returns 0, 1 or 2. */
  WAIT,
  /** number: how many at most; a: the address. Returns how many. */
  NOTIFY,
  /** number: an `Instruction`; a to d: its first arguments, `argument` has all. Returns the result. */
  PRIVILEGED,
  /** number: a `Fault`; a: the reason of `fail`. The kernel abandons: returning is an error. */
  FAULT,
}

/** Why a program cannot go on; from `First` on, what WebAssembly traps for. */
export enum Fault {
  /** `fail`. */
  Failed,
  /** `send` and `receive`. */
  Message,
  First,
}

/** How a page was referred to. */
export enum Access {
  Read,
  Write,
  /** A function on a page of code is entered, or returned to. */
  Execute,
}

/** Interrupts that have one meaning on all machines. */
export enum Interrupt {
  Timer,
  /** argument: the request. */
  Completion,
  /** The first one that is the kernel's to give a meaning. */
  First,
}

/** A translation: the physical address of a frame, and these bits. */
export const VALID: u32 = 1;
export const WRITABLE: u32 = 2;
/** Set by machines that walk, in the tables. */
export const ACCESSED: u32 = 4;
export const DIRTY: u32 = 8;
/** Of all spaces, and kept when those are dropped. */
export const GLOBAL: u32 = 16;

/** Devices, by their kinds in the information. */
export enum Device {
  /** Command.Write: the machine stops; a: the status that it ends with. */
  Power,
  /** Command.Write: b bytes from physical address a on, of one frame. Command.Read: to there; see `Command`. */
  Console,
  /** a: the block, as long as a page; b: the frame. */
  Disk,
  /** b bytes from or to physical address a, of one frame. */
  Network,
}

export enum Command {
  /** The first word that console and network bring is how many bytes follow it. */
  Read,
  Write,
}
