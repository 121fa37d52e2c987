/**
 * Destruction: what becomes of objects that nobody is to find any more. Destroying waits for nobody: the object's state
 * changes, and its entries are dropped from the translation tables. Its memory and its reference come back later, behind a
 * grace period of its holders.
 *
 *     R    | deferred | waiting -> entry -> ... | batch -> entry -> ... | under way |
 *     waiting   those of the next grace period
 *     batch     those of the present one
 *
 * A grace period is for all that were destroyed before it began. So a processor has one under way at most, whatever it
 * destroys. Memory that was not given back is bounded: by so many objects, a processor destroys nothing more.
 *
 * Deaths: who has destroyed an object stands in its state. If that one is not present any more, any other takes the object
 * over, and has it gone through a grace period of his own. The lists of the dead are not looked at. What was given back
 * already has left 0 in its place.
 *
 * @source Gamsa et al., Tornado, OSDI 1999, section 3.3; K42: COSMgr::destroyCO, whose deferred memory has no bound
 */
import { NIL } from "../atomics";
import { give, ownerOf, Size } from "./blocks";
import { entryOf, partitionAt } from "./global-miss-handler";
import * as grace from "./grace-period";
import { finishSwap, mend, switchingBy } from "./hot-swap";
import { boundOf, bytesOfSet, managerOf, orphans, orphansSeen, placesOf, processorsOf, recordOf } from "./manager";
import {
  addHolders,
  bytesOfEntry,
  change,
  degreeTo,
  generationIn,
  giveBack,
  holdersFrom,
  isByPresent,
  liveAs,
  nameOf,
  nextOf,
  release,
  rootOf,
  setDegreeTo,
  setNext,
  setRoot,
  state,
  stateOf,
  What,
  whatOf,
} from "./miss-handling";
import { generationOf, referenceTo } from "./reference";
import { emptyRoot } from "./root";
import { drop } from "./translation";

export const deferred: u32 = 68;
const waiting: u32 = 72;
const batch: u32 = 76;
const underWay: u32 = 80;

export enum Outcome {
  /** There was no such object, or there is none any more. */
  Gone = 0,
  Done = 1,
  /** It is being switched, or too much waits to come back: to be tried again when this processor has looked. */
  Later = 2,
}

export function destroy(R: usize, reference: u32): Outcome {
  if (load<u32>(R + deferred) >= boundOf(managerOf(R))) return Outcome.Later;
  const E = entryOf(R, reference);
  if (E == NIL) return Outcome.Gone;
  const destroyed = stateOf(generationOf(reference), nameOf(R), What.Destroyed);
  return leaveLive(R, E, reference, destroyed);
}

/** The object gets representatives of another degree when nobody uses those that it has: hot-swap.ts. */
export function swap(R: usize, reference: u32, degree: u32): Outcome {
  if (load<u32>(R + deferred) >= boundOf(managerOf(R))) return Outcome.Later;
  const E = entryOf(R, reference);
  if (E == NIL) return Outcome.Gone;
  const outcome = leaveLive(R, E, reference, switchingBy(R, reference));
  if (outcome == Outcome.Done) setDegreeTo(E, degree);
  return outcome;
}

/** It stays as it was. False if it is not this processor that switches it, or not any more. */
export function abandonSwap(R: usize, reference: u32): bool {
  const E = entryOf(R, reference);
  if (E == NIL || state(E) != switchingBy(R, reference)) return false;
  takeOut(R + waiting, E);
  takeOut(R + batch, E);
  store<u32>(R + deferred, load<u32>(R + deferred) - 1);
  return change(E, switchingBy(R, reference), liveAs(reference));
}

function takeOut(list: usize, E: usize): void {
  for (let at: usize = load<u32>(list), before: usize = NIL; at != NIL; at = nextOf(at)) {
    if (at == E) {
      if (before == NIL) store<u32>(list, <u32>nextOf(E));
      else setNext(before, nextOf(E));
      return;
    }
    before = at;
  }
}

