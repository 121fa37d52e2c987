/**
 * A processor's context: one block that holds all of its state by offsets, so that it can be moved, copied and
 * compared.
 *
 *     | pc | base | function | stack | changes | image | slots ... | dropped ... | tables' entries ... | registers ... |
 *
 * base: of the current frame's registers. function: the pc of the current function's entry, which its head precedes.
 * changes: counts writes to tables and dropped segments. image: the address of its image's record. slots, 8 bytes each:
 * a table's entries (offset and length), then globals, then what imports give this processor. dropped: one byte for
 * each segment, elements' first.
 *
 * Where processors have a kernel mode, what an instance has is apart from the registers, because one stack has frames of
 * several instances: each part of a stack between two changes of the mode is a context of its own, which names its instance,
 * and an instance is a block like the above without registers.
 *
 *     context:  | pc | base | function | stack | instance | - | registers ... |
 *     instance: | its block | bytes of that |
 *
 * A frame begins at its first argument, which is where the caller computed it, and where the caller finds the result.
 *
 *     | parameters, later results | linkage: return pc, caller's function | locals ... | operands ... |
 */
import { COMPARED } from "./image";
import { allocate, blockSize, CODE, release } from "./layout";
import { openRegisters } from "./registers";

export const PC: u32 = 0;
export const BASE: u32 = 4;
export const FUNCTION: u32 = 8;
export const STACK: u32 = 12;
export const CHANGES: u32 = 16;
export const IMAGE: u32 = 24;
export const SLOTS: u32 = 32;
/** Of a context in a kernel's machine: the address of its instance; its registers begin at SLOTS. */
export const INSTANCE: u32 = 16;

/** The head of a function, before its entry. */
export const PLACE: u32 = CODE - 24;
export const TYPE: u32 = CODE - 20;
export const LINKAGE: u32 = CODE - 16;
export const FRAME: u32 = CODE - 12;
export const ZEROED_FROM: u32 = CODE - 8;
export const ZEROED_TO: u32 = CODE - 4;

/**
 * The most bytes of a context's registers, all frames together: of every call, however large the block happens to be.
 */
const STACK_LIMIT: u32 = 1 << 20;

/** Of each processor: its context's address and bytes; the same of what it remembers, and the bytes used of that. */
let contexts: u32 = 0;

export function openContexts(processors: u32): void {
  contexts = allocate(20 * processors);
  memory.fill(contexts, 0, 20 * processors);
  if (PRIVILEGED) openRegisters(processors);
}

/** The block that has the tables, globals and dropped segments of a context's frames. */
export function instanceOf(context: u32): u32 {
  return PRIVILEGED ? load<u32>(load<u32>(context, INSTANCE)) : context;
}

/** A new instance whose block is a copy of that many bytes. */
export function createInstance(template: u32, bytes: u32): u32 {
  const instance = allocate(16);
  const block = allocate(bytes);
  memory.copy(block, template, bytes);
  store<u32>(instance, block);
  store<u32>(instance, blockSize(bytes), 4);
  return instance;
}

export function copyInstance(instance: u32): u32 {
  const block = load<u32>(instance);
  return createInstance(block, load<u32>(block, STACK));
}

export function releaseInstance(instance: u32): void {
  release(load<u32>(instance), load<u32>(instance, 4));
  release(instance, 16);
}

/** The bytes of the block that a processor's context has. */
export function contextBytes(processor: u32): u32 {
  return load<u32>(contexts + 20 * processor, 4);
}

/** Lets a processor have another context, of a block of so many bytes; 0 for none. */
export function setContext(processor: u32, context: u32, bytes: u32): void {
  store<u32>(contexts + 20 * processor, context);
  store<u32>(contexts + 20 * processor, bytes, 4);
}

/** A context that begins a function of an instance becomes the processor's; the address of its first argument. */
export function openContext(processor: u32, instance: u32, entry: u32, halt: u32): u32 {
  const bytes = blockSize(SLOTS + load<u32>(entry, FRAME) + 512);
  const context = allocate(bytes);
  memory.fill(context, 0, SLOTS);
  store<u32>(context, SLOTS, STACK);
  store<u32>(context, instance, INSTANCE);
  setContext(processor, context, bytes);
  return begin(processor, entry, halt);
}

/** Makes a processor's context a copy of that many bytes; its address. What it remembered is forgotten. */
export function createContext(processor: u32, template: u32, bytes: u32): u32 {
  const record = contexts + 20 * processor;
  if (load<u32>(record)) release(load<u32>(record), load<u32>(record, 4));
  const size = blockSize(bytes + 512);
  const context = allocate(size);
  memory.copy(context, template, bytes);
  store<u32>(record, context);
  store<u32>(record, size, 4);
  store<u32>(record, 0, 16);
  return context;
}

