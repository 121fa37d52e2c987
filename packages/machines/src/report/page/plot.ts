// The drawing of a chart, anew for each width: axes, lines, the names at their ends, and where all of them are.
import { type Axis, partOf } from "../axis.js";
import type { Chart, Line, Point } from "../charts.js";
import { placeLabels } from "../labels.js";
import { svg } from "./element.js";
import { colourOf, markerAt, strokeOf } from "./marks.js";

export interface Plot {
  readonly node: SVGSVGElement;
  /** In the order of their ends. */
  readonly lines: readonly DrawnLine[];
}

export interface DrawnLine {
  readonly name: string;
  readonly node: SVGGElement;
  /** The name at the line's end, where there is room for names. */
  readonly label: SVGGElement | undefined;
  readonly places: readonly Place[];
}

/** Where a point is, in the drawing. */
export interface Place {
  readonly x: number;
  readonly y: number;
  /** How many processors, or what else the chart goes along. */
  readonly count: number;
  readonly point: Point;
}

/** In CSS pixels. */
const FONT_SIZE = 12;
const TOP = 24;
const BOTTOM = 46;
/** Between the frame and what stands beside it. */
const GAP = 8;
/** Of the names at the lines' ends: between two of them, and between them and the frame. */
const NAMES_APART = 15;
const NAMES_GAP = 26;
/** Narrower plots have no names at the lines' ends. */
const NAMED_WIDTH = 620;
/** Room within the frame before the first count and after the last. */
const INSET = 18;
/** Counts below the axis, and values at points, that are nearer than that to the next one are not written. */
const COUNTS_APART = 20;
const VALUES_APART = 42;

/** The height of a drawing of that width. */
function heightOf(width: number): number {
  return Math.round(Math.max(300, Math.min(440, width * 0.5)));
}

export function plotOf(chart: Chart, axis: Axis, width: number, label: string): Plot {
  const { counts, lines, along: counted } = chart;
  const height = heightOf(width);
  const named = width >= NAMED_WIDTH;
  const frame = {
    left: widest(axis.ticks.map(({ text }) => text)) + GAP,
    right: width - (named ? widest(lines.map(({ name }) => name)) + NAMES_GAP : 1),
    top: TOP,
    bottom: height - BOTTOM,
  };
  const along = partOf(counts.map(Math.log2));
  const across = frame.right - frame.left - 2 * INSET;
  const xOf = (count: number) => frame.left + INSET + across * along(Math.log2(count));
  // What lies beyond the axis is at its end.
  const position = (value: number) => Math.max(0, Math.min(1, axis.position(value)));
  const yOf = (value: number) => frame.bottom - position(value) * (frame.bottom - frame.top);

  const located = lines.map((line) => ({ line, places: placesOf(line, counts, xOf, yOf) }));
  const byEnd = located.toSorted((a, b) => a.places.at(-1)!.y - b.places.at(-1)!.y);
  const wanted = byEnd.map(({ places }) => places.at(-1)!.y);
  const placed = placeLabels(wanted, NAMES_APART, frame.top, frame.bottom);
  const drawn = byEnd.map(({ line, places }, i): DrawnLine => {
    const label = named ? drawName(line, places.at(-1)!, frame.right, placed[i]!) : undefined;
    return { name: line.name, places, node: drawLine(line, places, axis, yOf), label };
  });
  const node = svg(
    "svg",
    { width, height, role: "img", "aria-label": label },
    ...drawBeyondCores(chart, xOf, frame),
    ...axis.ticks.flatMap(({ value, text }) => [
      svg("path", { class: "grid", d: `M${frame.left} ${yOf(value)}H${frame.right}` }),
      svg("text", { x: frame.left - GAP, y: yOf(value), dy: ".35em", "text-anchor": "end" }, text),
    ]),
    ...drawCounts(counts, xOf, frame.bottom),
    svg(
      "text",
      { x: (frame.left + frame.right) / 2, y: height - 6, "text-anchor": "middle" },
      `${counted[0]!.toUpperCase()}${counted.slice(1)}s`,
    ),
    ...drawn.flatMap(({ label }) => label ?? []),
    ...drawn.map(({ node }) => node),
  );
  return { node, lines: drawn };
}

