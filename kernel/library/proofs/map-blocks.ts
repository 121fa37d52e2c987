/** What a SharedMap, or a SharedCache, has of its space's blocks, as the proofs of both count them. */
import { read } from "../../atomics";
import { Failure, fail, processors } from "../../machine";
import { nextBlock, objectAround } from "../allocator";
import { counts, inLimbo, LEVELS, limbo, segmentOf, unitsOf } from "../map-layout";
import { mapScratch, recordOf } from "../space";

/** Blocks of a partition beside the nodes of its list: nodes in limbo, whose units have to be counted, and segments. */
export function blocksBesideList(P: usize): u32 {
  let blocks: u32 = 0;
  let units: u32 = 0;
  for (let node: usize = <u32>atomic.load<u64>(P + limbo); node != 0; node = <u32>load<u64>(node + inLimbo)) {
    units += unitsOf(node);
    blocks++;
  }
  if (<u32>(atomic.load<u64>(P + counts) >> 32) != units) fail(Failure.Lost);
  for (let level: u32 = 1; level <= LEVELS; level++) if (read(segmentOf(P, level)) != 0) blocks++;
  return blocks;
}

/** Of the space, beside the scratches of those who live. Objects' blocks that wait to be freed count. */
export function blocksInUse(): u32 {
  let blocks: u32 = 0;
  for (let block = nextBlock(0); block != 0; block = nextBlock(block)) {
    if (objectAround(block) != block || read(block) >> 24 != 0) blocks++;
  }
  for (let p: u32 = 0; p < processors(); p++) if (load<u32>(recordOf(p + 1) + mapScratch) != 0) blocks--;
  return blocks;
}
