/**
 * Freeing an object: of those who do so, one does. Its names are taken away, and all who wait in it are woken, who find
 * that it was freed; existence.ts says when its block is.
 *
 * After a death of who frees, repair does it again from the names on: each step does no harm if it is done twice. The
 * guardian enters no guarded section that somebody is in, who may be dead, too: it comes back when that is repaired.
 */
import { compare_and_swap, fetch_and_store, read, write } from "../atomics";
import { release } from "./allocator";
import * as barrier from "./barrier";
import * as channel from "./channel";
import * as condition from "./condition";
import * as event from "./event";
import { isObject, leaveObject } from "./existence";
import * as histogram from "./histogram";
import * as latch from "./latch";
import * as mutex from "./mutex";
import { unbind } from "./names";
import { DYING, Kind } from "./objects";
import * as once from "./once";
import * as pool from "./pool-repair";
import * as replicated from "./replicated";
import * as rwLock from "./rw-lock";
import * as semaphore from "./semaphore";
import * as service from "./service-repair";
import * as sharedBuffer from "./shared-buffer";
import { inside, my } from "./space";

/** The slot of no worker. */
const NOBODY: u32 = 0xffff;

/** False if it was freed before. */
export function freeObject(object: usize, identity: u32): bool {
  write(my + inside, <u32>object);
  const frees = isObject(object, identity) && compare_and_swap(object, identity, identity | DYING);
  if (frees) bury(object);
  leaveObject();
  return frees;
}

/** Of one that is DYING, by who is inside of it. False, of the guardian only: to be done again. */
export function bury(object: usize): bool {
  if (!unbind(object)) return false;
  switch (<Kind>((read(object) & ~DYING) >> 24)) {
    case Kind.Mutex:
      mutex.repair(object, NOBODY);
      break;
    case Kind.RwLock:
      rwLock.wakeAllOf(object);
      break;
    case Kind.Semaphore:
      semaphore.wakeAllOf(object);
      break;
    case Kind.Barrier:
      barrier.wakeAllOf(object);
      break;
    case Kind.Channel:
      channel.repair(object);
      break;
    case Kind.Event:
      event.repair(object, NOBODY);
      break;
    case Kind.Latch:
      latch.wakeAllOf(object);
      break;
    case Kind.Once:
      once.repair(object, NOBODY);
      break;
    case Kind.Condition:
      return condition.dismissAll(object);
    case Kind.Histogram:
      histogram.releaseBlocks(object);
      break;
    case Kind.Pool:
      pool.bury(object);
      break;
    case Kind.Replicated:
    case Kind.ClusteredObject:
      replicated.bury(object);
      break;
    case Kind.Service:
      service.bury(object);
      break;
    case Kind.SharedBuffer:
      releaseAt(sharedBuffer.placeOf(object));
      break;
  }
  return true;
}

/** Frees the block whose address is there, once. */
function releaseAt(place: usize): void {
  const block = fetch_and_store(place, 0);
  if (block != 0) release(block);
}
