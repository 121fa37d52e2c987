/** The thread that repairs, in Node: it sees the lifelines of workers close. Started by the thread that makes spaces. */
import { parentPort } from "node:worker_threads";
import { guardianOf, repair } from "./guardian.js";
import type { Lifeline } from "./node.js";

process.on("workerMessage", ({ memory, slot, incarnation, port }: Lifeline) => {
  // Of each worker anew: so a space is forgotten with its last one.
  const kernel = guardianOf(memory);
  port.once("close", () => repair(kernel, slot, incarnation));
  port.unref();
});

// Keeps this thread alive, which is unreferenced where it was started.
parentPort!.on("message", () => {});
