/** The entry file of a thread that proves claims. */
import { parentPort, workerData } from "node:worker_threads";
import type { Covered } from "../machines/checked/check.js";
import type { Kernel } from "../program/kernel.js";
import { Prover } from "./prover.js";
import type { Report, Task } from "./workers.js";

const port = parentPort!;
const prover = new Prover(workerData as Kernel);
const report = (message: Report) => port.postMessage(message);

port.on("message", async ({ claim, model }: Task) => {
  const progress = (covered: Covered) => report({ kind: "covered", covered });
  report({ kind: "explored", verdict: await prover.prove(claim, { model, progress }) });
});
