// @module-tag chromium
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CHROMIUM } from "../../left-out.js";
import { type IsolatedServer, serveIsolated } from "../isolated-server.js";

const dist = fileURLToPath(new URL("../../../packages/library/dist", import.meta.url));

const TASKS = `
  import { currentTask } from "/index.js";
  let given;
  export function init(argument) { given = argument; }
  export const add = (a, b) => a + b;
  export const argument = () => given;
  export const echo = async (value) => value;
  export const fail = () => { throw Object.assign(new TypeError("no"), { code: "ENO" }); };
  export const close = () => { self.close(); return new Promise(() => {}); };
  export const uncaught = () => { setTimeout(() => { throw new RangeError("uncaught"); }); return new Promise(() => {}); };
  export const unhandled = () => { Promise.reject(new RangeError("unhandled")); return new Promise(() => {}); };
  export const forEver = () => { for (;;); };
  export const canvas = () => {
    const { port1, port2 } = new MessageChannel();
    port1.postMessage("from the task");
    return currentTask().move(port2, [port2]);
  };
`;

const PAGE = `<!doctype html><script type="module">
  import * as library from "/index.js";
  window.library = library;
</script>`;

type Library = typeof import("#library/index.js");

const FILES: Record<string, string> = {
  "/": PAGE,
  "/tasks.js": TASKS,
  "/throws.js": "throw new SyntaxError('this module throws');",
};

let server: IsolatedServer;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  server = await serveIsolated(async (path) => FILES[path] ?? (await readFile(`${dist}${path}`)));
  browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
  page = await browser.newPage();
  page.on("pageerror", (error) => console.error(error.message));
  await page.goto(`${server.origin}/`);
  await page.waitForFunction(() => "library" in window);
}, 60_000);

afterAll(async () => {
  await browser?.close();
  await server?.[Symbol.asyncDispose]();
});

describe("In Chromium, a Pool of the page", () => {
  test("executes tasks in module workers, with their arguments, results and errors", async () => {
    const found = await page.evaluate(async () => {
      const { Pool } = (window as unknown as { library: Library }).library;
      const pool = new Pool("/tasks.js", { workers: 2, init: "given" });
      const buffer = new ArrayBuffer(8);
      const many = await Promise.all(Array.from({ length: 2000 }, (_, i) => pool.run("add", [i, 1])));
      const error = await pool.run("fail").catch((reason) => reason);
      const port: MessagePort = await pool.run("canvas");
      const found = {
        sum: many.reduce((sum, one) => sum + one, 0),
        argument: await pool.run("argument"),
        echo: await pool
          .run("echo", [buffer], { transfer: [buffer] })
          .then((back) => [back.byteLength, buffer.byteLength]),
        error: [error.name, error.message, error.code],
        moved: await new Promise((resolve) => {
          port.onmessage = ({ data }) => resolve(data);
        }),
      };
      await pool.close();
      return found;
    });
    expect(found).toEqual({
      sum: 2_001_000,
      argument: "given",
      echo: [8, 0],
      error: ["TypeError", "no", "ENO"],
      moved: "from the task",
    });
  });

  test("gives tasks an outcome whose workers end themselves, throw, or do not stop; and goes on", async () => {
    const found = await page.evaluate(async () => {
      const { Pool } = (window as unknown as { library: Library }).library;
      const pool = new Pool("/tasks.js", { workers: 1, grace: 1 });
      const found: string[] = [];
      for (const name of ["close", "uncaught", "unhandled", "forEver"]) {
        const reason = await pool.run(name, [], name === "forEver" ? { timeout: 1 } : {}).catch((error) => error);
        found.push(
          `${reason.name} ${reason.cause?.message?.replace(/^Uncaught /, "")}`,
          await pool.run("echo", ["goes on"]),
        );
      }
      await pool.close({ force: true });
      return found;
    });
    expect(found).toEqual([
      "WorkerDiedError undefined",
      "goes on",
      expect.stringMatching(/^WorkerDiedError (RangeError: )?uncaught$/),
      "goes on",
      "WorkerDiedError unhandled",
      "goes on",
      "TimeoutError undefined",
      "goes on",
    ]);
  });

  test("that cannot start says why", async () => {
    const found = await page.evaluate(async () => {
      const { Pool } = (window as unknown as { library: Library }).library;
      const causes: string[] = [];
      for (const file of ["/throws.js", "/missing.js"]) {
        const pool = new Pool(file, { workers: 1 });
        causes.push((await pool.started.catch((failure) => String(failure.cause))) as string);
        await pool.close();
      }
      return causes;
    });
    expect(found[0]).toBe("SyntaxError: this module throws");
    expect(found[1]).toMatch(/missing\.js/);
  });
});
