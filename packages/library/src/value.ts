/** How the value is read of an object that begins with a Replicated's words: whole, and mostly without a lock. */

import type { SharedObject } from "./shared-object.js";
import { inside } from "./waiting.js";

/** Of a block, before its value; kernel/library/replicated.ts. */
export const BLOCK_HEADER = 8;

/** So many copies may be overtaken by changes; then changes wait for one. */
const OVERTAKEN = 8;

/** Copies the bytes that begin at an address, and calls nothing of the program's; again, if it was overtaken. */
type Copy = (begin: number, length: number) => void;

/**
 * Copies the value. Its version.
 *
 * @throws {FreedError}
 */
export function copyValue(object: SharedObject, copy: Copy): number {
  return inside(
    object,
    () => {
      let version = copyOnce(object, copy);
      for (let left = OVERTAKEN; version === undefined && left > 0; left--) version = copyOnce(object, copy);
      return version ?? copyAlone(object, copy);
    },
    "get",
  );
}

/** Undefined: the value was replaced meanwhile. */
function copyOnce(object: SharedObject, copy: Copy): number | undefined {
  const { space, handle } = object;
  const block = space.kernel.replicated_look(handle.address) >>> 0;
  const version = space.kernel.replicated_version.value;
  const length = space.words(block, BLOCK_HEADER)[block >>> 2]!;
  const isStill = () => block !== 0 && space.kernel.replicated_is_still(handle.address, version, block) === 1;
  // Before that, it may be any length.
  if (isStill()) {
    copy(block + BLOCK_HEADER, length);
    if (isStill()) return version;
  }
  if (object.freed) throw object.freedError("get");
  return undefined;
}

/** While nobody else replaces the value. */
function copyAlone(object: SharedObject, copy: Copy): number {
  const { kernel } = object.space;
  kernel.replicated_keep(object.handle.address);
  try {
    const version = copyOnce(object, copy);
    // Only freeing it does not wait.
    if (version === undefined) throw object.freedError("get");
    return version;
  } finally {
    kernel.replicated_let_go(object.handle.address);
  }
}
