import type { Scope } from "../proofs/mutation/scopes.js";
import type { Selection } from "../proofs/mutation/selection.js";
import { isFound } from "../proofs/mutation/trial.js";
import type { Tried } from "../proofs/mutation/trials.js";
import type { ReportTable } from "./table.js";

/** What became of the mutants of a file. */
export interface Score {
  readonly name: string;
  readonly tried: number;
  readonly killed: number;
  readonly survived: number;
  /** Of those that survived: where a claim was not explored to its end. */
  readonly unfinished: number;
  /** Left out, as nothing can find them. */
  readonly equivalent: number;
  /** killed / tried, in percent; undefined where none was tried. */
  readonly percent: number | undefined;
}

export function isKilled({ outcomes }: Tried): boolean {
  return outcomes.some(isFound);
}

function isUnfinished({ outcomes }: Tried): boolean {
  return !outcomes.some(isFound) && outcomes.some(({ verdict }) => verdict === "unfinished");
}

export function scoreOf(name: string, tried: readonly Tried[], equivalent: number): Score {
  const killed = tried.filter(isKilled).length;
  return {
    name,
    tried: tried.length,
    killed,
    survived: tried.length - killed,
    unfinished: tried.filter(isUnfinished).length,
    equivalent,
    percent: tried.length === 0 ? undefined : (100 * killed) / tried.length,
  };
}

/** One for each scope of which some were tried, then one for all. */
export function scoresOf({ equivalent }: Selection, scopes: readonly Scope[], tried: readonly Tried[]): Score[] {
  const of = (scope: Scope) => tried.filter((each) => each.scope === scope);
  const count = (scope: Scope) => equivalent.get(scope)?.length ?? 0;
  const scores = scopes.map((scope) => scoreOf(scope.name, of(scope), count(scope)));
  const sum = scopes.reduce((all, scope) => all + count(scope), 0);
  return [...scores.filter(({ tried }) => tried > 0), ...(scopes.length > 1 ? [scoreOf("all", tried, sum)] : [])];
}

export function mutationTable(scores: readonly Score[], states: number): ReportTable {
  return {
    title: "Mutants of the library's bytes, and what its proofs find",
    note: [
      "Killed: a claim about the protocol does not hold of the mutant. Survived: all of them hold, or were given up after",
      `${states} states each (not explored). Equivalent: left out, with an argument in src/proofs/mutation/equivalents.`,
      "Score: killed of those that were tried.",
    ].join(" "),
    columns: ["file", "tried", "killed", "survived", "not explored", "equivalent", "score"],
    rows: scores.map(({ name, tried, killed, survived, unfinished, equivalent, percent }) => [
      name,
      String(tried),
      String(killed),
      String(survived),
      unfinished > 0 ? String(unfinished) : "",
      String(equivalent),
      percent === undefined ? "" : `${percent.toFixed(1)} %`,
    ]),
  };
}

/** A survivor as text: where it is, what was done, and the line, as `equivalents` name it. */
export function survivorText({ mutant, outcomes }: Tried): string {
  const { file, line, text, what, key, beside } = mutant;
  const number = key.slice(`${file} | ${text} | ${what}`.length);
  const unfinished = outcomes.filter(({ verdict }) => verdict === "unfinished").length;
  const isExecuted = outcomes.some(({ verdict }) => verdict !== "not executed");
  const notes = [
    beside && ` (with ${beside})`,
    unfinished > 0 && `; ${unfinished} claims not explored to the end`,
    !isExecuted && "; no claim executes it",
  ];
  return [`${file}:${line}${notes.filter(Boolean).join("")}`, `    ${text} | ${what}${number}`].join("\n");
}
