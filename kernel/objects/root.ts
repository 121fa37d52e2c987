/**
 * Root: what an object has once, and where its representatives are found. It is the primary record of them, as the
 * translation tables are caches: whoever misses finds the one that his cluster has, or makes it.
 *
 *     root   | next | owner | parts | ... | words of the object's own, which its kind has a use for ...
 *     parts  | next | owner | former | degree | kind | ... | representative of cluster 0 | 1 | ...
 *     former: what it replaced, until that is given back
 *
 *     representative of a cluster | means
 *     0                           | nobody has used the object there
 *     incarnation, processor, 1   | that one is making it; if it is not present any more, another makes it anew
 *     address                     | it is there, until the object's memory comes back
 *
 * Invariant: a cluster has one representative, and its word says which. A maker that dies leaves one block to nobody.
 *
 * @source K42: CObjRootMultiRep, a list under a lock; Gamsa et al., Tornado, OSDI 1999, section 3.2
 */
import { compare_and_swap, fetch_and_store, NIL, read, write } from "../atomics";
import { pause } from "../machine";
import { give, PARTS_HEAD, Size, take } from "./blocks";
import { clusterOf, clustersOf } from "./degree";
import { Kind, makeRepresentative, makeRoot } from "./handlers";
import { incarnationOf, managerOf, numberOf, processorsOf, recordOf } from "./manager";

const partsIn: u32 = 8;

const former: u32 = 8;
const degreeIn: u32 = 12;
const kindIn: u32 = 16;

const MAKING: u32 = 1;
const MAKER: u32 = 1;
const INCARNATION: u32 = 11;

/** With no representative: the words of those that were given back are 0 again. */
export function createParts(R: usize, reference: u32, kind: Kind, degree: u32): usize {
  const parts = take(R, Size.Parts, reference);
  store<u32>(parts + former, 0);
  store<u32>(parts + degreeIn, degree);
  store<u32>(parts + kindIn, kind);
  return parts;
}

/** Words of the object's own are as its kind makes them. */
export function createRoot(R: usize, reference: u32, kind: Kind, degree: u32): usize {
  const root = take(R, Size.Line, reference);
  makeRoot(kind, root);
  write(root + partsIn, <u32>createParts(R, reference, kind, degree));
  return root;
}

export function partsOf(root: usize): usize {
  return read(root + partsIn);
}

/** By who switches, before anybody finds them. */
export function setRepresentative(parts: usize, cluster: u32, made: usize): void {
  write(wordOf(parts, cluster), <u32>made);
}

/** The root has these parts from now on, which know what they replaced. */
export function exchangeParts(root: usize, parts: usize): void {
  store<u32>(parts + former, read(root + partsIn));
  write(root + partsIn, <u32>parts);
}

export function giveFormer(R: usize, parts: usize): void {
  giveParts(R, parts + former);
}

export function degreeOf(parts: usize): u32 {
  return load<u32>(parts + degreeIn);
}

export function kindOf(parts: usize): Kind {
  return load<u32>(parts + kindIn);
}

export function clustersIn(R: usize, parts: usize): u32 {
  return clustersOf(degreeOf(parts), processorsOf(managerOf(R)));
}

function wordOf(parts: usize, cluster: u32): usize {
  return parts + PARTS_HEAD + cluster * 4;
}

/** The representative that a cluster has, or 0. */
export function representativeOf(parts: usize, cluster: u32): usize {
  const word = read(wordOf(parts, cluster));
  return word & MAKING ? 0 : word;
}

/** That of this processor's cluster, which others of it may be making. */
export function findOrMake(R: usize, root: usize, reference: u32): usize {
  const parts = partsOf(root);
  const word = wordOf(parts, clusterOf(degreeOf(parts), numberOf(R)));
  const mine = makingBy(R);
  while (true) {
    const found = read(word);
    if (found != 0 && (found & MAKING) == 0) return found;
    if (found != 0 && isMaking(R, found)) {
      pause();
      continue;
    }
    if (!compare_and_swap(word, found, mine)) continue;
    const made = take(R, Size.Line, reference);
    makeRepresentative(kindOf(parts), made, root);
    write(word, <u32>made);
    return made;
  }
}

function makingBy(R: usize): u32 {
  return (incarnationOf(R) << INCARNATION) | (numberOf(R) << MAKER) | MAKING;
}

/** Whether the processor that has written this is the one that is present. */
function isMaking(R: usize, word: u32): bool {
  const maker = recordOf(managerOf(R), (word >> MAKER) & ((1 << (INCARNATION - MAKER)) - 1));
  return makingBy(maker) == word;
}

/** Gives back what its parts lead to, when nobody can refer to any of it. Of who dies on the way one block is lost. */
export function emptyParts(R: usize, parts: usize): void {
  for (let cluster: u32 = 0, all = clustersIn(R, parts); cluster < all; cluster++) {
    const word = wordOf(parts, cluster);
    if (read(word) == 0) continue;
    const made = fetch_and_store(word, 0);
    if ((made & MAKING) == 0) give(R, made, Size.Line);
  }
  giveParts(R, parts + former);
}

/** And the root's own. It may have been done in part by who died. */
export function emptyRoot(R: usize, root: usize): void {
  giveParts(R, root + partsIn);
}

/** Those that a word leads to, which it does until they are empty. */
function giveParts(R: usize, word: usize): void {
  const parts: usize = read(word);
  if (parts == NIL) return;
  emptyParts(R, parts);
  write(word, NIL);
  give(R, parts, Size.Parts);
}
