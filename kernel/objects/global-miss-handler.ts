/**
 * Global miss handler: it knows where each partition of the miss-handling table is. Each processor has a copy of that map,
 * so that a miss of an object that was made elsewhere goes to its entry and nowhere else.
 *
 *     R_p   | map -> | partition 0 | 1 | ...       addresses
 *
 * The partition of a processor that is not present is for the next one that is, to make objects in; so it changes hands when
 * a processor comes, goes or dies. Nothing has to be told to anybody for that: places are taken by compare_and_swap, also
 * by one that comes, beside the one that was there for it. Its words stay where they are, and so do its objects'
 * references: who misses finds them as before.
 *
 * @source Gamsa et al., Tornado, OSDI 1999, section 3.2
 */
import { read, write } from "../atomics";
import { isPresent, managerOf, numberOf, placesOf, processorsOf, recordOf } from "./manager";
import { bytesOfEntry } from "./miss-handling";
import { generationOf, partitionOf, placeOf } from "./reference";

/** Address of the copy of the map. */
export const map: u32 = 28;

/** Where a partition is, for all this processor knows. */
export function partitionAt(R: usize, partition: u32): usize {
  return read(<usize>load<u32>(R + map) + partition * 4);
}

export function setPartition(R: usize, partition: u32, T: usize): void {
  write(<usize>load<u32>(R + map) + partition * 4, <u32>T);
}

/** Of no partition. */
export const NONE: u32 = 0xffffffff;

/** Of the partitions that are for this processor, the one after another, beginning with its own; or NONE. */
export function nextServed(R: usize, partition: u32): u32 {
  const M = managerOf(R);
  const before = (partition == 0 ? processorsOf(M) : partition) - 1;
  return before == numberOf(R) || isPresent(recordOf(M, before)) ? NONE : before;
}

/** The entry that a reference names, or 0: of what was no reference. */
export function entryOf(R: usize, reference: u32): usize {
  const M = managerOf(R);
  const partition = partitionOf(reference);
  const place = placeOf(reference);
  if (generationOf(reference) == 0 || partition >= processorsOf(M) || place >= placesOf(M)) return 0;
  return partitionAt(R, partition) + place * bytesOfEntry(processorsOf(M));
}
