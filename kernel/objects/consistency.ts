/**
 * Consistency of representatives: what they do so that they look like one object.
 *
 * - Shared words: what is in the root is everybody's. Who reads it keeps a copy of the line, for as long as nobody writes.
 * - Broadcast: who changes a value writes it to the root, with a version. Each representative takes it over before its next
 *   use, and computes anew what it made of it. Nobody waits, and nobody is told who does not use the object.
 * - Gathering: a read visits the representatives that there are.
 *
 *     root of a value   | ... | version: 32 | value: 32 |        one word of 64 bits
 *
 * Version and value are changed by one compare-and-swap. So a processor that dies has changed both or neither, and nobody sees
 * one without the other. Processors of a cluster have one representative: who was interrupted does not make it older.
 *
 * Invariant: versions only grow, of a root and of a representative. What a use returns was the root's value during it.
 *
 * @source Gamsa et al., Tornado, OSDI 1999, sections 3.1 and 5: base priorities are changed by broadcast; K42: COGLOBAL
 */
import { COUNT, ROOT, SEEN, VALUE } from "./handlers";
import { clustersIn, representativeOf } from "./root";

/** Of a representative of a value, in an operation: all that there are have it before their next use. Its version. */
export function broadcast(found: usize, value: u32): u32 {
  const word = <usize>load<u32>(found + ROOT) + VALUE;
  while (true) {
    const was = atomic.load<u64>(word);
    const version = <u32>(was >> 32) + 1;
    if (atomic.cmpxchg<u64>(word, was, ((<u64>version) << 32) | value) == was) return version;
  }
}

/** The value, in an operation. */
export function currentOf(found: usize): u32 {
  const now = atomic.load<u64>(<usize>load<u32>(found + ROOT) + VALUE);
  const word = found + SEEN;
  for (let seen = atomic.load<u64>(word); versionOf(now) - versionOf(seen) > 0; seen = atomic.load<u64>(word)) {
    if (atomic.cmpxchg<u64>(word, seen, now) == seen) break;
  }
  return <u32>now;
}

function versionOf(word: u64): i32 {
  return <i32>(word >> 32);
}

/** The version that a representative has taken over. */
export function versionSeen(found: usize): u32 {
  return <u32>(atomic.load<u64>(found + SEEN) >> 32);
}

/** What all representatives of a counter hold together, in an operation. Nothing was added through those being made. */
export function gather(R: usize, parts: usize): i64 {
  let total: i64 = 0;
  for (let cluster: u32 = 0, all = clustersIn(R, parts); cluster < all; cluster++) {
    const made = representativeOf(parts, cluster);
    if (made != 0) total += atomic.load<i64>(made + COUNT);
  }
  return total;
}
