// @module-tag chromium
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Violation } from "#machines/machines/checked/index.js";
import { CHROMIUM } from "../../left-out.js";
import { ISOLATED, type IsolatedServer, serveIsolated } from "../../library/isolated-server.js";
import { assemble } from "../../program/assemble.js";
import * as scenes from "./scenes.js";

declare global {
  interface Window {
    readonly scenes: typeof import("./scenes.js");
    /** What the program of the package's README found. */
    readonly documented: { readonly violation: Violation | undefined; readonly elapsed: number };
  }
}

/** The program for browsers of the package's README. */
const readme = await readFile(new URL("../../../packages/machines/README.md", import.meta.url), "utf8");
const documented = `${/```js\n([\s\S]*?)```/.exec(readme)![1]} window.documented = { violation, elapsed };`;

const WORKER = "machines/checked/executions/subtree-worker";

/** As users bundle it: by the package's name, for browsers. Bundlers that know of workers give theirs a file, too. */
async function bundle(): Promise<Map<string, Uint8Array>> {
  const folder = fileURLToPath(new URL(".", import.meta.url));
  const scenes = 'import * as scenes from "./scenes.js"; window.scenes = scenes;';
  const builds = [
    { outfile: "/page.js", stdin: { contents: scenes, resolveDir: folder } },
    { outfile: "/documented.js", stdin: { contents: documented, resolveDir: folder } },
    { outfile: `/${WORKER}.js`, entryPoints: [fileURLToPath(import.meta.resolve(`#machines/${WORKER}.js`))] },
  ].map((options) => build({ ...options, bundle: true, write: false, platform: "browser", format: "esm" }));
  const files = (await Promise.all(builds)).flatMap(({ outputFiles }) => outputFiles);
  return new Map(files.map(({ path, contents }) => [path, contents]));
}

/** Each processor executes the turn so often, and the total is the number of all turns at the end. */
const total = (turn: string, turns: number, processors: number) => [
  ...assemble(`(module
    (import "env" "memory" (memory 1 2 shared))
    (func (export "run") ${turn.repeat(turns)})
    (func (export "final") (result i32)
      (i32.eq (i32.atomic.load (i32.const 64)) (i32.const ${turns * processors}))))`),
];
const ATOMIC = "(drop (i32.atomic.rmw.add (i32.const 64) (i32.const 1)))";
const TWO_STEPS = "(i32.atomic.store (i32.const 64) (i32.add (i32.atomic.load (i32.const 64)) (i32.const 1)))";

/** Of the pages, by their paths. */
const SCRIPTS: Readonly<Record<string, string>> = {
  "/isolated": "/page.js",
  "/plain": "/page.js",
  "/documented": "/documented.js",
};

let server: IsolatedServer;
let browser: Browser;
let page: Page;
/** Whether the page's server has the threads' file, as some bundlers leave it out. */
let withThreads: boolean;

beforeAll(async () => {
  const files = await bundle();
  server = await serveIsolated(
    async (path) => {
      if (path === "/total.wasm") return new Uint8Array(total(TWO_STEPS, 1, 2));
      const script = SCRIPTS[path];
      if (script !== undefined) return `<!doctype html><script type="module" src="${script}"></script>`;
      // The bundle is at the root: the file is where its URL leads from there.
      const contents = files.get(path);
      if (contents === undefined || (path.includes(WORKER) && !withThreads)) throw new Error("not found");
      return contents;
    },
    (path) => (path === "/plain" ? {} : ISOLATED),
  );
  browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
}, 60_000);

afterAll(async () => {
  await browser?.close();
  await server?.[Symbol.asyncDispose]();
});

describe.each(["isolated", "plain"])("In Chromium, on a page that is %s, bundled landspout-machines", (path) => {
  beforeEach(async () => {
    withThreads = true;
    page = await browser.newPage();
    page.on("pageerror", (error) => console.error(error.message));
    await page.goto(`${server.origin}/${path}`);
    await page.waitForFunction(() => window.scenes !== undefined);
  });

  afterEach(() => page.close());

  test.each([
    ["mcs", "server"],
    ["mcs-swap", "symmetry"],
  ])("simulates the kernel's %s on %s in the same cycles as Node", async (lock, machine) => {
    const inPage = await page.evaluate(([lock, machine]) => window.scenes.simulate(lock, machine), [
      lock,
      machine,
    ] as const);
    expect(inPage.elapsed).toBeGreaterThan(1000);
    expect(inPage).toEqual(await scenes.simulate(lock, machine));
  });

  test("proves that atomic additions are not lost, in as many executions as Node", async () => {
    const bytes = total(ATOMIC, 3, 3);
    const inPage = await page.evaluate((bytes) => window.scenes.explore(bytes, 3), bytes);
    expect(inPage.covered.executions).toBe(1680);
    expect(inPage).toEqual(await scenes.explore(bytes, 3));
  });

  test("finds a lost addition by the same schedule as Node, with the same trace and replay text", async () => {
    const bytes = total(TWO_STEPS, 1, 2);
    const inPage = await page.evaluate((bytes) => window.scenes.explore(bytes, 2), bytes);
    expect(inPage.violation?.kind).toBe("final");
    expect(inPage.replayed).toEqual(inPage.violation);
    expect(inPage).toEqual(await scenes.explore(bytes, 2));
  });

  test("runs a litmus test to the same final states as Node", async () => {
    const text = await readFile(new URL("../../../examples/litmus/SB.litmus", import.meta.url), "utf8");
    const inPage = await page.evaluate((text) => window.scenes.run(text), text);
    expect(inPage.states.length).toBe(4);
    expect(inPage).toEqual(await scenes.run(text));
  });

  test.each([
    ["by threads", true],
    ["alone where their file is not to be found", false],
  ])("explores as many executions %s as Node does", { tags: path === "plain" ? "long" : [] }, async (_, found) => {
    withThreads = found;
    const bytes = total(ATOMIC, 9, 2);
    let status = 0;
    page.on("response", (response) => {
      if (response.url().includes(WORKER)) status = response.status();
    });
    const inPage = await page.evaluate((bytes) => {
      // Each look at the clock takes a second: all others are begun at once, however fast the computer is.
      let now = 0;
      performance.now = () => (now += 1000);
      return window.scenes.explore(bytes, 2, 2);
    }, bytes);
    expect(status).toBe(found ? 200 : 404);
    expect(inPage.covered.executions).toBe(48_620);
    expect(inPage).toEqual(await scenes.explore(bytes, 2));
  });
});

describe("README of landspout-machines", () => {
  test("has a program for pages that finds the lost addition and simulates a lock", async () => {
    page = await browser.newPage();
    await page.goto(`${server.origin}/documented`);
    await page.waitForFunction(() => window.documented !== undefined);
    const { violation, elapsed } = await page.evaluate(() => window.documented);
    expect(violation?.message).toBe("final returned 0");
    expect(elapsed).toBeGreaterThan(1000);
    await page.close();
  });
});
