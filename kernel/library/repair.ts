/**
 * Repair: what a worker left behind when it died, at whatever instruction. To be called by one at a time for each dead
 * worker: by the guardian from a slot of its own, or by a worker that ends in good order, for itself. It may be cut off and
 * done again. There is one guardian, for all who die: it waits for nobody.
 *
 * 1. Its wait is forgotten: nobody is to find it in a cycle (wait-graph.ts).
 * 2. The changes that it was making to words of its own are made (redo.ts), and the move of units, if it had made it
 *    (ledger.ts).
 * 3. The guarded section that it was in is rolled back (guard.ts), and its guard let go.
 * 4. The lock that it was about to take or to let go is let go, and marked as abandoned if it owned it.
 * 5. So is every object that it held, each in its kind's way, and off its list, the last first. So the guardian that could
 *    not get into an object's guard goes on with it later, and does nothing twice meanwhile.
 * 6. All who sleep where it slept last look again: it may have been woken in their place.
 * 7. Its slot is free.
 *
 * A trap means that somebody has written over the space. The guardian goes on: `leaveOut` takes it out of the section
 * that it was in, and the part that failed out of the dead worker's record; then it repairs the rest.
 */
import { read, write } from "../atomics";
import { abandonHeap, objectAround } from "./allocator";
import * as barrier from "./barrier";
import * as channel from "./channel";
import * as condition from "./condition";
import * as event from "./event";
import { enterObject, enterRemains, finishClearing, finishLeaving, isDying, leaveObject } from "./existence";
import { bury } from "./free";
import { IS_GUARD, repairGuard, rollBack } from "./guard";
import { dropLast, heldCount, heldEntry, releaseRoom } from "./holdings";
import * as latch from "./latch";
import { settle } from "./ledger";
import { repair as repairLock } from "./lock-word";
import { releaseScratch } from "./map-remains";
import * as mcsLock from "./mcs-lock";
import * as mutex from "./mutex";
import { Kind, kindOf } from "./objects";
import * as once from "./once";
import * as pool from "./pool-repair";
import { finish } from "./redo";
import * as replicated from "./replicated";
import * as rwLock from "./rw-lock";
import * as semaphore from "./semaphore";
import { ringClosers } from "./service";
import * as service from "./service-repair";

import {
  calling,
  clearing,
  firstSpan,
  inside,
  isLive,
  journal,
  me,
  move,
  my,
  pending,
  recordOf,
  redo,
  repairing,
  sleeping,
  slept,
  slotOf,
  vacate,
} from "./space";

import * as ticketLock from "./ticket-lock";
import { forgetWait } from "./wait-graph";

/** Parts of a repair. */
export enum Part {
  /** 2. */
  Changes = 1,
  /** 3 and 4. */
  Pending = 2,
  /** 5: the last object of its list. */
  Object = 3,
  /** 6. */
  Sleep = 4,
  /** The blocks and pages that it had. */
  Heap = 5,
}

/** In a word of its own record, which says so also to who finds the repair cut off there. */
function begin(part: Part): void {
  store<u32>(my + repairing, part);
}

/** Repairs what the worker of an incarnation left, if it has a slot still. False as `repair`. */
export function repairWorker(incarnation: u32): bool {
  const slot = slotOf(incarnation);
  return slot == 0 || repair(slot);
}

/** False, of the guardian only: somebody is where it has to get in, and it is to be done again in a moment. */
export function repair(dead: u32): bool {
  if (!isLive(dead)) return true;
  const R = recordOf(dead);
  begin(Part.Changes);
  forgetWait(R);
  if (!undo(R, dead)) return false;
  begin(Part.Object);
  for (let left = heldCount(R); left > 0; left--) {
    if (!repairEntry(heldEntry(R, left - 1), dead)) return false;
    dropLast(R);
  }
  releaseRoom(R);
  releaseScratch(R);
  write(R + calling, 0);
  ringClosers();
  begin(Part.Sleep);
  const place = read(R + slept);
  write(R + sleeping, 0);
  if (place != 0) atomic.notify(place, -1);
  write(R + slept, 0);
  begin(Part.Heap);
  abandonHeap(dead);
  vacate(dead);
  return true;
}

