// The legend of a plot of lines: it hides and highlights them, and says their medians.
import type { Chart, Highlight, Line } from "./chart.js";
import { element } from "./element.js";
import { sampleOf } from "./marks.js";
import { counted, withUnit } from "./text.js";

export interface Legend {
  readonly node: HTMLElement;
  /** Says what the chart says now. */
  readonly update: () => void;
}

/**
 * A button for each line, with its median at the point that the pointer is near to or else at the line's end.
 * `changed` is called when other lines are to be shown.
 */
export function legendOf(chart: Chart, highlight: Highlight, changed: () => void): Legend {
  const heading = element("span", "");
  const showAll = (shown: boolean) => () => {
    for (const line of chart.lines) line.shown = shown;
    changed();
  };
  const all = button("", showAll(true), "all");
  const none = button("", showAll(false), "none");
  const entries = chart.lines.map((line) => entryOf(line, highlight, changed));
  const head = element("div", "legend-head", heading, element("span", "", all, " ", none));
  const node = element("div", "legend", head, ...entries.map((entry) => entry.node));
  const update = () => {
    const index = chart.index ?? chart.counts.length - 1;
    heading.textContent = `Median at ${counted(chart.counts[index] ?? 0, "processor")}`;
    for (const { line, node, value } of entries) {
      const summary = line.summaries[index];
      value.textContent = summary ? withUnit(summary.median, chart.unit) : "";
      node.setAttribute("aria-pressed", String(line.shown));
      node.classList.toggle("highlighted", line.shown && line === chart.highlighted);
    }
  };
  return { node, update };
}

function entryOf(line: Line, highlight: Highlight, changed: () => void) {
  const toggle = () => {
    line.shown = !line.shown;
    changed();
  };
  const value = element("span", "value");
  const node = button("entry", toggle, sampleOf(line.number), element("span", "name", line.title), value);
  node.title = "Click to hide or show";
  for (const event of ["pointerenter", "focus"]) node.addEventListener(event, () => highlight(line));
  for (const event of ["pointerleave", "blur"]) node.addEventListener(event, () => highlight(undefined));
  return { line, node, value };
}

function button(className: string, click: () => void, ...content: readonly (Node | string)[]): HTMLButtonElement {
  const node = element("button", className, ...content);
  node.addEventListener("click", click);
  return node;
}
