import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import esbuild from "esbuild";
import { type Browser, chromium } from "playwright-core";
import { rollup } from "rollup";
import { build as vite } from "vite";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import webpack from "webpack";
import { CHROMIUM } from "../left-out.js";
import { ALL_CASES } from "../random-cases.js";
import { serveIsolated } from "./isolated-server.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const library = `${root}packages/library/dist/index.js`;

/**
 * A worker locks and is terminated; the lock comes to the main thread only if the guardian runs. The worker is this very
 * file, whatever a bundler has named it. Then a pool executes a task.
 */
const PROGRAM = `
import { pathToFileURL } from "node:url";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { Mutex, Pool, receive, SharedSpace } from "landspout";

async function main() {
  const mutex = new Mutex(new SharedSpace());
  const worker = new Worker(process.argv[1], { workerData: mutex });
  await new Promise((resolve) => worker.once("message", resolve));
  await worker.terminate();
  const { abandoned } = await mutex.lockAsync({ timeout: 60_000 });
  const pool = new Pool(new URL("tasks.mjs", pathToFileURL(process.argv[1])), { workers: 1 });
  const sum = await pool.run("add", [1, 2]);
  await pool.close();
  console.log("abandoned: " + abandoned + ", 1 + 2 = " + sum);
}

if (isMainThread) void main();
else {
  receive(workerData).lock();
  parentPort.postMessage("locked");
  setInterval(() => {}, 1000);
}
`;

/** The same in browsers. Without its file, a pool cannot start workers there. */
const PAGE = `
import { Mutex, Pool, SharedSpace } from "landspout";

const mutex = new Mutex(new SharedSpace());
const worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
worker.onmessage = async () => {
  worker.terminate();
  const { abandoned } = await mutex.lockAsync({ timeout: 60_000 });
  const pool = new Pool("/tasks.js", { workers: 1 });
  const sum = await pool.run("add", [1, 2]).catch(() => "unknown");
  await pool.close();
  document.querySelector("output").textContent = "abandoned: " + abandoned + ", 1 + 2 = " + sum;
};
worker.postMessage({ mutex });
`;

/** Of the pools; no bundler knows of it. */
const TASKS = "export const add = (a, b) => a + b;";

const WORKER = `
import { receive } from "landspout";

self.onmessage = async ({ data }) => {
  const { mutex } = receive(data);
  await mutex.space.guarded;
  mutex.lock();
  self.postMessage("locked");
};
`;

const HTML = '<!doctype html><output></output><script type="module" src="./page.js"></script>';
const EXPECTED = "abandoned: true";

type Format = "esm" | "cjs";

/** A folder that has installed the library, and these programs. */
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "landspout-bundled-"));
  await mkdir(join(folder, "node_modules"));
  await symlink(`${root}packages/library`, join(folder, "node_modules/landspout"));
  const files = { "program.js": PROGRAM, "page.js": PAGE, "worker.js": WORKER, "index.html": HTML };
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

/** What each bundler is told to make `program.js` one file for Node. */
const FOR_NODE: Record<string, (format: Format, to: string) => Promise<unknown>> = {
  esbuild: (format, outfile) =>
    esbuild.build({
      entryPoints: [join(folder, "program.js")],
      bundle: true,
      platform: "node",
      format,
      // In `npm test` this one alone is minimized: it takes a hundredth of the time that others do.
      minify: format === "cjs",
      outfile,
      logLevel: "error",
    }),
  Vite: (format, to) =>
    vite({
      root: folder,
      configFile: false,
      logLevel: "error",
      ssr: { noExternal: true },
      build: {
        ssr: "program.js",
        outDir: join(to, ".."),
        rolldownOptions: { output: { format, entryFileNames: to.split("/").at(-1)! } },
      },
    }),
  Rollup: async (format, file) => {
    const bundle = await rollup({ input: join(folder, "program.js"), external: /^node:/, plugins: [installed] });
    await bundle.write({ file, format });
  },
  webpack: (format, to) =>
    packed({
      entry: join(folder, "program.js"),
      target: "node20",
      experiments: { outputModule: format === "esm" },
      output: {
        path: join(to, ".."),
        filename: to.split("/").at(-1)!,
        ...(format === "esm" ? { module: true, chunkFormat: "module", library: { type: "module" } } : {}),
      },
    }),
};

