// A plot of lines by processors, and below it each line alone: pointing at one dims the others, choosing some keeps
// them.
import "./plots.css";
import { type Axis, axisOf } from "../axis.js";
import type { Chart, Point } from "../charts.js";
import type { SectionAxis } from "../sections.js";
import { counted, spread, withUnit } from "../values.js";
import { cardsOf } from "./cards.js";
import { element } from "./element.js";
import { MARKER_RADIUS } from "./marks.js";
import { type DrawnLine, type Place, type Plot, plotOf } from "./plot.js";
import { onSelection, pointAt, selectionAmong, toggle } from "./selection.js";
import { hideTip, onPointerLeave, showTip } from "./tip.js";

/** How near a pointer has to come to a line, in CSS pixels. */
const REACH = 28;

export function drawChart(place: HTMLElement, chart: Chart, { quantity, spans, better }: SectionAxis): void {
  const names = chart.lines.map(({ name }) => name);
  const axis = axisFor(chart, spans);
  const scale = [axis.unit, axis.logarithmic ? "logarithmic" : ""].filter((word) => word !== "");
  const title = `${quantity}${scale.length === 0 ? "" : ` (${scale.join(", ")})`}`;
  const canvas = element("div", "canvas");
  place.append(element("div", "axis-title", title), canvas, ...cardsOf(chart, axis, better));

  let plot: Plot | undefined;
  const update = () => {
    const { bright, pointed } = selectionAmong(names);
    const some = bright.size < names.length;
    for (const { name, node, label } of plot?.lines ?? []) {
      for (const each of [node, label]) each?.classList.toggle("dim", !bright.has(name));
      node.classList.toggle("bright", some && bright.has(name));
      node.classList.toggle("pointed", name === pointed);
      // Before those that step back.
      if (some && bright.has(name)) plot?.node.append(node);
    }
  };
  onSelection(update);
  new ResizeObserver(([entry]) => {
    const width = Math.floor(entry!.contentRect.width);
    if (width === 0 || String(width) === plot?.node.getAttribute("width")) return;
    plot = plotOf(
      chart,
      axis,
      width,
      `${quantity} by ${chart.along}s; the values are in the buttons and the table below`,
    );
    canvas.replaceChildren(plot.node);
    update();
    watchPointer(plot, chart);
  }).observe(canvas);
}

/** The axis that has the medians of all lines: a repetition that lies beyond it leaves them their room. */
function axisFor({ lines, unit }: Chart, spans: boolean): Axis {
  const medians = lines.flatMap(({ points }) => points.flatMap((point) => point?.median ?? []));
  return axisOf(Math.min(...medians), Math.max(...medians), unit, spans);
}

/** Points at the line, or the name, that the pointer is near to, and tells of the line's nearest point. */
function watchPointer({ node, lines }: Plot, chart: Chart): void {
  for (const type of ["pointermove", "pointerdown"] as const) {
    node.addEventListener(type, (event) => {
      const box = node.getBoundingClientRect();
      const at = { x: event.clientX - box.left, y: event.clientY - box.top };
      const named = lines.find(({ label }) => label?.contains(event.target as Node));
      const line = named ?? nearestLine(lines, at);
      pointAt(line?.name);
      if (line === undefined || named) return hideTip();
      const place = line.places.reduce((a, b) => (Math.abs(b.x - at.x) < Math.abs(a.x - at.x) ? b : a));
      const [left, top] = [box.left + place.x, box.top + place.y - MARKER_RADIUS];
      showTip({ left, top, height: 2 * MARKER_RADIUS }, ...tellPoint(line.name, place, chart));
    });
  }
  for (const { name, label } of lines) label?.addEventListener("click", () => toggle(name));
  onPointerLeave(node, () => {
    pointAt(undefined);
    hideTip();
  });
}

function nearestLine(lines: readonly DrawnLine[], at: { x: number; y: number }): DrawnLine | undefined {
  let nearest: DrawnLine | undefined;
  let distance = REACH;
  for (const line of lines) {
    for (const [i, place] of line.places.entries()) {
      const away = distanceTo(at, place, line.places[i + 1] ?? place);
      if (away >= distance) continue;
      distance = away;
      nearest = line;
    }
  }
  return nearest;
}

/** The distance from a point to the line between two others. */
function distanceTo(at: { x: number; y: number }, from: Place, to: Place): number {
  const [width, height] = [to.x - from.x, to.y - from.y];
  const length = width ** 2 + height ** 2;
  const along = length === 0 ? 0 : ((at.x - from.x) * width + (at.y - from.y) * height) / length;
  const part = Math.max(0, Math.min(1, along));
  return Math.hypot(from.x + part * width - at.x, from.y + part * height - at.y);
}

function tellPoint(name: string, { count, point }: Place, { along, unit }: Chart): (Node | string)[] {
  const format = (value: number) => withUnit(value, unit);
  return [
    element("strong", "", name),
    counted(count, along),
    element("div", "", "median ", element("b", "", format(point.median))),
    ...tellRepetitions(point, format),
  ];
}

function tellRepetitions(point: Point, format: (value: number) => string): string[] {
  const { cutOff, count } = point;
  return [
    ...(count > 1 ? [spread(point, format)] : []),
    ...(cutOff > 0 ? [`${counted(cutOff, "processor")} cut off: did not stop in time`] : []),
  ];
}
