/**
 * The report: one HTML file with plots, the tables, and the rows they were drawn from. It loads nothing.
 *
 * The file says what is shown and how to read it; page/main.ts, in the browser, draws the plots from the rows.
 * What page/ and uPlot are bundled to lies beside this module once scripts/build-report.mjs has run.
 */
import { readFile } from "node:fs/promises";
import type { Measurement, Metric } from "../experiments/measurement.js";
import type { Algorithm, Kind } from "../program/kernel.js";
import type { MachineReport } from "./report.js";
import type { ReportTable } from "./table.js";

/** A plot, shown for each machine that has rows of its metric. */
interface Section {
  readonly heading: string;
  readonly workload: Kind;
  readonly metric: Metric;
  /** How to read it, for rows up to that many processors. */
  readonly reading: (processors: number) => string;
  /** How to read the part with more processors than cores. */
  readonly beyondCores: string;
}

const SECTIONS: readonly Section[] = [
  {
    heading: "Locks: passing time",
    workload: "lock",
    metric: "passingTime",
    reading: () =>
      "Elapsed time divided by the acquisitions of all processors: where they contend, the time from one " +
      "acquisition to the next. Lower is better.",
    beyondCores:
      "In the shaded part there are more processors than cores: the holder of the lock, or the next in its queue, may " +
      "not be running, while those that spin keep the cores. A line that climbs by decades there is a spin lock " +
      "collapsing; a lock whose waiters park stays low.",
  },
  {
    heading: "Locks: who gets the lock",
    workload: "lock",
    metric: "share",
    reading: (processors) =>
      `All acquisitions of a lock at ${processors} processors, divided into the processors' parts; the notches below a ` +
      "bar mark equal parts. Of the repetitions the bar shows the one in the middle by Jain's index, which is 1 when " +
      `all parts are equal and 1/${processors} when one processor has everything. The longest wait is from asking for ` +
      "the lock to holding it.",
    beyondCores: "",
  },
  {
    heading: "Locks: network references",
    workload: "lock",
    metric: "networkReferences",
    reading: () =>
      "References of all processors that left their node, or went over the bus, for each acquisition. A line that rises " +
      "with the processors is a lock whose waiters disturb each other and the holder; a flat one spins privately.",
    beyondCores: "",
  },
  {
    heading: "Barriers: episode time",
    workload: "barrier",
    metric: "episodeTime",
    reading: () =>
      "Elapsed time divided by the episodes: what it costs all processors to wait for each other once. Lower is better.",
    beyondCores:
      "In the shaded part an episode needs processors that are not running. Those that spin keep the cores until the " +
      "operating system takes them away, some milliseconds each; those that park give them up at once.",
  },
  {
    heading: "Barriers: network references",
    workload: "barrier",
    metric: "networkReferences",
    reading: () =>
      "References of all processors that left their node, or went over the bus, for each episode. Where they go one " +
      "after the other, as over a bus, this decides; where they go side by side, the longest path does.",
    beyondCores: "",
  },
  {
    heading: "Counters: throughput",
    workload: "counter",
    metric: "throughput",
    reading: () =>
      "Additions of all processors by elapsed time. Higher is better. A counter of which each processor adds to a part " +
      "of its own rises with the processors, as long as each has a core; a line that falls is a cache line that all of " +
      "them write.",
    beyondCores: "In the shaded part processors take turns on the cores, and nothing can rise any further.",
  },
];

const beside = (file: string) => readFile(new URL(`./${file}`, import.meta.url), "utf8");

/**
 * The report of an evaluation, as the text of an HTML file. Of several machines the page shows the one that its reader
 * chooses. A plot without rows is left out, and so are the tables if there are none. Names and titles may be any text.
 * Series keep the order of `algorithms`, and with it their colours from one report to the next.
 */
