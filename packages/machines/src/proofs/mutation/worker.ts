/** The entry file of a thread that tries mutants. */
import { parentPort, workerData } from "node:worker_threads";
import { PROTOCOLS } from "../protocols/index.js";
import { executedPlaces } from "./coverage.js";
import { tryMutant } from "./trial.js";
import type { Answer, Subject, Task } from "./trials.js";

const port = parentPort!;
const { program, marked } = workerData as Subject;

port.on("message", async (task: Task) => port.postMessage(await answerTo(task)));

async function answerTo(task: Task): Promise<Answer> {
  const { most } = task;
  if (task.kind === "coverage") {
    return { kind: "coverage", places: await executedPlaces(marked, PROTOCOLS[task.claim]!, most) };
  }
  const claims = task.claims.map((number) => PROTOCOLS[number]!);
  const outcomes = await tryMutant(program, task.mutant.edits, claims, most);
  return {
    kind: "trial",
    outcomes: outcomes.map(({ claim, verdict, states }) => ({ claim: PROTOCOLS.indexOf(claim), verdict, states })),
  };
}
