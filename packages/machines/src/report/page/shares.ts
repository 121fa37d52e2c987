// Who gets the lock: for each lock a bar of the processors' parts, Jain's index and the longest wait.
import type { Measurement, Metric, Summary } from "../../experiments/measurement.js";
import { element } from "./element.js";
import { algorithmsOf, rowsWith, summaryOf } from "./rows.js";
import { spread, withUnit } from "./text.js";
import { hideTip, onPointerLeave, showTip } from "./tip.js";

/** A processor's part: in the repetition that the bar shows, and over all of them. */
interface Part {
  readonly processor: number;
  readonly share: number;
  readonly summary: Summary | undefined;
}

/** A lock; its rows of each metric are at the processors of its parts. */
interface Lock {
  readonly title: string;
  readonly parts: readonly Part[];
  readonly fairness: readonly Measurement[];
  readonly longestWait: readonly Measurement[];
}

/** From which share on a part is wide enough for its processor's number. */
const LEGIBLE_PART = 0.04;

/** Draws, at the most processors, rows of shares on one machine, at least one. */
export function drawShares(place: HTMLElement, of: readonly Measurement[]): void {
  const processors = Math.max(...of.map((row) => row.processors));
  const at = rowsWith({ processors }, of);
  const locks = algorithmsOf(at).map(({ name, title }) => lockOf(title, rowsWith({ algorithm: name }, at)));
  const indexOf = (lock: Lock) => summaryOf(lock.fairness)?.median ?? 0;
  locks.sort((a, b) => indexOf(b) - indexOf(a));
  const titles = ["Lock", "Parts of the processors", "Jain's index", "Longest wait"];
  const head = element("tr", "", ...titles.map((title) => heading("col", title)));
  const body = element("tbody", "", ...locks.map(lockRow));
  place.append(element("table", "shares", element("thead", "", head), body));
}

/** The lock of rows of its shares, at one number of processors. */
function lockOf(title: string, shares: readonly Measurement[]): Lock {
  const { machine, workload, algorithm, processors } = shares[0]!;
  const rowsOf = (metric: Metric) => rowsWith({ machine, workload, algorithm, processors, metric });
  const fairness = rowsOf("fairness");
  const shown = middleOf(fairness) ?? shares[0];
  const parts = Array.from({ length: processors }, (_, processor): Part => {
    const mine = rowsWith({ processor }, shares);
    const share = mine.find((row) => row.repetition === shown?.repetition)?.value ?? 0;
    return { processor, share, summary: summaryOf(mine) };
  });
  return { title, parts, fairness, longestWait: rowsOf("longestWait") };
}

/** The row with the value in the middle. */
function middleOf(of: readonly Measurement[]): Measurement | undefined {
  return [...of].sort((a, b) => a.value - b.value)[of.length >> 1];
}

function lockRow({ title, parts, fairness, longestWait }: Lock): HTMLElement {
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

function heading(scope: "row" | "col", text: string): HTMLElement {
  const cell = element("th", "", text);
  cell.scope = scope;
  return cell;
}

/** A processor's piece of the bar, as wide as its part. */
function partOf(title: string, { processor, share, summary }: Part, processors: number): HTMLElement {
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

/** A cell with the median; the spread in the tip. The caption is shown where the page is too narrow for headings. */
function figure(
  caption: string,
  title: string,
  summary: Summary | undefined,
  format: (value: number) => string,
): HTMLElement {
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

/** Shows a tip beside `at` while the pointer is on the node. */
function tellOn(node: HTMLElement, at: HTMLElement, lines: () => readonly (Node | string)[]): void {
  const tell = () => showTip(at.getBoundingClientRect(), ...lines());
  node.addEventListener("pointerenter", tell);
  // After a finger's pointerenter comes its pointerdown, which has hidden the tip on its way here.
  node.addEventListener("pointerdown", tell);
  onPointerLeave(node, hideTip);
}

function formatShare(share: number): string {
  return `${Number((share * 100).toPrecision(3))} %`;
}
