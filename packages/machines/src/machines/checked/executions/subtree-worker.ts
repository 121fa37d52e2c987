/** A thread that explores the parts it is given, of a program that it loads for itself. */
import { host } from "#host";
import { Counterexample } from "../counterexamples/counterexample.js";
import { type Prepared, prepare } from "../prepare.js";
import { NewlyShared } from "../system/cells.js";
import { Exceeded } from "../system/kept.js";
import { CheckError } from "../system/loading.js";
import { Executions } from "./executions.js";
import type { Answer, Request, ThreadData } from "./subtrees.js";

/** Milliseconds between two reports. */
const REPORT = 200;

host.serve<ThreadData, Request, Answer>(({ program, options }, answer) => {
  const prepared = prepare(program, options);
  return (request) => answer(explore(prepared, request, answer));
});

function explore(
  { system, properties }: Prepared,
  { part, subtree, shared }: Request,
  report: (answer: Answer) => void,
): Answer {
  for (const address of shared) system.cells.shareCell(system.cells.ofWord(address >>> 2));
  const executions = new Executions(system, properties, subtree);
  const { counts } = executions;
  let next = performance.now() + REPORT;
  try {
    for (const _ of executions.explore()) {
      if (performance.now() < next) continue;
      report({ kind: "progress", part, counts });
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
