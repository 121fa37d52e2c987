/**
 * The list of a partition: its nodes by the order of their keys' hashes, and buckets in it that lead there.
 *
 *     order 0        0x40000000          0x80000000     0xc0000000          two bits: four buckets
 *     head -> 0x1f -> [bucket] -> 0x5d -> [bucket] -> [bucket] -> 0xe3 ->
 *
 * With b bits there are 2^b buckets, for the 2^b values of an order's high bits. The bucket of a prefix has that prefix, and
 * zeros, as its order, which is even, and so is none of a node's. One more bit puts a bucket between any two: no node
 * moves. The bucket of prefix i is the same one with more bits, and so is in the segment of the level at which it came.
 *
 * A bucket is put into the list by the first writer that needs it. Until then, or for a reader, the bucket before it in the
 * tree of prefixes is where one begins: that without the last 1 of the prefix.
 *
 * Invariant: the list is sorted by order; it has all nodes, and all buckets whose order is there or that are 0. One writer
 * at a time changes it, in the partition's guarded section, and each change is one link, or a bucket, made whole also if
 * the worker dies. So who walks without a lock meets each node that is there all the time; and from a node that was taken
 * out, one that was there since.
 *
 * Source: Shalev & Shavit, Split-Ordered Lists, J. ACM 53(3), 2006; with the order of hashes itself, instead of that of
 * their reversed bits, as one writer at a time needs no more.
 */
import { read, write } from "../atomics";
import { allocate, release } from "./allocator";
import { enter, leave } from "./guard";
import { isKey } from "./map-key";
import {
  bits,
  counts,
  head,
  isNode,
  LEVELS,
  LINK_BYTES,
  linkOf,
  nextOf,
  orderOf,
  readLink,
  segmentOf,
} from "./map-layout";
import { carryOut, intend } from "./redo";

/** What `seek` has found: the node, 0 for none, and what is before it, or before its place. */
export let found: usize = 0;
export let before: usize = 0;

/** The key that is written at A. */
export function seek(start: usize, order: u32, A: usize): void {
  let at = start;
  let link = readLink(at);
  while (true) {
    const next = nextOf(link);
    if (next == 0) break;
    const there = readLink(next);
    if (orderOf(there) > order) break;
    if (orderOf(there) == order && isKey(next, A)) {
      found = next;
      before = at;
      return;
    }
    at = next;
    link = there;
  }
  found = 0;
  before = at;
}

/** Where to begin to look for an order, for who changes nothing. */
export function startFor(P: usize, order: u32): usize {
  const now = read(P + bits);
  for (let prefix = prefixOf(order, now); prefix != 0; prefix &= prefix - 1) {
    const bucket = bucketAt(P, prefix, now);
    if (orderOf(readLink(bucket)) != 0) return bucket;
  }
  return P + head;
}

/** The same, in P's guarded section: the bucket itself, put into the list if it was not. */
export function bucketFor(M: usize, P: usize, order: u32, A: usize): usize {
  const now = read(P + bits);
  const prefix = prefixOf(order, now);
  const start = startFor(P, order);
  const bucket = prefix == 0 ? P + head : bucketAt(P, prefix, now);
  if (start == bucket) return bucket;
  const first = prefix << (32 - now);
  // No node's order is even: what it finds is the place.
  seek(start, first, A);
  const link = readLink(before);
  intend(0, bucket, <i64>linkOf(first, nextOf(link)));
  intend(1, before, <i64>linkOf(orderOf(link), bucket));
  carryOut(M, 2);
  return bucket;
}

function prefixOf(order: u32, count: u32): u32 {
  return count == 0 ? 0 : order >> (32 - count);
}

/** Of a prefix of so many bits, not 0. */
function bucketAt(P: usize, prefix: u32, count: u32): usize {
  const zeros = ctz(prefix);
  return <usize>read(segmentOf(P, count - zeros)) + (prefix >> (zeros + 1)) * LINK_BYTES;
}

/** The first node with a greater order, 0 for none. */
export function firstAfter(P: usize, order: u32): usize {
  let at = startFor(P, order);
  while (at != 0) {
    const link = readLink(at);
    if (orderOf(link) > order && isNode(link)) return at;
    at = nextOf(link);
  }
  return 0;
}

/** The next node, 0 for none. */
export function nodeAfter(node: usize): usize {
  let at = nextOf(readLink(node));
  while (at != 0) {
    const link = readLink(at);
    if (isNode(link)) return at;
    at = nextOf(link);
  }
  return 0;
}

/** One bit more, if there are as many nodes as buckets, and room: outside of the guarded section. */
export function grow(M: usize, P: usize): void {
  const now = read(P + bits);
  if (now == LEVELS || <u32>atomic.load<u64>(P + counts) < (<u32>1) << now) return;
  const place = segmentOf(P, now + 1);
  let segment = allocate(LINK_BYTES << now);
  if (segment == 0) return;
  enter(M, P);
  if (read(P + bits) == now) {
    // There is one if the worker before died here.
    if (read(place) == 0) {
      write(place, <u32>segment);
      segment = 0;
    }
    write(P + bits, now + 1);
  }
  leave(P);
  if (segment != 0) release(segment);
}
