import { isPlain } from "./arguments.js";
import { Barrier } from "./barrier.js";
import { Channel } from "./channel.js";
import { Condition } from "./condition.js";
import { Counter } from "./counter.js";
import { ForeignHandleError } from "./errors.js";
import { Event } from "./event.js";
import { Histogram } from "./histogram.js";
import { KINDS, type Kind } from "./kinds.js";
import { Latch } from "./latch.js";
import { McsLock } from "./mcs-lock.js";
import { Mutex } from "./mutex.js";
import { Once } from "./once.js";
import { Pool } from "./pool/pool.js";
import { RwLock } from "./rw-lock.js";
import { Semaphore } from "./semaphore.js";
import { SharedBuffer } from "./shared-buffer.js";
import { Existing, type Handle, type SharedObject } from "./shared-object.js";
import { isMemory, SharedSpace } from "./space.js";
import { Tag } from "./structured-format.js";
import { tagOf } from "./structured-kinds.js";
import { TicketLock } from "./ticket-lock.js";

/** Every class: a program that receives need not name what it receives. */
const CLASSES: Readonly<Partial<Record<Kind, new (existing: Existing) => SharedObject>>> = {
  ...{ Barrier, Channel, Condition, Counter, Event, Histogram, Latch },
  ...{ McsLock, Mutex, Once, Pool, RwLock, Semaphore, SharedBuffer, TicketLock },
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
  const objects = new Map<object, SharedObject | SharedSpace>();
  /** What may contain handles; grows while it is gone through, so that a message can be of any depth. */
  const containers = new Set<object>();
  const revived = (value: unknown): unknown => {
    if (typeof value !== "object" || value === null) return value;
    const handle = handleIn(value);
    if (!handle) {
      containers.add(value);
      return value;
    }
    const object = objects.get(value) ?? reopen(handle);
    objects.set(value, object);
    return object;
  };
  const result = revived(message);
  for (const container of containers) reviveIn(container, revived);
  return result;
}

function reviveIn(container: object, revived: (value: unknown) => unknown): void {
  const tag = tagOf(container);
  if (tag === Tag.map) {
    const map = container as Map<unknown, unknown>;
    const entries = Array.from(map, ([key, value]) => [revived(key), revived(value)]);
    map.clear();
    for (const [key, value] of entries) map.set(key, value);
  } else if (tag === Tag.set) {
    const set = container as Set<unknown>;
    const elements = Array.from(set, revived);
    set.clear();
    for (const element of elements) set.add(element);
  } else if (tag === Tag.array || isPlain(container)) {
    const members = container as Record<string, unknown>;
    for (const key of Object.keys(members)) {
      const value = members[key];
      const its = revived(value);
      if (its !== value) members[key] = its;
    }
  }
}

function handleIn(value: object): Handle | undefined {
  const { handle } = value as { handle?: Partial<Handle> };
  return typeof handle?.landspout === "string" && isPlain(value) ? (handle as Handle) : undefined;
}

function reopen(handle: Handle | SharedSpace["handle"]): SharedObject | SharedSpace {
  if (handle.landspout === "SharedSpace") return SharedSpace.of(handle.memory);
  const { landspout, memory, address, identity } = handle;
  const cannot = `Cannot receive a ${landspout}: received`;
  if (!Object.hasOwn(CLASSES, landspout)) {
    throw new ForeignHandleError(
      `${cannot} no handle of this version; expected one of ${Object.keys(CLASSES).join(", ")}`,
    );
  }
  if (!isMemory(memory)) {
    throw new ForeignHandleError(
      `${cannot} a handle without its memory, as from another process, or from JSON; expected one from a worker of this process`,
    );
  }
  const space = SharedSpace.of(memory);
  if (!isOfKind(space, landspout, address, identity)) {
    throw new ForeignHandleError(
      `${cannot} the address ${address} and the identity ${identity}; expected those of a ${landspout} in its space`,
    );
  }
  return new CLASSES[landspout]!(new Existing(space, address, identity));
}

/** Whether an object of that kind is there, or was, and has been freed. */
function isOfKind(space: SharedSpace, landspout: string, address: unknown, identity: unknown): boolean {
  if (!Number.isInteger(address) || !Number.isInteger(identity)) return false;
  const [at, as] = [address as number, identity as number];
  if (as !== as >>> 0 || at < 0 || at + 4 > space.words(at, 4).byteLength) return false;
  return KINDS[(as >>> 24) - 1] === landspout && space.kernel.is_place(at, as) === 1;
}
