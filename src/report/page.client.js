// @ts-check
// Draws the plots of a report from the rows that its page carries. Runs in the browser, after uPlot.

/** @typedef {import("../experiments/measurement.js").Measurement} Measurement */
/** @typedef {import("../experiments/measurement.js").Summary} Summary */
/** @typedef {import("uplot")} Plot */

/**
 * One algorithm in one plot.
 * @typedef {{ title: string, look: Look, summaries: (Summary | undefined)[], cutOff: number[], show: boolean }} Series
 */

/**
 * How a series is told from the others: no two of the first 28 have the same colour and dash.
 * @typedef {{ colour: string, dash: number[], marker: number }} Look
 */

/** @type {typeof import("uplot")} */
const UPlot = Reflect.get(globalThis, "uPlot");
/** @type {Measurement[]} */
const rows = JSON.parse(document.getElementById("rows")?.textContent ?? "[]");
/** @type {Pick<import("../program/kernel.js").Algorithm, "kind" | "name" | "title">[]} */
const algorithms = JSON.parse(document.getElementById("algorithms")?.textContent ?? "[]");

const COLOURS = 7;
/** In CSS pixels. */
const DASHES = [[], [7, 3], [2, 3], [10, 3, 2, 3]];
const MARKERS = 5;
/** Radius of a marker, and how near a pointer has to come to a point; in CSS pixels. */
const MARKER_RADIUS = 3.6;
const REACH = 48;
/** How much remains of the series beside the highlighted one. */
const FADED = 0.16;
/** Linear up to that ratio between the largest and the smallest value, logarithmic beyond. */
const LINEAR_RATIO = 20;
/** Where a decade of a logarithmic axis is divided. */
const STEPS = [1, 2, 5];
/** From which share on a part is wide enough for its processor's number. */
const LEGIBLE_PART = 0.04;

/** Sizes and names of the units in which a value is written, from small to large. @typedef {[number, string][]} Units */
/** @type {Units} In nanoseconds. */
const TIMES = [
  [1, "ns"],
  [1e3, "µs"],
  [1e6, "ms"],
  [1e9, "s"],
];
/** @type {Units} */
const RATES = [
  [1, "/s"],
  [1e3, "k/s"],
  [1e6, "M/s"],
  [1e9, "G/s"],
];

/** What plots have on their y axis. @typedef {{ label: string, logarithmic: boolean, units: Units }} Quantity */
/** @type {Record<string, Quantity>} */
const QUANTITIES = {
  passingTime: { label: "Time per acquisition", logarithmic: true, units: TIMES },
  episodeTime: { label: "Time per episode", logarithmic: true, units: TIMES },
  throughput: { label: "Throughput (additions per second)", logarithmic: false, units: RATES },
};

// ---- Text

/** The value in the unit that suits it. @param {number} value @param {Units} units @returns {[number, string]} */
function inUnit(value, units) {
  const rounded = Number(value.toPrecision(3));
  const [size, unit] = units.findLast(([size]) => rounded >= size) ?? units[0] ?? [1, ""];
  return [rounded / size, unit];
}

/** To three digits: 45.0 ns. @param {number} value @param {Units} units */
function withUnit(value, units) {
  const [number, unit] = inUnit(value, units);
  return `${number < 1000 ? number.toPrecision(3) : number}\u00a0${unit}`;
}

/** As short as it can be: 45 ns. @param {number} value @param {Units} units */
function shortWithUnit(value, units) {
  const [number, unit] = inUnit(value, units);
  return value === 0 ? "0" : `${Number(number.toPrecision(3))}\u00a0${unit}`;
}

