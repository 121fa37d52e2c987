import type { Covered, Violation } from "../machines/checked/check.js";
import type { Claim, Property } from "../proofs/claim.js";
import type { Report, Task } from "../proofs/workers.js";
import { formatNumber, type ReportTable } from "./table.js";

/** What was explored of each task. Tasks of one claim have the same object for it. */
export type Explored = ReadonlyMap<Task, Report>;

const PROPERTIES: Readonly<Record<Property, string>> = {
  exclusion: "mutual exclusion",
  order: "first come, first served",
  barrier: "nobody early",
  sum: "no addition lost",
};

/** One row a claim, with the states of each memory model; "so far" where some are not explored to the end. */
export function proofTable(explored: Explored): ReportTable {
  const claims = new Set([...explored.keys()].map(({ claim }) => claim));
  const models = [...new Set([...explored.keys()].map(({ model }) => model))];
  return {
    title: "The kernel, proven",
    note: [
      "P is processors, turns are the acquisitions, episodes or additions of each: that is the bound, and larger numbers",
      "are not covered. States are all that there are, under sequential consistency (sc), where also data races are",
      "looked for, or x86's total store order (tso). What holds does so in every one, and nobody waits for ever. The",
      "unit of delays is 2^31 cycles, so that delays have two values.",
    ].join(" "),
    columns: ["algorithm", "claim", "P x turns", ...models.map((model) => `${model} states`), "s", "verdict"],
    rows: [...claims].map((claim) => {
      const tasks = [...explored.keys()].filter((task) => task.claim === claim);
      const reports = tasks.map((task) => explored.get(task)!);
      const states = models.map((model) => {
        const report = reports[tasks.findIndex((task) => task.model === model)];
        return report ? String(coveredBy(report).states) : "";
      });
      const seconds = reports.reduce((sum, report) => sum + coveredBy(report).seconds, 0);
      const violation = reports.map(violationOf).find((found) => found !== undefined);
      const complete = reports.length === models.length && reports.every(({ kind }) => kind === "explored");
      return [
        claim.algorithm,
        textOf(claim),
        `${claim.processors} x ${claim.turns}`,
        ...states,
        formatNumber(seconds),
        violation?.kind ?? (complete ? "holds" : "so far"),
      ];
    }),
  };
}

function textOf({ property, setting }: Claim): string {
  return PROPERTIES[property] + (setting && `; ${setting}`);
}

function coveredBy(report: Report): Covered {
  return report.kind === "explored" ? report.verdict : report.covered;
}

function violationOf(report: Report): Violation | undefined {
  return report.kind === "explored" ? report.verdict.violation : undefined;
}

/** For each task that does not hold what is wrong and the way there, one line a step. */
export function violationTexts(explored: Explored): string[] {
  return [...explored].flatMap(([{ claim, model }, report]) => {
    const violation = violationOf(report);
    if (!violation) return [];
    const { algorithm, processors, turns } = claim;
    const steps = violation.steps.map(({ processor, function: name, file, line, access, reason }, index) => {
      const place = file === undefined ? name : `${name} (${file}:${line})`;
      return `${String(index + 1).padStart(5)}  processor ${processor}  ${access}  ${place}: ${reason}`;
    });
    const what = `${algorithm}, ${processors} x ${turns}, ${model}: ${textOf(claim)}`;
    return [[`${what}: ${violation.kind}: ${violation.message}`, ...steps].join("\n")];
  });
}

/** One row a task, for programs. */
export function proofRows(explored: Explored): object[] {
  return [...explored].map(([{ claim, model }, report]) => {
    const { algorithm, property, processors, turns, setting } = claim;
    const { states, steps, depth, ends, races, seconds } = coveredBy(report);
    return {
      ...{ algorithm, property, processors, turns, setting, model },
      ...{ states, steps, depth, ends, races, seconds },
      complete: report.kind === "explored",
      violation: violationOf(report) ?? null,
    };
  });
}
