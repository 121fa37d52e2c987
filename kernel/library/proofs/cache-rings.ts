/**
 * What of a SharedCache's partition is to hold outside of its guarded section: each node of the list is in one ring, which leads
 * there and back, the units are those of the nodes, and no bound is passed.
 */
import { read } from "../../atomics";
import { Failure, fail } from "../../machine";
import {
  isInMain,
  main,
  mainUnits,
  mostEntries,
  mostUnits,
  nextPlace,
  nodeOf,
  placeOf,
  previousOf,
  small,
  smallUnits,
} from "../cache-layout";
import { counts, head, isNode, nextOf, orderOf, partitionAt, partitionsOf, readLink, unitsOf } from "../map-layout";

/** Of all partitions: how many nodes there are. */
export function expectWhole(C: usize): u32 {
  let nodes: u32 = 0;
  for (let p: u32 = 0, all = partitionsOf(C); p < all; p++) {
    const P = partitionAt(C, p);
    const listed = expectSorted(P);
    if (entriesOf(P) != listed) fail(Failure.Lost);
    if (expectRing(P, small, smallUnits(P), listed) + expectRing(P, main, mainUnits(P), listed) != listed) {
      fail(Failure.Lost);
    }
    if (!isWithinBounds(C, P)) fail(Failure.Lost);
    nodes += listed;
  }
  return nodes;
}

export function isWithinBounds(C: usize, P: usize): bool {
  return <u64>smallUnits(P) + mainUnits(P) <= read(C + mostUnits) && entriesOf(P) <= read(C + mostEntries);
}

function entriesOf(P: usize): u32 {
  return <u32>atomic.load<u64>(P + counts);
}

/** How many nodes there are in the list. */
function expectSorted(P: usize): u32 {
  let nodes: u32 = 0;
  let last: u32 = 0;
  for (let at = nextOf(readLink(P + head)); at != 0; at = nextOf(readLink(at))) {
    const order = orderOf(readLink(at));
    if (order < last || (order == last && !(order & 1))) fail(Failure.NotExclusive);
    last = order;
    if (isNode(readLink(at))) nodes++;
  }
  return nodes;
}

/** How many nodes there are in a queue, at most `most`. */
function expectRing(P: usize, queue: u32, units: u32, most: u32): u32 {
  let nodes: u32 = 0;
  let sum: u32 = 0;
  let last = P + queue;
  for (let place = nextPlace(last); place != P + queue; place = nextPlace(place)) {
    if (++nodes > most || previousOf(place) != last) fail(Failure.Lost);
    const node = nodeOf(place);
    if (placeOf(node) != place || isInMain(place) != (queue == main) || !isListed(P, node)) fail(Failure.Lost);
    sum += unitsOf(node);
    last = place;
  }
  if (previousOf(P + queue) != last || sum != units) fail(Failure.Lost);
  return nodes;
}

function isListed(P: usize, node: usize): bool {
  let at = nextOf(readLink(P + head));
  while (at != 0 && at != node) at = nextOf(readLink(at));
  return at == node;
}
