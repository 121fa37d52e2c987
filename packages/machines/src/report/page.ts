/**
 * The report: one HTML file with plots, the tables, and what the algorithms are. It loads nothing.
 *
 * The file says what is shown and how to read it; page/main.ts, in the browser, draws the plots from charts.ts' figures.
 * What page/ is bundled to lies beside this module once scripts/build-report.mjs has run.
 */
import { readFile } from "node:fs/promises";
import type { Algorithm } from "../program/kernel.js";
import type { Kind } from "../program/kinds.js";
import { type Chart, chartOf, type Shares, sharesOf } from "./charts.js";
import { catalogueName } from "./grades.js";
import type { MachineReport } from "./report.js";
import { SECTIONS, type Section, type SectionAxis } from "./sections.js";
import { type ReportTable, termsOf } from "./table.js";

/** What the page's script draws at an element, by the element's id. */
export type Figure = { readonly chart: Chart; readonly axis: SectionAxis } | { readonly shares: Shares };

/** A part of what is said of a machine, and its link in the machine's contents. */
interface Part {
  readonly kind: Kind;
  readonly id: string;
  readonly heading: string;
  readonly html: string;
  readonly figure?: Figure;
}

const KINDS: Readonly<Record<Kind, string>> = {
  lock: "Locks",
  barrier: "Barriers",
  counter: "Counters",
  policy: "Scheduling",
  object: "Objects",
};
/** Digits of the figures that the page carries: more than anybody sees in a plot. */
const DIGITS = 5;

const beside = (file: string) => readFile(new URL(`./${file}`, import.meta.url), "utf8");

/**
 * The report of an evaluation, as the text of an HTML file. Of several machines the page shows the one that its reader
 * chooses. A plot without rows is left out, and so are the tables if there are none. Names and titles may be any text.
 * Series keep the order of `algorithms`, and with it their colours from one report to the next.
 */
export async function renderPage(reports: readonly MachineReport[], algorithms: readonly Algorithm[]): Promise<string> {
  const [style, script] = await Promise.all(["page.bundle.css", "page.bundle.js"].map(beside));
  const machines = reports.map((report) => ({ report, parts: partsOf(report, algorithms) }));
  const measured = new Set(reports.flatMap(({ rows }) => rows.map((row) => catalogueName(row.algorithm))));
  const figures = machines.flatMap(({ parts }) => parts.flatMap(({ id, figure }) => (figure ? [[id, figure]] : [])));
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
${machines.map(({ report, parts }) => renderMachine(report, parts)).join("\n")}
${reports.length > 0 ? renderNames(algorithms.filter(({ name }) => measured.has(name))) : `<p class="reading">No measurements.</p>`}
</main>
<script type="application/json" id="figures">${json(Object.fromEntries(figures))}</script>
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
    return `<a href="${hrefOf(machine)}"><b>${escapeHtml(machine)}</b> <span>${escapeHtml(cpu)}</span></a>`;
  });
  return `<nav class="machines" aria-label="Machines">${links.join("\n")}</nav>`;
}

function renderMachine({ facts, warning, rows }: MachineReport, parts: readonly Part[]): string {
  const { machine } = rows[0]!;
  const items = Object.entries(facts).map(
    ([name, value]) => `<div><dt>${escapeHtml(name)}</dt><dd>${escapeHtml(value)}</dd></div>`,
  );
  const links = [...parts, { id: NAMES, heading: "What the names mean" }].map(
    ({ id, heading }) => `<li><a href="${hrefOf(id)}">${escapeHtml(heading)}</a></li>`,
  );
  return `<article class="machine" id="${escapeHtml(machine)}">
<h2>${escapeHtml(machine)}</h2>
${warning === undefined ? "" : `<p class="warning" role="note"><b>Warning.</b> ${escapeHtml(warning)}</p>`}
<dl class="facts">${items.join("")}</dl>
<nav class="contents" aria-label="Contents">
<h3>Contents</h3>
<ul>
${links.join("\n")}
</ul>
</nav>
<div class="parts">
${parts.some(({ figure }) => figure) ? `<noscript><p class="reading">The plots are drawn by a script in this file; it is not running. The tables do without it.</p></noscript>` : ""}
${parts.map(({ html }) => html).join("\n")}
</div>
</article>`;
}

