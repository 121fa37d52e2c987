import { Script } from "node:vm";
import { describe, expect, it } from "vitest";
import type { Measurement, Metric } from "#machines/index.js";
import { type Figure, renderPage } from "#machines/report/page.js";
import { machineReports } from "#machines/report/report.js";

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
    source: "A paper",
    waits: "spinning",
    order: "fifo",
    spins: "private in memory",
    signals: "one",
  },
];

const page = (rows: readonly Measurement[]) => renderPage(machineReports(rows, catalogue), catalogue);
const pageWith = (tables: Parameters<typeof renderPage>[0][number]["tables"]) =>
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
function dataOf(html: string, id: string): Readonly<Record<string, Figure>> {
  const text = new RegExp(`<script type="application/json" id="${id}">(.*?)</script>`, "s").exec(html)?.[1];
  return JSON.parse(text ?? "null");
}

describe("renderPage", () => {
  it("renderPage gives a page that loads nothing", async () => {
    const html = await page([passingTime, share, episodeTime, throughput, row({ machine: "symmetry" })]);
    // Of markup and styles; in scripts such text would only be text.
    const markup = html.replace(/<script[^>]*>.*?<\/script>/gs, "<script></script>");
    const urls = [...markup.matchAll(/\b(?:src|href|action|data)\s*=\s*"([^"]*)"/g)].map(([, url]) => url!);
    expect(urls).toContain("#symmetry");
    expect(urls.filter((url) => !url.startsWith("#"))).toEqual(["data:,"]);
    expect(html).not.toMatch(/\b(?:src|href)\s*=\s*["']?\s*(?:https?:)?\/\//i);
    expect(html).not.toMatch(/@import|url\(/);
    expect(html).not.toMatch(/\bfetch\(|XMLHttpRequest|\bimport\(/);
    expect(html).toContain(`content="default-src 'none';`);
  });

  it("renderPage carries its script as one that imports nothing and declares nothing outside itself", async () => {
    const script = scriptOf(await page([passingTime]));
    // Minified names say nothing; these are words that it writes, of lines and of shares.
    expect(script).toContain("more processors than cores");
    expect(script).toContain("Parts of the processors");
    // Imports and exports are errors in a script that is no module.
    expect(() => new Script(script)).not.toThrow();
    expect(script).toMatch(/^\s*"use strict";\s*\(\(\)=>\{.*\}\)\(\);\s*$/s);
  });

  it("renderPage draws a plot from the rows of one machine, for each machine", async () => {
    const simulated = row({ machine: HOSTILE, metric: "share", unit: "1", processor: 0, processors: 16 });
    const html = await page([passingTime, simulated, share, row({ machine: "symmetry", unit: "cycles" })]);
    const plots = [...html.matchAll(/<section id="([^"]*)">(?:(?!<\/section>).)*<div class="plot"><\/div>/gs)];
    expect(plots.map(([, id]) => id)).toEqual([
      ...["native/lock/passingTime", "native/lock/share"],
      ...[`${HOSTILE_AS_TEXT}/lock/share`, "symmetry/lock/passingTime"],
    ]);
    expect(Object.keys(dataOf(html, "figures"))).toEqual([
      ...["native/lock/passingTime", "native/lock/share", `${HOSTILE}/lock/share`, "symmetry/lock/passingTime"],
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
    expect(html).toContain('<a href="#symmetry"><b>symmetry</b> <span>Sequent Symmetry</span></a>');
    expect(await page([passingTime])).not.toContain('<nav class="machines"');
  });

  it("renderPage escapes hostile names in rows, and its script gets them as they were", async () => {
    const rows = [row({ algorithm: HOSTILE, cpu: HOSTILE })];
    const html = await page(rows);
    expect(html).not.toContain("<img");
    expect(html).toContain(`<dd>${HOSTILE_AS_TEXT}</dd>`);
    expect(html.match(/<\/script>/g)).toHaveLength(2);
    const figure = dataOf(html, "figures")["native/lock/passingTime"];
    expect(figure).toMatchObject({ chart: { lines: [{ name: HOSTILE }] } });
  });

  it("renderPage escapes hostile text everywhere in a table", async () => {
    const terms = [undefined, { word: HOSTILE, meaning: HOSTILE }];
    const text = { title: HOSTILE, note: HOSTILE, columns: [HOSTILE, HOSTILE], rows: [[HOSTILE, HOSTILE]] };
    const html = await pageWith([{ kind: "lock", ...text, terms }]);
    expect(html).not.toContain("<img");
    // Title, its label, note, a term's word and meaning, two columns and two cells.
    expect(html.split(HOSTILE_AS_TEXT)).toHaveLength(10);
  });

  it("renderPage escapes a hostile title of an algorithm", async () => {
    const html = await renderPage(machineReports([passingTime], []), [{ ...catalogue[0]!, title: HOSTILE }]);
    expect(html).not.toContain("<img");
    expect(html).toContain(`<dt>mcs</dt><dd>${HOSTILE_AS_TEXT}<small>`);
  });

  it("renderPage leaves out sections without rows", async () => {
    const references = row({ metric: "networkReferences", unit: "1" });
    const [locks, lockShares, lockReferences, barriers, counters] = [
      ...["Locks: passing time", "Locks: who gets the lock", "Locks: network references"],
      ...["Barriers: episode time", "Counters: throughput"],
    ];
    const plots = async (rows: readonly Measurement[]) =>
      sectionsOf(await page(rows)).filter((heading) => !heading?.endsWith("all figures"));
    const all = [passingTime, share, references, episodeTime, throughput];
    expect(await plots(all)).toEqual([locks, lockShares, lockReferences, barriers, counters]);
    expect(await plots([passingTime])).toEqual([locks]);
    expect(await plots([passingTime, share])).toEqual([locks, lockShares]);
    expect(await plots([episodeTime])).toEqual([barriers]);
    expect(await plots([throughput])).toEqual([counters]);
    expect(sectionsOf(await pageWith([]))).toEqual([locks]);
    expect(await page([])).toContain("No measurements.");
    expect(await plots([row({ value: 0 })]), "there is no logarithm of 0").toEqual([]);
  });

  it("renderPage has plots of policies by processors and by intervening tasks, and a name for those with a parameter", async () => {
    const policy = (metric: Metric, fields: Partial<Measurement>) =>
      row({ workload: "policy", algorithm: "mcs(4)", metric, unit: "1", processors: 8, tasks: 32, ...fields });
    const rows = [
      policy("effectiveProcessors", {}),
      policy("effectiveProcessors", { tasks: 12 }),
      policy("reload", { intervening: 4 }),
      policy("reload", { processors: 1, intervening: 1, footprint: 8192 }),
    ];
    const html = await page(rows);
    expect(sectionsOf(html).filter((heading) => heading?.startsWith("Scheduling"))).toEqual([
      "Scheduling: throughput under heavy load",
      "Scheduling: throughput under light load",
      "Scheduling: reload time by intervening tasks",
      "Scheduling: reload time of one processor",
      "Scheduling: reloading",
    ]);
    const figures = dataOf(html, "figures");
    expect(figures["native/policy/reload/policies"]).toMatchObject({
      chart: { along: "intervening task", counts: [4] },
    });
    expect(figures["native/policy/effectiveProcessors/light"]).toMatchObject({
      chart: { along: "processor", counts: [8], lines: [{ name: "mcs(4)" }] },
    });
    expect(html).toContain("<dt>mcs</dt>");
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
        kind: "lock",
        title: "Locks",
        note: "Medians.",
        columns: ["Lock", "Latency"],
        rows: [
          ["MCS", "16 ns"],
          ["CLH", "17 ns"],
        ],
      },
      {
        kind: "barrier",
        title: "Barriers",
        note: "",
        columns: ["Barrier", "Episode"],
        rows: [["Tournament", "412 ns"]],
      },
    ] as const;
    const html = await pageWith(tables);
    for (const { title, note, columns, rows } of tables) {
      expect(html).toContain(`<h3>${title}: all figures</h3>`);
      expect(html).toContain(`>${`${title}. ${note}`.trim()}</p>`);
      expect(html).toContain(
        `<thead><tr>${columns.map((text) => `<th scope="col">${text}</th>`).join("")}</tr></thead>`,
      );
      for (const [name, value] of rows)
        expect(html).toContain(`<tr><th scope="row">${name}</th><td>${value}</td></tr>`);
    }
  });

  it("renderPage lets the last cell of a short row span the columns that are left", async () => {
    const table = {
      kind: "lock",
      title: "T",
      note: "",
      columns: ["a", "b", "c"],
      rows: [["new", "not available"]],
    } as const;
    expect(await pageWith([table])).toContain(
      '<th scope="row">new</th><td colspan="2"><span>not available</span></td></tr>',
    );
  });

  it("renderPage names an algorithm the same in plots and tables, and says what the name means", async () => {
    const html = await page([passingTime, share]);
    const figures = dataOf(html, "figures");
    expect(figures["native/lock/passingTime"]).toMatchObject({ chart: { lines: [{ name: "mcs" }] } });
    expect(figures["native/lock/share"]).toMatchObject({ shares: { locks: [{ name: "mcs" }] } });
    expect(html).toContain('<th scope="row"><a href="#names%2Fmcs">mcs</a></th>');
    expect(html).toContain('<div id="names/mcs"><dt>mcs</dt><dd>MCS list-based queue lock<small>A paper</small></dd>');
  });

  it("renderPage says at a heading what it means, once for headings that share a meaning", async () => {
    const shared = { word: "P=n", meaning: "with n processors" };
    const columns = ["lock", "P=2", "P=4", "fair"];
    const terms = [undefined, shared, shared, { word: "fair", meaning: "Jain's" }];
    const html = await pageWith([{ kind: "lock", title: "T", note: "", columns, terms, rows: [] }]);
    const described = [...html.matchAll(/<button [^>]*aria-describedby="(.*?)">(.*?)<\/button>/g)];
    const meanings = described.map(([, id, text]) => [text, new RegExp(`<dd id="${id}">(.*?)</dd>`).exec(html)?.[1]]);
    expect(meanings).toEqual([
      ["P=2", "with n processors"],
      ["P=4", "with n processors"],
      ["fair", "Jain&#39;s"],
    ]);
    expect(html.split("with n processors")).toHaveLength(2);
  });

  it("renderPage has contents that lead to every part of a machine", async () => {
    const html = await page([passingTime, episodeTime, row({ machine: "a b" })]);
    const links = [...html.matchAll(/<li><a href="#(.*?)">(.*?)<\/a><\/li>/g)].map(([, id, text]) => [
      decodeURIComponent(id!),
      text,
    ]);
    expect(links).toEqual([
      ["native/lock/passingTime", "Locks: passing time"],
      ["native/lock", "Locks: all figures"],
      ["native/barrier/episodeTime", "Barriers: episode time"],
      ["names", "What the names mean"],
      ["a b/lock/passingTime", "Locks: passing time"],
      ["a b/lock", "Locks: all figures"],
      ["names", "What the names mean"],
    ]);
    for (const [id] of links)
      expect(html).toContain(`<section ${id === "names" ? 'class="glossary" ' : ""}id="${id}">`);
  });

  it("renderPage warns of native figures that were measured on a busy computer, at each of them", async () => {
    const busy = await page([row({ load: 1.8 })]);
    expect(busy).toContain("the load average was 1.80 on 2 cores");
    expect(busy.match(/see the warning/g)).toHaveLength(2);
    expect(await page([passingTime])).not.toContain("see the warning");
    expect(await page([row({ machine: "symmetry", unit: "cycles", load: 9 })]), "loads change no cycles").not.toContain(
      "the load average was",
    );
  });

  it("renderPage stays under 1 MB however often a measurement was repeated", async () => {
    const names = Array.from({ length: 17 }, (_, i) => `lock-${i}`);
    const rows = names.flatMap((algorithm) =>
      [1, 2, 4, 8, 16, 32, 64].flatMap((processors) =>
        Array.from({ length: 100 }, (_, repetition) =>
          row({ algorithm, processors, repetition, value: 1 / (repetition + 3) }),
        ),
      ),
    );
    expect(JSON.stringify(rows).length).toBeGreaterThan(2e6);
    expect((await page(rows)).length).toBeLessThan(150_000);
  });
});
