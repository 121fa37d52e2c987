/**
 * Repair: what a worker left behind when it died, at whatever instruction. To be called by one at a time for each dead
 * worker, from a slot of its own or, by a worker that ends in good order, for itself. It may be cut off and done again.
 * Of a guardian there is one, for all who die: it waits for nobody.
 *
 * 1. Its wait is forgotten: nobody is to find it in a cycle (wait-graph.ts).
 * 2. The changes that it was making to words of its own are made (redo.ts), and the move of units, if it had made it
 *    (ledger.ts).
 * 3. The guarded section that it was in is rolled back (guard.ts), and its guard let go.
 * 4. The lock that it was about to take or to let go is let go, and marked as abandoned if it owned it.
 * 5. So is every object that it held, each in its kind's way.
 * 6. All who sleep where it slept last look again: it may have been woken in their place.
 * 7. Its slot is free.
 */
import { read, write } from "../atomics";
import { abandonHeap } from "./allocator";
import * as barrier from "./barrier";
import * as channel from "./channel";
import * as condition from "./condition";
import * as event from "./event";
import { IS_GUARD, repairGuard, rollBack } from "./guard";
import { dropAll, heldCount, heldObject } from "./holdings";
import { settle } from "./ledger";
import { repair as repairLock } from "./lock-word";
import * as mcsLock from "./mcs-lock";
import * as mutex from "./mutex";
import { Kind, kindOf } from "./objects";
import * as once from "./once";
import { finish } from "./redo";
import * as rwLock from "./rw-lock";
import * as semaphore from "./semaphore";
import { isLive, pending, recordOf, sleeping, slept, vacate } from "./space";
import * as ticketLock from "./ticket-lock";
import { forgetWait } from "./wait-graph";

/** False, of the guardian only: somebody is where it has to get in, and it is to be done again in a moment. */
export function repair(dead: u32): bool {
  if (!isLive(dead)) return true;
  const R = recordOf(dead);
  forgetWait(R);
  finish(R);
  settle(R, dead);
  rollBack(R);
  const named = read(R + pending);
  if (named & IS_GUARD) repairGuard(named - IS_GUARD, dead);
  else if (named != 0) repairLock(named, dead, true);
  write(R + pending, 0);
  for (let i: u32 = 0, count = heldCount(R); i < count; i++) {
    if (!repairObject(heldObject(R, i), dead)) return false;
  }
  dropAll(R);
  const place = read(R + slept);
  write(R + sleeping, 0);
  if (place != 0) atomic.notify(place, -1);
  write(R + slept, 0);
  abandonHeap(dead);
  vacate(dead);
  return true;
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
    case Kind.Event:
      event.repair(object, dead);
      break;
    case Kind.Once:
      once.repair(object, dead);
      break;
  }
  return true;
}
