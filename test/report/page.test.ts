import { Script } from "node:vm";
import { describe, expect, it } from "vitest";
import type { Measurement } from "#machines/index.js";
import { renderPage } from "#machines/report/page.js";
import { machineReports } from "#machines/report/report.js";
import type { ReportTable } from "#machines/report/table.js";

const HOSTILE = `</script><img src=x onerror="alert(1)">&'`;
const HOSTILE_AS_TEXT = "&lt;/script&gt;&lt;img src=x onerror=&quot;alert(1)&quot;&gt;&amp;&#39;";

function row(fields: Partial<Measurement>): Measurement {
  return {
    machine: "native",
    workload: "lock",
    algorithm: "mcs",
    processors: 2,
    metric: "passingTime",
    value: 120,
    unit: "ns",
    seed: 7,
    repetition: 0,
    cpu: "A processor",
    cores: 2,
    node: "20.19.0",
    pinned: true,
    load: 0.25,
    ...fields,
  };
}

const passingTime = row({});
const share = row({ metric: "share", value: 0.5, unit: "1", processor: 0 });
const episodeTime = row({ workload: "barrier", algorithm: "tournament", metric: "episodeTime" });
const throughput = row({ workload: "counter", algorithm: "sloppy", metric: "throughput", unit: "1/s" });

const catalogue: Parameters<typeof renderPage>[1] = [
  {
    kind: "lock",
    name: "mcs",
    title: "MCS list-based queue lock",
    text: "",
    source: "",
    waits: "spinning",
    order: "fifo",
    spins: "private in memory",
    signals: "one",
  },
];

const page = (rows: readonly Measurement[]) => renderPage(machineReports(rows, catalogue), catalogue);
const pageWith = (tables: readonly ReportTable[]) =>
  renderPage([{ facts: {}, rows: [passingTime], tables }], catalogue);

/** The headings of the sections that a page shows. */
function sectionsOf(html: string): (string | undefined)[] {
  return [...html.matchAll(/<section[^>]*>\n<h3>(.*?)<\/h3>/g)].map(([, heading]) => heading);
}

/** A page's one script, which has no attributes: those that are data have. */
function scriptOf(html: string): string {
  return /<script>\n(.*?)<\/script>/s.exec(html)?.[1] ?? "";
}

/** What a page carries for its script. */
function dataOf(html: string, id: string): unknown {
  const text = new RegExp(`<script type="application/json" id="${id}">(.*?)</script>`, "s").exec(html)?.[1];
  return JSON.parse(text ?? "null");
}

