/** The entry file of a thread that proves claims. */
import { parentPort, workerData } from "node:worker_threads";
import type { Kernel } from "../program/kernel.js";
import { Prover } from "./prover.js";
import { MOST_EXECUTIONS, type Report, type Task } from "./workers.js";

const port = parentPort!;
const prover = new Prover(workerData as Kernel);

port.on("message", async (task: Task) => port.postMessage(await explore(task)));

async function explore({ claim, exploration }: Task): Promise<Report> {
  const enough = new AbortController();
  try {
    const verdict = await prover.prove(claim, exploration, {
      signal: enough.signal,
      progress(covered) {
        if (covered.executions > MOST_EXECUTIONS) enough.abort();
        else port.postMessage({ kind: "covered", covered } satisfies Report);
      },
    });
    const { executions, violation } = verdict;
    return executions > MOST_EXECUTIONS && !violation ? { kind: "given up" } : { kind: "explored", verdict };
  } catch (error) {
    if (!enough.signal.aborted) throw error;
    return { kind: "given up" };
  }
}
