/**
 * Reference: what everybody knows a clustered object by, the same word on all processors, also in shared memory and in
 * messages. It is no address: it names an entry of the miss-handling table, and how often that was used before.
 *
 *     reference | generation: 12 | index: 20 |
 *     index     | place, upper bits: 5 | partition: 10 | place, lower bits: 5 |      place: in its partition
 *
 * Generations begin with 1 and are never used again: an entry that has had the last one is retired. That is 4094, so that
 * neither 0 nor an index with all ones before it is a reference. The lower bits of an index tell the first 32 objects of
 * each partition apart, for tables that are indexed by them.
 *
 * @source K42: XHandle's sequence numbers; its CORef has none, and is valid again for whatever gets its place
 */
const GENERATION: u32 = 20;
const PLACE: u32 = 5;
const PARTITION: u32 = 10;

const LOW: u32 = (1 << PLACE) - 1;

/** Processors, and places of a partition, that a reference can tell apart. */
export const MOST_PARTITIONS: u32 = 1 << PARTITION;
export const MOST_PLACES: u32 = 1 << (2 * PLACE);
export const LAST_GENERATION: u32 = (1 << (32 - GENERATION)) - 2;

export function referenceTo(generation: u32, partition: u32, place: u32): u32 {
  return (generation << GENERATION) | ((place >> PLACE) << (PLACE + PARTITION)) | (partition << PLACE) | (place & LOW);
}

export function generationOf(reference: u32): u32 {
  return reference >> GENERATION;
}

/** The same word for all generations of an index, and no reference. */
export function reservedFor(reference: u32): u32 {
  return reference | ~((1 << GENERATION) - 1);
}

export function partitionOf(reference: u32): u32 {
  return (reference >> PLACE) & (MOST_PARTITIONS - 1);
}

export function placeOf(reference: u32): u32 {
  return (reference & LOW) | (((reference >> (PLACE + PARTITION)) & LOW) << PLACE);
}
