/**
 * Hot swap: an object gets representatives of another degree while it is used, and what the former ones held goes over to
 * them. Nobody is stopped in an operation: those who miss meanwhile are told to come again.
 *
 *     state        | who switches                              | others
 *     LIVE         | -> SWITCHING; entries are dropped         | operations under way go on with what they have found
 *     SWITCHING    | a grace period of the holders             | a miss is BUSY: the operation ends, and is tried again
 *                  | it is over: state goes over to new parts  |
 *                  | root's parts := new ones                  |
 *     -> LIVE      | the former ones are given back before     | a miss finds the new ones
 *
 * What an operation does not end for may be more than anybody wants to wait: `abandonSwap` makes the object LIVE as it was.
 * An object that is being switched is destroyed later. Root's parts are one word: whoever finds a switch whose maker has died
 * makes the object LIVE, with what is there, which is the one or the other.
 *
 * Invariant: behind the grace period nobody but who switches refers to the former parts, or their representatives.
 *
 * @source K42: COSMgr::switchCObj, which cannot be abandoned; Appavoo et al., "Enabling autonomic behavior in systems software
 *   with hot swapping", IBM Systems Journal 42(1), 2003
 */
import { NIL } from "../atomics";
import { Size, take } from "./blocks";
import { clusterOf } from "./degree";
import { makeRepresentative, transfer } from "./handlers";
import { managerOf, numberOf } from "./manager";
import { change, generationIn, isByPresent, liveAs, nameOf, rootOf, stateOf, What, whatOf } from "./miss-handling";
import { generationOf } from "./reference";
import {
  clustersIn,
  createParts,
  exchangeParts,
  giveFormer,
  kindOf,
  partsOf,
  representativeOf,
  setRepresentative,
} from "./root";

/** An object that is being switched, whose maker has died, is what it was: to be looked at again. */
export function mend(R: usize, E: usize, reference: u32, was: u32): bool {
  if (generationIn(was) != generationOf(reference) || whatOf(was) != What.Switching) return false;
  if (isByPresent(managerOf(R), was)) return false;
  change(E, was, liveAs(reference));
  return true;
}

export function switchingBy(R: usize, reference: u32): u32 {
  return stateOf(generationOf(reference), nameOf(R), What.Switching);
}

/** Behind the grace period. */
export function finishSwap(R: usize, E: usize, reference: u32, degree: u32): void {
  const root = rootOf(E);
  const before = partsOf(root);
  const parts = createParts(R, reference, kindOf(before), degree);
  const all = take(R, Size.Line, reference);
  makeRepresentative(kindOf(parts), all, root);
  for (let cluster: u32 = 0, clusters = clustersIn(R, before); cluster < clusters; cluster++) {
    const from = representativeOf(before, cluster);
    if (from != NIL) transfer(kindOf(parts), from, all);
  }
  setRepresentative(parts, clusterOf(degree, numberOf(R)), all);
  exchangeParts(root, parts);
  giveFormer(R, parts);
  change(E, switchingBy(R, reference), liveAs(reference));
}
