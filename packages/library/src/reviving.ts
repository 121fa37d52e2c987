/** Messages with handles, as structured clone has copied them, and the objects that these stand for. */
import { isPlain } from "./arguments.js";
import type { SharedClass } from "./classes.js";
import { ForeignHandleError } from "./errors.js";
import { type ClusteredKind, KINDS, type Kind, kindIn } from "./kinds.js";
import { Existing, type Handle, type SharedObject } from "./shared-object.js";
import { isMemory, SharedSpace } from "./space.js";
import { Tag } from "./structured-format.js";
import { tagOf } from "./structured-kinds.js";

/** The class of a kind; undefined for what is no kind, or what the program has left out. */
type ClassOf = (kind: Kind | ClusteredKind) => SharedClass | undefined;

/** The message with objects in the place of handles; of classes that `classOf` knows. @throws as `receive` */
export function revive(message: unknown, classOf: ClassOf): unknown {
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
    const object = objects.get(value) ?? reopen(handle, classOf);
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

function reopen(handle: Handle | SharedSpace["handle"], classOf: ClassOf): SharedObject | SharedSpace {
  if (handle.landspout === "SharedSpace") return SharedSpace.of(handle.memory);
  const { landspout, memory, address, identity } = handle;
  const cannot = `Cannot receive a ${landspout}: received`;
  const its = classOf(landspout);
  if (!its) {
    throw new ForeignHandleError(
      kindIn(landspout) === "ClusteredObject"
        ? `${cannot} one that this worker has not defined; expected its class, by an import of the module that defines it`
        : `${cannot} no handle of this version; expected one of ${KINDS.filter(classOf).join(", ")}`,
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
  const object = new its(new Existing(space, address, identity));
  if (object.handle.address === address) return object;
  throw new TypeError(
    `${cannot} one whose class has made another object of it; expected a class without a constructor of its own`,
  );
}

/** Whether an object of that kind is there, or was, and has been freed. */
function isOfKind(space: SharedSpace, landspout: Kind | ClusteredKind, address: unknown, identity: unknown): boolean {
  if (!Number.isInteger(address) || !Number.isInteger(identity)) return false;
  const [at, as] = [address as number, identity as number];
  if (as !== as >>> 0 || at < 0 || at + 4 > space.words(at, 4).byteLength) return false;
  return KINDS[(as >>> 24) - 1] === kindIn(landspout) && space.kernel.is_place(at, as) === 1;
}
