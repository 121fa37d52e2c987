// A plot of lines by processors: uPlot draws it, the pointer finds its points, the legend hides and highlights its lines.
import uPlot from "uplot";
import type { Measurement } from "../../experiments/measurement.js";
import { type Chart, chartOf, extentOf, type Highlight, isFaded, type Line, type Point, pointsOf } from "./chart.js";
import { element } from "./element.js";
import { legendOf } from "./legend.js";
import { colour, drawMarks, FADED, LINE_WIDTH, lookOf, MARKER_RADIUS, shadeBeyondCores } from "./marks.js";
import { counted, inShownUnit, shortWithUnit, spread, withUnit } from "./text.js";
import { hideTip, onPointerLeave, showTip } from "./tip.js";

/** What the y axis has. */
const QUANTITIES: Readonly<Record<string, { label: string; logarithmic: boolean }>> = {
  passingTime: { label: "Time per acquisition", logarithmic: true },
  episodeTime: { label: "Time per episode", logarithmic: true },
  networkReferences: { label: "Network references", logarithmic: true },
  throughput: { label: "Additions of all processors", logarithmic: false },
};
/** A quantity that could be linear is logarithmic from that ratio between its largest and its smallest value on. */
const LINEAR_RATIO = 20;
/** Where a decade of a logarithmic axis is divided, unless there are more decades than that. */
const STEPS = [1, 2, 5];
const DIVIDED_DECADES = 4.4;
/** Room on the x axis before the first count of processors and after the last, as a part of a doubling. */
const X_MARGIN = 0.5;
/** Counts of processors nearer than that to the next one written below the axis, in CSS pixels, are not written. */
const NUMBERS_APART = 22;
/** Of an axis of values, in CSS pixels: room beside its numbers, and for each of their characters. */
const AXIS_MARGIN = 20;
const CHARACTER_WIDTH = 7;
/** How near a pointer has to come to a point, in CSS pixels. */
const REACH = 48;

/** A point near the pointer. */
interface Found {
  readonly line: Line;
  readonly point: Point;
  /** In the window. */
  readonly at: { readonly left: number; readonly top: number; readonly height: number };
}

/** Draws rows, at least one, all of one machine, workload, metric and unit. */
export function drawLines(place: HTMLElement, of: readonly Measurement[]): void {
  const chart = chartOf(of);
  const { label, logarithmic } = QUANTITIES[of[0]?.metric ?? ""] ?? { label: "", logarithmic: false };
  const canvas = element("div", "canvas");
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", `${label} by processors, one line an algorithm; the values are in the legend`);
  const legend = legendOf(chart, highlight, update);
  place.append(canvas, legend.node);
  const plot = new uPlot(optionsOf(chart, label, logarithmic, sizeIn(canvas)), dataOf(chart), canvas);

  function highlight(line: Line | undefined, index?: number) {
    if (line === chart.highlighted && index === chart.index) return;
    chart.highlighted = line;
    chart.index = index;
    update();
  }

  function update() {
    updatePlot(plot, chart);
    legend.update();
  }

  update();
  watchPointer(plot, chart, highlight);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => plot.redraw(false));
  new ResizeObserver(() => {
    if (canvas.clientWidth > 0 && canvas.clientWidth !== plot.width) plot.setSize(sizeIn(canvas));
  }).observe(canvas);
}

// ---- The plot

function dataOf({ counts, lines }: Chart): uPlot.AlignedData {
  return [counts.map(Math.log2), ...lines.map((line) => line.summaries.map((summary) => summary?.median ?? null))];
}

function sizeIn({ clientWidth: width }: HTMLElement): { width: number; height: number } {
  return { width, height: Math.round(Math.max(360, Math.min(460, width * 0.62))) };
}

function optionsOf(
  chart: Chart,
  label: string,
  logarithmic: boolean,
  size: { width: number; height: number },
): uPlot.Options {
  const { low, high } = extentOf(chart.lines);
  const log = logarithmic || high / low > LINEAR_RATIO;
  const range = () => valuesRangeOf(chart, log);
  return {
    ...size,
    padding: [26, 14, 0, 0],
    legend: { show: false },
    cursor: { show: false },
    scales: {
      x: { time: false, range: processorsRangeOf(chart) },
      y: { distr: log ? 3 : 1, range },
    },
    axes: [processorsAxis(chart), log ? logarithmicAxis(chart, label) : valuesAxis(chart, label)],
    series: [
      {},
      ...chart.lines.map((line) => {
        const look = lookOf(line.number);
        return {
          stroke: () => colour(look.colour),
          width: LINE_WIDTH,
          dash: look.dash.map((length) => length * devicePixelRatio),
          points: { show: false },
        };
      }),
    ],
    hooks: { drawClear: [(plot) => shadeBeyondCores(plot, chart)], draw: [(plot) => drawMarks(plot, chart)] },
  };
}

/** The x axis' ends. */
function processorsRangeOf({ counts }: Chart): [low: number, high: number] {
  return [Math.log2(Math.min(...counts)) - X_MARGIN, Math.log2(Math.max(...counts)) + X_MARGIN];
}

