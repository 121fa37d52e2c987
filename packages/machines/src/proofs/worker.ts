/** The entry file of a thread that proves claims. */
import { parentPort, workerData } from "node:worker_threads";
import type { Covered } from "../machines/checked/index.js";
import { proveProtocol } from "./protocol.js";
import { Prover } from "./prover.js";
import { MOST_EXECUTIONS, type Programs, type Report, type Task } from "./workers.js";

const port = parentPort!;
const { kernel, library } = workerData as Programs;
const prover = new Prover(kernel);

port.on("message", async (task: Task) => port.postMessage(await explore(task)));

async function explore({ claim, exploration }: Task): Promise<Report> {
  const enough = new AbortController();
  try {
    const progress = (covered: Covered) => {
      if (covered.executions > MOST_EXECUTIONS) enough.abort();
      else port.postMessage({ kind: "covered", covered } satisfies Report);
    };
    const options = { signal: enough.signal, progress };
    const verdict = await ("protocol" in claim
      ? proveProtocol(library, claim, exploration, options)
      : prover.prove(claim, exploration, options));
    const { executions, violation } = verdict;
    return executions > MOST_EXECUTIONS && !violation ? { kind: "given up" } : { kind: "explored", verdict };
  } catch (error) {
    if (!enough.signal.aborted) throw error;
    return { kind: "given up" };
  }
}
