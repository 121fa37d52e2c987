import { described, wrong } from "./arguments.js";
import { open } from "./open.js";
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
        const object = existing(space, found);
        if (object instanceof kind) {
          object.mustBeMadeWith(`use ${what}`, args);
          return object;
        }
        // Else it has just been freed.
        if (object) {
          const { landspout } = object.handle;
          throw new TypeError(`Cannot use ${what}: received that of a ${landspout}; expected that of a ${kind.name}`);
        }
        continue;
      }
      const made = new kind(space, ...args);
      const bound = kernel.name_bind(address, text.length, made.handle.address) >>> 0;
      if (bound === made.handle.address) return made;
      made.free();
      space.made(what, bound);
    }
  } finally {
    kernel.release(address);
  }
}

function mustBeClass(kind: unknown, what: string): void {
  if (typeof kind === "function" && kind.prototype instanceof SharedObject) return;
  throw wrong(what, kind, "the class of an object, such as Mutex");
}

/** What lies at an address; undefined if it has been freed. */
function existing(space: SharedSpace, address: number): SharedObject | undefined {
  const identity = Atomics.load(space.words(address, 4), address >>> 2);
  const landspout = KINDS[(identity >>> 24) - 1];
  return landspout && open(space, { landspout, memory: space.memory, address, identity });
}