interface Frame {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

function placesOf(
  line: Line,
  counts: readonly number[],
  xOf: (count: number) => number,
  yOf: (value: number) => number,
): Place[] {
  return line.points.flatMap((point, i) =>
    point ? [{ x: xOf(counts[i]!), y: yOf(point.median), count: counts[i]!, point }] : [],
  );
}

/** An outline through places. */
export function through(places: readonly Pick<Place, "x" | "y">[]): string {
  return `M${places.map(({ x, y }) => `${x.toFixed(1)} ${y.toFixed(1)}`).join("L")}`;
}

/** The line, how far its repetitions lie apart, its markers and its values. */
function drawLine({ name, number }: Line, places: readonly Place[], axis: Axis, yOf: (value: number) => number) {
  const above = places.map(({ x, point }) => ({ x, y: yOf(point.maximum) }));
  const below = places.map(({ x, point }) => ({ x, y: yOf(point.minimum) }));
  const node = svg(
    "g",
    { class: "line", "data-name": name },
    svg("path", { class: "spread", d: `${through([...above, ...below.reverse()])}Z` }),
    strokeOf(number, through(places)),
    ...places.map(({ x, y }) => markerAt(number, x, y)),
    ...fromLast(places, ({ x }) => x, VALUES_APART).map(({ x, y, point }) =>
      svg("text", { class: "value", x, y: y - GAP, "text-anchor": "middle" }, axis.text(point.median)),
    ),
  );
  node.style.color = colourOf(number);
  return node;
}

/** The name, at a height of its own beside the frame, and a thread to it from the line's end. */
function drawName({ name, number }: Line, end: Place, right: number, y: number): SVGGElement {
  const thread = `M${end.x + 5} ${end.y}L${right + 6} ${y}H${right + NAMES_GAP - 6}`;
  const label = svg(
    "g",
    { class: "label" },
    svg("path", { class: "thread", d: thread }),
    svg("text", { class: "name", x: right + NAMES_GAP - 3, y, dy: ".35em" }, name),
  );
  label.style.color = colourOf(number);
  return label;
}

function drawCounts(counts: readonly number[], xOf: (count: number) => number, bottom: number): SVGElement[] {
  return [
    ...counts.map((count) => svg("path", { class: "grid", d: `M${xOf(count)} ${bottom}v5` })),
    ...fromLast(counts, xOf, COUNTS_APART).map((count) =>
      svg("text", { x: xOf(count), y: bottom + 18, "text-anchor": "middle" }, String(count)),
    ),
  ];
}

/** Of items from left to right the last one, and before it those that are at least that far apart. */
function fromLast<Item>(items: readonly Item[], xOf: (item: Item) => number, apart: number): Item[] {
  let next = Number.POSITIVE_INFINITY;
  return items.toReversed().filter((item) => {
    if (next - xOf(item) < apart) return false;
    next = xOf(item);
    return true;
  });
}

/** The shade of the part with more processors than cores. */
function drawBeyondCores({ counts, cores }: Chart, xOf: (count: number) => number, frame: Frame): SVGElement[] {
  const first = counts.find((count) => count > cores);
  if (first === undefined) return [];
  const last = counts.findLast((count) => count <= cores);
  const x = last === undefined ? frame.left : (xOf(last) + xOf(first)) / 2;
  const size = { width: frame.right - x, height: frame.bottom - frame.top };
  return [
    svg("rect", { class: "shade", x, y: frame.top, ...size }),
    svg("text", { x: frame.right, y: frame.top - GAP, "text-anchor": "end" }, `more processors than cores (${cores})`),
  ];
}

const measure = document.createElement("canvas").getContext("2d");

/** The width of the widest text. */
function widest(texts: readonly string[]): number {
  if (!measure) return 0;
  measure.font = `${FONT_SIZE}px ${getComputedStyle(document.body).fontFamily}`;
  return Math.ceil(Math.max(...texts.map((text) => measure.measureText(text).width)));
}
