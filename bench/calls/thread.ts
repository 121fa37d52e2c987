/** A thread of one turn that calls and blocks, until the time is over; it says how often, and how long a call took. */
import { parentPort, workerData } from "node:worker_threads";
import { Disqualified } from "../comparison.js";
import { PEERS, type PeerName } from "./peers.js";
import { run, warmUp } from "./run.js";
import { calling, type SizeName } from "./values.js";

export interface CallerTask {
  readonly peer: PeerName;
  readonly handle: unknown;
  readonly size: SizeName;
  readonly milliseconds: number;
}

const { peer, handle, size, milliseconds } = workerData as CallerTask;
const { blocking } = (await PEERS[peer]()).open(handle);
const call = calling(size, blocking!(size));

try {
  warmUp(call, milliseconds);
  parentPort!.once("message", () => parentPort!.postMessage(run(call, milliseconds)));
  parentPort!.postMessage("ready");
} catch (error) {
  if (!(error instanceof Disqualified)) throw error;
  parentPort!.postMessage(error.message);
}