export function imageOf(context: u32): u32 {
  return load<u32>(context, IMAGE);
}

export function contextOf(processor: u32): u32 {
  return load<u32>(contexts + 20 * processor);
}

/** How far registers may go without `growContext`. */
export function endOf(processor: u32): u32 {
  const context = contextOf(processor);
  return context + min<u32>(load<u32>(contexts + 20 * processor, 4), load<u32>(context, STACK) + STACK_LIMIT);
}

/** Makes room for a context of that many bytes; its new address, 0 if the registers would be too many. */
export function growContext(processor: u32, bytes: u32): u32 {
  return bytes - load<u32>(contextOf(processor), STACK) > STACK_LIMIT ? 0 : makeRoom(processor, bytes);
}

/** Makes room for a context of that many bytes, also for one whose registers begin elsewhere; its new address. */
export function makeRoom(processor: u32, bytes: u32): u32 {
  const record = contexts + 20 * processor;
  const old = load<u32>(record);
  const size = load<u32>(record, 4);
  if (bytes <= size) return old;
  const context = allocate(bytes);
  memory.copy(context, old, size);
  release(old, size);
  store<u32>(record, context);
  store<u32>(record, blockSize(bytes), 4);
  return context;
}

/** Makes `bytes` of room at the end of table entries, before the registers; the context's new address. */
export function insertEntries(processor: u32, bytes: u32): u32 {
  if (PRIVILEGED) return growInstance(load<u32>(contextOf(processor), INSTANCE), bytes);
  const used = usedBytes(processor);
  const stack = load<u32>(contextOf(processor), STACK);
  // What is before the registers does not count for the limit.
  store<u32>(contextOf(processor), stack + bytes, STACK);
  const context = growContext(processor, used + bytes);
  if (!context) unreachable();
  memory.copy(context + stack + bytes, context + stack, used - stack);
  return context;
}

function growInstance(instance: u32, bytes: u32): u32 {
  const old = load<u32>(instance);
  const used = load<u32>(old, STACK);
  const size = load<u32>(instance, 4);
  if (used + bytes > size) {
    store<u32>(instance, allocate(used + bytes));
    store<u32>(instance, blockSize(used + bytes), 4);
    memory.copy(load<u32>(instance), old, used);
    release(old, size);
  }
  const block = load<u32>(instance);
  store<u32>(block, used + bytes, STACK);
  return block;
}

/** The bytes of the context that hold state. */
export function usedBytes(processor: u32): u32 {
  const context = contextOf(processor);
  return load<u32>(context, BASE) + load<u32>(load<u32>(context, FUNCTION), FRAME);
}

export function remember(processor: u32): void {
  const record = contexts + 20 * processor;
  const context = contextOf(processor);
  const stack = load<u32>(context, STACK);
  const registers = usedBytes(processor) - stack;
  const compared = load<u32>(imageOf(context), COMPARED);
  const bytes = compared + registers;
  if (load<u32>(record, 12) < bytes) {
    if (load<u32>(record, 12)) release(load<u32>(record, 8), load<u32>(record, 12));
    store<u32>(record, allocate(bytes), 8);
    store<u32>(record, blockSize(bytes), 12);
  }
  const copy = load<u32>(record, 8);
  memory.copy(copy, context, compared);
  memory.copy(copy + compared, context + stack, registers);
  store<u32>(record, bytes, 16);
}

export function unchanged(processor: u32): bool {
  const record = contexts + 20 * processor;
  const context = contextOf(processor);
  const copy = load<u32>(record, 8);
  const stack = load<u32>(context, STACK);
  const registers = usedBytes(processor) - stack;
  const compared = load<u32>(imageOf(context), COMPARED);
  return (
    load<u32>(record, 16) == compared + registers &&
    equal(copy, context, compared) &&
    equal(copy + compared, context + stack, registers)
  );
}

/** Whether two blocks of 8-byte words are equal. */
function equal(a: u32, b: u32, bytes: u32): bool {
  for (const end = a + bytes; a < end; a += 8, b += 8) {
    if (load<u64>(a) != load<u64>(b)) return false;
  }
  return true;
}

/** Lets the processor begin a function; the address of its first argument. */
export function begin(processor: u32, entry: u32, halt: u32): u32 {
  const stack = load<u32>(contextOf(processor), STACK);
  const context = growContext(processor, stack + load<u32>(entry, FRAME));
  if (!context) return 0;
  const base = context + stack;
  store<u32>(context, entry, PC);
  store<u32>(context, stack, BASE);
  store<u32>(context, entry, FUNCTION);
  memory.fill(base, 0, load<u32>(entry, FRAME));
  store<u32>(base + load<u32>(entry, LINKAGE), halt);
  store<u32>(base + load<u32>(entry, LINKAGE), entry, 4);
  return base;
}
