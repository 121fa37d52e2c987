/**
 * What is freed with a SharedMap: its nodes, also those in limbo, and its segments. By one worker, once nobody is inside; if it
 * dies, repair goes on with it: what is freed is taken out first, so that it is freed once. Who dies between leaks one block.
 */
import { read, write } from "../atomics";
import { release } from "./allocator";
import {
  head,
  inLimbo,
  isNode,
  LEVELS,
  limbo,
  linkOf,
  nextOf,
  partitionAt,
  partitionsOf,
  readLink,
  segmentOf,
} from "./map-layout";
import { mapScratch } from "./space";

export function releaseParts(M: usize): void {
  for (let p: u32 = 0, count = partitionsOf(M); p < count; p++) {
    const P = partitionAt(M, p);
    for (let at = nextOf(readLink(P + head)); at != 0; ) {
      const link = readLink(at);
      atomic.store<u64>(P + head, linkOf(0, nextOf(link)));
      if (isNode(link)) release(at);
      at = nextOf(link);
    }
    for (let node = <usize>(<u32>atomic.load<u64>(P + limbo)); node != 0; ) {
      const next = <u32>atomic.load<u64>(node + inLimbo);
      atomic.store<u64>(P + limbo, <u64>next);
      release(node);
      node = next;
    }
    for (let level: u32 = 1; level <= LEVELS; level++) {
      const segment = read(segmentOf(P, level));
      write(segmentOf(P, level), 0);
      if (segment != 0) release(segment);
    }
  }
}

/** Of a dead worker's record R: the block in which it wrote what it looked for. */
export function releaseScratch(R: usize): void {
  const scratch = load<u32>(R + mapScratch);
  store<u32>(R + mapScratch, 0);
  if (scratch != 0) release(scratch);
}
