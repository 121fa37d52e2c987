/**
 * Looks at a word that is seldom written, as at any memory; now and then comes one that no compiler leaves out. There is none
 * left where the space is closed.
 */
import type { SharedSpace } from "./space.js";

/** Until the next one that no compiler leaves out. */
export const CHEAP_LOOKS = 1024;

export interface CheapLooks {
  left: number;
}

const cheapLooks = new WeakMap<SharedSpace, CheapLooks>();

/** Those of all objects of a space together, in this worker. */
export function cheapLooksOf(space: SharedSpace): CheapLooks {
  const known = cheapLooks.get(space);
  if (known !== undefined) return known;
  const looks: CheapLooks = { left: 0 };
  cheapLooks.set(space, looks);
  space.whenClosed(() => {
    looks.left = 0;
  });
  return looks;
}
