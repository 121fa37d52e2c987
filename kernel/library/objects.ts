/**
 * Objects of a space. Each begins on a cache line, with a word that says what it is:
 *
 *     object | identity: kind 8, generation 24 | ... its own words
 *
 * Whoever holds a handle knows the identity, and compares it. existence.ts says how it changes when the object is freed.
 *
 * Invariant: two objects at one address never have the same identity. The generation of an object is one more than that of
 * the last one in its block; a block whose generations are used up is never used again. Where an object has pages of its
 * own, more than 32 KiB, that holds until 2^24 more such objects were made.
 */
import { fetch_and_increment, read, write } from "../atomics";
import { allocateObject, hasPages } from "./allocator";
import { GENERATION } from "./space";

/** What kinds of objects there are; packages/library has a class for each. */
export enum Kind {
  Mutex = 1,
  Condition = 2,
  RwLock = 3,
  Semaphore = 4,
  Barrier = 5,
  Once = 6,
  Event = 7,
  Counter = 8,
  Histogram = 9,
  Channel = 10,
  McsLock = 11,
  TicketLock = 12,
  SharedBuffer = 13,
  Latch = 14,
  Pool = 15,
  SharedMap = 16,
  Replicated = 17,
  SharedCache = 18,
  ClusteredObject = 19,
  Service = 20,
}

/** Bytes of the identity; an object's own words begin after it. */
export const OBJECT_HEADER: u32 = 4;

export const GENERATIONS: u32 = 0xffffff;
/** Of an identity: that the object was freed, and its block is not yet. */
export const DYING: u32 = 1 << 30;
export const RECLAIMED: u32 = 1 << 31;

/** Result of what finds that the object was freed. */
export const FREED: u32 = 7;

/** Zeroed but for its identity; 0 if the space is full. */
export function createObject(kind: Kind, bytes: u32): usize {
  while (true) {
    const object = allocateObject(bytes);
    if (object == 0) return 0;
    const last = hasPages(object) ? fetch_and_increment(GENERATION) : read(object);
    const generation = (last + 1) & GENERATIONS;
    if (generation == 0) continue;
    write(object, ((<u32>kind) << 24) | generation);
    return object;
  }
}

export function kindOf(object: usize): Kind {
  return <Kind>(read(object) >> 24);
}
