import { Barrier } from "./barrier.js";
import { Channel } from "./channel.js";
import { Condition } from "./condition.js";
import { Counter } from "./counter.js";
import { ForeignHandleError } from "./errors.js";
import { Event } from "./event.js";
import { Histogram } from "./histogram.js";
import { McsLock } from "./mcs-lock.js";
import { Mutex } from "./mutex.js";
import { Once } from "./once.js";
import { openBy } from "./open.js";
import { RwLock } from "./rw-lock.js";
import { Semaphore } from "./semaphore.js";
import { SharedBuffer } from "./shared-buffer.js";
import type { Handle, SharedObject } from "./shared-object.js";
import { SharedSpace } from "./space.js";
import { TicketLock } from "./ticket-lock.js";

const CLASSES: Partial<Record<Handle["landspout"], (space: SharedSpace, handle: Handle) => SharedObject>> = {
  Barrier: (space, handle) => new Barrier(space, 0, handle),
  Channel: (space, handle) => new Channel(space, {}, handle),
  Condition: (space, handle) => new Condition(space, handle),
  Counter: (space, handle) => new Counter(space, {}, handle),
  Event: (space, handle) => new Event(space, handle),
  Histogram: (space, handle) => new Histogram(space, {}, handle),
  McsLock: (space, handle) => new McsLock(space, {}, handle),
  Mutex: (space, handle) => new Mutex(space, {}, handle),
  Once: (space, handle) => new Once(space, handle),
  RwLock: (space, handle) => new RwLock(space, {}, handle),
  Semaphore: (space, handle) => new Semaphore(space, 0, handle),
  SharedBuffer: (space, handle) => new SharedBuffer(space, 0, handle),
  TicketLock: (space, handle) => new TicketLock(space, {}, handle),
};

openBy((space, handle) => CLASSES[handle.landspout]!(space, handle));

/**
 * The message with its handles made into objects again: what was a Mutex when it was sent, is a Mutex. Looks into arrays,
 * maps, sets and plain objects, which are changed in place, and not into others. To be applied to whatever arrives through `workerData` or
 * `postMessage`; what holds no handles comes back as it is. The type says what was sent.
 *
 * @throws {ForeignHandleError} if a handle belongs to no space
 * @throws {SpaceFullError} if this worker is one too many in a handle's space
 */
export function receive<Message>(message: unknown): Message {
  return revive(message, new Set()) as Message;
}

function revive(value: unknown, seen: Set<object>): unknown {
  if (typeof value !== "object" || value === null || seen.has(value)) return value;
  const handle = handleIn(value);
  if (handle) return reopen(handle);
  seen.add(value);
  if (Array.isArray(value)) {
    for (const [i, element] of value.entries()) value[i] = revive(element, seen);
  } else if (value instanceof Map) {
    for (const [key, element] of value) value.set(key, revive(element, seen));
  } else if (value instanceof Set) {
    const elements = [...value];
    value.clear();
    for (const element of elements) value.add(revive(element, seen));
  } else if (isPlain(value)) {
    for (const key of Object.keys(value)) value[key] = revive(value[key], seen);
  }
  return value;
}

function handleIn(value: object): Handle | undefined {
  const { handle } = value as { handle?: Partial<Handle> };
  return typeof handle?.landspout === "string" && isPlain(value) ? (handle as Handle) : undefined;
}

function isPlain(value: object): value is Record<string, unknown> {
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function reopen(handle: Handle): SharedObject {
  const make = handle.memory instanceof WebAssembly.Memory && CLASSES[handle.landspout];
  if (!make) {
    throw new ForeignHandleError(
      `Cannot receive a ${handle.landspout}: received no handle of this version; expected one of ${Object.keys(CLASSES).join(", ")}`,
    );
  }
  return make(SharedSpace.of(handle.memory), handle);
}
