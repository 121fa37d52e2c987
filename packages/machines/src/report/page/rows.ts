// The rows that the page carries, and the algorithms in them.
import { type Measurement, type Summary, summarize } from "../../experiments/measurement.js";
import type { Algorithm } from "../../program/kernel.js";

/** Without those that JSON has no number for: a time over no operations. */
const rows = (carried("rows") as readonly Measurement[]).filter(({ value }) => Number.isFinite(value));

const catalogue = carried("algorithms") as readonly Pick<Algorithm, "kind" | "name" | "title">[];

function carried(id: string): unknown {
  return JSON.parse(document.getElementById(id)?.textContent ?? "[]");
}

/** Those that agree with every field given. */
export function rowsWith(
  selection: { readonly [field in keyof Measurement]?: unknown },
  among: readonly Measurement[] = rows,
): readonly Measurement[] {
  const fields = Object.entries(selection) as [keyof Measurement, unknown][];
  return among.filter((row) => fields.every(([field, value]) => row[field] === value));
}

/** Median, minimum and maximum; undefined for no rows. */
export function summaryOf(of: readonly Measurement[]): Summary | undefined {
  return summarize(of.map((row) => row.value));
}

/** An algorithm as the page shows it. */
export interface Shown {
  readonly name: string;
  readonly title: string;
  readonly number: number;
}

/**
 * The algorithms of rows of one workload, in the catalogue's order, then those that it does not have. The numbers count
 * all of the catalogue: an algorithm keeps its own, whichever others were measured.
 */
export function algorithmsOf(of: readonly Measurement[]): readonly Shown[] {
  const known = catalogue.filter(({ kind }) => kind === of[0]?.workload);
  const titles = new Map(known.map(({ name, title }) => [name, title]));
  const present = new Set(of.map(({ algorithm }) => algorithm));
  return [...new Set([...titles.keys(), ...present])]
    .map((name, number) => ({ name, title: titles.get(name) ?? name, number }))
    .filter(({ name }) => present.has(name));
}
