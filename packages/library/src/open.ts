import type { Handle, SharedObject } from "./shared-object.js";
import type { SharedSpace } from "./space.js";

type Open = (space: SharedSpace, handle: Handle) => SharedObject;

/** The object that a handle is of. */
export let open: Open;

let kinds: ReadonlySet<unknown> = new Set();

/** Whether it is the class of a kind of objects, of which handles are opened: no other objects have a name. */
export function isOfKind(value: unknown): boolean {
  return kinds.has(value);
}

/** Says how: receive.ts knows all classes, and some of them have to open handles. */
export function openBy(how: Open, classes: ReadonlySet<unknown>): void {
  open = how;
  kinds = classes;
}
