// @ts-check
// Who gets the lock: for each lock a bar of the processors' parts, Jain's index and the longest wait.
import { algorithmsOf, rowsWith, summaryOf } from "./page.rows.js";
import { element, hideTip, onPointerLeave, showTip, spread, withUnit } from "./page.text.js";

/** @typedef {import("../experiments/measurement.js").Measurement} Measurement */
/** @typedef {import("../experiments/measurement.js").Summary} Summary */

/**
 * A processor's part: in the repetition that the bar shows, and over all of them.
 * @typedef {{ processor: number, share: number, summary: Summary | undefined }} Part
 */

/**
 * A lock; its rows of each metric are at the processors of its parts.
 * @typedef {{ title: string, parts: Part[], fairness: Measurement[], longestWait: Measurement[] }} Lock
 */

/** From which share on a part is wide enough for its processor's number. */
const LEGIBLE_PART = 0.04;

/** At the most processors. @param {HTMLElement} place @param {Measurement[]} of shares on one machine, at least one */
export function drawShares(place, of) {
  const processors = Math.max(...of.map((row) => row.processors));
  const at = rowsWith({ processors }, of);
  const locks = algorithmsOf(at).map(({ name, title }) => lockOf(title, rowsWith({ algorithm: name }, at)));
  const indexOf = (/** @type {Lock} */ lock) => summaryOf(lock.fairness)?.median ?? 0;
  locks.sort((a, b) => indexOf(b) - indexOf(a));
  const titles = ["Lock", "Parts of the processors", "Jain's index", "Longest wait"];
  const head = element("tr", "", ...titles.map((title) => heading("col", title)));
  const body = element("tbody", "", ...locks.map(lockRow));
  place.append(element("table", "shares", element("thead", "", head), body));
}

/** @param {string} title @param {Measurement[]} shares of one lock at one number of processors @returns {Lock} */
function lockOf(title, shares) {
  const { machine, workload, algorithm, processors } = /** @type {Measurement} */ (shares[0]);
  const rowsOf = (/** @type {Measurement["metric"]} */ metric) =>
    rowsWith({ machine, workload, algorithm, processors, metric });
  const fairness = rowsOf("fairness");
  const shown = middleOf(fairness) ?? shares[0];
  const parts = Array.from({ length: processors }, (_, processor) => {
    const mine = rowsWith({ processor }, shares);
    const share = mine.find((row) => row.repetition === shown?.repetition)?.value ?? 0;
    return { processor, share, summary: summaryOf(mine) };
  });
  return { title, parts, fairness, longestWait: rowsOf("longestWait") };
}

/** The row with the value in the middle. @param {Measurement[]} of */
function middleOf(of) {
  return [...of].sort((a, b) => a.value - b.value)[of.length >> 1];
}

/** @param {Lock} lock */
function lockRow({ title, parts, fairness, longestWait }) {
  const bar = element("div", "bar", ...parts.map((part) => partOf(title, part, parts.length)));
  bar.style.setProperty("--processors", String(parts.length));
  const cell = element("td", "bar-cell", bar);
  const spoken = parts.map(({ processor, share }) => `${processor}: ${formatShare(share)}`);
  cell.setAttribute("aria-label", spoken.join(", "));
  const unit = longestWait[0]?.unit ?? "";
  return element(
    "tr",
    "",
    heading("row", title),
    cell,
    figure("Jain", title, summaryOf(fairness), (index) => index.toFixed(3)),
    figure("wait", title, summaryOf(longestWait), (wait) => withUnit(wait, unit)),
  );
}

/** @param {"row" | "col"} scope @param {string} text */
function heading(scope, text) {
  const cell = element("th", "", text);
  cell.setAttribute("scope", scope);
  return cell;
}

/** A processor's piece of the bar, as wide as its part. @param {string} title @param {Part} part @param {number} processors */
function partOf(title, { processor, share, summary }, processors) {
  const node = element("span", "part", share < LEGIBLE_PART ? "" : String(processor));
  node.style.flexGrow = String(100 * share);
  const equal = `, equal ${formatShare(1 / processors)}`;
  tellOn(node, node, () => [
    element("strong", "", title),
    `processor ${processor} of ${processors}`,
    element("div", "", "this repetition ", element("b", "", formatShare(share)), equal),
    ...(summary ? [`median ${formatShare(summary.median)}`, spread(summary, formatShare)] : []),
  ]);
  return node;
}

/**
 * A cell with the median; the spread in the tip.
 * @param {string} caption shown where the page is too narrow for headings @param {string} title
 * @param {Summary | undefined} summary @param {(value: number) => string} format
 */
function figure(caption, title, summary, format) {
  const value = element("span", "", summary ? format(summary.median) : "");
  const cell = element("td", "number", element("span", "caption", `${caption} `), value);
  if (summary)
    tellOn(cell, value, () => [
      element("strong", "", title),
      `median ${format(summary.median)}`,
      spread(summary, format),
    ]);
  return cell;
}

/** Shows a tip beside `at` while the pointer is on the node. @param {HTMLElement} node @param {HTMLElement} at @param {() => (Node | string)[]} lines */
function tellOn(node, at, lines) {
  const tell = () => showTip(at.getBoundingClientRect(), ...lines());
  node.addEventListener("pointerenter", tell);
  // After a finger's pointerenter comes its pointerdown, which has hidden the tip on its way here.
  node.addEventListener("pointerdown", tell);
  onPointerLeave(node, hideTip);
}

/** @param {number} share */
function formatShare(share) {
  return `${Number((share * 100).toPrecision(3))} %`;
}
