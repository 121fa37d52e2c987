/** A thread that explores the parts it is given, of a program that it loads for itself. */
import { parentPort, workerData } from "node:worker_threads";
import { Shared } from "./cells.js";
import { Executions } from "./executions.js";
import { prepare } from "./exploration.js";
import { Exceeded } from "./kept.js";
import { CheckError } from "./loading.js";
import { Found } from "./states.js";
import type { Answer, Exploration, Request } from "./subtrees.js";

const { program, options } = workerData as Exploration;
const { system, watch } = prepare(program, options);
/** Milliseconds between two reports. */
const REPORT = 200;

parentPort!.on("message", (request: Request) => parentPort!.postMessage(explore(request)));

function explore({ part, subtree, shared }: Request): Answer {
  for (const address of shared) system.cells.shareCell(system.cells.ofWord(address >>> 2));
  const executions = new Executions(system, watch, subtree);
  const { found } = executions;
  let next = performance.now() + REPORT;
  try {
    for (const _ of executions.explore()) {
      if (performance.now() < next) continue;
      parentPort!.postMessage({ kind: "progress", part, found } satisfies Answer);
      next = performance.now() + REPORT;
    }
    return { kind: "done", part, found };
  } catch (error) {
    if (error instanceof Shared) return { kind: "shared", addresses: system.cells.sharedAddresses() };
    if (!(error instanceof Found)) {
      if (error instanceof Exceeded) return { kind: "exceeded", needs: error.needs };
      return { kind: "failed", message: (error as Error).message, endless: error instanceof CheckError };
    }
    const { kind, message } = error.violated;
    return { kind: "violated", part, found, violation: { kind, message }, schedule: error.schedule };
  }
}