/** From a state in which it can be found to another, whose maker this processor is. */
function leaveLive(R: usize, E: usize, reference: u32, to: u32): Outcome {
  while (!change(E, liveAs(reference), to)) {
    const now = state(E);
    if (now == liveAs(reference) || mend(R, E, reference, now)) continue;
    const isSwitching = generationIn(now) == generationOf(reference) && whatOf(now) == What.Switching;
    return isSwitching ? Outcome.Later : Outcome.Gone;
  }
  unlink(R, E, reference);
  return Outcome.Done;
}

/** Nobody finds it from now on. */
function unlink(R: usize, E: usize, reference: u32): void {
  const M = managerOf(R);
  for (let first: u32 = 0, P = processorsOf(M); first < P; first += 32) {
    for (let set = holdersFrom(E, first); set != 0; set &= set - 1) drop(recordOf(M, first + ctz(set)), reference);
  }
  setNext(E, load<u32>(R + waiting));
  store<u32>(R + waiting, <u32>E);
  store<u32>(R + deferred, load<u32>(R + deferred) + 1);
}

/** Of a processor that comes: what it has destroyed before is not its own any more. */
export function forget(R: usize): void {
  store<u32>(R + deferred, 0);
  store<u32>(R + waiting, NIL);
  store<u32>(R + batch, NIL);
  store<u32>(R + underWay, 0);
  store<u32>(R + orphansSeen, orphans(managerOf(R)) - 1);
}

/** To be called now and then, between operations: answers the bell, and gives back what nobody refers to. */
export function advance(R: usize): void {
  while (grace.look(R)) {
    takeOrphans(R);
    if (load<u32>(R + underWay)) {
      if (!grace.isOver(R)) return;
      for (let E: usize = load<u32>(R + batch); E != NIL; E = load<u32>(R + batch)) finish(R, E);
      store<u32>(R + underWay, 0);
    }
    if (load<u32>(R + waiting) == NIL) return;
    beginPeriod(R);
  }
}

function beginPeriod(R: usize): void {
  const visits = grace.newVisits(R);
  const bytes = bytesOfSet(processorsOf(managerOf(R)));
  const first: usize = load<u32>(R + waiting);
  for (let E = first; E != NIL; E = nextOf(E)) addHolders(E, visits, bytes);
  store<u32>(R + batch, <u32>first);
  store<u32>(R + waiting, NIL);
  store<u32>(R + underWay, 1);
  grace.start(R);
}

/** Behind the grace period. */
function finish(R: usize, E: usize): void {
  store<u32>(R + batch, <u32>nextOf(E));
  if (whatOf(state(E)) == What.Switching) finishSwap(R, E, ownerOf(rootOf(E)), degreeTo(E));
  else reclaim(R, E);
  store<u32>(R + deferred, load<u32>(R + deferred) - 1);
}

function reclaim(R: usize, E: usize): void {
  const root = rootOf(E);
  if (root != NIL) {
    emptyRoot(R, root);
    setRoot(E, NIL);
    give(R, root, Size.Line);
  }
  release(E);
}

/** Whoever looks after a death takes what the dead has destroyed, and gives back the place in which it was making one. */
function takeOrphans(R: usize): void {
  const M = managerOf(R);
  const all = orphans(M);
  if (all == load<u32>(R + orphansSeen)) return;
  store<u32>(R + orphansSeen, all);
  const bytes = bytesOfEntry(processorsOf(M));
  for (let partition: u32 = 0, P = processorsOf(M); partition < P; partition++) {
    const T = partitionAt(R, partition);
    for (let place: u32 = 0, places = placesOf(M); place < places; place++) {
      takeOver(R, T + place * bytes, partition, place);
    }
  }
}

function takeOver(R: usize, E: usize, partition: u32, place: u32): void {
  const was = state(E);
  const isPending = whatOf(was) == What.Destroyed || whatOf(was) == What.Making;
  if (!isPending || isByPresent(managerOf(R), was)) return;
  if (whatOf(was) == What.Making) {
    giveBack(E, was);
    return;
  }
  const generation = generationIn(was);
  if (change(E, was, stateOf(generation, nameOf(R), What.Destroyed))) {
    unlink(R, E, referenceTo(generation, partition, place));
  }
}
