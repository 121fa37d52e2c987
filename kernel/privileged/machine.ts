/**
 * The machine instructions that only a kernel may execute, and `trap`, which is for programs. The compiler names what a
 * file declares after the file: as imports these are of the module `machine`, as those of kernel/machine.ts.
 */

/** Enters the kernel, cause SYSTEM_CALL: for programs, and an error in kernel mode. Returns what the handler returns. */
export declare function trap(number: u32, a: u32, b: u32, c: u32, d: u32): u32;

/**
 * A word of the trap that is being handled, of which a to d are 0 to 3; to be read before anything else can trap. `index` is
 * below 32; 0 of a word that the trap does not have.
 */
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
 * return. `entry` is a function's index, or with bit 31 an index of table 0, `load<u32>(changetype<usize>(f)) | ENTRY`
 * (compiled with --exportTable: a table that no code of the kernel's uses is left out otherwise).
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
