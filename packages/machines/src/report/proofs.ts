import type { Property } from "../experiments/kinds/kind.js";
import type { Covered, Violation } from "../machines/checked/index.js";
import type { Claim } from "../proofs/claim.js";
import type { Protocol } from "../proofs/protocol.js";
import type { Exploration } from "../proofs/prover.js";
import { MOST_EXECUTIONS, type Report, type Task } from "../proofs/workers.js";
import { formatViolation } from "./check.js";
import { formatNumber, type ReportTable } from "./table.js";

/** What was to be explored, tasks of one claim with the same object for it, and what was. */
export interface Explored<Claimed = Claim | Protocol> {
  readonly tasks: readonly Task<Claimed>[];
  readonly reports: ReadonlyMap<Task, Report>;
}

const PROPERTIES: Readonly<Record<Property, string>> = {
  exclusion: "mutual exclusion",
  order: "served in order",
  barrier: "nobody early",
  sum: "no addition lost",
};

/** One row for each claim of which something was explored; "so far" where that is not all. */
export function proofTable(explored: Explored<Claim>): ReportTable {
  const { columns, rows } = countsOf(explored, (claim) => [
    claim.algorithm,
    textOf(claim),
    `${claim.processors} x ${claim.turns}`,
  ]);
  return {
    title: "The kernel, proven",
    note: [
      "The load is processors x acquisitions, episodes or additions of each: the bound; more is not covered. States are",
      "all that there are under sequential consistency, where data races are looked for, too, or x86's total store order",
      "(tso): what holds does so in every one, and nobody waits for ever. Executions are those that no reordering of",
      `independent steps makes equal, where they are at most ${MOST_EXECUTIONS}. The unit of delays is 2^31 cycles, so that`,
      "they have two values. One look: those who sleep after a while look once before.",
    ].join(" "),
    columns: ["algorithm", "claim", "load", ...columns],
    rows,
  };
}

/** The same of the library's protocols. */
export function protocolTable(explored: Explored<Protocol>): ReportTable {
  const { columns, rows } = countsOf(explored, ({ protocol, scenario, processors, deaths }) => [
    protocol,
    scenario,
    String(processors),
    deaths ? String(deaths.most ?? 1) : "",
  ]);
  return {
    title: "The library, proven",
    note: [
      "The scenario and its processors are the bound. States are all that there are under sequential consistency, where data",
      "races are looked for, too (but for the counter's, which are meant), or x86's total store order (tso): what the protocol",
      "promises holds in every one, and nobody waits for ever, though as many processors die as are said, at any of their",
      "steps or asleep, and are repaired later.",
    ].join(" "),
    columns: ["protocol", "scenario", "processors", "deaths", ...columns],
    rows,
  };
}

/** Rows that begin with what `describe` says of a claim, and the columns of what was explored for it. */
function countsOf<Claimed extends Claim | Protocol>(
  { tasks, reports }: Explored<Claimed>,
  describe: (claim: Claimed) => string[],
): Pick<ReportTable, "columns" | "rows"> {
  const claims = new Set(tasks.filter((task) => reports.has(task)).map(({ claim }) => claim));
  const columns = [...new Set(tasks.map(({ exploration }) => columnOf(exploration)))];
  const rows = [...claims].map((claim) => {
    const own = tasks.filter((task) => task.claim === claim);
    const seconds = own.reduce((sum, task) => sum + (coveredBy(reports.get(task))?.seconds ?? 0), 0);
    return [
      ...describe(claim),
      ...columns.map((column) => {
        const task = own.find(({ exploration }) => columnOf(exploration) === column);
        return task ? countText(task, reports.get(task)) : "";
      }),
      formatNumber(seconds),
      verdictOf(own.map((task) => reports.get(task))),
    ];
  });
  return { columns: [...columns, "s", "verdict"], rows };
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
    const column = columnOf(exploration);
    const what =
      "protocol" in claim
        ? `${claim.protocol}, ${column}: ${claim.scenario}`
        : `${claim.algorithm}, ${claim.processors} x ${claim.turns}, ${column}: ${textOf(claim)}`;
    return [`${what}\n${formatViolation(violation)}`];
  });
}

/** One row for each task of which something was explored, for programs. */
export function proofRows({ tasks, reports }: Explored): object[] {
  return tasks.flatMap((task) => {
    const report = reports.get(task);
    if (!report) return [];
    const { executions, blocked, states, steps, depth, ends, races, seconds } = coveredBy(report) ?? NOTHING;
    return {
      ...subjectOf(task.claim),
      ...task.exploration,
      ...{ executions, blocked, states, steps, depth, ends, races, seconds },
      complete: report.kind === "explored",
      violation: violationOf(report) ?? null,
    };
  });
}

function subjectOf(claim: Claim | Protocol): object {
  if ("protocol" in claim) {
    const { protocol, scenario, processors, deaths } = claim;
    return { protocol, scenario, processors, deaths: deaths ? (deaths.most ?? 1) : 0 };
  }
  const { algorithm, property, processors, turns, setting } = claim;
  return { algorithm, property, processors, turns, setting };
}

const NOTHING: Covered = {
  ...{ executions: 0, blocked: 0, states: 0, steps: 0 },
  ...{ depth: 0, ends: 0, races: 0, seconds: 0 },
};
