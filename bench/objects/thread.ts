/** A thread of one turn: opens the map, does its work until the time is over, and says how often. */
import { parentPort, workerData } from "node:worker_threads";
import { PEERS, type PeerName } from "./peers.js";
import { WORKS, type WorkName } from "./works.js";

export interface Task {
  readonly peer: PeerName;
  readonly handle: unknown;
  readonly work: WorkName;
  readonly milliseconds: number;
}

export interface Done {
  readonly operations: number;
  readonly nanoseconds: number;
  /** The longest time of a block, of so many nanoseconds. */
  readonly longest: number;
}

/** Operations between two looks at the clock. */
const BLOCK = 1000;
const WARM_UP = 30_000;

const { peer, handle, work, milliseconds } = workerData as Task;
const map = (await PEERS[peer]()).open(handle);
const { prepare, once } = WORKS[work];
for (const [key, value] of prepare()) {
  const done = map.set(key, value);
  if (done instanceof Promise) await done;
}
await map.settle?.();

/** Until the time is over, and so many are done. */
async function run(time: number, least: number): Promise<Done> {
  let operations = 0;
  let longest = 0;
  const from = performance.now();
  let to = from;
  for (; to - from < time || operations < least; to = performance.now()) {
    for (let i = 0; i < BLOCK; i++) {
      const done = once(map, operations + i);
      if (done instanceof Promise) {
        await done;
        // Of those that answer at once, a block takes no time; others look at the clock.
        if (operations >= least && performance.now() - from >= time) {
          operations += i + 1 - BLOCK;
          break;
        }
      }
    }
    await map.settle?.();
    operations += BLOCK;
    longest = Math.max(longest, performance.now() - to);
  }
  return { operations, nanoseconds: (performance.now() - from) * 1e6, longest: longest * 1e6 };
}

// Code is compiled first, and each entry is read and written.
await run(milliseconds / 4, WARM_UP);
parentPort!.once("message", async () => {
  parentPort!.postMessage(await run(milliseconds, 0));
});
parentPort!.postMessage("ready");
