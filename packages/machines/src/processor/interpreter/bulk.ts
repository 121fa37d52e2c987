/**
 * memory.fill, memory.copy and memory.init as loops of single accesses. Three registers, one after the other, hold what
 * is left to do: destination; value or source; count. Each step takes the largest piece that all its accesses can do
 * aligned, up to 8 bytes.
 */
import * as stop from "./stop";
import { dataLength, dataOf } from "./tables";

const TO: u32 = 0;
const FROM: u32 = 8;
const COUNT: u32 = 16;
/** What a copy has loaded: the register after the operands. */
const LOADED: u32 = 24;

export function inBounds(registers: u32, reads: bool, memoryBytes: u64): bool {
  const count = <u64>load<u32>(registers, COUNT);
  return (
    <u64>load<u32>(registers, TO) + count <= memoryBytes &&
    (!reads || <u64>load<u32>(registers, FROM) + count <= memoryBytes)
  );
}

export function initInBounds(context: u32, registers: u32, segment: u32, memoryBytes: u64): bool {
  const end = <u64>load<u32>(registers, FROM) + <u64>load<u32>(registers, COUNT);
  return end <= dataLength(context, segment) && inBounds(registers, false, memoryBytes);
}

/** Of a probe: whether a byte is probed of the destination, and of the source; whether the first is to be written. */
const DESTINATION: u32 = 1;
const SOURCE: u32 = 2;
const WRITES: u32 = 4;

/**
 * With a kernel mode: describes the last bytes that the operation writes, and reads; false if there are none. An operation of
 * no bytes may begin where the memory ends: the byte before that is probed.
 */
export function probes(registers: u32, reads: bool): bool {
  const count = load<u32>(registers, COUNT);
  const to = load<u32>(registers, TO) + count;
  const from = load<u32>(registers, FROM) + count;
  const probed = (to ? DESTINATION : 0) | (reads && from ? SOURCE : 0);
  store<u32>(stop.ADDRESS, to - 1);
  store<u32>(stop.ACCESS, probed | (count ? WRITES : 0));
  store<u32>(stop.LOW, from - 1);
  return probed != 0;
}

/** The largest power of two up to 8 that divides `alignment` and is no more than `count`. */
function piece(alignment: u32, count: u32): u32 {
  let size: u32 = 8;
  while (size > count || alignment & (size - 1)) size >>= 1;
  return size;
}

function advance(registers: u32, size: u32, from: u32): void {
  store<u32>(registers, load<u32>(registers, TO) + size, TO);
  store<u32>(registers, load<u32>(registers, FROM) + from, FROM);
  store<u32>(registers, load<u32>(registers, COUNT) - size, COUNT);
}

/** Describes the next store of a fill; false if nothing is left. */
export function fillStep(registers: u32): bool {
  const count = load<u32>(registers, COUNT);
  if (!count) return false;
  const to = load<u32>(registers, TO);
  const size = piece(to, count);
  const value = <u64>load<u8>(registers, FROM) * (<u64>-1 / 255);
  store<u32>(stop.ADDRESS, to);
  store<u32>(stop.ACCESS, size);
  store<u64>(stop.LOW, value & (<u64>-1 >> (64 - 8 * size)));
  advance(registers, size, 0);
  return true;
}

export function initStep(context: u32, registers: u32, segment: u32): bool {
  const count = load<u32>(registers, COUNT);
  if (!count) return false;
  const to = load<u32>(registers, TO);
  const size = piece(to, count);
  const value = load<u64>(dataOf(context, segment) + load<u32>(registers, FROM)) & (<u64>-1 >> (64 - 8 * size));
  store<u32>(stop.ADDRESS, to);
  store<u32>(stop.ACCESS, size);
  store<u64>(stop.LOW, value);
  advance(registers, size, size);
  return true;
}

/** Whether a copy must begin at its end: its destination overlaps what it has not yet read. */
function backward(registers: u32): bool {
  return load<u32>(registers, TO) > load<u32>(registers, FROM);
}

function copySize(registers: u32): u32 {
  const count = load<u32>(registers, COUNT);
  const both = load<u32>(registers, TO) | load<u32>(registers, FROM);
  if (!backward(registers)) return piece(both, count);
  return piece((load<u32>(registers, TO) + count) | (load<u32>(registers, FROM) + count), count);
}

/** Describes the next load of a copy; false if nothing is left. */
export function copyLoad(registers: u32): bool {
  const count = load<u32>(registers, COUNT);
  if (!count) return false;
  const size = copySize(registers);
  store<u32>(stop.ADDRESS, load<u32>(registers, FROM) + (backward(registers) ? count - size : 0));
  store<u32>(stop.ACCESS, size | 32);
  return true;
}

/** Describes the store of what the copy has loaded. */
export function copyStore(registers: u32): void {
  const size = copySize(registers);
  const count = load<u32>(registers, COUNT);
  store<u32>(stop.ACCESS, size);
  store<u64>(stop.LOW, load<u64>(registers, LOADED));
  if (backward(registers)) {
    store<u32>(stop.ADDRESS, load<u32>(registers, TO) + count - size);
    store<u32>(registers, count - size, COUNT);
  } else {
    store<u32>(stop.ADDRESS, load<u32>(registers, TO));
    advance(registers, size, size);
  }
}
