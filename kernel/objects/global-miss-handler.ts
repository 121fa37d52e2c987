/**
 * Global miss handler: it knows where each partition of the miss-handling table is. Each processor has a copy of that map,
 * so that a miss of an object that was made elsewhere goes to its entry and nowhere else.
 *
 *     R_p   | map -> | partition 0 | 1 | ...       addresses
 *
 * A partition stays where it was made: the memory of a processor that has died is still there. So its objects are found and
 * destroyed as before; nobody makes others in it until that processor comes again.
 *
 * @source Gamsa et al., Tornado, OSDI 1999, section 3.2
 */
import { read, write } from "../atomics";
import { managerOf, placesOf, processorsOf } from "./manager";
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

/** The entry that a reference names, or 0: of what was no reference. */
export function entryOf(R: usize, reference: u32): usize {
  const M = managerOf(R);
  const partition = partitionOf(reference);
  const place = placeOf(reference);
  if (generationOf(reference) == 0 || partition >= processorsOf(M) || place >= placesOf(M)) return 0;
  return partitionAt(R, partition) + place * bytesOfEntry(processorsOf(M));
}
