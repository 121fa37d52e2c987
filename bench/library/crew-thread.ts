/**
 * A thread of the crew: for every order, it attaches its share, says that it is ready, waits for the gate, and reports.
 */
import { parentPort, workerData } from "node:worker_threads";
import { loadPeer, type PeerName } from "./peers.js";
import { type Enlist, GATE, type Order, type Report } from "./work.js";
import { allocation } from "./works/allocation.js";
import { contended } from "./works/contended.js";
import { counting } from "./works/counting.js";
import { messages } from "./works/messages.js";
import { pingPong } from "./works/ping-pong.js";

const WORKS = { allocation, contended, counting, messages, pingPong } satisfies Record<string, Enlist>;
export type WorkName = keyof typeof WORKS;

/** What a party did, and when: nanoseconds of one clock for all threads. */
export type TimedReport = Report & { readonly from: number; readonly to: number };

/** A thread answers an order twice: that it is ready, and with its report. */
export type Answer = "ready" | TimedReport | { readonly error: string };

const peer = await loadPeer(workerData as PeerName);

parentPort!.on("message", async ({ work, ...order }: Order & { work: WorkName }) => {
  const answer = (answer: Answer) => parentPort!.postMessage(answer);
  try {
    const run = WORKS[work](peer!, order);
    answer("ready");
    Atomics.wait(order.words, GATE, 0);
    const from = Number(process.hrtime.bigint());
    const report = await run();
    answer({ ...report, from, to: Number(process.hrtime.bigint()) });
  } catch (error) {
    answer({ error: String(error) });
  }
});
