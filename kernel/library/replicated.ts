/**
 * Replicated: a value that all workers read, and few replace. Each worker has a copy of its own, which it makes anew after a
 * change; it looks at the version alone to know whether there was one.
 *
 *     R     | identity | version | place: block 32, version 32 | guard: 16 bytes | eventcount: 8 bytes |
 *     block | bytes | - | the value ... |
 *
 *     version   that of the place, or for a moment an earlier one: what has no 64-bit loads looks at it
 *     place     block 0: the object was freed, and has no value any more
 *
 * 1. Replace: fill a block that nobody else knows; inside the guard, write it with the next version to the place by one
 *    compare_and_swap, at which the value is replaced, and the version behind it; wake who waits for a change; free the block
 *    that was there.
 * 2. Read: read the place; copy the block's bytes to where nobody else writes; read the place again. If it is the same, the
 *    bytes are the value's. Else the block may be anybody's by now, and so may the bytes: read again. Who was overtaken often
 *    does it inside the guard, where nobody replaces.
 *
 * Invariant: as long as a version is in the place, its block is in use, and nobody writes to it. Versions differ for 2^32
 * changes; so a place that is the same after the copy as before it has been the same in between. Who reads, outside of the
 * guard, writes nothing that others read.
 *
 * The object is among the held ones of who replaces until all are woken: repair writes the version and wakes. A death
 * before the value is replaced leaves the value as it was. One after it leaves it replaced. Either may leave one block that
 * nobody frees.
 *
 * Source: Lamport, Concurrent Reading and Writing, CACM 20(11), 1977. Boehm, Can Seqlocks Get Along with Programming Language
 * Memory Models?, MSPC 2012: the fence before the second look.
 */
import { compare_and_swap, read, write } from "../atomics";
import { allocate, release } from "./allocator";
import { announce, repair as repairEventcount, wakeAll } from "./eventcount";
import { enterObject, leaveObject } from "./existence";
import { enter, leave } from "./guard";
import { canHold, dropEntry, heldCount, heldEntry, hold } from "./holdings";
import { createObject, FREED, Kind } from "./objects";
import { WAIT } from "./sleep";
import { inside, my } from "./space";

export const version: u32 = 4;
export const place: u32 = 8;
const G: u32 = 16;
export const E: u32 = 32;
const BYTES: u32 = 40;

/** Of a block; the value begins behind it. */
export const BLOCK_HEADER: u32 = 8;

/** Results of `replace`, beside FREED. */
export const REPLACED: u32 = 0;
/** The version is another than the expected one. */
export const CHANGED: u32 = 1;
export const HOLDS_TOO_MANY: u32 = 4;

/** The version that the last `replace` has made, or the last `look` has seen. */
export let lastVersion: u32 = 0;

/** Of version 0, with room for a value of so many bytes; 0: no room. */
export function create(bytes: u32): usize {
  return createAs(Kind.Replicated, BYTES, bytes);
}

/** The same, of an object that has more than a value, behind these words. */
export function createAs(kind: Kind, objectBytes: u32, bytes: u32): usize {
  const block = room(bytes);
  if (block == 0) return 0;
  const R = createObject(kind, objectBytes);
  if (R == 0) release(block);
  else atomic.store<u64>(R + place, <u64>block);
  return R;
}

/** A block for a value of so many bytes; 0: no room. Who does not replace a value by it releases it. */
export function room(bytes: u32): usize {
  const block = allocate(BLOCK_HEADER + bytes);
  if (block != 0) store<u32>(block, bytes);
  return block;
}

/** The block of the value, 0 if it has none any more; its version is `lastVersion`. */
export function look(R: usize): usize {
  const now = atomic.load<u64>(R + place);
  lastVersion = <u32>(now >> 32);
  return <usize>(now & 0xffffffff);
}

/** After the bytes of a block were copied: whether they are those of that version. */
export function isStill(R: usize, as: u32, block: usize): bool {
  // An atomic store is a fence: what was copied was read before it, and the place is read after it.
  write(my + inside, load<u32>(my + inside));
  return atomic.load<u64>(R + place) == at(as, block);
}

/** Nobody replaces the value until `letGo`. By who is inside of the object. */
export function keep(R: usize): void {
  enter(R, R + G);
}

export function letGo(R: usize): void {
  leave(R + G);
}

/**
 * Makes a filled block the value's, if the object has that identity and, where `isExpected`, that version. Else the block
 * stays the caller's.
 */
export function replace(R: usize, identity: u32, block: usize, isExpected: bool, expected: u32): u32 {
  if (!canHold()) return HOLDS_TOO_MANY;
  if (!enterObject(R, identity)) return FREED;
  hold(R);
  // As it is listed: it may have been freed since.
  const entry = heldEntry(my, heldCount(my) - 1);
  keep(R);
  const old = look(R);
  const before = lastVersion;
  let result = old == 0 ? FREED : isExpected && before != expected ? CHANGED : REPLACED;
  // Who frees the object does not enter.
  if (result == REPLACED && !put(R, before, old, block)) result = FREED;
  if (result == REPLACED) write(R + version, before + 1);
  letGo(R);
  if (result == REPLACED) {
    wakeAll(R + E);
    release(old);
    lastVersion = before + 1;
  }
  dropEntry(entry);
  leaveObject();
  return result;
}

/** The next version, with its block, in the place of that one. */
function put(R: usize, before: u32, old: usize, block: usize): bool {
  return atomic.cmpxchg<u64>(R + place, at(before, old), at(before + 1, block)) == at(before, old);
}

function at(as: u32, block: usize): u64 {
  return ((<u64>as) << 32) | <u64>block;
}

/** CHANGED if the version is another than `before`; or where to sleep. */
export function attempt(R: usize, before: u32, as: u32): u32 {
  look(R);
  if (lastVersion != before) return CHANGED;
  announce(R + E, as);
  look(R);
  return lastVersion != before ? CHANGED : WAIT;
}

/** The last value goes, and all who wait find that. Again, if it was cut off. */
export function bury(R: usize): void {
  for (let old = look(R); old != 0; old = look(R)) {
    if (!put(R, lastVersion, old, 0)) continue;
    release(old);
    break;
  }
  repairEventcount(R + E);
}

/** It may have replaced the value, and said so to nobody. */
export function repair(R: usize): void {
  let seen: u32;
  do {
    seen = read(R + version);
    look(R);
    // Unless another was faster, whose version is a later one.
  } while (seen != lastVersion && !compare_and_swap(R + version, seen, lastVersion));
  repairEventcount(R + E);
}
