import { described, wrong } from "./arguments.js";
import { isOfKind, open } from "./open.js";
import { KINDS, SharedObject } from "./shared-object.js";
import type { SharedSpace } from "./space.js";

const utf8 = new TextEncoder();

/** The object that has a name, or a new one. See SharedSpace.named. */
export function named<T extends SharedObject, A extends unknown[]>(
  space: SharedSpace,
  name: string,
  kind: new (space: SharedSpace, ...args: A) => T,
  args: A,
): T {
  if (typeof name !== "string") throw wrong("use a name", name, "a text");
  const { kernel } = space;
  const what = `the name ${described(name)}`;
  mustBeClass(kind, `use ${what}`);
  const text = utf8.encode(name);
  const { address } = space.made(what, kernel.allocate(text.length));
  try {
    space.bytes(address, text.length).set(text, address);
    for (;;) {
      const found = kernel.name_find(address, text.length) >>> 0;
      if (found !== 0) {
        const object = opened(space, found, kernel.named_identity.value);
        // Where it is freed meanwhile, what it was made with may be another's.
        if (object.freed) continue;
        if (!(object instanceof kind)) {
          const { landspout } = object.handle;
          throw new TypeError(`Cannot use ${what}: received that of a ${landspout}; expected that of a ${kind.name}`);
        }
        const differs = difference(object, what, args);
        if (object.freed) continue;
        if (differs) throw differs;
        return object;
      }
      const made = new kind(space, ...args);
      const bound = kernel.name_bind(address, text.length, made.handle.address, made.handle.identity) >>> 0;
      if (bound === made.handle.address) return made;
      made.free();
      space.made(what, bound);
    }
  } finally {
    kernel.release(address);
  }
}

function mustBeClass(kind: unknown, what: string): void {
  if (isOfKind(kind)) return;
  if (typeof kind !== "function" || !(kind.prototype instanceof SharedObject)) {
    throw wrong(what, kind, "the class of an object, such as Mutex");
  }
  // An abstract one, or a program's own, of which other workers know nothing.
  const received = described(kind).replace(/^the function/, "the class");
  throw new TypeError(`Cannot ${what}: received ${received}; expected that of a Mutex, or another kind of object`);
}

/** What a name is that of, by its address and identity. */
function opened(space: SharedSpace, address: number, identity: number): SharedObject {
  const landspout = KINDS[(identity >>> 24) - 1]!;
  return open(space, { landspout, memory: space.memory, address, identity });
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
