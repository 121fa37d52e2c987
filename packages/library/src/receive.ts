import { Barrier } from "./barrier.js";
import { Channel } from "./channel.js";
import { classOf, type SharedClass } from "./classes.js";
import { Condition } from "./condition.js";
import { Counter } from "./counter.js";
import { Event } from "./event.js";
import { Histogram } from "./histogram.js";
import type { Kind } from "./kinds.js";
import { Latch } from "./latch.js";
import { McsLock } from "./mcs-lock.js";
import { Mutex } from "./mutex.js";
import { Once } from "./once.js";
import { Pool } from "./pool/pool.js";
import { Replicated } from "./replicated.js";
import { revive } from "./reviving.js";
import { RwLock } from "./rw-lock.js";
import { Semaphore } from "./semaphore.js";
import { Service } from "./service.js";
import { SharedBuffer } from "./shared-buffer.js";
import { SharedCache } from "./shared-cache.js";
import { SharedMap } from "./shared-map.js";
import { TicketLock } from "./ticket-lock.js";

/** Every class but a program's own: a program that receives need not name what it receives. */
const CLASSES: Readonly<Record<Exclude<Kind, "ClusteredObject">, SharedClass>> = {
  ...{ Barrier, Channel, Condition, Counter, Event, Histogram, Latch },
  ...{
    McsLock,
    Mutex,
    Once,
    Pool,
    Replicated,
    RwLock,
    Semaphore,
    Service,
    SharedBuffer,
    SharedCache,
    SharedMap,
    TicketLock,
  },
};

/**
 * Makes the handles in a message into objects again: what was a Mutex when it was sent is a Mutex. Apply it to
 * everything that arrives through `workerData` or `postMessage`. It looks into arrays, maps, sets and plain objects,
 * and changes them in place. A value without handles comes back as it is.
 *
 * Any worker may call it. It does not block, except at the worker's first use of a space: see `SharedSpace.of`.
 *
 * The result has the message's type; so `workerData`, of type `any`, gives `any`. For a message of type `unknown`, say
 * what was sent: `receive<{ mutex: Mutex }>(message)`.
 *
 * See docs/library/shared-space.md.
 *
 * @throws {ForeignHandleError} if a handle belongs to no space, or to no object of its kind in its space
 * @throws {SpaceFullError} if all slots of a handle's space are taken
 * @throws {SpaceClosedError} if the maker of a handle's space has ended
 * @example
 * ```ts
 * import { Mutex, receive, SharedSpace } from "landspout";
 *
 * const message = structuredClone({ mutex: new Mutex(new SharedSpace()) }); // as postMessage does
 * receive(message).mutex.withLock(() => console.log("locked"));
 * ```
 */
export function receive<Message>(message: Message): Message;
export function receive<Message>(message: unknown): Message;
export function receive(message: unknown): unknown {
  return revive(message, (kind) =>
    Object.hasOwn(CLASSES, kind) ? CLASSES[kind as keyof typeof CLASSES] : classOf(kind),
  );
}
