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

interface Block {
  address: number;
  bytes: number;
  stamp: number;
}

/** A pair is one allocation and one free. */
function replace(allocator: Allocator, words: Int32Array, party: number, live: number): Report {
  const blocks: Block[] = Array.from({ length: live }, () => ({ address: 0, bytes: 0, stamp: 0 }));
  let operations = 0;
  let seed = party;
  while (Atomics.load(words, STOP) === 0) {
    seed = chain(seed, 1);
    const block = blocks[(seed >>> 8) % live]!;
    if (block.address !== 0) {
      if (!intact(allocator.words, block)) throw new Error(`a block of ${block.bytes} bytes is overwritten`);
      allocator.free(block.address);
      operations++;
    }
    block.bytes = SIZES[operations % SIZES.length]!;
    block.stamp = seed;
    block.address = allocator.allocate(block.bytes);
    if (block.address === 0) throw new Error(`no memory for ${block.bytes} bytes`);
    stamp(allocator.words, block);
  }
  for (const { address } of blocks) if (address !== 0) allocator.free(address);
  return { operations };
}

function stamp(memory: Int32Array, { address, bytes, stamp }: Block): void {
  memory[address >>> 2] = stamp;
  memory[(address + bytes - 4) >>> 2] = stamp;
}

function intact(memory: Int32Array, { address, bytes, stamp }: Block): boolean {
  return memory[address >>> 2] === stamp && memory[(address + bytes - 4) >>> 2] === stamp;
}
