// @ts-check
// The rows that the page carries, and the algorithms in them.
import { summarize } from "../experiments/measurement.js";

/** @typedef {import("../experiments/measurement.js").Measurement} Measurement */
/** @typedef {import("../program/kernel.js").Algorithm} Algorithm */

/** Without those that JSON has no number for: a time over no operations. @type {Measurement[]} */
const rows = carried("rows").filter((/** @type {Measurement} */ { value }) => Number.isFinite(value));

/** @type {Pick<Algorithm, "kind" | "name" | "title">[]} */
const catalogue = carried("algorithms");

/** @param {string} id */
function carried(id) {
  return JSON.parse(document.getElementById(id)?.textContent ?? "[]");
}

/** Those that agree with every field given. @param {Partial<Measurement>} selection */
export function rowsWith(selection, among = rows) {
  const fields = /** @type {[keyof Measurement, unknown][]} */ (Object.entries(selection));
  return among.filter((row) => fields.every(([field, value]) => row[field] === value));
}

/** Median, minimum and maximum; undefined for no rows. @param {Measurement[]} of */
export function summaryOf(of) {
  return summarize(of.map((row) => row.value));
}

/**
 * The algorithms of rows of one workload, in the catalogue's order, then those that it does not have. The numbers count
 * all of the catalogue: an algorithm keeps its own, whichever others were measured.
 * @param {Measurement[]} of
 */
export function algorithmsOf(of) {
  const known = catalogue.filter(({ kind }) => kind === of[0]?.workload);
  const titles = new Map(known.map(({ name, title }) => [name, title]));
  const present = new Set(of.map(({ algorithm }) => algorithm));
  return [...new Set([...titles.keys(), ...present])]
    .map((name, number) => ({ name, title: titles.get(name) ?? name, number }))
    .filter(({ name }) => present.has(name));
}
