// Who gets the lock: for each lock a bar of the processors' parts, Jain's index and the longest wait.
import "./shares.css";
import type { Summary } from "../../experiments/measurement.js";
import type { LockShares, Shares } from "../charts.js";
import { asPercent, spread, withUnit } from "../values.js";
import { element } from "./element.js";
import { onSelection, pointAt, selectionAmong } from "./selection.js";
import { onPointerLeave, tellOn } from "./tip.js";

/** From which share on a part is wide enough for its processor's number. */
const LEGIBLE_PART = 0.04;
/** The shades of parts, by how large a part is at most against an equal one. */
const SHADES: readonly (readonly [most: number, words: string])[] = [
  [0.5, "half or less"],
  [0.8, "less"],
  [1.25, "about equal"],
  [2, "more"],
  [Number.POSITIVE_INFINITY, "more than twice"],
];

export function drawShares(place: HTMLElement, { processors, unit, locks }: Shares): void {
  const names = locks.map(({ name }) => name);
  const rows = locks.map((lock) => rowOf(lock, unit));
  const titles = ["Lock", "Parts of the processors", "Jain's index", "Longest wait"];
  const head = element("tr", "", ...titles.map((title) => heading("col", title)));
  place.append(
    legendFor(processors),
    element("table", "shares", element("thead", "", head), element("tbody", "", ...rows)),
  );
  onSelection(() => {
    const { bright } = selectionAmong(names);
    for (const [i, row] of rows.entries()) row.classList.toggle("dim", !bright.has(names[i]!));
  });
}

/** What shades, notches and numbers mean. */
function legendFor(processors: number): HTMLElement {
  const shades = SHADES.map(([, words], shade) => item(element("i", `part shade-${shade}`), words));
  return element(
    "ul",
    "key",
    item("", "A piece is one processor's part, with the processor's number where there is room."),
    item("", `Against an equal part, ${asPercent(1 / processors)}, it is:`),
    ...shades,
    item(element("i", "notches"), "Where equal parts would end."),
  );
}

function item(mark: Node | string, words: string): HTMLElement {
  return element("li", "", mark, words);
}

function rowOf({ name, parts, fairness, longestWait }: LockShares, unit: string): HTMLElement {
  const bar = element("div", "bar", ...parts.map((part, processor) => partOf(name, processor, part, parts.length)));
  bar.style.setProperty("--processors", String(parts.length));
  bar.tabIndex = 0;
  bar.setAttribute("role", "img");
  const spoken = parts.map((part, processor) => `processor ${processor} ${asPercent(part)}`);
  bar.setAttribute("aria-label", `Parts of ${name}: ${spoken.join(", ")}`);
  const [least, most] = [Math.min(...parts), Math.max(...parts)];
  bar.addEventListener("focus", () => pointAt(name));
  bar.addEventListener("blur", () => pointAt(undefined));
  tellOn(bar, bar, () => [
    element("strong", "", name),
    `least: ${asPercent(least)}, processor ${parts.indexOf(least)}`,
    `most: ${asPercent(most)}, processor ${parts.indexOf(most)}`,
  ]);
  const cells = [
    element("td", "bar-cell", bar),
    figure("Jain", name, fairness, (index) => index.toFixed(3)),
    figure("wait", name, longestWait, (wait) => withUnit(wait, unit)),
  ];
  const row = element("tr", "", heading("row", name), ...cells);
  row.addEventListener("pointerenter", ({ pointerType }) => {
    if (pointerType !== "touch") pointAt(name);
  });
  onPointerLeave(row, () => pointAt(undefined));
  return row;
}

function heading(scope: "row" | "col", text: string): HTMLElement {
  const cell = element("th", "", text);
  cell.scope = scope;
  return cell;
}

/** A processor's piece of the bar, as wide as its part. */
function partOf(name: string, processor: number, part: number, processors: number): HTMLElement {
  const times = part * processors;
  const shade = SHADES.findIndex(([most]) => times <= most);
  const node = element("span", `part shade-${shade}`, part < LEGIBLE_PART ? "" : String(processor));
  node.style.flexGrow = String(100 * part);
  tellOn(node, node, () => [
    element("strong", "", name),
    `processor ${processor} of ${processors}`,
    element("div", "", element("b", "", asPercent(part)), `, an equal part is ${asPercent(1 / processors)}`),
  ]);
  return node;
}

/** A cell with the median; the spread in the tip. The caption is shown where the page is too narrow for headings. */
function figure(
  caption: string,
  name: string,
  summary: Summary | null,
  format: (value: number) => string,
): HTMLElement {
  const value = element("span", "", summary ? format(summary.median) : "");
  const cell = element("td", "number", element("span", "caption", `${caption} `), value);
  if (summary && summary.count > 1)
    tellOn(cell, value, () => [
      element("strong", "", name),
      `median ${format(summary.median)}`,
      spread(summary, format),
    ]);
  return cell;
}
