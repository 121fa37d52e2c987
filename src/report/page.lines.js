// @ts-check
// A plot of lines by processors: uPlot draws it, the pointer finds its points, the legend hides and highlights its lines.
import { chartOf, extentOf, isFaded, pointsOf } from "./page.chart.js";
import {
  colour,
  drawMarks,
  FADED,
  LINE_WIDTH,
  lookOf,
  MARKER_RADIUS,
  sampleOf,
  shadeBeyondCores,
} from "./page.marks.js";
import {
  counted,
  element,
  hideTip,
  inShownUnit,
  onPointerLeave,
  shortWithUnit,
  showTip,
  spread,
  withUnit,
} from "./page.text.js";

/** @typedef {import("../experiments/measurement.js").Measurement} Measurement */
/** @typedef {import("./page.chart.js").Chart} Chart */
/** @typedef {import("./page.chart.js").Line} Line */
/** @typedef {import("uplot")} Plot */
/** @typedef {import("uplot").Axis} Axis */

/** Makes a line the highlighted one, or none. @typedef {(line: Line | undefined, index?: number) => void} Highlight */

/** The page has run its script before this one. @type {typeof import("uplot")} */
const UPlot = Reflect.get(globalThis, "uPlot");

/** What the y axis has. @type {Record<string, { label: string, logarithmic: boolean }>} */
const QUANTITIES = {
  passingTime: { label: "Time per acquisition", logarithmic: true },
  episodeTime: { label: "Time per episode", logarithmic: true },
  throughput: { label: "Throughput (additions per second)", logarithmic: false },
};
/** A quantity that could be linear is logarithmic from that ratio between its largest and its smallest value on. */
const LINEAR_RATIO = 20;
/** Where a decade of a logarithmic axis is divided, unless there are more decades than that. */
const STEPS = [1, 2, 5];
const DIVIDED_DECADES = 4.4;
/** Room on the x axis before the first count of processors and after the last, as a part of a doubling. */
const X_MARGIN = 0.5;
/** Up to so many counts of processors all are written below the axis, of more the powers of two. */
const WRITTEN_COUNTS = 9;
/** How near a pointer has to come to a point, in CSS pixels. */
const REACH = 48;

