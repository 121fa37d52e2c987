/**
 * The machine instructions that only a kernel may execute, on machines with a `privileged` part. A kernel is a module that
 * imports one shared memory, the machine's physical memory, and exports `boot(information)`, `handle_trap(cause, number, a,
 * b, c, d)` and `handle_interrupt(number, argument)`. Frames of the kernel are on the same stack as those of the program
 * that trapped; they use the globals of the processor that they are on.
 *
 * In user mode each of these traps, cause PRIVILEGED, with its number in `Instruction`; so a kernel's own bytes run as the
 * guest of another kernel. After `call`, `switch_to` and `copy_context` a function may be on another processor.
 */

/** Enters the kernel, cause SYSTEM_CALL: for programs, and an error in kernel mode. Returns what the handler returns. */
export declare function trap(number: u32, a: u32, b: u32, c: u32, d: u32): u32;

/** A word of the trap that is being handled, of which a to d are 0 to 3; to be read before anything else can trap. */
export declare function argument(index: u32): u32;

/**
 * Globals, tables and dropped segments of an image, as its instantiation makes them, or a copy of `original` if that is not
 * 0. Executes nothing: the kernel calls the start function.
 */
export declare function create_instance(image: u32, original: u32): u32;

/** Sets an i32 global of an instance, by the global's index: a stack pointer, in most cases. */
export declare function set_global(instance: u32, global: u32, value: u32): void;

/** The present context's frames of one instance go on with another one of the same image. */
export declare function replace_instance(from: u32, to: u32): void;

/**
 * A context whose first frame is of that function of the kernel, `(argument: u32) => void`, interrupts off, which must not
 * return. `entry` is a function's index, or with bit 31 an index of table 0, `load<u32>(changetype<usize>(f)) | ENTRY`.
 */
export declare function create_context(entry: u32, argument: u32): u32;

/** Copies the present context, kernel frames included; its instances are shared. Answers 0 in the copy. */
export declare function copy_context(): u32;

/** The present context's number; contexts and instances are numbered together, from 1 on. */
export declare function context(): u32;

/** An instance or context, which runs nowhere, is no more. */
export declare function release(number: u32): void;

/** Keeps the present context and goes on with another one, which runs nowhere; returns when somebody switches back. */
export declare function switch_to(context: u32): void;

/**
 * On the present stack, executes an entry of an instance in user mode, in the processor's space, and returns its result, 0
 * for none. The entry has up to six i32 parameters.
 */
export declare function call(instance: u32, entry: u32, a: u32, b: u32, c: u32, d: u32, e: u32, f: u32): u32;

/** From a handler: drops all frames above the innermost `call`, which returns `result`. */
export declare function abandon(result: u32): void;

/**
 * Which translations this processor uses in user mode. `root`: the physical address of the tables that a walking machine
 * reads, 0 elsewhere.
 */
export declare function set_space(space: u32, root: u32): void;

/** What `processor()` and `processors()` answer in user mode on this processor. */
export declare function set_processor(number: u32, count: u32): void;

/** Writes a translation to this processor's TLB; an entry of 0 drops one. On walking machines an entry is never written. */
export declare function write_translation(space: u32, page: u32, entry: u32): void;

/** Drops all of a space's translations from this processor's TLB, but global ones. */
export declare function drop_translations(space: u32): void;

/** Whether interrupts are taken in kernel mode from now on; what was so before. In user mode they always are. */
export declare function enable_interrupts(on: bool): bool;

/** Waits until an interrupt is pending, enabled or not, without taking it. */
export declare function idle(): void;

/** Interrupts a processor: `Interrupt.First` to 31. Those of one number merge until they are taken. */
export declare function interrupt(processor: u32, number: u32): void;

/** Interrupt.Timer after so many cycles, in place of the one that was set; 0 for none. */
export declare function set_timer(cycles: u32): void;

/** Starts a request of a device; its number, from 1 on, which Interrupt.Completion brings back to this processor. */
export declare function io(device: u32, command: u32, a: u32, b: u32): u32;

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
