/**
 * Tables and segments of one processor; with a kernel mode, of one instance, which is the context here. A reference is the pc of a
 * function's entry, or a handle; 0 is null.
 */
import { CHANGES, contextOf, imageOf, insertEntries, instanceOf, SLOTS, STACK } from "./context";
import { DROPPED, ELEMENT_SEGMENTS, MAXIMA, SEGMENTS, TABLES } from "./image";

/** Entries of a table: the most that WebAssembly's JavaScript interface lets an engine have. */
const MOST_ENTRIES: u64 = 10_000_000;

/** Of a segment: its address, and its length in entries or bytes after that; elements' first. */
function recordOf(context: u32, segment: u32): u32 {
  return load<u32>(imageOf(context), SEGMENTS) + 8 * segment;
}

/** Of a segment: whether it was dropped, as a byte. */
function droppedOf(context: u32, segment: u32): u32 {
  return context + load<u32>(imageOf(context), DROPPED) + segment;
}

/** The number that a data segment has among all segments. */
function afterElements(context: u32, segment: u32): u32 {
  return load<u32>(imageOf(context), ELEMENT_SEGMENTS) + segment;
}

export function stackOf(context: u32): u32 {
  return load<u32>(context, STACK);
}

export function length(context: u32, slot: u32): u32 {
  return load<u32>(context + slot, SLOTS + 4);
}

/** The address of a table's entry, 0 if there is none. */
export function entry(context: u32, slot: u32, index: u32): u32 {
  return index < length(context, slot) ? context + load<u32>(context + slot, SLOTS) + 4 * index : 0;
}

function changed(context: u32): void {
  store<u64>(context, load<u64>(context, CHANGES) + 1, CHANGES);
}

export function write(context: u32, address: u32, value: u32): void {
  store<u32>(address, value);
  changed(context);
}

/** The entries before; -1 if they would be too many. */
export function grow(processor: u32, slot: u32, value: u32, entries: u32): i32 {
  let context = instanceOf(contextOf(processor));
  const before = length(context, slot);
  if (<u64>before + entries > min<u64>(load<u32>(load<u32>(imageOf(context), MAXIMA) + (slot >>> 1)), MOST_ENTRIES))
    return -1;
  if (entries == 0) return before;
  const at = load<u32>(context + slot, SLOTS) + 4 * before;
  // Entries are padded to whole registers: each growth inserts its own padding.
  const bytes: u32 = (4 * entries + 7) & ~7;
  const stack = load<u32>(context, STACK);
  context = insertEntries(processor, bytes);
  memory.copy(context + at + bytes, context + at, stack - at);
  for (let i: u32 = 0; i < bytes; i += 4) store<u32>(context + at + i, value);
  store<u32>(context + slot, before + entries, SLOTS + 4);
  const tables = load<u32>(imageOf(context), TABLES);
  for (let table: u32 = 0; table < tables; table++) {
    const other = context + 8 * table;
    if (8 * table != slot && load<u32>(other, SLOTS) >= at) {
      store<u32>(other, load<u32>(other, SLOTS) + <u32>bytes, SLOTS);
    }
  }
  changed(context);
  return before;
}

/** Registers of the operands: where, value, count. */
export function fill(context: u32, operands: u32, slot: u32): bool {
  const to = load<u32>(operands);
  const count = load<u32>(operands, 16);
  if (<u64>to + count > length(context, slot)) return false;
  const base = context + load<u32>(context + slot, SLOTS);
  for (let i: u32 = 0; i < count; i++) store<u32>(base + 4 * (to + i), load<u32>(operands, 8));
  changed(context);
  return true;
}

/** Registers of the operands: to, from, count. */
export function copy(context: u32, operands: u32, slot: u32, source: u32): bool {
  const to = load<u32>(operands);
  const from = load<u32>(operands, 8);
  const count = load<u32>(operands, 16);
  if (<u64>to + count > length(context, slot) || <u64>from + count > length(context, source)) return false;
  memory.copy(
    context + load<u32>(context + slot, SLOTS) + 4 * to,
    context + load<u32>(context + source, SLOTS) + 4 * from,
    4 * count,
  );
  changed(context);
  return true;
}

export function init(context: u32, operands: u32, slot: u32, segment: u32): bool {
  const to = load<u32>(operands);
  const from = load<u32>(operands, 8);
  const count = load<u32>(operands, 16);
  const record = recordOf(context, segment);
  const available: u32 = load<u8>(droppedOf(context, segment)) ? 0 : load<u32>(record, 4);
  if (<u64>from + count > available || <u64>to + count > length(context, slot)) return false;
  memory.copy(context + load<u32>(context + slot, SLOTS) + 4 * to, load<u32>(record) + 4 * from, 4 * count);
  changed(context);
  return true;
}

export function dropElements(context: u32, segment: u32): void {
  store<u8>(droppedOf(context, segment), 1);
  changed(context);
}

export function dropData(context: u32, segment: u32): void {
  dropElements(context, afterElements(context, segment));
}

/** The address of a data segment's bytes. */
export function dataOf(context: u32, segment: u32): u32 {
  return load<u32>(recordOf(context, afterElements(context, segment)));
}

/** A data segment's length, 0 if it was dropped. */
export function dataLength(context: u32, segment: u32): u32 {
  const index = afterElements(context, segment);
  return load<u8>(droppedOf(context, index)) ? 0 : load<u32>(recordOf(context, index), 4);
}
