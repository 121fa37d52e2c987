/** A thread of one turn of calls: warm, it counts those that it makes until the time is over. */
import { parentPort, workerData } from "node:worker_threads";
import { CALLS, type CallName } from "./calls.js";
import type { Done } from "./thread.js";

export interface CallTask {
  readonly name: CallName;
  readonly milliseconds: number;
}

/** Calls between two looks at the clock. */
const BLOCK = 1000;
/** Blocks after which the code is compiled, however busy the computer is. */
const WARM_UP = 5000;

const { name, milliseconds } = workerData as CallTask;
const calls = CALLS[name]();

function run(time: number, least: number): Done {
  let operations = 0;
  let longest = 0;
  const from = performance.now();
  let to = from;
  while (to - from < time || operations < least) {
    calls(BLOCK);
    operations += BLOCK;
    const now = performance.now();
    longest = Math.max(longest, now - to);
    to = now;
  }
  return { operations, nanoseconds: (to - from) * 1e6, longest: longest * 1e6 };
}

run(0, WARM_UP * BLOCK);
parentPort!.once("message", () => parentPort!.postMessage(run(milliseconds, 0)));
parentPort!.postMessage("ready");
