/**
 * Limbo: nodes that were taken out of a SharedMap's lists lie where they are until no reader can have them.
 *
 *     my record  | inside: the map | ... | epoch: the map's, as it was when the worker entered |
 *
 * 1. Enter: read the map's epoch, write it to the record, then write `inside`.
 * 2. Advance the epoch by one: if every worker that is inside has entered in the present epoch.
 * 3. Take a node out, in the partition's guarded section: it comes last into the partition's limbo, with the epoch after
 *    the one that the writer, which is inside, reads there.
 * 4. A node whose epoch was two advances ago is freed: taken out of the limbo in a guarded section, a few at a time, and
 *    released after it.
 *
 * Invariant: a node's epoch is that in which it was taken out of the list, or a later one, as no more than one advance takes
 * place while the writer is inside, whichever epoch it has read before. A reader that has the node had entered before it was
 * taken out, and so in that epoch or before. While it is inside, the epoch is advanced at most once from where it has
 * entered: so not twice from there.
 *
 * A reader that dies is inside until it is repaired. One that stalls holds nodes back, MOST_UNITS in each partition, and
 * one node; then who writes there waits for it.
 *
 * Source: Fraser, Practical Lock-Freedom, 2004, 5.2.3; two generations: K42 (Soules et al., USENIX 2003).
 */
import { compare_and_swap, read, write } from "../atomics";
import { work } from "../machine";
import { release } from "./allocator";
import { enterObject, leaveObject } from "./existence";
import { enter, leave } from "./guard";
import { FIRST_DELAY } from "./lock-word";
import { counts, epoch, inLimbo, limbo, partitionAt, partitionsOf, turns, unitsOf, writes } from "./map-layout";
import { carryOut, intend } from "./redo";
import { mayBlock, sleepOn } from "./sleep";
import { inside, mapEpoch, my, recordOf, workers } from "./space";

/** Advances after which a node is freed. */
const GRACE: i32 = 2;
/** Nodes that a section frees at most: it makes one more. */
const FEW: u32 = 2;
/** Units of 16 bytes in a partition's limbo, 1 MiB, from which on writers wait for who is inside. */
const MOST_UNITS: u32 = 65536;
/** Nanoseconds that they wait for at once. */
const NAP: i64 = 50_000;

let most: u32 = MOST_UNITS;

/** For proofs, which have few nodes. */
export function limit(units: u32): void {
  most = units;
}

/** Enters a map, as enterObject. */
export function enterMap(M: usize, identity: u32): bool {
  const present = read(M + epoch);
  if (load<u32>(my + mapEpoch) != present) write(my + mapEpoch, present);
  return enterObject(M, identity);
}

export function tryAdvance(M: usize): bool {
  const present = read(M + epoch);
  // The last is the guardian's.
  for (let slot: u32 = 1, last = workers() + 1; slot <= last; slot++) {
    const R = recordOf(slot);
    if (read(R + inside) == <u32>M && read(R + mapEpoch) != present) return false;
  }
  return compare_and_swap(M + epoch, present, present + 1);
}

/** Those that the section has taken out of the limbo. */
let ready: usize = 0;
let readies: u32 = 0;

/**
 * In a guarded section of P: makes a link what it is to be, takes what was there out of the list, and counts. All at once,
 * also if the worker dies: a redo.
 *
 * @param entries of the redo that there are already: what is to be changed with that
 * @param first of the nodes that are taken out, which are linked as limbo is, with their epochs; 0 for none
 * @param units how many of 16 bytes they take
 * @param more entries than before
 */
export function change(
  entries: u32,
  M: usize,
  P: usize,
  at: usize,
  link: u64,
  first: usize,
  last: usize,
  units: u32,
  more: i32,
): void {
  intend(entries++, at, <i64>link);
  const count = load<u64>(P + counts);
  const there = load<u64>(P + limbo);
  let begin: usize = <u32>there;
  let end: usize = <usize>(there >> 32);
  let held = <u32>(count >> 32) + units;
  const present = read(M + epoch);
  ready = begin;
  readies = 0;
  while (readies < FEW && begin != 0) {
    const link = load<u64>(begin + inLimbo);
    if (<i32>(present - <u32>(link >> 32)) < GRACE) break;
    held -= unitsOf(begin);
    readies++;
    begin = <u32>link;
  }
  if (first != 0) {
    if (begin == 0) begin = first;
    else intend(entries++, end + inLimbo, <i64>(<u64>first | (load<u64>(end + inLimbo) & 0xffffffff00000000)));
    end = last;
  }
  if (begin == 0) end = 0;
  intend(entries++, P + limbo, <i64>(<u64>begin | ((<u64>end) << 32)));
  intend(entries++, P + counts, <i64>(<u64>(<u32>count + more) | ((<u64>held) << 32)));
  carryOut(M, entries);
}

/** Of a node that is about to be taken out, before `next`, 0 for the last: by who is inside. */
export function mark(M: usize, node: usize, next: usize): void {
  // Not that in the record: between its read and `inside`, the epoch may have been advanced any number of times.
  atomic.store<u64>(node + inLimbo, <u64>next | ((<u64>(read(M + epoch) + 1)) << 32));
}

/** After the section: frees what it has taken out of the limbo. */
export function releaseReady(): void {
  for (; readies > 0; readies--) {
    const node = ready;
    ready = <u32>load<u64>(node + inLimbo);
    release(node);
  }
}

/** To be called, inside, before a section that takes something out. False: the map was freed, and the worker is outside. */
export function makeWay(M: usize, identity: u32, P: usize): bool {
  if ((<u32>atomic.load<u64>(P + writes) & load<u32>(M + turns)) == 0) tryAdvance(M);
  if (inLimboOf(P) <= most) return true;
  let last: u32 = 0;
  for (let looked = false; inLimboOf(P) > most; looked = true) {
    // Who is inside holds the epoch itself.
    leaveObject();
    if (!enterMap(M, identity)) return false;
    tryAdvance(M);
    const present = read(M + epoch);
    if (!looked || present != last) {
      last = present;
      while (collect(M, P)) {}
    } else if (mayBlock) sleepOn(M + epoch, present, NAP);
    else work(FIRST_DELAY);
  }
  return true;
}

/** Units in a partition's limbo. */
function inLimboOf(P: usize): u32 {
  return <u32>(atomic.load<u64>(P + counts) >> 32);
}

/** Frees a few nodes of P's limbo, if any can be. */
export function collect(M: usize, P: usize): bool {
  enter(M, P);
  // A word that stays as it is.
  change(0, M, P, P + writes, load<u64>(P + writes), 0, 0, 0, 0);
  leave(P);
  const some = readies > 0;
  releaseReady();
  return some;
}

/** Frees what can be freed of all partitions' limbos: for who finds the space full. False: the map was freed. */
export function collectAll(M: usize, identity: u32): bool {
  for (let advances = 0; advances <= GRACE; advances++) {
    leaveObject();
    if (!enterMap(M, identity)) return false;
    tryAdvance(M);
  }
  for (let p: u32 = 0, all = partitionsOf(M); p < all; p++) while (collect(M, partitionAt(M, p))) {}
  return true;
}
