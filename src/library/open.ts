import type { Handle, SharedObject } from "./shared-object.js";
import type { SharedSpace } from "./space.js";

type Open = (space: SharedSpace, handle: Handle) => SharedObject;

/** The object that a handle is of. */
export let open: Open;

/** Says how: receive.ts knows all classes, and some of them have to open handles. */
export function openBy(how: Open): void {
  open = how;
}