/** The y axis' ends, for the lines that are shown. */
function valuesRangeOf({ lines }: Chart, log: boolean): [low: number, high: number] {
  const { low, high } = extentOf(lines.filter(({ shown }) => shown));
  if (low > high) return log ? [1, 1000] : [0, 1];
  return log ? [round125(low / 1.1, false), round125(high * 1.1, true)] : [0, high * 1.08];
}

/** The next of 1, 2 and 5 of a decade below the value, or above it. */
function round125(value: number, up: boolean): number {
  const decade = 10 ** Math.floor(Math.log10(value));
  const steps = [...STEPS, 10].map((step) => step * decade);
  return (up ? steps.find((step) => step >= value) : steps.findLast((step) => step <= value)) ?? value;
}

/** Where an axis from low to high has its numbers. */
function logarithmicSplits(low: number, high: number): number[] {
  const steps = Math.log10(high / low) > DIVIDED_DECADES ? [1] : STEPS;
  const splits: number[] = [];
  for (let decade = Math.floor(Math.log10(low)); decade <= Math.log10(high); decade++) {
    for (const step of steps) splits.push(step * 10 ** decade);
  }
  return splits.filter((value) => value >= low * 0.999 && value <= high * 1.001);
}

function processorsAxis({ counts }: Chart): uPlot.Axis {
  return {
    ...axis("Processors"),
    splits: () => counts.map(Math.log2),
    values: (plot, splits) => {
      // From the largest down, which is what the tables are about.
      let next = Number.POSITIVE_INFINITY;
      const numbers = splits.toReversed().map((split) => {
        const at = plot.valToPos(split, "x");
        if (next - at < NUMBERS_APART) return "";
        next = at;
        return String(Math.round(2 ** split));
      });
      return numbers.reverse();
    },
    size: 30,
  };
}

function valuesAxis({ unit }: Chart, label: string): uPlot.Axis {
  return {
    ...axis(label),
    values: (_, splits) => splits.map((split) => shortWithUnit(split, unit)),
    size: (_, values) => AXIS_MARGIN + CHARACTER_WIDTH * Math.max(...(values ?? []).map(({ length }) => length)),
  };
}

function logarithmicAxis(chart: Chart, label: string): uPlot.Axis {
  const written = logarithmicSplits(...valuesRangeOf(chart, true)).map((split) => inShownUnit(split, chart.unit)[1]);
  const units = [...new Set(written)].filter((unit) => unit !== "");
  return {
    ...valuesAxis(chart, `${label} (${[...units, "logarithmic"].join(", ")})`),
    splits: (_plot, _axis, low, high) => logarithmicSplits(low, high),
    // uPlot would leave out some.
    filter: (_, splits) => splits,
  };
}

/** What both axes have. */
function axis(label: string): uPlot.Axis {
  const font = `12px ${getComputedStyle(document.body).fontFamily}`;
  return {
    label,
    labelFont: font,
    labelGap: 4,
    labelSize: 22,
    font,
    gap: 6,
    stroke: () => colour("--soft"),
    grid: { stroke: () => colour("--grid"), width: 1 },
    ticks: { show: false },
  };
}

/** Draws the chart as it is now. */
function updatePlot(plot: uPlot, chart: Chart): void {
  plot.batch(() => {
    for (const [i, line] of chart.lines.entries()) {
      // Series 0 are the processors.
      const series = plot.series[i + 1];
      if (!series) continue;
      series.alpha = isFaded(chart, line) ? FADED : 1;
      if (series.show !== line.shown) plot.setSeries(i + 1, { show: line.shown });
    }
  });
  plot.redraw(false);
}

// ---- The pointer

/** Highlights the point that the pointer is near to, and tells of it. */
function watchPointer(plot: uPlot, chart: Chart, highlight: Highlight): void {
  for (const type of ["pointermove", "pointerdown"] as const) {
    plot.over.addEventListener(type, (event) => {
      const found = nearestPoint(plot, chart, event);
      highlight(found?.line, found?.point.index);
      if (found) tellPoint(chart, found);
      else hideTip();
    });
  }
  onPointerLeave(plot.over, () => {
    highlight(undefined);
    hideTip();
  });
}

/** The point within reach that is nearest. */
function nearestPoint(plot: uPlot, chart: Chart, event: PointerEvent): Found | undefined {
  const box = plot.over.getBoundingClientRect();
  let distance = REACH;
  let found: Found | undefined;
  for (const line of chart.lines.filter(({ shown }) => shown)) {
    for (const point of pointsOf(line)) {
      const x = box.left + plot.valToPos(plot.data[0][point.index] ?? 0, "x");
      const y = box.top + plot.valToPos(point.median, "y");
      const away = Math.hypot(x - event.clientX, y - event.clientY);
      if (away >= distance) continue;
      distance = away;
      found = { line, point, at: { left: x, top: y - MARKER_RADIUS, height: 2 * MARKER_RADIUS } };
    }
  }
  return found;
}

function tellPoint({ counts, unit }: Chart, { line, point, at }: Found): void {
  const format = (value: number) => withUnit(value, unit);
  const cutOff = line.cutOff[point.index] ?? 0;
  showTip(
    at,
    element("strong", "", line.title),
    counted(counts[point.index] ?? 0, "processor"),
    element("div", "", "median ", element("b", "", format(point.median))),
    spread(point, format),
    ...(cutOff > 0 ? [`${counted(cutOff, "processor")} cut off: did not stop in time`] : []),
  );
}
