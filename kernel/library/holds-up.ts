/**
 * What a worker holds up that stands inside of an object: memory that cannot come back before it has left. For people: others
 * may change what is looked at, so that a sum is that of no one moment.
 *
 *     the object                  what waits for the worker
 *     freed: DYING                its block; existence.ts
 *     a SharedMap, a SharedCache  what was taken out of it, if the epoch has gone on since the worker entered; map-limbo.ts
 *
 * Any other object that it is inside of waits for nobody.
 */
import { read } from "../atomics";
import { blockBytes, objectAround } from "./allocator";
import { enteredBy } from "./existence";
import { counts, epoch, mapBytes, partitionAt, partitionsOf } from "./map-layout";
import { DYING, Kind, RECLAIMED } from "./objects";
import { mapEpoch, recordOf } from "./space";

const UNIT: u32 = 16;

/** Bytes that wait for the worker of a slot to leave the object that it is inside of; 0 if nothing does. */
export function heldUpBy(slot: u32): u32 {
  const object = enteredBy(slot);
  if (object == 0 || objectAround(object) != object) return 0;
  const identity = read(object);
  if (identity & RECLAIMED) return 0;
  if (identity & DYING) return blockBytes(object);
  const kind = <Kind>(identity >> 24);
  const isOfEntries = kind == Kind.SharedMap || kind == Kind.SharedCache;
  return isOfEntries && read(recordOf(slot) + mapEpoch) != read(object + epoch) ? bytesInLimbo(object) : 0;
}

/** Of a map that may be freed meanwhile: nothing outside of its block is read. */
function bytesInLimbo(M: usize): u32 {
  const all = partitionsOf(M);
  if (all > blockBytes(M) / mapBytes(0) || mapBytes(all) > blockBytes(M)) return 0;
  let units: u32 = 0;
  for (let p: u32 = 0; p < all; p++) units += <u32>(atomic.load<u64>(partitionAt(M, p) + counts) >> 32);
  return units * UNIT;
}
