/**
 * Objects of a space. Each begins on a cache line, with a word that says what it is:
 *
 *     object | identity: kind 8, generation 24 | ... its own words
 *
 * Whoever holds a handle knows the identity. Freeing clears it, and no two objects at one address have the same until
 * 2^24 more were made, so that the use of an object that was freed is seen.
 */
import { fetch_and_increment, read, write } from "../atomics";
import { allocateLines, release } from "./allocator";
import { unbind } from "./names";
import { GENERATION } from "./space";

/** What kinds of objects there are; src/library has a class for each. */
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
}

/** Bytes of the identity; an object's own words begin after it. */
export const OBJECT_HEADER: u32 = 4;

/** Zeroed but for its identity; 0 if the space is full. */
export function createObject(kind: Kind, bytes: u32): usize {
  const object = allocateLines(bytes);
  if (object != 0) write(object, ((<u32>kind) << 24) | (fetch_and_increment(GENERATION) & 0xffffff));
  return object;
}

export function kindOf(object: usize): Kind {
  return <Kind>(read(object) >> 24);
}

/** Frees an object, and its names. To be called when nobody uses it any more. */
export function freeObject(object: usize): void {
  unbind(object);
  write(object, 0);
  release(object);
}
