/**
 * Clustered objects: an object that looks like one to everybody, and is several representatives, each near the processors
 * that it serves. A reference is the same everywhere; where it leads is each processor's own.
 *
 *     reference -> translation table of the processor           hit: a load and a compare
 *               -> miss-handling table, by the copy of the map  miss: the state, the holders
 *               -> root                                         the representative of the cluster, found or made
 *
 *     begin(R) ... resolve(R, reference) ... end(R)             an operation: what was found stays until its end
 *
 * Nothing is locked to find an object, to keep it, or to destroy it. What is in a representative, or is the object's own
 * in its root, is for the object to protect: nobody holds a lock of one object when he calls another.
 *
 * @source Gamsa, Krieger, Appavoo and Stumm, Tornado, OSDI 1999, section 3
 */
import { NIL } from "../atomics";
import { CACHE_LINE, local } from "../memory/placement";
import { advance, deferred, forget } from "./destruction";
import { entryOf, map, NONE, nextServed, partitionAt, setPartition } from "./global-miss-handler";
import * as grace from "./grace-period";
import { Kind } from "./handlers";
import { mend } from "./hot-swap";
import {
  appear,
  createManager,
  createRecord,
  disappear,
  Form,
  managerOf,
  numberOf,
  processorsOf,
  recordOf,
  tellOrphans,
} from "./manager";
import {
  BUSY,
  bytesOfEntry,
  createPartition,
  GONE,
  generationIn,
  hold,
  liveAs,
  publish,
  rootOf,
  state,
  takePlace,
  What,
  whatOf,
} from "./miss-handling";
import { generationOf, referenceTo } from "./reference";
import { createRoot, findOrMake } from "./root";
import { dropAll, enter, lookUp, reserve, TABLE_BYTES } from "./translation";

/**
 * Everything for so many processors, of which none is present: `places` objects in the partition of each, and `bound` of
 * those that it destroyed whose memory has not come back.
 */
export function createObjects(processors: u32, places: u32, bound: u32, form: Form): usize {
  const M = createManager(processors, places, bound, form);
  for (let p: u32 = 0; p < processors; p++) {
    const R = createRecord(M, p, TABLE_BYTES + CACHE_LINE);
    grace.createGrace(R, local(p, grace.graceBytes(processors)));
    store<u32>(R + map, <u32>local(p, processors * 4));
  }
  for (let q: u32 = 0; q < processors; q++) {
    const T = createPartition(q, processors, places);
    for (let p: u32 = 0; p < processors; p++) setPartition(recordOf(M, p), q, T);
  }
  return M;
}

/** To be executed by a processor before all that follows; by one that died, after its repair. */
export function come(R: usize): void {
  dropAll(R);
  grace.forget(R);
  forget(R);
  appear(R);
}

/** To be executed by a processor, between operations, before it goes: nobody waits for it any more. */
export function leave(R: usize): void {
  repair(managerOf(R), numberOf(R));
}

/** After a processor has died, by any that is present or by nobody of them. May be cut off, and be done again. */
export function repair(M: usize, dead: u32): void {
  const R = recordOf(M, dead);
  disappear(R);
  grace.passOn(R);
  tellOrphans(M);
}

/** Begins an operation; what is returned is for `end`. */
export function begin(R: usize): u32 {
  return grace.begin(R);
}

export function end(R: usize, begun: u32): void {
  if (grace.end(R, begun) || load<u32>(R + deferred) != 0) advance(R);
}

/**
 * A new object: its reference, or GONE if the partitions are full that are for this processor. `degree`: processors that a
 * representative serves.
 */
export function create(R: usize, kind: Kind, degree: u32): u32 {
  for (let partition = numberOf(R); partition != NONE; partition = nextServed(R, partition)) {
    const T = partitionAt(R, partition);
    const place = takePlace(R, T);
    if (place < 0) continue;
    const E = T + place * bytesOfEntry(processorsOf(managerOf(R)));
    const reference = referenceTo(generationIn(state(E)), partition, place);
    publish(R, E, createRoot(R, reference, kind, degree));
    return reference;
  }
  return GONE;
}

/** The representative that serves this processor, in an operation and until its end; or GONE; BUSY while it is switched. */
export function resolve(R: usize, reference: u32): usize {
  const found = lookUp(R, reference);
  return found != 0 ? found : miss(R, reference);
}

function miss(R: usize, reference: u32): usize {
  const E = entryOf(R, reference);
  if (E == NIL) return GONE;
  reserve(R, reference);
  hold(R, E);
  for (let now = state(E); now != liveAs(reference); now = state(E)) {
    if (generationIn(now) != generationOf(reference) || whatOf(now) != What.Switching) return GONE;
    if (!mend(R, E, reference, now)) return BUSY;
  }
  const found = findOrMake(R, rootOf(E), reference);
  enter(R, reference, found);
  return found;
}
