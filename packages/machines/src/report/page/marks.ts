// How lines look, and what is drawn besides them: markers, the spread of one line, the part beyond the cores.
import type uPlot from "uplot";
import { type Chart, isFaded, type Point, pointsOf } from "./chart.js";

/** Names of the style sheet's colours, --series-0 to --series-6. */
const COLOURS = 7;
/** In CSS pixels. */
const DASHES: readonly (readonly number[])[] = [[], [7, 3], [2, 3], [10, 3, 2, 3]];
/** Outlines about the origin, all of about the area of a circle of radius 1. */
const MARKERS: readonly string[] = [
  "M1 0A1 1 0 1 1 -1 0A1 1 0 1 1 1 0Z",
  "M-.9-.9H.9V.9H-.9Z",
  "M0-1.25 1.15 .85H-1.15Z",
  "M0-1.3 1.3 0 0 1.3-1.3 0Z",
  "M0 1.25 1.15-.85H-1.15Z",
];
/** In CSS pixels. */
export const LINE_WIDTH = 1.8;
export const MARKER_RADIUS = 3.6;
/** How much larger the marker under the pointer is. */
const POINTED_AT = 1.5;
/** How much remains of the lines beside the highlighted one, and the opacity of its band. */
export const FADED = 0.16;

export interface Look {
  /** A property of the style sheet. */
  readonly colour: string;
  readonly dash: readonly number[];
  readonly marker: string;
}

/** No two of the first 28 numbers have the same colour and dash. */
export function lookOf(number: number): Look {
  return {
    colour: `--series-${number % COLOURS}`,
    dash: DASHES[number % DASHES.length] ?? [],
    marker: MARKERS[number % MARKERS.length] ?? "",
  };
}

/** A colour of the style sheet, light or dark as the page is now. */
export function colour(property: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(property).trim();
}

/** A piece of the line with its marker, as large as in the plot. */
export function sampleOf(number: number): SVGElement {
  const { colour, dash, marker } = lookOf(number);
  const sample = svg("svg", { class: "sample", viewBox: "0 0 36 14", "aria-hidden": "true" });
  // By name, so that it follows the page from light to dark.
  sample.style.color = `var(${colour})`;
  sample.append(
    svg("path", {
      d: "M0 7H36",
      stroke: "currentColor",
      "stroke-width": LINE_WIDTH,
      "stroke-dasharray": dash.join(" "),
    }),
    svg("path", { d: marker, fill: "currentColor", transform: `translate(18 7) scale(${MARKER_RADIUS})` }),
  );
  return sample;
}

function svg(name: "svg" | "path", attributes: Readonly<Record<string, string | number>>): SVGElement {
  const node = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, String(value));
  return node;
}

/** The part with more processors than cores. */
export function shadeBeyondCores(plot: uPlot, { counts, cores }: Chart): void {
  const first = counts.find((count) => count > cores);
  if (first === undefined) return;
  const last = counts.findLast((count) => count <= cores);
  const { ctx: context, bbox } = plot;
  const right = bbox.left + bbox.width;
  const left = last === undefined ? bbox.left : plot.valToPos(Math.log2(last * first) / 2, "x", true);
  const pixel = devicePixelRatio;
  context.save();
  context.fillStyle = colour("--shade");
  context.fillRect(left, bbox.top, right - left, bbox.height);
  context.fillStyle = colour("--soft");
  context.font = `${12 * pixel}px ${getComputedStyle(document.body).fontFamily}`;
  context.textAlign = "right";
  context.textBaseline = "bottom";
  context.fillText(`more processors than cores (${cores})`, right, bbox.top - 7 * pixel);
  context.restore();
}

/** The points, and of the highlighted line how far the repetitions lie apart. */
export function drawMarks(plot: uPlot, chart: Chart): void {
  const { ctx: context, bbox } = plot;
  const pixel = devicePixelRatio;
  context.save();
  context.beginPath();
  context.rect(bbox.left, bbox.top - 6 * pixel, bbox.width, bbox.height + 12 * pixel);
  context.clip();
  for (const line of chart.lines.filter(({ shown }) => shown)) {
    const look = lookOf(line.number);
    const points = pointsOf(line);
    const highlighted = line === chart.highlighted;
    context.strokeStyle = context.fillStyle = colour(look.colour);
    if (highlighted) drawSpread(plot, points);
    context.globalAlpha = isFaded(chart, line) ? FADED : 1;
    for (const { index, median } of points) {
      const large = highlighted && index === chart.index ? POINTED_AT : 1;
      drawMarker(plot, look.marker, index, median, MARKER_RADIUS * pixel * large);
    }
  }
  context.restore();
}

function drawMarker(plot: uPlot, marker: string, index: number, value: number, radius: number): void {
  const { ctx: context } = plot;
  context.save();
  context.translate(xOf(plot, index), yOf(plot, value));
  context.scale(radius, radius);
  context.fill(new Path2D(marker));
  context.restore();
}

/** A band and whiskers from minimum to maximum. */
function drawSpread(plot: uPlot, points: readonly Point[]): void {
  const { ctx: context } = plot;
  const pixel = devicePixelRatio;
  context.globalAlpha = FADED;
  context.beginPath();
  for (const { index, maximum } of points) context.lineTo(xOf(plot, index), yOf(plot, maximum));
  for (const { index, minimum } of points.toReversed()) context.lineTo(xOf(plot, index), yOf(plot, minimum));
  context.fill();
  context.globalAlpha = 1;
  context.lineWidth = 1.4 * pixel;
  context.setLineDash([]);
  context.beginPath();
  for (const { index, minimum, maximum } of points) {
    const x = xOf(plot, index);
    for (const value of [minimum, maximum]) {
      context.moveTo(x - 5 * pixel, yOf(plot, value));
      context.lineTo(x + 5 * pixel, yOf(plot, value));
    }
    context.moveTo(x, yOf(plot, minimum));
    context.lineTo(x, yOf(plot, maximum));
  }
  context.stroke();
}

/** On the canvas, in its pixels. */
function xOf(plot: uPlot, index: number): number {
  return plot.valToPos(plot.data[0][index] ?? 0, "x", true);
}

function yOf(plot: uPlot, value: number): number {
  return plot.valToPos(value, "y", true);
}
