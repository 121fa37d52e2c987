/**
 * Every party allocates and frees blocks of 16 to 1016 bytes, half of them below 128: one at a time, or with a
 * number of them allocated, of which the next to be freed is chosen by chance. Blocks have their first and last word
 * written, which must be the same when they are freed.
 */
import type { Allocator } from "../peer.js";
import { chain, type Enlist, type Report, STOP } from "../work.js";

/** Multiples of 8; as many from one power of two to the next as between any others. */
const SIZES = Array.from({ length: 1024 }, (_, i) => {
  const chance = (chain(i, 3) >>> 8) / 2 ** 24;
  return 8 * Math.floor(2 * 2 ** (6 * chance));
});

export const allocation: Enlist = (peer, { handle, party, words, settings }) => {
  const allocator = peer.allocator!.attach(handle as never);
  const live = settings.live!;
  return () => replace(allocator, words, party, live);
};

interface Slot {
  /** Undefined until the first block is here. */
  block: unknown;
  bytes: number;
  stamp: number;
}

/** A pair is one allocation and one free. */
function replace(allocator: Allocator, words: Int32Array, party: number, live: number): Report {
  const slots: Slot[] = Array.from({ length: live }, () => ({ block: undefined, bytes: 0, stamp: 0 }));
  let operations = 0;
  let seed = party;
  while (Atomics.load(words, STOP) === 0) {
    seed = chain(seed, 1);
    const slot = slots[(seed >>> 8) % live]!;
    if (slot.block !== undefined) {
      const { block, bytes, stamp } = slot;
      if (!allocator.intact(block, bytes, stamp)) throw new Error(`a block of ${bytes} bytes is overwritten`);
      allocator.free(block);
      operations++;
    }
    slot.bytes = SIZES[operations % SIZES.length]!;
    slot.stamp = seed;
    slot.block = allocator.allocate(slot.bytes);
    allocator.stamp(slot.block, slot.bytes, seed);
  }
  for (const { block } of slots) if (block !== undefined) allocator.free(block);
  return { operations };
}
