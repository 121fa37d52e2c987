/** Calls that block, one after the other. */
import { summarize } from "#machines/index.js";

export interface Called {
  readonly calls: number;
  readonly nanoseconds: number;
  /** Of a call, in the middle of all blocks. */
  readonly median: number;
  /** The longest time of a block. */
  readonly longest: number;
}

/** Calls between two looks at the clock. */
const BLOCK = 16;
const WARM_UP = 5000;

/** Until the code is compiled. */
export function warmUp(call: () => void, milliseconds: number): void {
  repeat(call, milliseconds / 4, WARM_UP);
}

export function run(call: () => void, milliseconds: number): Called {
  return repeat(call, milliseconds, 0);
}

/** For so long, and so often at least. */
function repeat(call: () => void, time: number, least: number): Called {
  const blocks: number[] = [];
  const from = performance.now();
  let to = from;
  while (to - from < time || blocks.length * BLOCK < least) {
    for (let i = 0; i < BLOCK; i++) call();
    const now = performance.now();
    blocks.push((now - to) * 1e6);
    to = now;
  }
  const { median, maximum } = summarize(blocks)!;
  return { calls: blocks.length * BLOCK, nanoseconds: (to - from) * 1e6, median: median / BLOCK, longest: maximum };
}