function partsOf({ warning, rows, tables }: MachineReport, algorithms: readonly Algorithm[]): Part[] {
  const { machine } = rows[0]!;
  const warned =
    warning === undefined
      ? ""
      : `<p class="warning">The computer was busy: <a href="${hrefOf(machine)}">see the warning</a>.</p>\n`;
  const plots = SECTIONS.flatMap((section): Part[] => {
    const { heading, workload, metric, part, axis } = section;
    const id = `${machine}/${workload}/${metric}${part === undefined ? "" : `/${part}`}`;
    if (axis === undefined) {
      const shares = sharesOf(rows, algorithms);
      if (shares === undefined) return [];
      const html = renderPlot(section, id, warned, shares.processors);
      return [{ kind: workload, id, heading, html, figure: { shares } }];
    }
    const chart = chartOf(rows, section, algorithms);
    if (chart === undefined) return [];
    const most = chart.counts.at(-1)!;
    const html = renderPlot(section, id, warned, most, chart.cores);
    return [{ kind: workload, id, heading, html, figure: { chart, axis } }];
  });
  const names = new Set(algorithms.map(({ name }) => name));
  const figures = tables.map((table): Part => {
    const { kind, part } = table;
    const id = part === undefined ? `${machine}/${kind}` : `${machine}/${kind}/${part}`;
    const heading = `${KINDS[kind]}: ${part ?? "all figures"}`;
    return { kind, id, heading, html: renderTable(table, { id, heading, warned, names }) };
  });
  return Object.keys(KINDS).flatMap((kind) => [...plots, ...figures].filter((part) => part.kind === kind));
}

/** A heading with how to read the plot, and the place where the script draws it. */
function renderPlot(section: Section, id: string, warned: string, processors: number, cores = processors): string {
  const beyond = processors > cores ? ` ${section.beyondCores}` : "";
  return `<section id="${escapeHtml(id)}">
<h3>${escapeHtml(section.heading)}</h3>
${warned}<p class="reading">${escapeHtml(section.reading(processors) + beyond)}</p>
<div class="plot"></div>
</section>`;
}

/** A table whose first cells are links to what the names mean, and whose headings have what they mean below. */
function renderTable(
  table: ReportTable,
  { id, heading, warned, names }: { id: string; heading: string; warned: string; names: ReadonlySet<string> },
): string {
  const { title, note, columns, terms = [], rows } = table;
  const shown = termsOf(table);
  const idOf = (number: number) => escapeHtml(`${id}/term/${number}`);
  const head = columns.map((column, i) => {
    const term = terms[i];
    const text = escapeHtml(column);
    if (term === undefined) return `<th scope="col">${text}</th>`;
    const meaning = idOf(shown.indexOf(term));
    return `<th scope="col"><button type="button" class="term" aria-describedby="${meaning}">${text}</button></th>`;
  });
  const body = rows.map(([name = "", ...values]) => {
    const missing = columns.length - 1 - values.length;
    const cells = values.map((value, i) => {
      const text = escapeHtml(value);
      if (missing === 0 || i < values.length - 1) return `<td>${text}</td>`;
      return `<td colspan="${missing + 1}"><span>${text}</span></td>`;
    });
    const text = escapeHtml(name);
    const known = catalogueName(name);
    const shownName = names.has(known) ? `<a href="${hrefOf(`${NAMES}/${known}`)}">${text}</a>` : text;
    return `<tr><th scope="row">${shownName}</th>${cells.join("")}</tr>`;
  });
  const meanings = shown.map(
    ({ word, meaning }, number) =>
      `<div><dt>${escapeHtml(word)}</dt><dd id="${idOf(number)}">${escapeHtml(meaning)}</dd></div>`,
  );
  return `<section id="${escapeHtml(id)}">
<h3>${heading}</h3>
${warned}<p class="reading">${escapeHtml(`${title}. ${note}`.trim())}</p>
${meanings.length === 0 ? "" : `<details class="terms"><summary>What the headings mean</summary><dl>${meanings.join("")}</dl></details>`}
<div class="scroll" tabindex="0" role="region" aria-label="${escapeHtml(title)}">
<table class="values">
<thead><tr>${head.join("")}</tr></thead>
<tbody>
${body.join("\n")}
</tbody>
</table>
</div>
</section>`;
}

/** The id of the section that says what the names mean, and the beginning of those of its names. */
const NAMES = "names";

function renderNames(algorithms: readonly Algorithm[]): string {
  const kinds = Object.entries(KINDS).map(([kind, heading]) => {
    const items = algorithms
      .filter((algorithm) => algorithm.kind === kind)
      .map(
        ({ name, title, source }) =>
          `<div id="${escapeHtml(`${NAMES}/${name}`)}"><dt>${escapeHtml(name)}</dt>` +
          `<dd>${escapeHtml(title)}<small>${escapeHtml(source)}</small></dd></div>`,
      );
    return items.length === 0 ? "" : `<h3>${heading}</h3>\n<dl class="names">\n${items.join("\n")}\n</dl>`;
  });
  return `<section class="glossary" id="${NAMES}">
<h2>What the names mean</h2>
${kinds.join("\n")}
<p class="reading">The measurements, one row each, are in results.json beside this file.</p>
</section>`;
}

/** A link to an element of the page. */
function hrefOf(id: string): string {
  return `#${escapeHtml(encodeURIComponent(id))}`;
}

const ENTITIES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/** Text as HTML, inside an element or a quoted attribute. */
function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character]!);
}

/** A value as JSON that cannot end the script element it stands in. */
function json(value: unknown): string {
  const short = (_key: string, each: unknown) => (typeof each === "number" ? Number(each.toPrecision(DIGITS)) : each);
  return JSON.stringify(value, short).replaceAll("<", "\\u003c");
}
