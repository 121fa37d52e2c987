/**
 * Proofs of clustered objects: what processors do beside each other with one object, or with those that get its place.
 *
 *     SCENE | M | object | memory before | destroyers | degree | dead | destructions | other | uses: by processor ... |
 *
 * A block that is given back says that it is nobody's: whoever uses an object looks whose its representative is, before
 * and after. These are plain accesses, so that a use beside the giving back is a data race, too.
 */
import { fetch_and_increment, read, write } from "../../atomics";
import { Failure, fail, processor } from "../../machine";
import { allocated, boot, CACHE_LINE, shared } from "../../memory/placement";
import { blocksLeft, PARTS_HEAD, Size } from "../blocks";
import { come, create, createObjects, repair } from "../clustered-object";
import { partitionAt } from "../global-miss-handler";
import { Kind } from "../handlers";
import { Form, placesOf, processorsOf, recordOf } from "../manager";
import { bytesOfEntry, state, What, whatOf } from "../miss-handling";

/** The first shared memory of all. */
export const SCENE: usize = CACHE_LINE;
export const manager: usize = SCENE;
export const object: usize = SCENE + 4;
const before: usize = SCENE + 8;
/** Who has still to destroy something, and is not dead: a bit for each processor. */
export const destroyers: usize = SCENE + 12;
export const degree: usize = SCENE + 16;
const dead: usize = SCENE + 20;
/** How many times an object was destroyed. */
export const destructions: usize = SCENE + 24;
/** A second object. */
export const other: usize = SCENE + 28;
export const uses: usize = SCENE + 64;

export const PLACES: u32 = 2;

export function expect(holds: bool): void {
  if (!holds) fail(Failure.Lost);
}

export function expectEqual(is: u32, expected: u32): void {
  if (is != expected) fail(Failure.Lost);
}

/** All of so many processors are present; the first has made an object. */
export function prepare(P: u32, form: Form, degreeOfAll: u32, thatDestroy: u32, bound: u32): void {
  boot(P);
  expectEqual(<u32>shared(1024), <u32>SCENE);
  const M = createObjects(P, PLACES, bound, form);
  write(manager, <u32>M);
  write(destroyers, thatDestroy);
  write(degree, degreeOfAll);
  write(before, allocated());
  for (let p: u32 = 0; p < P; p++) come(recordOf(M, p));
  write(object, create(recordOf(M, 0), Kind.Counter, degreeOfAll));
}

/** This processor's record. */
export function mine(): usize {
  return recordOf(read(manager), processor());
}

/** A processor is done, or dead. */
export function done(p: u32): void {
  atomic.and<u32>(destroyers, ~(1 << p));
}

/** Whether some object waits to come back. */
export function anyDestroyed(): bool {
  const M = read(manager);
  const R = recordOf(M, 0);
  for (let q: u32 = 0, P = processorsOf(M); q < P; q++) {
    for (let place: u32 = 0; place < placesOf(M); place++) {
      if (whatOf(state(partitionAt(R, q) + place * bytesOfEntry(P))) == What.Destroyed) return true;
    }
  }
  return false;
}

export function countOf(what: What): u32 {
  const M = read(manager);
  let count: u32 = 0;
  for (let q: u32 = 0, P = processorsOf(M); q < P; q++) {
    const T = partitionAt(recordOf(M, 0), q);
    for (let place: u32 = 0; place < placesOf(M); place++) {
      if (whatOf(state(T + place * bytesOfEntry(P))) == what) count++;
    }
  }
  return count;
}

/** Bytes that objects have taken and not given back. */
export function bytesInUse(): u32 {
  const M = read(manager);
  const P = processorsOf(M);
  const parts = (PARTS_HEAD + P * 4 + CACHE_LINE - 1) & ~(CACHE_LINE - 1);
  let bytes = allocated() - read(before);
  for (let p: u32 = 0; p < P; p++) {
    const R = recordOf(M, p);
    bytes -= blocksLeft(R, Size.Line) * CACHE_LINE + blocksLeft(R, Size.Parts) * parts;
  }
  return bytes;
}

/** Executed in the place of a processor that has died. */
export function clustered_prove_death(died: u32): void {
  fetch_and_increment(dead);
  repair(read(manager), died);
  done(died);
}

export function deaths(): u32 {
  return read(dead);
}
