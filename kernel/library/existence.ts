/**
 * Existence: an object that was freed lies where it is until nobody is inside of it.
 *
 *     object     | identity: state 2, kind 6, generation 24 | ...
 *     my record  | inside: the object that the worker is inside of, or 0 | leaving: that which it was inside of last |
 *                | clearing: that which it makes RECLAIMED, or 0 | cleared: its identity |
 *
 *     state        0            LIVE; where the kind is 0, too, the block is free, and the generation is the last object's
 *                  DYING        it was freed; who waits in it is being woken, or somebody is inside of it still
 *                  RECLAIMED    and the worker whose slot is written there looks for the last time whether anybody is inside
 *
 * 1. Enter: write `inside`, then look at the identity. It is that of the handle: nobody frees the block until the worker
 *    has left. Else leave, and touch nothing.
 * 2. Free: enter; compare_and_swap the identity to DYING, which one worker can; wake all who wait (free.ts); leave.
 * 3. Leave: clear `inside`. Then, if the object is DYING, look whether any worker is inside of it. If nobody is, make it
 *    RECLAIMED by compare_and_swap and look again: if nobody is, write the generation alone and free the block; else make
 *    it DYING again, and begin again. Of a SharedMap or a SharedCache, free its parts before.
 *
 * Who mends what a death or a free has left enters what is DYING, too, but not what is RECLAIMED.
 *
 * Invariant: a block is freed once for each object in it, after a moment at which it was RECLAIMED and nobody was inside. A
 * worker that enters later finds that it is RECLAIMED, or another identity, and leaves. Of those who leave, the last to
 * clear `inside` finds nobody, or another looks after it. After a death, repair wakes and leaves in the dead one's place, once
 * more also what it had left; and it goes on where the dead one had made an object RECLAIMED. Only a death just before the block
 * itself is freed leaves that block unfreed.
 *
 * Source: Gamsa et al., Tornado, OSDI 1999 (existence); Dekker's argument; the word that says where one is: Michael, Hazard
 * Pointers, IEEE TPDS 15(6), 2004.
 */
import { compare_and_swap, read, write } from "../atomics";
import { hasPages, objectAround, release } from "./allocator";
import { releaseParts } from "./map-remains";
import { DYING, GENERATIONS, Kind, RECLAIMED } from "./objects";
import { CACHE_LINE, cleared, clearing, firstSpan, inside, leaving, me, my, PAGE, recordOf, workers } from "./space";

/** Whether an address is that of an object with an identity: no other words pass for one. */
export function isObject(object: usize, identity: u32): bool {
  return object != 0 && objectAround(object) == object && read(object) == identity;
}

/**
 * Whether an object of that identity is at an address, or was and has been freed, for all that one can tell. What had pages
 * of its own and was freed left nothing there but that they are not its own any more.
 */
export function isPlace(object: usize, identity: u32): bool {
  if (object % CACHE_LINE != 0) return false;
  const last: u32 = object == 0 ? 0 : read(object);
  if (last & RECLAIMED && objectAround(object) == object) return true;
  if (objectAround(object) != object) return object >= firstSpan() && object % PAGE == 0 && last != identity;
  if (last == identity || hasPages(object)) return true;
  const generation = identity & GENERATIONS;
  const freed = last >> 24 == 0 || (last & DYING) != 0;
  return generation < (last & GENERATIONS) || (freed && generation == (last & GENERATIONS));
}

export function isDying(object: usize): bool {
  return (read(object) & DYING) != 0;
}

/** As `enterObject`, also if the object is DYING: for who mends. */
export function enterRemains(object: usize, identity: u32): bool {
  write(my + inside, <u32>object);
  if (isObject(object, identity) || isObject(object, identity | DYING)) return true;
  leaveObject();
  return false;
}

/** Enters an object, unless it was freed, or is another by now. To be followed by `leaveObject` if it is true. */
export function enterObject(object: usize, identity: u32): bool {
  write(my + inside, <u32>object);
  if (isObject(object, identity)) return true;
  leaveObject();
  return false;
}

export function leaveObject(): void {
  const object: usize = load<u32>(my + inside);
  if (object != 0) store<u32>(my + leaving, <u32>object);
  write(my + inside, 0);
  if (object == 0 || objectAround(object) != object) return;
  while (true) {
    const identity = read(object);
    if (!(identity & DYING) || identity & RECLAIMED || isEntered(object)) return;
    store<u32>(my + cleared, identity);
    store<u32>(my + clearing, <u32>object);
    if (compare_and_swap(object, identity, reclaimedBy(me)) && clear(object, identity)) return;
    store<u32>(my + clearing, 0);
  }
}

/** The word of an object that the worker of a slot has made RECLAIMED. */
function reclaimedBy(slot: u32): u32 {
  return RECLAIMED | DYING | slot;
}

/** Frees what is RECLAIMED, with what there is beside its block; false: somebody is inside, and it is DYING again. */
function clear(object: usize, identity: u32): bool {
  if (isEntered(object)) {
    write(object, identity);
    return false;
  }
  const kind = <Kind>((identity & ~DYING) >> 24);
  if (kind == Kind.SharedMap || kind == Kind.SharedCache) releaseParts(object);
  write(object, identity & GENERATIONS);
  store<u32>(my + clearing, 0);
  release(object);
  return true;
}

/** Of a dead worker's record R: frees what it was freeing. */
export function finishClearing(R: usize, dead: u32): void {
  const object: usize = load<u32>(R + clearing);
  if (object != 0 && read(object) == reclaimedBy(dead)) clear(object, load<u32>(R + cleared));
  store<u32>(R + clearing, 0);
}

/** Of a dead worker's record R, which is inside of nothing: leaves again what it has left last, perhaps not to the end. */
export function finishLeaving(R: usize): void {
  write(my + inside, load<u32>(R + leaving));
  store<u32>(R + leaving, 0);
  leaveObject();
}

/** The object that the worker of a slot is inside of, 0 for none. */
export function enteredBy(slot: u32): usize {
  return read(recordOf(slot) + inside);
}

function isEntered(object: usize): bool {
  // The last is the guardian's.
  for (let slot: u32 = 1, last = workers() + 1; slot <= last; slot++) {
    if (read(recordOf(slot) + inside) == <u32>object) return true;
  }
  return false;
}
