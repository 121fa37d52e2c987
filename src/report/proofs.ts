import type { Covered, Violation } from "../machines/checked/check.js";
import type { Claim, Property } from "../proofs/claim.js";
import type { Exploration } from "../proofs/prover.js";
import { MOST_EXECUTIONS, type Report, type Task } from "../proofs/workers.js";
import { formatViolation } from "./check.js";
import { formatNumber, type ReportTable } from "./table.js";

/** What was to be explored, tasks of one claim with the same object for it, and what was. */
export interface Explored {
  readonly tasks: readonly Task[];
  readonly reports: ReadonlyMap<Task, Report>;
}

const PROPERTIES: Readonly<Record<Property, string>> = {
  exclusion: "mutual exclusion",
  order: "served in order",
  barrier: "nobody early",
  sum: "no addition lost",
};

/** One row for each claim of which something was explored; "so far" where that is not all. */
export function proofTable({ tasks, reports }: Explored): ReportTable {
  const claims = new Set([...reports.keys()].map(({ claim }) => claim));
  const columns = [...new Set(tasks.map(({ exploration }) => columnOf(exploration)))];
  return {
    title: "The kernel, proven",
    note: [
      "The load is processors x acquisitions, episodes or additions of each: the bound; more is not covered. States are",
      "all that there are under sequential consistency, where data races are looked for, too, or x86's total store order",
      "(tso): what holds does so in every one, and nobody waits for ever. Executions are those that no reordering of",
      `independent steps makes equal, where they are at most ${MOST_EXECUTIONS}. The unit of delays is 2^31 cycles, so that`,
      "they have two values. One look: those who sleep after a while look once before.",
    ].join(" "),
    columns: ["algorithm", "claim", "load", ...columns, "s", "verdict"],
    rows: [...claims].map((claim) => {
      const own = tasks.filter((task) => task.claim === claim);
      const seconds = own.reduce((sum, task) => sum + (coveredBy(reports.get(task))?.seconds ?? 0), 0);
      return [
        claim.algorithm,
        textOf(claim),
        `${claim.processors} x ${claim.turns}`,
        ...columns.map((column) => {
          const task = own.find(({ exploration }) => columnOf(exploration) === column);
          return task ? countText(task, reports.get(task)) : "";
        }),
        formatNumber(seconds),
        verdictOf(own.map((task) => reports.get(task))),
      ];
    }),
  };
}

function columnOf({ model, mode }: Exploration): string {
  return model === "sc" ? mode : `${model} ${mode}`;
}

function countText({ exploration }: Task, report: Report | undefined): string {
  if (report?.kind === "given up") return `>${MOST_EXECUTIONS}`;
  const covered = coveredBy(report);
  return covered ? String(covered[exploration.mode]) : "";
}

function verdictOf(reports: readonly (Report | undefined)[]): string {
  const violation = reports.map(violationOf).find((found) => found !== undefined);
  if (violation) return violation.kind;
  return reports.every((report) => report && report.kind !== "covered") ? "holds" : "so far";
}

function textOf({ property, setting }: Claim): string {
  return PROPERTIES[property] + (setting && `; ${setting}`);
}

function coveredBy(report: Report | undefined): Covered | undefined {
  return report?.kind === "explored" ? report.verdict : report?.kind === "covered" ? report.covered : undefined;
}

function violationOf(report: Report | undefined): Violation | undefined {
  return report?.kind === "explored" ? report.verdict.violation : undefined;
}

/** For each task that does not hold what is wrong and the way there; see formatViolation. */
export function violationTexts({ tasks, reports }: Explored): string[] {
  return tasks.flatMap((task) => {
    const { claim, exploration } = task;
    const violation = violationOf(reports.get(task));
    if (!violation) return [];
    const { algorithm, processors, turns } = claim;
    const what = `${algorithm}, ${processors} x ${turns}, ${columnOf(exploration)}: ${textOf(claim)}`;
    return [`${what}\n${formatViolation(violation)}`];
  });
}

/** One row for each task of which something was explored, for programs. */
export function proofRows({ tasks, reports }: Explored): object[] {
  return tasks.flatMap((task) => {
    const report = reports.get(task);
    if (!report) return [];
    const { algorithm, property, processors, turns, setting } = task.claim;
    const { executions, blocked, states, steps, depth, ends, races, seconds } = coveredBy(report) ?? NOTHING;
    return {
      ...{ algorithm, property, processors, turns, setting, ...task.exploration },
      ...{ executions, blocked, states, steps, depth, ends, races, seconds },
      complete: report.kind === "explored",
      violation: violationOf(report) ?? null,
    };
  });
}

const NOTHING: Covered = {
  ...{ executions: 0, blocked: 0, states: 0, steps: 0 },
  ...{ depth: 0, ends: 0, races: 0, seconds: 0 },
};
