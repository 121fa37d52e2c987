/** Which object an address in a space is of. */
import { KINDS, type Kind } from "../kinds.js";
import type { SharedSpace } from "../space.js";

const CACHE_LINE = 128;

/** Names an object: its class, and its address in the space. */
export interface ObjectName {
  readonly kind: Kind;
  readonly address: number;
}

/** The object in whose block an address is. */
export function objectAround(space: SharedSpace, address: number): ObjectName | undefined {
  const { kernel } = space;
  for (let block = kernel.next_block(0) >>> 0; block !== 0; block = kernel.next_block(block) >>> 0) {
    if (block <= address && address < block + kernel.block_bytes(block)) return objectAt(space, block);
  }
  return undefined;
}

/** The object that begins in the line of an address. */
export function objectAt(space: SharedSpace, address: number): ObjectName | undefined {
  const line = (address - (address % CACHE_LINE)) >>> 0;
  if (line === 0) return undefined;
  const identity = Atomics.load(space.words(line, 4), line >>> 2);
  const kind = KINDS[(identity >>> 24) - 1];
  // Blocks that are none may begin with any word.
  return kind && space.kernel.is_object(line, identity) === 1 ? { kind, address: line } : undefined;
}
