/** The entry file of a thread that tries mutants. */
import { parentPort, workerData } from "node:worker_threads";
import type { Program } from "../../program/program.js";
import { PROTOCOLS } from "../protocols/index.js";
import { tryMutant } from "./trial.js";
import type { Answer, Trial } from "./trials.js";

const port = parentPort!;
const program = workerData as Program;

port.on("message", async ({ mutant, claims, most }: Trial) => {
  const outcomes = await tryMutant(
    program,
    mutant.edits,
    claims.map((number) => PROTOCOLS[number]!),
    most,
  );
  port.postMessage(
    outcomes.map(({ claim, verdict, states }) => ({
      claim: PROTOCOLS.indexOf(claim),
      verdict,
      states,
    })) satisfies Answer,
  );
});
