/** A thread of one turn that calls and blocks, until the time is over; it says how often, and how long a call took. */
import { parentPort, workerData } from "node:worker_threads";
import { summarize } from "#machines/index.js";
import { Disqualified } from "../comparison.js";
import { PEERS, type PeerName } from "./peers.js";
import { calling, type SizeName } from "./values.js";

export interface CallerTask {
  readonly peer: PeerName;
  readonly handle: unknown;
  readonly size: SizeName;
  readonly milliseconds: number;
}

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

const { peer, handle, size, milliseconds } = workerData as CallerTask;
const { blocking } = (await PEERS[peer]()).open(handle);
const call = calling(size, blocking!(size));

function run(time: number, least: number): Called {
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

try {
  run(milliseconds / 4, WARM_UP);
  parentPort!.once("message", () => parentPort!.postMessage(run(milliseconds, 0)));
  parentPort!.postMessage("ready");
} catch (error) {
  if (!(error instanceof Disqualified)) throw error;
  parentPort!.postMessage(error.message);
}