describe("renderPage", () => {
  it("renderPage gives a page that loads nothing", async () => {
    const html = await page([passingTime, share, episodeTime, throughput, row({ machine: "symmetry" })]);
    // Of markup and styles; in scripts such text would only be text.
    const markup = html.replace(/<script[^>]*>.*?<\/script>/gs, "<script></script>");
    expect([...markup.matchAll(/\b(?:src|href|action|data)\s*=\s*"([^"]*)"/g)].map(([, url]) => url)).toEqual([
      ...["data:,", "#native", "#symmetry"],
    ]);
    expect(html).not.toMatch(/\b(?:src|href)\s*=\s*["']?\s*(?:https?:)?\/\//i);
    expect(html).not.toMatch(/@import|url\(/);
    expect(html).not.toMatch(/\bfetch\(|XMLHttpRequest|\bimport\(/);
    expect(html).toContain(`content="default-src 'none';`);
  });

  it("renderPage carries uPlot with its licence", async () => {
    const html = await page([passingTime]);
    expect(html).toMatch(/\/\*! uPlot 1\.\d+\.\d+, MIT/);
    expect(html).toContain("Copyright (c) 2022 Leon Sorokin");
    expect(scriptOf(html)).toContain('"u-over"');
    expect(html).toContain(".u-over");
  });

  it("renderPage carries its script as one that imports nothing and declares nothing outside itself", async () => {
    const script = scriptOf(await page([passingTime]));
    // Minified names say nothing; these are headings that it writes, of lines and of shares.
    expect(script).toContain("Time per acquisition");
    expect(script).toContain("Parts of the processors");
    // Imports and exports are errors in a script that is no module.
    expect(() => new Script(script)).not.toThrow();
    expect(script).toMatch(/^\/\*!.*?\*\/\s*"use strict";\s*\(\(\)=>\{.*\}\)\(\);\s*$/s);
  });

  it("renderPage draws a plot from the rows of one machine, for each machine", async () => {
    const simulated = row({ machine: HOSTILE, metric: "share", unit: "1", processor: 0, processors: 16 });
    const html = await page([passingTime, simulated, share, row({ machine: "symmetry", unit: "cycles" })]);
    const plots = [...html.matchAll(/<div class="plot" (.*?)><\/div>/g)].map(([, attributes]) => attributes);
    expect(plots).toEqual([
      'data-machine="native" data-workload="lock" data-metric="passingTime"',
      'data-machine="native" data-workload="lock" data-metric="share"',
      `data-machine="${HOSTILE_AS_TEXT}" data-workload="lock" data-metric="share"`,
      'data-machine="symmetry" data-workload="lock" data-metric="passingTime"',
    ]);
    expect(html).toContain("All acquisitions of a lock at 2 processors");
    expect(html).toContain("All acquisitions of a lock at 16 processors");
  });

  it("renderPage lets the reader choose among machines, where there are several", async () => {
    const html = await page([passingTime, row({ machine: "symmetry", cpu: "Sequent Symmetry" })]);
    expect([...html.matchAll(/<article class="machine" id="(.*?)"/g)].map(([, id]) => id)).toEqual([
      "native",
      "symmetry",
    ]);
    expect(html).toContain('<a href="#symmetry"><b>symmetry</b> Sequent Symmetry</a>');
    expect(await page([passingTime])).not.toContain("<nav");
  });

  it("renderPage escapes hostile names in rows, and its script gets them as they were", async () => {
    const rows = [row({ algorithm: HOSTILE, cpu: HOSTILE })];
    const html = await page(rows);
    expect(html).not.toContain("<img");
    expect(html).toContain(`<dd>${HOSTILE_AS_TEXT}</dd>`);
    expect(html.match(/<\/script>/g)).toHaveLength(3);
    expect(dataOf(html, "rows")).toEqual(rows);
  });

  it("renderPage escapes hostile text everywhere in a table", async () => {
    const table = { title: HOSTILE, note: HOSTILE, columns: [HOSTILE, HOSTILE], rows: [[HOSTILE, HOSTILE]] };
    const html = await pageWith([table]);
    expect(html).not.toContain("<img");
    // Title, its label, note, two columns and two cells.
    expect(html.split(HOSTILE_AS_TEXT)).toHaveLength(8);
  });

  it("renderPage escapes a hostile title of an algorithm", async () => {
    const html = await renderPage(machineReports([passingTime], []), [{ ...catalogue[0]!, title: HOSTILE }]);
    expect(html).not.toContain("<img");
    expect(dataOf(html, "algorithms")).toEqual([{ kind: "lock", name: "mcs", title: HOSTILE }]);
  });

  it("renderPage leaves out sections without rows", async () => {
    const references = row({ metric: "networkReferences", unit: "1" });
    const [locks, lockShares, lockReferences, barriers, counters] = [
      ...["Locks: passing time", "Locks: who gets the lock", "Locks: network references"],
      ...["Barriers: episode time", "Counters: throughput"],
    ];
    const plots = async (rows: readonly Measurement[]) =>
      sectionsOf(await page(rows)).filter((heading) => heading !== "Tables");
    const all = [passingTime, share, references, episodeTime, throughput];
    expect(await plots(all)).toEqual([locks, lockShares, lockReferences, barriers, counters]);
    expect(await plots([passingTime])).toEqual([locks]);
    expect(await plots([passingTime, share])).toEqual([locks, lockShares]);
    expect(await plots([episodeTime])).toEqual([barriers]);
    expect(await plots([throughput])).toEqual([counters]);
    expect(sectionsOf(await pageWith([]))).toEqual([locks]);
    expect(await page([])).toContain("No measurements.");
  });

  it("renderPage explains the part beyond the cores only where there is one", async () => {
    expect(await page([passingTime])).not.toContain("In the shaded part");
    expect(await page([passingTime, row({ processors: 4 })])).toContain("In the shaded part");
  });

  it("renderPage says where and how the rows were measured", async () => {
    const html = await page([passingTime, row({ repetition: 2 })]);
    for (const fact of ["A processor", "2", "20.19.0", "pinned to cores", "0.25", "7", "3"]) {
      expect(html).toContain(`<dd>${fact}</dd>`);
    }
    expect(await page([row({ pinned: false })])).toContain("<dd>not pinned (koffi pins them on Linux)</dd>");
    const simulated = await page([row({ machine: "symmetry", unit: "cycles", cores: 30 })]);
    expect(simulated).toContain("<dd>at most 30</dd>");
    expect(simulated).not.toContain("<dt>Threads</dt>");
  });

  it("renderPage shows every cell of every table in its row", async () => {
    const tables = [
      {
        title: "Locks",
        note: "Medians.",
        columns: ["Lock", "Latency"],
        rows: [
          ["MCS", "16 ns"],
          ["CLH", "17 ns"],
        ],
      },
      { title: "Barriers", note: "", columns: ["Barrier", "Episode"], rows: [["Tournament", "412 ns"]] },
    ];
    const html = await pageWith(tables);
    for (const { title, note, columns, rows } of tables) {
      expect(html).toContain(`<h4>${title}</h4>`);
      if (note) expect(html).toContain(`>${note}</p>`);
      expect(html).toContain(
        `<thead><tr>${columns.map((text) => `<th scope="col">${text}</th>`).join("")}</tr></thead>`,
      );
      for (const [name, value] of rows)
        expect(html).toContain(`<tr><th scope="row">${name}</th><td>${value}</td></tr>`);
    }
  });

  it("renderPage lets the last cell of a short row span the columns that are left", async () => {
    const table = { title: "T", note: "", columns: ["a", "b", "c"], rows: [["mcs", "not available"]] };
    expect(await pageWith([table])).toContain('<th scope="row">mcs</th><td colspan="2">not available</td></tr>');
  });
});