/** What each is told to make `page.js` and `worker.js` two files for browsers; docs/library/bundlers.md. */
const FOR_BROWSERS: Record<string, (to: string) => Promise<unknown>> = {
  esbuild: (outdir) =>
    esbuild.build({
      entryPoints: [join(folder, "page.js"), join(folder, "worker.js")],
      bundle: true,
      format: "esm",
      outdir,
      logLevel: "error",
    }),
  Vite: (outDir) =>
    vite({
      root: folder,
      configFile: false,
      logLevel: "error",
      worker: { format: "es" },
      build: { outDir, target: "es2022" },
    }),
  Rollup: async (dir) => {
    for (const name of ["page", "worker"]) {
      const bundle = await rollup({ input: join(folder, `${name}.js`), plugins: [installed] });
      await bundle.write({ file: join(dir, `${name}.js`), format: "es" });
    }
  },
  webpack: (path) =>
    packed({ entry: join(folder, "page.js"), target: "web", output: { path, filename: "page.js", publicPath: "" } }),
};

/** They know by the words with which a worker is started that its file is needed. */
const KEEP_FILES = ["Vite", "webpack"];

/** Rollup does not look into node_modules by itself. */
const installed = { name: "installed", resolveId: (id: string) => (id === "landspout" ? library : null) };

async function packed(configuration: webpack.Configuration): Promise<void> {
  // Minimizing takes longer than all else.
  const optimization = { minimize: ALL_CASES };
  const compiler = webpack({ mode: "production", context: folder, optimization, ...configuration })!;
  const stats = await promisify(compiler.run.bind(compiler))();
  await promisify(compiler.close.bind(compiler))();
  if (stats?.hasErrors()) throw new Error(stats.toString("errors-only"));
}

describe("The library in one file for Node", () => {
  for (const [bundler, bundle] of Object.entries(FOR_NODE)) {
    const tags = bundler === "webpack" ? "long" : [];
    test.each<Format>(["esm", "cjs"])(`repairs what a dead worker left: ${bundler}, %s`, { tags }, async (format) => {
      const to = join(folder, "out", bundler, `program.${format === "esm" ? "mjs" : "cjs"}`);
      await bundle(format, to);
      // Elsewhere: nothing of the library's files is beside it.
      const alone = await mkdtemp(join(tmpdir(), "landspout-alone-"));
      const file = join(alone, to.split("/").at(-1)!);
      await writeFile(file, await readFile(to));
      await writeFile(join(alone, "tasks.mjs"), TASKS);
      const { stdout, stderr } = await promisify(execFile)(process.execPath, [file]);
      await rm(alone, { recursive: true });
      expect(`${stdout}${stderr}`).toBe(`${EXPECTED}, 1 + 2 = 3\n`);
    });
  }
});

describe("The library bundled for browsers", { tags: "chromium" }, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
  });
  afterAll(() => browser?.close());

  test.each(Object.entries(FOR_BROWSERS))("repairs what a dead worker left: %s", async (bundler, bundle) => {
    const out = join(folder, "out", `${bundler} for browsers`);
    await bundle(out);
    const missing: string[] = [];
    await using server = await serveIsolated(async (path) => {
      if (path === "/tasks.js") return TASKS;
      if (path === "/") return readFile(join(out, "index.html"), "utf8").catch(() => HTML);
      return readFile(join(out, path)).catch((error) => {
        missing.push(path);
        throw error;
      });
    });
    const page = await browser.newPage();
    const errors: string[] = [];
    page.on("pageerror", ({ message }) => errors.push(message));
    await page.goto(server.origin);
    await page.waitForFunction(() => document.querySelector("output")?.textContent !== "");
    const keepsFiles = KEEP_FILES.includes(bundler);
    expect(await page.textContent("output")).toBe(`${EXPECTED}, 1 + 2 = ${keepsFiles ? 3 : "unknown"}`);
    expect(errors).toEqual([]);
    expect(missing.filter((path) => path !== "/favicon.ico")).toEqual(
      keepsFiles ? [] : ["/browser-guardian.js", "/pool/executor.js"],
    );
    await page.close();
  });
});