/** @param {number} count @param {string} noun */
function counted(count, noun) {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** @param {Summary} summary @param {(value: number) => string} format */
function spread({ minimum, maximum, count }, format) {
  return `${format(minimum)} .. ${format(maximum)}, ${counted(count, "repetition")}`;
}

/**
 * An element with a class and what is in it; text stays text.
 * @param {string} name @param {string} className @param {(Node | string)[]} content
 */
function element(name, className, ...content) {
  const node = document.createElement(name);
  if (className !== "") node.className = className;
  node.append(...content);
  return node;
}

// ---- Rows

/** @param {number[]} values @returns {Summary | undefined} */
function summarize(values) {
  const sorted = values.filter(Number.isFinite).sort((a, b) => a - b);
  const [minimum] = sorted;
  const maximum = sorted.at(-1);
  if (minimum === undefined || maximum === undefined) return undefined;
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? maximum;
  const median = sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
  return { median, minimum, maximum, count: sorted.length };
}

/** Those that agree with every field given. @param {Partial<Measurement>} selection */
function select(selection) {
  const fields = /** @type {[keyof Measurement, unknown][]} */ (Object.entries(selection));
  return rows.filter((row) => fields.every(([field, value]) => row[field] === value));
}

/** @param {Partial<Measurement>} selection */
function summaryOf(selection) {
  return summarize(select(selection).map((row) => row.value));
}

/** The algorithms among the rows: in the catalogue's order, then those that it does not have. @param {Measurement[]} of */
function algorithmsOf(of) {
  const [{ workload } = { workload: "" }] = of;
  const known = algorithms.filter((algorithm) => algorithm.kind === workload);
  const names = new Set(of.map((row) => row.algorithm));
  const unknown = [...names].filter((name) => !known.some((algorithm) => algorithm.name === name));
  return [...known, ...unknown.map((name) => ({ name, title: name }))]
    .map(({ name, title }, index) => ({ name, title, look: lookOf(index) }))
    .filter(({ name }) => names.has(name));
}

/** @param {number} index @returns {Look} */
function lookOf(index) {
  const dash = DASHES[index % DASHES.length] ?? [];
  return { colour: `--series-${index % COLOURS}`, dash, marker: index % MARKERS };
}

/** @param {Measurement[]} of */
function processorCounts(of) {
  return [...new Set(of.map((row) => row.processors))].sort((a, b) => a - b);
}

// ---- Drawing

/** A colour of the style sheet, light or dark as the page is now. @param {string} property */
function colour(property) {
  return getComputedStyle(document.documentElement).getPropertyValue(property).trim();
}

/** A closed path, or a cross; all have about the same area. @param {number} marker @param {number} r */
function markerPath(marker, x = 0, y = 0, r = MARKER_RADIUS) {
  const path = new Path2D();
  const corners = [
    [],
    [-0.9, -0.9, 0.9, -0.9, 0.9, 0.9, -0.9, 0.9],
    [0, -1.25, 1.15, 0.85, -1.15, 0.85],
    [0, -1.3, 1.3, 0, 0, 1.3, -1.3, 0],
    [0, 1.25, 1.15, -0.85, -1.15, -0.85],
  ][marker];
  if (!corners || corners.length === 0) path.arc(x, y, r, 0, 2 * Math.PI);
  else
    for (let i = 0; i < corners.length; i += 2) path.lineTo(x + r * (corners[i] ?? 0), y + r * (corners[i + 1] ?? 0));
  path.closePath();
  return path;
}

/** A piece of the series' line with its marker, for the legend. @param {Look} look */
function sample({ colour, dash, marker }) {
  const canvas = /** @type {HTMLCanvasElement} */ (element("canvas", "sample"));
  const [width, height] = [36, 14];
  const draw = () => {
    const ratio = devicePixelRatio;
    canvas.width = width * ratio;
    canvas.height = height * ratio;
    const context = canvas.getContext("2d");
    if (!context) return;
    context.scale(ratio, ratio);
    context.strokeStyle = context.fillStyle = getComputedStyle(document.documentElement).getPropertyValue(colour);
    context.lineWidth = 1.8;
    context.setLineDash(dash);
    context.beginPath();
    context.moveTo(0, height / 2);
    context.lineTo(width, height / 2);
    context.stroke();
    context.fill(markerPath(marker, width / 2, height / 2));
  };
  draw();
  onColoursChange(draw);
  return canvas;
}

/** @param {() => void} redraw */
function onColoursChange(redraw) {
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
}

/** Where an axis from low to high has its numbers: at 1, 2 and 5 of each decade, or at the decades if they are many. */
function logarithmicSplits(/** @type {number} */ low, /** @type {number} */ high) {
  const steps = Math.log10(high / low) > 4.4 ? [1] : STEPS;
  const splits = [];
  for (let decade = Math.floor(Math.log10(low)); decade <= Math.log10(high); decade++) {
    for (const step of steps) splits.push(step * 10 ** decade);
  }
  return splits.filter((value) => value >= low * 0.999 && value <= high * 1.001);
}

/** The next of 1, 2 and 5 of a decade below the value, or above it. @param {number} value @param {boolean} up */
function round125(value, up) {
  const decade = 10 ** Math.floor(Math.log10(value));
  const steps = [...STEPS, 10].map((step) => step * decade);
  return (up ? steps.find((step) => step >= value) : steps.findLast((step) => step <= value)) ?? value;
}

/** A box beside the pointer that says what is under it. */
const tip = element("div", "tip");
tip.hidden = true;
document.body.append(tip);

/** @param {DOMRect | { left: number, top: number, height: number }} at in the window @param {(Node | string)[]} lines */
function showTip(at, ...lines) {
  tip.replaceChildren(...lines.map((line) => (typeof line === "string" ? element("div", "", line) : line)));
  tip.hidden = false;
  const margin = 12;
  const { width, height } = tip.getBoundingClientRect();
  const left = Math.max(margin, Math.min(at.left + margin, document.documentElement.clientWidth - width - margin));
  const above = at.top - height - margin;
  tip.style.left = `${left + scrollX}px`;
  tip.style.top = `${(above >= 0 ? above : at.top + at.height + margin) + scrollY}px`;
}

function hideTip() {
  tip.hidden = true;
}

// A finger leaves with every tap; what it has shown stays until the next one.
document.addEventListener("pointerdown", hideTip, { capture: true });

/** @param {HTMLElement} node @param {() => void} leave */
function onPointerLeave(node, leave) {
  node.addEventListener("pointerleave", (event) => {
    if (event.pointerType !== "touch") leave();
  });
}

// ---- Lines by processors

/** @param {HTMLElement} place @param {Measurement[]} of @param {Quantity} quantity */
function drawLines(place, of, { label, logarithmic, units }) {
  const format = (/** @type {number} */ value) => withUnit(value, units);
  const counts = processorCounts(of);
  const last = counts.length - 1;
  const cores = of[0]?.cores ?? 0;
  const workload = of[0]?.workload;
  /** @type {Series[]} */
  const series = algorithmsOf(of).map(({ name: algorithm, title, look }) => {
    const mine = of.filter((row) => row.algorithm === algorithm && row.value > 0);
    const cut = rows.filter(
      (row) => row.metric === "cutOff" && row.algorithm === algorithm && row.workload === workload,
    );
    const at = (/** @type {Measurement[]} */ some, /** @type {number} */ processors) =>
      some.filter((row) => row.processors === processors).map((row) => row.value);
    return {
      title,
      look,
      summaries: counts.map((processors) => summarize(at(mine, processors))),
      cutOff: counts.map((processors) => Math.max(0, ...at(cut, processors))),
      show: true,
    };
  });
  // The legend has the order of the lines' ends, from top to bottom.
  const end = (/** @type {Series} */ one) => one.summaries.findLast((summary) => summary)?.median ?? 0;
  series.sort((a, b) => end(b) - end(a));

  const values = series.flatMap((one) => one.summaries.flatMap((s) => (s ? [s.minimum, s.maximum] : [])));
  const log = logarithmic || Math.max(...values) / Math.min(...values) > LINEAR_RATIO;
  /** @type {{ series: number, index: number } | undefined} */
  let highlighted;

  /** @returns {[number, number]} */
  const range = () => {
    const shown = series.filter((one) => one.show).flatMap((one) => one.summaries.filter((s) => s !== undefined));
    const low = Math.min(...shown.map((s) => s.minimum));
    const high = Math.max(...shown.map((s) => s.maximum));
    if (shown.length === 0) return log ? [1, 1000] : [0, 1];
    return log ? [round125(low / 1.1, false), round125(high * 1.1, true)] : [0, high * 1.08];
  };
  const unitsUsed = () =>
    [...new Set(logarithmicSplits(...range()).map((value) => inUnit(value, units)[1]))].join(", ");

  const canvas = element("div", "canvas");
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", `${label} by processors, one line an algorithm; the values are in the legend`);
  const legend = element("div", "legend");
  place.append(canvas, legend);

  const font = `12px ${getComputedStyle(document.body).fontFamily}`;
  /** @param {string} text @returns {import("uplot").Axis} */
  const axis = (text) => ({
    label: text,
    labelFont: font,
    labelGap: 4,
    labelSize: 22,
    font,
    gap: 6,
    stroke: () => colour("--soft"),
    grid: { stroke: () => colour("--grid"), width: 1 },
    ticks: { show: false },
  });
  const labelled = counts.length <= 9 ? counts : counts.filter((count) => Number.isInteger(Math.log2(count)));

  const plot = new UPlot(
    {
      ...size(),
      padding: [26, 14, 0, 0],
      legend: { show: false },
      cursor: { show: false },
      scales: {
        x: { time: false, range: (_, low, high) => [low - 0.25, high + 0.25] },
        y: { distr: log ? 3 : 1, range },
      },
      axes: [
        {
          ...axis("Processors"),
          splits: () => labelled.map(Math.log2),
          values: (_, splits) => splits.map((split) => String(Math.round(2 ** split))),
          size: 30,
        },
        {
          ...axis(log ? `${label} (${unitsUsed()}; logarithmic)` : label),
          ...(log && {
            splits: (
              /** @type {Plot} */ _,
              /** @type {number} */ __,
              /** @type {number} */ low,
              /** @type {number} */ high,
            ) => logarithmicSplits(low, high),
            filter: (/** @type {Plot} */ _, /** @type {number[]} */ splits) => splits,
          }),
          values: (_, splits) => splits.map((split) => shortWithUnit(split, units)),
          size: 62,
        },
      ],
      series: [
        {},
        ...series.map(({ look }) => ({
          stroke: () => colour(look.colour),
          width: 1.8,
          dash: look.dash.map((length) => length * devicePixelRatio),
          points: { show: false },
        })),
      ],
      hooks: { drawClear: [shade], draw: [drawMarkers] },
    },
    [counts.map(Math.log2), ...series.map((one) => one.summaries.map((summary) => summary?.median ?? null))],
    canvas,
  );

  function size() {
    const width = canvas.clientWidth;
    return { width, height: Math.round(Math.max(360, Math.min(460, width * 0.62))) };
  }

  /** The part with more processors than cores. @param {Plot} u */
  function shade(u) {
    if ((counts[last] ?? 0) <= cores) return;
    const { ctx: context, bbox } = u;
    const right = bbox.left + bbox.width;
    const within = counts.findLast((count) => count <= cores);
    const first = counts.find((count) => count > cores) ?? cores;
    const left = within ? u.valToPos(Math.log2(within * first) / 2, "x", true) : bbox.left;
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

  /** The points and, of the highlighted series, the band and whiskers from minimum to maximum. @param {Plot} u */
  function drawMarkers(u) {
    const { ctx: context, bbox } = u;
    const pixel = devicePixelRatio;
    const x = (/** @type {number} */ index) => u.valToPos(Math.log2(counts[index] ?? 1), "x", true);
    const y = (/** @type {number} */ value) => u.valToPos(value, "y", true);
    context.save();
    context.beginPath();
    context.rect(bbox.left, bbox.top - 6 * pixel, bbox.width, bbox.height + 12 * pixel);
    context.clip();
    context.lineJoin = "round";
    context.setLineDash([]);
    for (const [number, { look, summaries, show }] of series.entries()) {
      if (!show) continue;
      const mine = number === highlighted?.series;
      const points = summaries.flatMap((summary, index) => (summary ? [{ ...summary, index }] : []));
      context.strokeStyle = context.fillStyle = colour(look.colour);
      if (mine) {
        context.globalAlpha = 0.16;
        context.beginPath();
        for (const { index, maximum } of points) context.lineTo(x(index), y(maximum));
        for (const { index, minimum } of points.toReversed()) context.lineTo(x(index), y(minimum));
        context.fill();
        context.globalAlpha = 1;
        context.lineWidth = 1.4 * pixel;
        context.beginPath();
        for (const { index, minimum, maximum } of points) {
          for (const value of [minimum, maximum]) {
            context.moveTo(x(index) - 5 * pixel, y(value));
            context.lineTo(x(index) + 5 * pixel, y(value));
          }
          context.moveTo(x(index), y(minimum));
          context.lineTo(x(index), y(maximum));
        }
        context.stroke();
      }
      context.globalAlpha = highlighted && !mine ? FADED : 1;
      for (const { index, median } of points) {
        const large = mine && index === highlighted?.index ? 1.5 : 1;
        context.fill(markerPath(look.marker, x(index), y(median), MARKER_RADIUS * pixel * large));
      }
    }
    context.restore();
  }

  // ---- its legend: a button for each series, and what to show at once

  const heading = element("span", "");
  const all = element("button", "", "all");
  const none = element("button", "", "none");
  legend.append(element("div", "legend-head", heading, element("span", "", all, " ", none)));
  const entries = series.map(({ title, look }, number) => {
    const value = element("span", "value");
    const button = element("button", "entry", sample(look), element("span", "name", title), value);
    button.title = "Click to hide or show, double-click to show this one alone";
    button.addEventListener("click", () => toggle((one, i) => (i === number ? !one.show : one.show)));
    button.addEventListener("dblclick", () => toggle((_, i) => i === number));
    for (const event of ["pointerenter", "focus"])
      button.addEventListener(event, () => highlight({ series: number, index: -1 }));
    for (const event of ["pointerleave", "blur"]) button.addEventListener(event, () => highlight(undefined));
    legend.append(button);
    return { button, value };
  });
  all.addEventListener("click", () => toggle(() => true));
  none.addEventListener("click", () => toggle(() => false));

  /** @param {(one: Series, number: number) => boolean} shown */
  function toggle(shown) {
    plot.batch(() => {
      for (const [number, one] of series.entries()) {
        one.show = shown(one, number);
        plot.setSeries(number + 1, { show: one.show });
        entries[number]?.button.setAttribute("aria-pressed", String(one.show));
      }
    });
    if (highlighted && !series[highlighted.series]?.show) highlight(undefined);
    plot.redraw();
  }

  /** @param {number} index of the count at which the legend's values are */
  function showValues(index) {
    heading.textContent = `Median at ${counted(counts[index] ?? 0, "processor")}`;
    for (const [number, { summaries }] of series.entries()) {
      const summary = summaries[index];
      entries[number]?.value.replaceChildren(summary ? format(summary.median) : "");
    }
  }

  /** @param {{ series: number, index: number } | undefined} point its index is -1 for the series as a whole */
  function highlight(point) {
    if (point?.series === highlighted?.series && point?.index === highlighted?.index) return;
    const shown = point && series[point.series]?.show ? point : undefined;
    highlighted = shown;
    for (const [number, { button }] of entries.entries()) {
      const faded = shown !== undefined && number !== shown.series;
      /** @type {any} */ (plot.series[number + 1]).alpha = faded ? FADED : 1;
      button.classList.toggle("highlighted", number === shown?.series);
    }
    showValues(shown && shown.index >= 0 ? shown.index : last);
    plot.redraw(false);
  }

  // ---- its hover

  /** The point nearest to the pointer, if it is near. @param {PointerEvent} event */
  function nearest(event) {
    const box = plot.over.getBoundingClientRect();
    const [left, top] = [event.clientX - box.left, event.clientY - box.top];
    let distance = REACH;
    let found;
    for (const [number, { summaries, show }] of series.entries()) {
      for (const [index, summary] of summaries.entries()) {
        if (!show || !summary) continue;
        const x = plot.valToPos(Math.log2(counts[index] ?? 1), "x");
        const y = plot.valToPos(summary.median, "y");
        const away = Math.hypot(x - left, y - top);
        if (away >= distance) continue;
        distance = away;
        found = {
          series: number,
          index,
          left: box.left + x,
          top: box.top + y - MARKER_RADIUS,
          height: 2 * MARKER_RADIUS,
        };
      }
    }
    return found;
  }

  for (const type of /** @type {const} */ (["pointermove", "pointerdown"])) {
    plot.over.addEventListener(type, (event) => {
      const point = nearest(event);
      highlight(point && { series: point.series, index: point.index });
      const one = point && series[point.series];
      const summary = one?.summaries[point?.index ?? 0];
      if (!point || !one || !summary) return hideTip();
      const cutOff = one.cutOff[point.index] ?? 0;
      showTip(
        point,
        element("strong", "", one.title),
        counted(counts[point.index] ?? 0, "processor"),
        element("div", "", "median ", element("b", "", format(summary.median))),
        spread(summary, format),
        ...(cutOff > 0 ? [`${counted(cutOff, "processor")} cut off: did not stop in time`] : []),
      );
    });
  }
  onPointerLeave(plot.over, () => {
    highlight(undefined);
    hideTip();
  });

  showValues(last);
  toggle(() => true);
  onColoursChange(() => plot.redraw(false));
  new ResizeObserver(() => {
    if (canvas.clientWidth > 0 && canvas.clientWidth !== plot.width) plot.setSize(size());
  }).observe(canvas);
}

// ---- Shares of the processors

/** @param {HTMLElement} place @param {Measurement[]} of */
function drawShares(place, of) {
  const processors = Math.max(...of.map((row) => row.processors));
  const at = of.filter((row) => row.processors === processors);
  const locks = algorithmsOf(at).map(({ name: algorithm, title }) => {
    const mine = at.filter((row) => row.algorithm === algorithm);
    const fairness = select({ workload: "lock", algorithm, processors, metric: "fairness" });
    // The repetition in the middle by Jain's index; the first where there is no index.
    const byIndex = [...fairness].sort((a, b) => a.value - b.value);
    const repetition = byIndex[byIndex.length >> 1]?.repetition ?? mine[0]?.repetition ?? 0;
    const parts = Array.from({ length: processors }, (_, processor) => {
      const values = mine.filter((row) => row.processor === processor);
      return {
        processor,
        share: values.find((row) => row.repetition === repetition)?.value ?? 0,
        summary: summarize(values.map((row) => row.value)),
      };
    });
    return {
      title,
      parts,
      fairness: summarize(fairness.map((row) => row.value)),
      longestWait: summaryOf({ workload: "lock", algorithm, processors, metric: "longestWait" }),
    };
  });
  locks.sort((a, b) => (b.fairness?.median ?? 0) - (a.fairness?.median ?? 0));

  const body = element("tbody", "");
  for (const { title, parts, fairness, longestWait } of locks) {
    const bar = element("div", "bar");
    bar.style.setProperty("--processors", String(processors));
    for (const { processor, share, summary } of parts) {
      const part = element("span", "part", share < LEGIBLE_PART ? "" : String(processor));
      part.style.flexGrow = String(100 * share);
      const tell = () =>
        showTip(
          part.getBoundingClientRect(),
          element("strong", "", title),
          `processor ${processor} of ${processors}`,
          element(
            "div",
            "",
            "this repetition ",
            element("b", "", formatPart(share)),
            `, equal ${formatPart(1 / processors)}`,
          ),
          ...(summary ? [`median ${formatPart(summary.median)}`, spread(summary, formatPart)] : []),
        );
      part.addEventListener("pointerenter", tell);
      part.addEventListener("pointerdown", tell);
      onPointerLeave(part, hideTip);
      bar.append(part);
    }
    const name = element("th", "", title);
    name.setAttribute("scope", "row");
    const cell = element("td", "bar-cell", bar);
    cell.setAttribute(
      "aria-label",
      parts.map(({ processor, share }) => `${processor}: ${formatPart(share)}`).join(", "),
    );
    body.append(
      element(
        "tr",
        "",
        name,
        cell,
        figure("Jain", title, fairness, formatIndex),
        figure("wait", title, longestWait, (value) => withUnit(value, TIMES)),
      ),
    );
  }
  const head = ["Lock", "Parts of the processors", "Jain's index", "Longest wait"].map((text) => {
    const cell = element("th", "", text);
    cell.setAttribute("scope", "col");
    return cell;
  });
  place.append(element("table", "shares", element("thead", "", element("tr", "", ...head)), body));
}

/** A cell with the median; the spread on hover. @param {string} caption @param {string} title @param {Summary | undefined} summary @param {(value: number) => string} format */
function figure(caption, title, summary, format) {
  const value = element("span", "", summary ? format(summary.median) : "");
  const cell = element("td", "number", element("span", "caption", `${caption} `), value);
  if (!summary) return cell;
  cell.addEventListener("pointerenter", () =>
    showTip(
      value.getBoundingClientRect(),
      element("strong", "", title),
      `median ${format(summary.median)}`,
      spread(summary, format),
    ),
  );
  onPointerLeave(cell, hideTip);
  return cell;
}

/** @param {number} share */
function formatPart(share) {
  return `${Number((share * 100).toPrecision(3))} %`;
}

/** @param {number} index */
function formatIndex(index) {
  return index.toFixed(3);
}

for (const place of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(".plot"))) {
  const { workload, metric } = place.dataset;
  const of = rows.filter((row) => row.workload === workload && row.metric === metric);
  const quantity = QUANTITIES[metric ?? ""];
  if (quantity) drawLines(place, of, quantity);
  else drawShares(place, of);
}
