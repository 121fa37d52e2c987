// @module-tag chromium
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, chromium, type Locator, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type Measurement, readCatalogue } from "#machines/index.js";
import { renderPage } from "#machines/report/page.js";
import { machineReports } from "#machines/report/report.js";
import { CHROMIUM } from "../left-out.js";

const LOCKS = ["anderson", "backoff-between-references", "clh", "library-mutex", "mcs", "static-delay-after-release"];
LOCKS.push("static-delay-between-references", "test-and-set", "test-and-test-and-set", "ticket");

/** Of this computer, busy and with fewer cores than processors, and of a simulated one. */
function rowsOf(machine: string, unit: string, counts: readonly number[]): Measurement[] {
  const host = { cpu: `A ${machine} processor`, cores: unit === "ns" ? 2 : 64, node: "20.19.0", pinned: true, load: 2 };
  return LOCKS.flatMap((algorithm, i) =>
    counts.flatMap((processors) => {
      const row = (metric: Measurement["metric"], value: number, of: Partial<Measurement> = {}): Measurement => ({
        ...{ machine, workload: "lock", algorithm, processors, metric, value, unit, seed: 1, repetition: 0 },
        ...host,
        ...of,
      });
      const parts = Array.from({ length: processors }, (_, processor) => processor + 20 - 2 * i);
      const sum = parts.reduce((a, b) => a + b);
      return [
        row("passingTime", 20 + processors * (i + 1) ** 2),
        row("passingTime", 40 + processors * (i + 1) ** 2, { repetition: 1 }),
        row("fairness", 1 / (i + 1), { unit: "1" }),
        row("longestWait", 1e4 * (i + 1)),
        ...parts.map((part, processor) => row("share", part / sum, { unit: "1", processor })),
      ];
    }),
  );
}

let folder: string;
let url: string;
let browser: Browser;
const errors: string[] = [];

beforeAll(async () => {
  const catalogue = await readCatalogue();
  const rows = [...rowsOf("native", "ns", [1, 2, 4, 8]), ...rowsOf("dash", "cycles", [1, 4, 16, 18])];
  folder = mkdtempSync(join(tmpdir(), "landspout-"));
  const file = join(folder, "index.html");
  writeFileSync(file, await renderPage(machineReports(rows, catalogue), catalogue));
  url = pathToFileURL(file).href;
  browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
}, 60_000);

afterEach(async () => {
  for (const context of browser.contexts()) await context.close();
  expect(errors.splice(0)).toEqual([]);
});

afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

async function open({ width = 1280, dark = false, hash = "" } = {}): Promise<Page> {
  const context = await browser.newContext({
    viewport: { width, height: 900 },
    colorScheme: dark ? "dark" : "light",
    hasTouch: width < 500,
  });
  const page = await context.newPage();
  page.on("pageerror", ({ message }) => errors.push(message));
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  await page.addInitScript(() => {
    const shifts: number[] = [];
    Object.assign(window, { shifts });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) shifts.push((entry as PerformanceEntry & { value: number }).value);
    }).observe({ type: "layout-shift", buffered: true });
  });
  await page.goto(`${url}#${encodeURIComponent(hash)}`);
  await page.locator(".canvas svg").first().waitFor();
  return page;
}

const section = (page: Page, id: string) => page.locator(`section[id="${id}"]`);
const card = (plot: Locator, name: string) =>
  plot.locator(".card").filter({ has: plot.page().getByText(name, { exact: true }) });
/** The names of the lines that do not step back. */
const bright = (plot: Locator) =>
  plot.locator(".canvas .line:not(.dim)").evaluateAll((lines) => lines.map((line) => line.getAttribute("data-name")));