export async function renderPage(reports: readonly MachineReport[], algorithms: readonly Algorithm[]): Promise<string> {
  const [style, script] = await Promise.all(["page.bundle.css", "page.bundle.js"].map(beside));
  const names = algorithms.map(({ kind, name, title }) => ({ kind, name, title }));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:">
<link rel="icon" href="data:,">
<title>Landspout: the kernel, measured</title>
<style>
${style}</style>
</head>
<body>
<header>
<h1>Landspout: the kernel, measured</h1>
${reports.length > 1 ? renderChoice(reports) : ""}
</header>
<main>
${reports.length > 0 ? reports.map(renderMachine).join("\n") : `<p class="reading">No measurements.</p>`}
</main>
<script type="application/json" id="rows">${json(reports.flatMap(({ rows }) => rows))}</script>
<script type="application/json" id="algorithms">${json(names)}</script>
<script>
${script}</script>
</body>
</html>
`;
}

/** Links to the machines: the script shows one at a time, and without it they lead down the page. */
function renderChoice(reports: readonly MachineReport[]): string {
  const links = reports.map(({ rows: [first] }) => {
    const { machine, cpu } = first!;
    return `<a href="#${escapeHtml(encodeURIComponent(machine))}"><b>${escapeHtml(machine)}</b> ${escapeHtml(cpu)}</a>`;
  });
  return `<nav class="machines" aria-label="Machines">${links.join("\n")}</nav>`;
}

function renderMachine({ facts, rows, tables }: MachineReport): string {
  const { machine } = rows[0]!;
  const sections = SECTIONS.map((section) => renderSection(section, rows)).filter((html) => html !== "");
  const items = Object.entries(facts).map(
    ([name, value]) => `<div><dt>${escapeHtml(name)}</dt><dd>${escapeHtml(value)}</dd></div>`,
  );
  return `<article class="machine" id="${escapeHtml(machine)}">
<h2>${escapeHtml(machine)}</h2>
<dl class="facts">${items.join("")}</dl>
${sections.length > 0 ? `<noscript><p class="reading">The plots are drawn by a script in this file; it is not running. The tables do without it.</p></noscript>` : ""}
${sections.join("\n")}
${tables.length > 0 ? `<section class="tables">\n<h3>Tables</h3>\n${tables.map(renderTable).join("\n")}\n</section>` : ""}
</article>`;
}

function renderSection(section: Section, rows: readonly Measurement[]): string {
  const { heading, workload, metric, reading, beyondCores } = section;
  const shown = rows.filter((row) => row.workload === workload && row.metric === metric);
  const [first] = shown;
  if (first === undefined) return "";
  const processors = largest(shown.map((row) => row.processors));
  const beyond = shown.some((row) => row.processors > row.cores) ? ` ${beyondCores}` : "";
  // The data attributes are those fields that all rows of the plot have in common.
  const common = Object.entries({ machine: first.machine, workload, metric });
  const attributes = common.map(([field, value]) => ` data-${field}="${escapeHtml(value)}"`).join("");
  return `<section>
<h3>${heading}</h3>
<p class="reading">${escapeHtml(reading(processors) + beyond)}</p>
<div class="plot"${attributes}></div>
</section>`;
}

function renderTable({ title, note, columns, rows }: ReportTable): string {
  const head = columns.map((column) => `<th scope="col">${escapeHtml(column)}</th>`).join("");
  const body = rows.map(([name = "", ...values]) => {
    const missing = columns.length - 1 - values.length;
    const cells = values.map((value, i) => {
      const span = missing > 0 && i === values.length - 1 ? ` colspan="${missing + 1}"` : "";
      return `<td${span}>${escapeHtml(value)}</td>`;
    });
    return `<tr><th scope="row">${escapeHtml(name)}</th>${cells.join("")}</tr>`;
  });
  return `<h4>${escapeHtml(title)}</h4>
${note === "" ? "" : `<p class="reading">${escapeHtml(note)}</p>`}
<div class="scroll" tabindex="0" role="region" aria-label="${escapeHtml(title)}">
<table class="values">
<thead><tr>${head}</tr></thead>
<tbody>
${body.join("\n")}
</tbody>
</table>
</div>`;
}

/** Not Math.max(...values): there may be more rows than a call takes arguments. */
function largest(values: readonly number[]): number {
  return values.reduce((a, b) => Math.max(a, b));
}

const ENTITIES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/** Text as HTML, inside an element or a quoted attribute. */
function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character]!);
}

/** A value as JSON that cannot end the script element it stands in. */
function json(value: unknown): string {
  return JSON.stringify(value).replaceAll("<", "\\u003c");
}
