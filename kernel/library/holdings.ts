/**
 * What a worker holds, for those who repair what it leaves behind when it dies:
 *
 *     my record, from `held` | count | extra | promised | ... | chunk | chunk ... | entry | entry ...
 *     entry                  | object | its identity when it was listed |          64 bits, written by one store
 *     chunk i                FIRST << i entries, in a block of its own
 *
 * The list says where to look, not what to find: the object itself knows whether the worker holds it. So an object may
 * be listed that is not held, or twice; but none that is held is missing. An object that has another identity now was freed:
 * its entry says nothing, and falls away when the list is full.
 *
 * The list grows before something is acquired for which it has no room: allocate a chunk, write where it is, then how much
 * room there is. Who dies in between leaves a block unfreed, or a chunk that the next growth takes.
 */

import { read, write } from "../atomics";
import { allocate, release } from "./allocator";
import { isObject } from "./existence";
import { CHUNKS, chunks, entries, extra, heap, held, my, pending, promised } from "./space";

const ENTRY: u32 = 8;
/** Entries in the record. */
const INLINE: u32 = (heap - entries) / ENTRY;
/** Entries of the first chunk. */
const FIRST: u32 = 512;

/** Whether there is room for one more: to be asked before an object is acquired. False: the space is full. */
export function canHold(): bool {
  return load<u32>(my + held) + load<u32>(my + promised) < INLINE + load<u32>(my + extra) || makeRoom();
}

/** Keeps room for one, for which `canHold` need not be asked; false: the space is full. */
export function promiseRoom(): bool {
  if (!canHold()) return false;
  store<u32>(my + promised, load<u32>(my + promised) + 1);
  return true;
}

/** What was promised is used, or of no use any more. */
export function keepPromise(): void {
  store<u32>(my + promised, load<u32>(my + promised) - 1);
}

/** Lists an object before it is acquired, or while `pending` names it. */
export function hold(object: usize): void {
  const count = load<u32>(my + held);
  store<u64>(entryAt(my, count), entryOf(object));
  store<u32>(my + held, count + 1);
}

/** Behind the entry that was taken off last: there is the next one of who lets go in the order in which it took. */
let next: u32 = 0;

/**
 * Takes an object off the list, once, also if others have freed it since it was listed. To be called after it was released,
 * or while `pending` names it.
 */
export function drop(object: usize): void {
  if (!dropEntry(entryOf(object))) dropFreed(object);
}

/** `drop` of an object that others may have freed since it was released; false: it is not listed. */
export function dropEntry(entry: u64): bool {
  const count = load<u32>(my + held);
  if (count == 0) return false;
  const last = count - 1;
  if (load<u64>(entryAt(my, last)) == entry) {
    remove(last, last);
    return true;
  }
  let index = next;
  for (let left = last; left > 0; left--, index++) {
    if (index >= last) index = 0;
    if (load<u64>(entryAt(my, index)) != entry) continue;
    remove(index, last);
    next = index + 1;
    return true;
  }
  return false;
}

/** Takes an object off the list that was freed while it was held. */
export function forgetFreed(object: usize, identity: u32): void {
  dropEntry(<u64>object | ((<u64>identity) << 32));
}

/** Takes off an entry of what was where an object is that is not listed: that was freed, and the entry says nothing. */
function dropFreed(object: usize): void {
  const last = load<u32>(my + held) - 1;
  for (let index = last; index != -1; index--) {
    if (<u32>load<u64>(entryAt(my, index)) != <u32>object) continue;
    remove(index, last);
    return;
  }
}

/** Writes to `pending` the lock word, or guard, of an object that the worker is about to change. */
export function nameLock(object: usize, word: usize): void {
  store<u64>(my + pending, <u64>word | ((<u64>read(object)) << 32));
}

export function nameNothing(): void {
  store<u64>(my + pending, 0);
}

/** An object and its identity, as one word. */
export function entryOf(object: usize): u64 {
  return <u64>object | ((<u64>read(object)) << 32);
}

function remove(index: u32, last: u32): void {
  store<u64>(entryAt(my, index), load<u64>(entryAt(my, last)));
  store<u32>(my + held, last);
}

function entryAt(R: usize, index: u32): usize {
  if (index < INLINE) return R + entries + index * ENTRY;
  // Chunk i begins at FIRST * (2^i - 1).
  const place = index - INLINE + FIRST;
  const chunk: u32 = 31 - clz(place / FIRST);
  return <usize>read(R + chunks + chunk * 4) + (place - (FIRST << chunk)) * ENTRY;
}

/** Lets go what was freed; if that is not a quarter, adds a chunk. */
function makeRoom(): bool {
  for (let index = load<u32>(my + held) - 1; index != -1; index--) {
    const entry = load<u64>(entryAt(my, index));
    if (!isObject(<usize>(entry & 0xffffffff), <u32>(entry >> 32))) remove(index, load<u32>(my + held) - 1);
  }
  const room = INLINE + load<u32>(my + extra);
  const used = load<u32>(my + held) + load<u32>(my + promised);
  if (used < room - room / 4) return true;
  // No memory has room for CHUNKS of them.
  const chunk: u32 = 31 - clz(load<u32>(my + extra) / FIRST + 1);
  const place = my + chunks + chunk * 4;
  if (read(place) == 0) write(place, <u32>allocate((FIRST << chunk) * ENTRY));
  if (read(place) != 0) store<u32>(my + extra, load<u32>(my + extra) + (FIRST << chunk));
  return used < INLINE + load<u32>(my + extra);
}

export function heldCount(R: usize): u32 {
  return read(R + held);
}

export function heldEntry(R: usize, index: u32): u64 {
  return load<u64>(entryAt(R, index));
}

/** The object of an entry; 1 if it was freed since. For people: the worker may be changing its list. */
export function heldObject(R: usize, index: u32): usize {
  const place = entryAt(R, index);
  const entry = load<u64>(place);
  const object = <usize>(entry & 0xffffffff);
  return isObject(object, <u32>(entry >> 32)) ? object : 1;
}

/** Of a dead worker's record R, with one entry at least: the last one is repaired. */
export function dropLast(R: usize): void {
  write(R + held, read(R + held) - 1);
}

/** Of a dead worker's record R, whose list is empty. */
export function releaseRoom(R: usize): void {
  store<u32>(R + promised, 0);
  store<u32>(R + extra, 0);
  for (let chunk: u32 = 0; chunk < CHUNKS; chunk++) {
    const block: usize = read(R + chunks + chunk * 4);
    write(R + chunks + chunk * 4, 0);
    if (block != 0) release(block);
  }
}