/** @param {HTMLElement} place @param {Measurement[]} of at least one, all of one machine, workload, metric and unit */
export function drawLines(place, of) {
  const chart = chartOf(of);
  const { label, logarithmic } = QUANTITIES[of[0]?.metric ?? ""] ?? { label: "", logarithmic: false };
  const canvas = element("div", "canvas");
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", `${label} by processors, one line an algorithm; the values are in the legend`);
  const legend = legendOf(chart, highlight, update);
  place.append(canvas, legend.node);
  const plot = new UPlot(optionsOf(chart, label, logarithmic, sizeIn(canvas)), dataOf(chart), canvas);

  /** @type {Highlight} */
  function highlight(line, index) {
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

/** @param {Chart} chart @returns {import("uplot").AlignedData} */
function dataOf({ counts, lines }) {
  return [counts.map(Math.log2), ...lines.map((line) => line.summaries.map((summary) => summary?.median ?? null))];
}

/** @param {HTMLElement} canvas */
function sizeIn({ clientWidth: width }) {
  return { width, height: Math.round(Math.max(360, Math.min(460, width * 0.62))) };
}

/**
 * @param {Chart} chart @param {string} label @param {boolean} logarithmic @param {{ width: number, height: number }} size
 * @returns {import("uplot").Options}
 */
function optionsOf(chart, label, logarithmic, size) {
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

/** The x axis' ends. @param {Chart} chart @returns {[number, number]} */
function processorsRangeOf({ counts }) {
  return [Math.log2(Math.min(...counts)) - X_MARGIN, Math.log2(Math.max(...counts)) + X_MARGIN];
}

/** The y axis' ends, for the lines that are shown. @param {Chart} chart @param {boolean} log @returns {[number, number]} */
function valuesRangeOf({ lines }, log) {
  const { low, high } = extentOf(lines.filter(({ shown }) => shown));
  if (low > high) return log ? [1, 1000] : [0, 1];
  return log ? [round125(low / 1.1, false), round125(high * 1.1, true)] : [0, high * 1.08];
}

/** The next of 1, 2 and 5 of a decade below the value, or above it. @param {number} value @param {boolean} up */
function round125(value, up) {
  const decade = 10 ** Math.floor(Math.log10(value));
  const steps = [...STEPS, 10].map((step) => step * decade);
  return (up ? steps.find((step) => step >= value) : steps.findLast((step) => step <= value)) ?? value;
}

/** Where an axis from low to high has its numbers. @param {number} low @param {number} high */
function logarithmicSplits(low, high) {
  const steps = Math.log10(high / low) > DIVIDED_DECADES ? [1] : STEPS;
  const splits = [];
  for (let decade = Math.floor(Math.log10(low)); decade <= Math.log10(high); decade++) {
    for (const step of steps) splits.push(step * 10 ** decade);
  }
  return splits.filter((value) => value >= low * 0.999 && value <= high * 1.001);
}

/** @param {Chart} chart @returns {Axis} */
function processorsAxis({ counts }) {
  const written =
    counts.length <= WRITTEN_COUNTS ? counts : counts.filter((count) => Number.isInteger(Math.log2(count)));
  return {
    ...axis("Processors"),
    splits: () => written.map(Math.log2),
    values: (_, splits) => splits.map((split) => String(Math.round(2 ** split))),
    size: 30,
  };
}

/** @param {Chart} chart @param {string} label @returns {Axis} */
function valuesAxis({ unit }, label) {
  return {
    ...axis(label),
    values: (_, splits) => splits.map((split) => shortWithUnit(split, unit)),
    size: 62,
  };
}

/** @param {Chart} chart @param {string} label @returns {Axis} */
function logarithmicAxis(chart, label) {
  const written = logarithmicSplits(...valuesRangeOf(chart, true)).map((split) => inShownUnit(split, chart.unit)[1]);
  return {
    ...valuesAxis(chart, `${label} (${[...new Set(written)].join(", ")}; logarithmic)`),
    splits: (_plot, _axis, low, high) => logarithmicSplits(low, high),
    // uPlot would leave out some.
    filter: (_, splits) => splits,
  };
}

/** What both axes have. @param {string} label @returns {Axis} */
function axis(label) {
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

/** Draws the chart as it is now. @param {Plot} plot @param {Chart} chart */
function updatePlot(plot, chart) {
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

/** Highlights the point that the pointer is near to, and tells of it. @param {Plot} plot @param {Chart} chart @param {Highlight} highlight */
function watchPointer(plot, chart, highlight) {
  for (const type of /** @type {const} */ (["pointermove", "pointerdown"])) {
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

/** The point within reach that is nearest, and where in the window it is. @param {Plot} plot @param {Chart} chart @param {PointerEvent} event */
function nearestPoint(plot, chart, event) {
  const box = plot.over.getBoundingClientRect();
  let distance = REACH;
  let found;
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

/** @param {Chart} chart @param {NonNullable<ReturnType<typeof nearestPoint>>} found */
function tellPoint({ counts, unit }, { line, point, at }) {
  const format = (/** @type {number} */ value) => withUnit(value, unit);
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

// ---- The legend

/**
 * A button for each line, with its median at the point that the pointer is near to or else at the line's end.
 * @param {Chart} chart @param {Highlight} highlight @param {() => void} changed called when other lines are to be shown
 */
function legendOf(chart, highlight, changed) {
  const heading = element("span", "");
  const showAll = (/** @type {boolean} */ shown) => () => {
    for (const line of chart.lines) line.shown = shown;
    changed();
  };
  const all = button("", showAll(true), "all");
  const none = button("", showAll(false), "none");
  const entries = chart.lines.map((line) => legendEntryOf(line, highlight, changed));
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

/** @param {Line} line @param {Highlight} highlight @param {() => void} changed */
function legendEntryOf(line, highlight, changed) {
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

/** @param {string} className @param {() => void} click @param {(Node | string)[]} content */
function button(className, click, ...content) {
  const node = element("button", className, ...content);
  node.addEventListener("click", click);
  return node;
}
