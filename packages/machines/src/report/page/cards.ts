// Each line of a chart alone, before all others in grey: a button with its name and its last value, which chooses it.
import { type Axis, partOf } from "../axis.js";
import type { Chart, Line } from "../charts.js";
import type { SectionAxis } from "../sections.js";
import { counted, withUnit } from "../values.js";
import { element, svg } from "./element.js";
import { colourOf, sampleOf, strokeOf } from "./marks.js";
import { through } from "./plot.js";
import { onSelection, pointAt, selectionAmong, toggle, unchoose } from "./selection.js";

/** Of the small plots, in units that are stretched to the card's width. */
const WIDTH = 100;
const HEIGHT = 44;
const MARGIN = 3;

/** A line's end. */
interface End {
  readonly line: Line;
  /** At how many processors, or what else the chart goes along. */
  readonly count: number;
  readonly median: number;
}

/** The heading of the cards and the cards, the best first. */
export function cardsOf(chart: Chart, axis: Axis, better: SectionAxis["better"]): HTMLElement[] {
  const most = chart.counts.at(-1)!;
  const names = chart.lines.map(({ name }) => name);
  const ends = chart.lines.map((line): End => {
    const last = line.points.findLastIndex((point) => point !== null);
    return { line, count: chart.counts[last]!, median: line.points[last]!.median };
  });
  const sign = better === "lower" ? 1 : -1;
  ends.sort((a, b) => b.count - a.count || sign * (a.median - b.median));

  const outlineOf = outlinesOf(chart, axis);
  const others = chart.lines.map(outlineOf).join("");
  const cards = ends.map((end) => {
    const { line, count, median } = end;
    const value = withUnit(median, chart.unit) + (count === most ? "" : ` at ${count}`);
    const drawing = svg(
      "svg",
      { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "none", "aria-hidden": "true" },
      svg("path", { class: "others", d: others }),
      strokeOf(line.number, outlineOf(line)),
    );
    drawing.style.color = colourOf(line.number);
    const head = element("span", "card-head", sampleOf(line.number), element("span", "", value));
    const node = element("button", "card", head, element("span", "card-name", line.name), drawing);
    watchCard(node, line.name);
    return { name: line.name, node };
  });

  const all = element("button", "all", "Show all");
  all.addEventListener("click", () => unchoose(names));
  onSelection(() => {
    const { pointed, chosen } = selectionAmong(names);
    all.disabled = chosen.size === 0;
    for (const { name, node } of cards) {
      node.setAttribute("aria-pressed", String(chosen.has(name)));
      node.classList.toggle("pointed", name === pointed);
    }
  });
  const reading = `Each alone, the best at ${counted(most, chart.along)} first. Choose some to compare them above.`;
  return [
    element("div", "cards-head", element("span", "", reading), all),
    element("div", "cards", ...cards.map(({ node }) => node)),
  ];
}

function watchCard(node: HTMLButtonElement, name: string): void {
  node.type = "button";
  node.addEventListener("click", () => toggle(name));
  // A tap chooses; only a mouse and a keyboard can point before.
  node.addEventListener("pointerenter", ({ pointerType }) => {
    if (pointerType !== "touch") pointAt(name);
  });
  node.addEventListener("pointerleave", () => pointAt(undefined));
  node.addEventListener("focus", () => {
    if (node.matches(":focus-visible")) pointAt(name);
  });
  node.addEventListener("blur", () => pointAt(undefined));
}

/** Lines in small plots, which the values of all of them fill. */
function outlinesOf({ counts, lines }: Chart, axis: Axis): (line: Line) => string {
  const heights = lines.flatMap(({ points }) => points.flatMap((point) => (point ? axis.position(point.median) : [])));
  const along = partOf(counts.map(Math.log2));
  const up = partOf(heights);
  return ({ points }) =>
    through(
      points.flatMap((point, i) => {
        if (point === null) return [];
        const x = MARGIN + along(Math.log2(counts[i]!)) * (WIDTH - 2 * MARGIN);
        const y = HEIGHT - MARGIN - up(axis.position(point.median)) * (HEIGHT - 2 * MARGIN);
        return [{ x, y }];
      }),
    );
}