describe("The report's page in Chromium", () => {
  test.each([
    [400, false],
    [400, true],
    [1280, false],
    [1280, true],
  ])(
    "fits a window of %i pixels (dark: %s): nothing is cut off, nothing moves, all is legible",
    async (width, dark) => {
      const page = await open({ width, dark });
      const seen = await page.evaluate(() => {
        const visible = [...document.querySelectorAll<HTMLElement>("body *")].filter(
          (each) => each.getClientRects().length > 0 && !each.closest("script, style"),
        );
        const outside = visible.filter((each) => {
          const { left, right } = each.getBoundingClientRect();
          return !each.closest(".scroll table") && (left < 0 || right > innerWidth + 0.5);
        });
        // A part too small for its processor's number has none.
        const cut = visible.filter(
          (each) => !each.matches(".scroll, svg *") && each.scrollWidth > each.clientWidth + 1,
        );
        const channels = (colour: string) => (colour.match(/[\d.]+/g) ?? []).map(Number);
        const luminance = (colour: string) => {
          const [red, green, blue] = channels(colour).map((each) => {
            const part = each / 255;
            return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
          });
          return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
        };
        const ground = (each: Element): string => {
          const { backgroundColor } = getComputedStyle(each);
          return (channels(backgroundColor)[3] ?? 1) === 1 || !each.parentElement
            ? backgroundColor
            : ground(each.parentElement);
        };
        const faint = visible
          .filter(
            (each) => each.children.length === 0 && each.textContent?.trim() !== "" && each.closest("svg") === null,
          )
          .filter((each) => {
            const [a, b] = [luminance(getComputedStyle(each).color), luminance(ground(each))].sort((a, b) => b - a);
            return (a! + 0.05) / (b! + 0.05) < 4.5;
          });
        const what = (elements: HTMLElement[]) =>
          elements.map((each) => `${each.className} ${each.textContent?.slice(0, 40)}`);
        return {
          pageScrolls: document.documentElement.scrollWidth - document.documentElement.clientWidth,
          outside: what(outside),
          cut: what(cut.filter((each) => getComputedStyle(each).display !== "inline")),
          faint: what(faint),
          shifts: (window as unknown as { shifts: number[] }).shifts,
        };
      });
      expect(seen).toEqual({ pageScrolls: 0, outside: [], cut: [], faint: [], shifts: [] });
    },
  );

  test("writes a number at both ends of the axis of values, and the unit once", async () => {
    const plot = section(await open({ hash: "dash/lock/passingTime" }), "dash/lock/passingTime");
    expect(await plot.locator(".axis-title").textContent()).toBe("Time per acquisition (cycles, logarithmic)");
    const texts = await plot.locator(".canvas text[text-anchor=end]").allTextContents();
    expect(texts).toEqual(["20", "50", "100", "200", "500", "1,000", "2,000"]);
    const lines = await plot
      .locator(".canvas path.grid[d*=H]")
      .evaluateAll((grid) => grid.map((each) => (each as SVGGraphicsElement).getBBox().y));
    const numbers = await plot
      .locator(".canvas text[text-anchor=end]")
      .evaluateAll((all) => all.map((each) => Number(each.getAttribute("y"))));
    expect(numbers).toEqual(lines.map((y) => expect.closeTo(y, 0)));
  });

  test("dims all lines but the one that the mouse is at, at a line, its name or its card", async () => {
    const page = await open({ hash: "dash/lock/passingTime" });
    const plot = section(page, "dash/lock/passingTime");
    expect(await bright(plot)).toHaveLength(LOCKS.length);
    await card(plot, "clh").hover();
    expect(await bright(plot)).toEqual(["clh"]);
    await plot.locator(".canvas .name", { hasText: "ticket" }).hover();
    expect(await bright(plot)).toEqual(["ticket"]);
    await plot.locator(".line[data-name=mcs] .marker").nth(2).hover();
    expect(await bright(plot)).toEqual(["mcs"]);
    expect(await page.locator(".tip > *").allTextContents()).toEqual([
      ...["mcs", "16 processors", "median 430\u00a0cycles", "420\u00a0cycles .. 440\u00a0cycles, 2 repetitions"],
    ]);
    await page.mouse.move(5, 5);
    expect(await bright(plot)).toHaveLength(LOCKS.length);
    expect(await page.locator(".tip").isVisible()).toBe(false);
  });

  test("dims all lines but the one that is tapped, until the next tap", async () => {
    const page = await open({ width: 400, hash: "native/lock/passingTime" });
    const plot = section(page, "native/lock/passingTime");
    await plot.locator(".line[data-name=ticket] .marker").nth(2).tap();
    expect(await bright(plot)).toEqual(["ticket"]);
    await page.locator("h1").tap();
    expect(await bright(plot)).toHaveLength(LOCKS.length);
  });

  test("keeps those chosen in all plots and tables of all machines, until all are shown again", async () => {
    const page = await open({ hash: "dash/lock/passingTime" });
    const plot = section(page, "dash/lock/passingTime");
    await card(plot, "clh").click();
    await plot.locator(".canvas .name", { hasText: "ticket" }).click();
    await page.locator(".machines a", { hasText: "native" }).click();
    await page.mouse.move(5, 5);
    const other = section(page, "native/lock/passingTime");
    expect((await bright(other)).sort()).toEqual(["clh", "ticket"]);
    const rows = (selector: string) => page.locator(`article[id=native] ${selector} th`).allTextContents();
    expect(await rows(".values tr.chosen")).toEqual(["clh", "ticket"]);
    expect(await rows(".shares tbody tr:not(.dim)")).toEqual(["clh", "ticket"]);
    await other.getByText("Show all").click();
    await page.mouse.move(5, 5);
    expect(await bright(other)).toHaveLength(LOCKS.length);
  });

  test("stays at the same plot when another machine is chosen", async () => {
    const page = await open({ hash: "dash/lock/share" });
    const top = async (id: string) => (await section(page, id).boundingBox())?.y;
    const before = await top("dash/lock/share");
    await page.locator(".machines a", { hasText: "native" }).click();
    expect(await top("native/lock/share")).toBeCloseTo(before!, 0);
  });

  test("is reached by the keyboard: cards, and what headings mean", async () => {
    const page = await open({ hash: "native/lock" });
    const plot = section(page, "native/lock/passingTime");
    await card(plot, "anderson").focus();
    await page.keyboard.press("Tab");
    expect(await bright(plot)).toHaveLength(1);
    await page.keyboard.press("Enter");
    expect(await plot.locator(".card[aria-pressed=true]").count()).toBe(1);
    const table = section(page, "native/lock");
    await table.locator("summary").focus();
    // The region that scrolls, the first heading.
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    expect(await page.locator(".tip").textContent()).toBe("an uncontended acquire and release");
    await page.keyboard.press("Escape");
    expect(await page.locator(".tip").isVisible()).toBe(false);
  });

  test("keeps a table's first column where it is while the others scroll, and shows that there is more", async () => {
    const table = section(await open({ width: 400, hash: "native/lock" }), "native/lock");
    const scroll = table.locator(".scroll");
    const [first, second] = [table.locator("tbody th").first(), table.locator("tbody td").first()];
    const before = [await first.boundingBox(), await second.boundingBox()];
    expect(await scroll.evaluate((each) => each.scrollWidth > each.clientWidth)).toBe(true);
    await scroll.evaluate((each) => each.scrollBy(200, 0));
    expect((await first.boundingBox())!.x).toBe(before[0]!.x);
    expect((await second.boundingBox())!.x).toBe(before[1]!.x - 200);
  });

  test("leads from a name in a table to what it means, and from the contents to a part", async () => {
    const page = await open({ hash: "dash" });
    await page.locator("article[id=dash] .contents a", { hasText: "all figures" }).click();
    expect((await section(page, "dash/lock").boundingBox())!.y).toBeLessThan(200);
    await section(page, "dash/lock").locator("tbody a", { hasText: "clh" }).click();
    const meaning = page.locator("div:target");
    expect(await meaning.textContent()).toMatch(/^clh\s*CLH queue lock\s*Craig/);
    expect((await meaning.boundingBox())!.y).toBeLessThan(800);
    expect(await page.locator("article[id=dash]").isVisible()).toBe(true);
  });
});