/** What a worker was in the middle of. False as `repair`. */
function undo(R: usize, slot: u32): bool {
  finish(R);
  settle(R, slot);
  begin(Part.Pending);
  repairPending(R, slot);
  return repairFree(R, slot);
}

/**
 * After a trap of `repairWorker`, by the guardian: as the head says. Returns the part that is left as it is. After
 * Part.Heap there is nothing to go on with: the slot stays taken.
 */
export function leaveOut(incarnation: u32): u32 {
  const failed = <Part>load<u32>(my + repairing);
  write(my + inside, 0);
  undo(my, me);
  const R = recordOf(slotOf(incarnation));
  switch (failed) {
    case Part.Changes:
      write(R + redo, 0);
      write(R + move, 0);
      break;
    case Part.Pending:
      write(R + journal, 0);
      store<u64>(R + pending, 0);
      write(R + inside, 0);
      store<u32>(R + clearing, 0);
      break;
    case Part.Object:
      if (heldCount(R) != 0) dropLast(R);
      break;
    case Part.Sleep:
      write(R + slept, 0);
  }
  return failed;
}

/** The lock word or guard that it named, unless the object is another by now. */
function repairPending(R: usize, dead: u32): void {
  const named = load<u64>(R + pending);
  const word = <usize>(named & 0xffffffff & ~(<u64>IS_GUARD));
  const object = objectAround(word);
  // Outside of objects are the space's own words.
  if (word != 0 && (object == 0 ? word < firstSpan() : enterRemains(object, <u32>(named >> 32)))) {
    if (named & IS_GUARD) {
      rollBack(R);
      repairGuard(word, dead);
    } else repairLock(word, dead, true);
    leaveObject();
  }
  write(R + journal, 0);
  store<u64>(R + pending, 0);
}

/** The object that it was inside of: it may have been about to free it, or the last to leave. */
function repairFree(R: usize, dead: u32): bool {
  finishClearing(R, dead);
  const object: usize = read(R + inside);
  if (object == 0) {
    finishLeaving(R);
    return true;
  }
  write(my + inside, <u32>object);
  const done = objectAround(object) != object || !isDying(object) || bury(object);
  if (done) write(R + inside, 0);
  leaveObject();
  return done;
}

/** True also if the object was freed since it was listed. */
function repairEntry(entry: u64, dead: u32): bool {
  const object = <usize>(entry & 0xffffffff);
  if (!enterObject(object, <u32>(entry >> 32))) return true;
  const done = repairObject(object, dead);
  leaveObject();
  return done;
}

function repairObject(object: usize, dead: u32): bool {
  switch (kindOf(object)) {
    case Kind.Mutex:
      mutex.repair(object, dead);
      break;
    case Kind.Barrier:
      barrier.repair(object, dead);
      break;
    case Kind.Channel:
      channel.repair(object);
      break;
    case Kind.RwLock:
      rwLock.repair(object, dead);
      break;
    case Kind.Semaphore:
      semaphore.repair(object, dead);
      break;
    case Kind.McsLock:
      mcsLock.repair(object, dead);
      break;
    case Kind.TicketLock:
      ticketLock.repair(object, dead);
      break;
    case Kind.Condition:
      return condition.repair(object, dead);
    case Kind.Latch:
      latch.repair(object, dead);
      break;
    case Kind.Event:
      event.repair(object, dead);
      break;
    case Kind.Once:
      once.repair(object, dead);
      break;
    case Kind.Pool:
      return pool.repair(object, dead);
    case Kind.Service:
      service.repair(object, dead);
      break;
    case Kind.Replicated:
    case Kind.ClusteredObject:
      replicated.repair(object);
      break;
  }
  return true;
}
