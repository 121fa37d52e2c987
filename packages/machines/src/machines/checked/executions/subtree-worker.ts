/** A thread that explores the parts it is given, of a program that it loads for itself. */
import { parentPort, workerData } from "node:worker_threads";
import { Counterexample } from "../counterexamples/counterexample.js";
import { prepare } from "../prepare.js";
import { NewlyShared } from "../system/cells.js";
import { Exceeded } from "../system/kept.js";
import { CheckError } from "../system/loading.js";
import { Executions } from "./executions.js";
import type { Answer, Request, ThreadData } from "./subtrees.js";

const { program, options } = workerData as ThreadData;
const { system, properties } = prepare(program, options);
/** Milliseconds between two reports. */
const REPORT = 200;

parentPort!.on("message", (request: Request) => parentPort!.postMessage(explore(request)));

function explore({ part, subtree, shared }: Request): Answer {
  for (const address of shared) system.cells.shareCell(system.cells.ofWord(address >>> 2));
  const executions = new Executions(system, properties, subtree);
  const { counts } = executions;
  let next = performance.now() + REPORT;
  try {
    for (const _ of executions.explore()) {
      if (performance.now() < next) continue;
      parentPort!.postMessage({ kind: "progress", part, counts } satisfies Answer);
      next = performance.now() + REPORT;
    }
    return { kind: "done", part, counts };
  } catch (error) {
    if (error instanceof NewlyShared) return { kind: "shared", addresses: system.cells.sharedAddresses() };
    if (!(error instanceof Counterexample)) {
      if (error instanceof Exceeded) return { kind: "exceeded", needs: error.needs };
      return { kind: "failed", message: (error as Error).message, endless: error instanceof CheckError };
    }
    const { kind, message } = error.violated;
    return { kind: "violated", part, counts, violation: { kind, message }, schedule: error.schedule };
  }
}
