/** The thread that repairs, in Node: it sees the lifelines of workers close. Started by the thread that makes spaces. */
import { parentPort } from "node:worker_threads";
import { Guardian } from "./guardian.js";
import type { Lifeline } from "./node.js";

const guardian = new Guardian();

process.on("workerMessage", ({ memory, slot, incarnation, port }: Lifeline) => {
  const kernel = guardian.kernelOf(memory);
  port.once("close", () => guardian.repair(kernel, slot, incarnation));
  port.unref();
});

// Keeps this thread alive, which is unreferenced where it was started.
parentPort!.on("message", () => {});
