/**
 * The stacks of C programs, and of all that LLVM's linker makes. Their modules have one stack, which grows down from where
 * the global `__stack_pointer` begins. Processors instantiate the module on one memory, so that all would begin there.
 * Each gets a slice of its own instead, with its thread-local variables, where there are any, at the upper end:
 *
 *     | processor 2: stack | locals | processor 1: stack | locals | processor 0: stack | locals |
 *     low                                                                  __stack_pointer at first
 *
 * `low` is the exported `__data_end`, or 0 if the data is above the stack (`--stack-first`). Without that export the stack
 * is taken to have the linker's 64 KiB: a program with a smaller one has to export `__data_end`.
 */
export const STACK_POINTER = "__stack_pointer";
const LOCALS = "__tls_base";

/** Globals of a program that processors have values of their own for, so that machines have to see them. */
export const PER_PROCESSOR = [STACK_POINTER, LOCALS];

/** Bytes. The linker's default. */
const DEFAULT_STACK = 65536;
/** Bytes of the smallest stack: the frames of some ten calls. */
const SMALLEST = 1024;
/** Bytes at whose multiples LLVM has stack pointers. */
const ALIGNMENT = 16;

/** What a processor has of the program: its exports. */
export interface Instance {
  /** A global's value, undefined if there is none. */
  get(global: string): number | undefined;
  set(global: string, value: number): void;
  /** Calls a function; whether there is one. */
  call(name: string, argument: number): boolean;
}

/**
 * Gives a processor that was just instantiated its stack and its thread-local variables; nothing to programs without.
 *
 * @param processors how many instances share the memory
 * @param beside how many of them are the machine's own, beside the program's processors: for messages
 * @throws {RangeError} if each processor would have less than 1 KiB
 * @throws {Error} if thread-local variables lack exports, which the message names
 */
export function giveStack(instance: Instance, processor: number, processors: number, beside = 0): void {
  const end = instance.get(STACK_POINTER);
  if (end === undefined) return;
  const refuse = (received: string, expected: string) =>
    new RangeError(
      `Cannot give ${processors - beside} processors stacks${beside > 0 ? ` and one to what is executed beside them` : ""}: ` +
        `received ${received}; expected ${expected}`,
    );
  const dataEnd = instance.get("__data_end") ?? end - DEFAULT_STACK;
  if (processors > 1 && dataEnd < 0) throw refuse("one of unknown size", "an exported __data_end");
  const low = dataEnd < end ? dataEnd : 0;
  const bytes = Math.floor((end - low) / processors / ALIGNMENT) * ALIGNMENT;
  let pointer = end - processor * bytes;
  if ((instance.get(LOCALS) ?? instance.get("__tls_size")) !== undefined) {
    const unit = Math.max(instance.get("__tls_align") ?? Number.NaN, ALIGNMENT);
    pointer = Math.floor((pointer - (instance.get("__tls_size") ?? Number.NaN)) / unit) * unit;
    if (Number.isNaN(pointer) || !instance.call("__wasm_init_tls", pointer)) {
      throw refuse("thread-local variables", "exported __wasm_init_tls, __tls_size and __tls_align");
    }
  }
  if (processors > 1 && pointer - (end - (processor + 1) * bytes) < SMALLEST) {
    throw refuse(
      `${end - low} bytes`,
      `${SMALLEST} or more for each beside thread-local variables (link with -z stack-size=BYTES, --export=__data_end)`,
    );
  }
  instance.set(STACK_POINTER, pointer);
}
