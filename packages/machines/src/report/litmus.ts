/** What a litmus test's run found, in the lines of herd7. */
import { propositionText } from "../litmus/proposition.js";
import type { LitmusRun } from "../litmus/run.js";

/** The words for conditions by their quantifiers. */
const KINDS = { exists: "Allowed", "~exists": "Forbidden", forall: "Required" } as const;

/** Counts are of states, where herd7 counts executions. */
export function litmusText({ test, states, positive, observation, holds, loops }: LitmusRun): string {
  const { name, quantifier, proposition } = test;
  const negative = states.length - positive;
  const [witnesses, others] = quantifier === "~exists" ? [negative, positive] : [positive, negative];
  return [
    `Test ${name} ${KINDS[quantifier]}`,
    `States ${states.length}`,
    ...states.map(({ text }) => text),
    `${loops ? "Loop " : ""}${holds ? "Ok" : "No"}`,
    "Witnesses",
    `Positive: ${witnesses} Negative: ${others}`,
    `Condition ${quantifier} (${propositionText(proposition)})`,
    `Observation ${name} ${observation} ${positive} ${negative}`,
  ].join("\n");
}
