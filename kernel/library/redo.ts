/**
 * Changes of several words that are a worker's own to write, made whole even if the worker dies: a redo log. Cheaper than
 * a guarded section, for it has no atomics beside the changes themselves.
 *
 *     my record, from `redo` | entries | | address, | value: i64 | ... at most MOST
 *
 * 1. `intend` writes entry i: which word is to have which value.
 * 2. `carryOut` writes the number of entries, which is the moment from which the changes will be made; makes them; and writes 0.
 *
 * Invariant: while the number is not 0, the entries are complete, and nobody but this worker, or its repair, writes the
 * words they name. So to make the changes again changes nothing. Readers see each word change by itself.
 */
import { enterObject, leaveObject } from "./existence";
import { entryOf } from "./holdings";
import { my, redo, redoOf } from "./space";

const ENTRY: u32 = 16;
const MOST: u32 = 7;

export function intend(i: u32, address: usize, value: i64): void {
  if (i >= MOST) unreachable();
  const entry = my + redo + 8 + i * ENTRY;
  store<u32>(entry, <u32>address);
  store<i64>(entry + 8, value);
}

/** Of words of an object: they are left alone if it is freed before a repair. */
export function carryOut(object: usize, entries: u32): void {
  store<u64>(my + redoOf, entryOf(object));
  store<u32>(my + redo, entries);
  repeat(my);
  store<u32>(my + redo, 0);
}

/** Of a dead worker's record R: makes what changes it had begun to make. */
export function finish(R: usize): void {
  const place = load<u64>(R + redoOf);
  if (load<u32>(R + redo) != 0 && enterObject(<usize>(place & 0xffffffff), <u32>(place >> 32))) {
    repeat(R);
    leaveObject();
  }
  store<u32>(R + redo, 0);
}

function repeat(R: usize): void {
  for (let i: u32 = 0, entries = load<u32>(R + redo); i < entries; i++) {
    const entry = R + redo + 8 + i * ENTRY;
    atomic.store<i64>(load<u32>(entry), load<i64>(entry + 8));
  }
}
