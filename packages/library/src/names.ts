import { aOrAn, described, mustBeA, wrong } from "./arguments.js";
import { kindOf } from "./classes.js";
import { type ClusteredKind, KINDS, type Kind, kindIn } from "./kinds.js";
import { Existing, SharedObject } from "./shared-object.js";
import { SharedSpace } from "./space.js";

const utf8 = new TextEncoder();

/**
 * The object of that name in the space. If there is none, makes it with the arguments; it has the name until it is
 * freed. Workers that ask at once get the same object. Blocks for a moment at most. Every worker of the space may call
 * it.
 *
 * See docs/library/shared-space.md.
 *
 * @param kind its class
 * @param args what its class takes after the space. An argument that is left out is not compared with what the object
 *   was made with
 * @throws {TypeError} if the object of that name is of another class
 * @throws {RangeError} if the object of that name was made with other arguments
 * @throws {SpaceFullError} and what the constructor of the class throws
 * @example
 * ```ts
 * import { Channel, named, SharedSpace } from "landspout";
 *
 * const jobs = named(new SharedSpace(), "jobs", Channel, { capacity: 1024 });
 * jobs.close();
 * ```
 */
export function named<T extends SharedObject, A extends unknown[]>(
  space: SharedSpace,
  name: string,
  kind: new (space: SharedSpace, ...args: A) => T,
  ...args: A
): T {
  mustBeA(SharedSpace, space, "use a name");
  mustBeName(name);
  const { kernel } = space;
  const what = `the name ${described(name)}`;
  const wanted = mustBeClass(kind, `use ${what}`);
  return withName(space, name, (address, length) => {
    for (;;) {
      const found = kernel.name_find(address, length) >>> 0;
      if (found !== 0) {
        const identity = kernel.named_identity.value;
        const its = KINDS[(identity >>> 24) - 1]!;
        if (its !== kindIn(wanted)) {
          if (kernel.is_object(found, identity) === 0) continue;
          throw new TypeError(`Cannot use ${what}: received a name of ${aOrAn(its)}; expected one of ${aOrAn(wanted)}`);
        }
        const object = new (kind as unknown as new (existing: Existing) => T)(new Existing(space, found, identity));
        // Where it is freed meanwhile, what it was made with may be another's.
        if (object.freed) continue;
        const differs = difference(object, what, args);
        if (object.freed) continue;
        if (differs) throw differs;
        return object;
      }
      const made = new kind(space, ...args);
      // As for those who come later: an argument too many.
      const superfluous = difference(made, what, args);
      if (superfluous) {
        made.free();
        throw superfluous;
      }
      const bound = kernel.name_bind(address, length, made.handle.address, made.handle.identity) >>> 0;
      if (bound === made.handle.address) return made;
      made.free();
      space.mustHaveRoom(what, bound);
    }
  });
}

/** @internal @throws {TypeError | RangeError} */
export function mustBeName(name: unknown): asserts name is string {
  if (typeof name !== "string") throw wrong("use a name", name, "a text");
  // UTF-8 has none: all of them would be one name.
  if (/\p{Surrogate}/u.test(name)) throw wrong("use a name", name, "a text without lone surrogates", "string");
}

/** @internal Where a name is written meanwhile, and how many bytes it has. @throws {SpaceFullError} */
export function withName<Result>(
  space: SharedSpace,
  name: string,
  use: (address: number, length: number) => Result,
): Result {
  const text = utf8.encode(name);
  const address = space.mustHaveRoom(`the name ${described(name)}`, space.kernel.allocate(text.length));
  try {
    space.bytes(address, text.length).set(text, address);
    return use(address, text.length);
  } finally {
    space.kernel.release(address);
  }
}

function mustBeClass(kind: unknown, what: string): Kind | ClusteredKind {
  const its = kindOf(kind);
  if (its !== undefined) return its;
  if (typeof kind !== "function" || !(kind.prototype instanceof SharedObject)) {
    throw wrong(what, kind, "a class of the library, such as Mutex");
  }
  // An abstract one, or a program's own, of which other workers know nothing.
  const received = described(kind).replace(/^the function/, "the class");
  throw new TypeError(`Cannot ${what}: received ${received}; expected a class of the library, such as Mutex`);
}

/** How an object was made otherwise than it is asked for. */
function difference(object: SharedObject, what: string, args: unknown[]): unknown {
  try {
    object.mustBeMadeWith(`use ${what}`, args);
    return undefined;
  } catch (error) {
    return error;
  }
}
