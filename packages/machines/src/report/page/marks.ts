// How lines look: no two of the first 28 numbers have the same colour and dash, and colours need not be told apart.
import { svg } from "./element.js";

/** Names of the style sheet's colours, --series-0 to --series-6. */
const COLOURS = 7;
/** In CSS pixels. */
const DASHES: readonly string[] = ["", "7 3", "2 3", "10 3 2 3"];
/** Outlines about the origin, all of about the area of a circle of radius 1. */
const MARKERS: readonly string[] = [
  "M1 0A1 1 0 1 1 -1 0A1 1 0 1 1 1 0Z",
  "M-.9-.9H.9V.9H-.9Z",
  "M0-1.25 1.15 .85H-1.15Z",
  "M0-1.3 1.3 0 0 1.3-1.3 0Z",
  "M0 1.25 1.15-.85H-1.15Z",
];
/** In CSS pixels. */
export const MARKER_RADIUS = 3.4;

/** The value of a `color` property: by name, so that it follows the page from light to dark. */
export function colourOf(number: number): string {
  return `var(--series-${number % COLOURS})`;
}

/** A stroke along an outline. */
export function strokeOf(number: number, outline: string): SVGElement {
  return svg("path", { class: "stroke", d: outline, "stroke-dasharray": DASHES[number % DASHES.length] ?? "" });
}

export function markerAt(number: number, x: number, y: number): SVGElement {
  const transform = `translate(${x} ${y}) scale(${MARKER_RADIUS})`;
  return svg("path", { class: "marker", d: MARKERS[number % MARKERS.length] ?? "", transform });
}

/** A piece of the line with its marker, as large as in the plot. */
export function sampleOf(number: number): SVGElement {
  const sample = svg("svg", { class: "sample", width: 32, height: 12, "aria-hidden": "true" });
  sample.style.color = colourOf(number);
  sample.append(strokeOf(number, "M0 6H32"), markerAt(number, 16, 6));
  return sample;
}
