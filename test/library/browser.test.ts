// @module-tag chromium
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { ClusteredObject } from "#library/index.js";
import { CHROMIUM } from "../left-out.js";
import { ISOLATED, type IsolatedServer, serveIsolated } from "./isolated-server.js";

const dist = fileURLToPath(new URL("../../packages/library/dist", import.meta.url));

/** What the page's worker executes: takes orders, and answers each. */
const WORKER = `
  import { bytes, f64, named, procedure, receive, Service } from "/index.js";
  import "/hits.js";
  let token;
  const orders = {
    count({ mutex, count, turns }) {
      for (let turn = 0; turn < turns; turn++) {
        const token = mutex.lock();
        count[0]++;
        token.unlock();
      }
    },
    async lock({ mutex }) {
      await mutex.space.guarded;
      token = mutex.lock();
      return token.abandoned;
    },
    unlock() { return token.unlock(); },
    async add({ map, key, turns }) {
      await map.space.guarded;
      // Without turns as long as it lives.
      if (!turns) self.postMessage("adds");
      for (let turn = 0; turn !== turns; turn++) map.update(key, (sum) => sum + 1);
      map.set("by", { worker: ["done"] });
    },
    hit({ hits, turns }) {
      for (let turn = 0; turn < turns; turn++) hits.words.hits.add(1);
      hits.broadcast("worker");
      return hits.representative.heard;
    },
    change({ value, to }) { return [value.get(), value.set(to)]; },
    async serve({ space, name }) {
      await space.guarded;
      const twice = procedure([f64], f64)((x) => 2 * x);
      const same = procedure([bytes(300)], bytes(300))((all) => all);
      new Service(space, { name, procedures: { twice, same, later: async (x) => [x], stay: () => { for (;;); } } });
    },
    // Blocks, and serves nothing itself.
    call({ space, name, times }) {
      const service = named(space, name, Service).bind();
      let sum = 0;
      for (let i = 0; i < times; i++) sum += service.twice(i);
      return { sum, later: service.later("x"), same: service.same(Uint8Array.of(1, 2)).length };
    },
    // Begins to send, and stays in the guarded section, for a while or as long as it lives.
    async enter({ channel, milliseconds }) {
      await channel.space.guarded;
      const { space: { kernel }, handle: { address } } = channel;
      kernel.channel_reserve(address, 1, 0);
      if (milliseconds) setTimeout(() => kernel.channel_commit(address), milliseconds);
    },
  };
  self.onmessage = async ({ data }) => {
    const { order, ...objects } = receive(data);
    self.postMessage(await orders[order](objects));
  };
`;

/** A module that defines a class of clustered objects, for the page and its workers. */
const HITS = `
  import { ClusteredObject } from "/index.js";
  class HitsHere {
    heard = [];
    apply(who) { this.heard.push(who); }
  }
  export class Hits extends ClusteredObject {
    static { Hits.define("Hits", { representative: HitsHere, words: ["hits"] }); }
  }
`;

/** The page: the library, and workers that take orders. */
const PAGE = `<!doctype html><script type="module">
  import * as library from "/index.js";
  const start = () => new Worker("/worker.js", { type: "module" });
  const order = (worker, message) => new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => resolve(data);
    worker.onerror = ({ message }) => reject(new Error(message));
    worker.postMessage(message);
  });
  window.landspout = { library, start, order, hits: () => import("/hits.js") };
</script>`;

interface Landspout {
  readonly library: typeof import("#library/index.js");
  start(): Worker;
  order<Answer>(worker: Worker, message: object): Promise<Answer>;
  hits(): Promise<{ Hits: typeof ClusteredObject<{ heard: string[]; apply(who: string): void }, "hits"> }>;
}

declare global {
  interface Window {
    readonly landspout: Landspout;
  }
}

/** What docs/library/browsers.md says that a page and its worker look like. */
const manual = await readFile(new URL("../../docs/library/browsers.md", import.meta.url), "utf8");
const documented = (language: string) => manual.match(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``))![1]!;

/** By their URLs. */
const FILES: Record<string, string> = {
  "/": PAGE,
  "/worker.js": WORKER,
  "/hits.js": HITS,
  "/not-isolated": PAGE,
  "/without-blobs": PAGE,
  "/documented/": documented("html"),
  "/documented/worker.js": documented("js"),
};

const HEADERS: Record<string, Readonly<Record<string, string>>> = {
  "/not-isolated": {},
  "/without-blobs": { ...ISOLATED, "Content-Security-Policy": "worker-src 'self'" },
};

const GUARDIAN = "/platform/browser-guardian.js";
/** Called, and awaited, before the server answers a request for the guardian; throws if it is not to be found. */
let beforeGuardian: () => unknown = () => {};

let server: IsolatedServer;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  server = await serveIsolated(
    async (path) => {
      if (path === GUARDIAN) await beforeGuardian();
      return FILES[path] ?? (await readFile(`${dist}${path.replace("/documented/node_modules/landspout/dist", "")}`));
    },
    (path) => HEADERS[path] ?? ISOLATED,
  );
  browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
  page = await open();
}, 60_000);

/** Opens the page that has the library, or another one. */
async function open(path = "/"): Promise<Page> {
  const page = await browser.newPage();
  page.on("pageerror", (error) => console.error(error.message));
  await page.goto(`${server.origin}${path}`);
  if (FILES[path] === PAGE) await page.waitForFunction(() => window.landspout !== undefined);
  return page;
}

afterEach(() => {
  beforeGuardian = () => {};
});

afterAll(async () => {
  await browser?.close();
  await server?.[Symbol.asyncDispose]();
});

describe("In Chromium, on an isolated page", () => {
  test("Mutex lets one of four workers in at a time", async () => {
    const count = await page.evaluate(async () => {
      const { library, start, order } = window.landspout;
      const mutex = new library.Mutex(new library.SharedSpace());
      const count = new Int32Array(new SharedArrayBuffer(4));
      const workers = [start(), start(), start(), start()];
      await Promise.all(workers.map((worker) => order(worker, { order: "count", mutex, count, turns: 20_000 })));
      for (const worker of workers) worker.terminate();
      return count[0];
    });
    expect(count).toBe(80_000);
  });

  test("Mutex cannot be waited for by the main thread, but with lockAsync", async () => {
    const [error, locked] = await page.evaluate(async () => {
      const { library, start, order } = window.landspout;
      const mutex = new library.Mutex(new library.SharedSpace());
      const worker = start();
      await order(worker, { order: "lock", mutex });
      let error = "";
      try {
        mutex.lock();
      } catch (thrown) {
        error = (thrown as Error).name;
      }
      const waiting = mutex.lockAsync();
      await order(worker, { order: "unlock" });
      const locked = (await waiting).locked;
      worker.terminate();
      return [error, locked] as const;
    });
    expect(error).toBe("BlockingError");
    expect(locked).toBe(true);
  });

  test("Mutex goes to the next one when the worker that holds it is terminated", async () => {
    const abandoned = await page.evaluate(async () => {
      const { library, start, order } = window.landspout;
      const mutex = new library.Mutex(new library.SharedSpace());
      const [first, second] = [start(), start()];
      await order(first, { order: "lock", mutex });
      const waiting = order<boolean>(second, { order: "lock", mutex });
      first.terminate();
      const abandoned = await waiting;
      second.terminate();
      return abandoned;
    });
    expect(abandoned).toBe(true);
  });

  test("SharedSpace.guarded resolves in a worker when the guardian is there, and not before", async () => {
    beforeGuardian = () => new Promise((resolve) => setTimeout(resolve, 300));
    const page = await open();
    const guarded = await page.evaluate(async () => {
      const { library, start, order } = window.landspout;
      const mutex = new library.Mutex(new library.SharedSpace());
      const begin = performance.now();
      await order(start(), { order: "lock", mutex });
      return performance.now() - begin;
    });
    await page.close();
    expect(guarded).toBeGreaterThan(290);
  });

  test("SharedMap loses no update of two workers, and the main thread reads and writes it meanwhile", async () => {
    const [sum, by, own] = await page.evaluate(async () => {
      const { library, start, order } = window.landspout;
      const map = new library.SharedMap<string, unknown>(new library.SharedSpace());
      map.set("sum", 0);
      const workers = [start(), start()];
      const adding = Promise.all(
        workers.map((worker) => order(worker, { order: "add", map, key: "sum", turns: 5000 })),
      );
      for (let last = 0; last < 1000; last = map.get("sum") as number) await new Promise((done) => setTimeout(done));
      map.set("own", map.get("sum"));
      await adding;
      for (const worker of workers) worker.terminate();
      return [map.get("sum"), map.get("by"), map.get("own")];
    });
    expect(sum).toBe(10_000);
    expect(by).toEqual({ worker: ["done"] });
    expect(own).toBeGreaterThanOrEqual(1000);
  });

  test("SharedMap is written on when a worker is terminated that writes all the time", async () => {
    const [left, own] = await page.evaluate(async () => {
      const { library, start, order } = window.landspout;
      // All keys have the guard that the first may leave locked.
      const map = new library.SharedMap<string, number>(new library.SharedSpace(), { partitions: 1 });
      map.set("first", 0);
      map.set("second", 0);
      const [first, second] = [start(), start()];
      await order(first, { order: "add", map, key: "first" });
      while (map.get("first")! < 1000) await new Promise((done) => setTimeout(done));
      first.terminate();
      await order(second, { order: "add", map, key: "second", turns: 1000 });
      second.terminate();
      return [map.get("first")!, map.get("second")!];
    });
    expect(left).toBeGreaterThanOrEqual(1000);
    expect(own).toBe(1000);
  });

  test("Replicated has on the main thread what a worker set; there it is waited for by waitAsync alone", async () => {
    const { error, seen, versions, value, isFrozen } = await page.evaluate(async () => {
      const { library, start, order } = window.landspout;
      const replicated = new library.Replicated<{ requests: number }>(new library.SharedSpace(), { requests: 1 });
      const { version } = replicated;
      let error = "";
      try {
        replicated.wait(version);
      } catch (thrown) {
        error = (thrown as Error).name;
      }
      const changed = replicated.waitAsync(version, { timeout: 30_000 });
      const worker = start();
      const [seen, made] = await order<[unknown, number]>(worker, {
        order: "change",
        value: replicated,
        to: { requests: 2 },
      });
      await changed;
      worker.terminate();
      const value = replicated.get();
      return { error, seen, versions: [version, made, replicated.version], value, isFrozen: Object.isFrozen(value) };
    });
    expect(error).toBe("BlockingError");
    expect(seen).toEqual({ requests: 1 });
    expect(versions).toEqual([0, 1, 1]);
    expect(value).toEqual({ requests: 2 });
    expect(isFrozen).toBe(true);
  });

  test("ClusteredObject gathers what workers have added, also one that is gone, and gives all what is broadcast", async () => {
    const { heard, sum, own } = await page.evaluate(async () => {
      const { library, start, order, hits } = window.landspout;
      const { Hits } = await hits();
      const object = new Hits(new library.SharedSpace());
      object.broadcast("page");
      const [first, second] = [start(), start()];
      const heard = [await order(first, { order: "hit", hits: object, turns: 1000 })];
      first.terminate();
      heard.push(await order(second, { order: "hit", hits: object, turns: 500 }));
      second.terminate();
      const sum = object.gather(({ hits }) => hits).reduce((a, b) => a + b, 0);
      return { heard, sum, own: object.representative.heard };
    });
    expect(heard).toEqual([
      ["page", "worker"],
      ["page", "worker", "worker"],
    ]);
    expect(own).toEqual(["page", "worker", "worker"]);
    expect(sum).toBe(1500);
  });

  test("Service answers workers, which block, and the main thread, which does not, until its server is terminated", async () => {
    const { called, twice, same, blocking, failed } = await page.evaluate(async () => {
      const { library, start, order } = window.landspout;
      const space = new library.SharedSpace();
      const [server, caller] = [start(), start()];
      await order(server, { order: "serve", space, name: "numbers" });
      type Its = { twice(x: number): number; same(all: Uint8Array): Uint8Array; stay(): void };
      const service = library.named(space, "numbers", library.Service<Its>).bind();
      const called = await order(caller, { order: "call", space, name: "numbers", times: 1000 });
      const twice = await Promise.all(Array.from({ length: 200 }, (_, i) => service.async.twice(i)));
      const same = await service.async.same(Uint8Array.of(7));
      let blocking = "";
      try {
        service.twice(1);
      } catch (error) {
        blocking = (error as Error).name;
      }
      const staying = service.async.stay().catch((error: Error) => error.name);
      setTimeout(() => server.terminate(), 50);
      const failed = await staying;
      caller.terminate();
      return { called, twice: twice.reduce((sum, x) => sum + x, 0), same: [...same], blocking, failed };
    });
    expect(called).toEqual({ sum: 999_000, later: ["x"], same: 2 });
    expect(twice).toBe(39_800);
    expect(same).toEqual([7]);
    expect(blocking).toBe("BlockingError");
    expect(failed).toBe("CallFailedError");
  });

  test("Channel is used by the main thread, too, while a worker is in a guarded section", async () => {
    const lengths = await page.evaluate(async () => {
      const { library, start, order } = window.landspout;
      const channel = new library.Channel<Uint8Array>(new library.SharedSpace(), { codec: "bytes" });
      const worker = start();
      await order(worker, { order: "enter", channel, milliseconds: 100 });
      channel.sendIfAvailable(new Uint8Array(2), 0);
      channel.close();
      worker.terminate();
      return [channel.receive()?.length, channel.receive()?.length, channel.receive()];
    });
    expect(lengths).toEqual([1, 2, undefined]);
  });

  test("Channel is used by the main thread, too, when a worker was terminated in a guarded section", async () => {
    const lengths = await page.evaluate(async () => {
      const { library, start, order } = window.landspout;
      const channel = new library.Channel<Uint8Array>(new library.SharedSpace(), { codec: "bytes" });
      const worker = start();
      await order(worker, { order: "enter", channel });
      worker.terminate();
      channel.sendIfAvailable(new Uint8Array(2), 0);
      channel.close();
      return [channel.receive()?.length, channel.receive()];
    });
    expect(lengths).toEqual([2, undefined]);
  });

  test("The documented page shows what its workers have counted", async () => {
    const page = await open("/documented/");
    await page.waitForFunction(() => document.querySelector("output")?.textContent !== "");
    expect(`${await page.textContent("output")}\n`).toBe(documented("text"));
    await page.close();
  });

  test("SharedSpace starts its guardian from a string where its file is not to be found", async () => {
    beforeGuardian = () => {
      throw new Error("not found");
    };
    const page = await open();
    const abandoned = await page.evaluate(async () => {
      const { library, start, order } = window.landspout;
      const [first, second] = [start(), start()];
      const mutexes = [1, 2].map(() => new library.Mutex(new library.SharedSpace()));
      for (const mutex of mutexes) await order(first, { order: "lock", mutex });
      first.terminate();
      const abandoned: boolean[] = [];
      for (const mutex of mutexes) abandoned.push(await order(second, { order: "lock", mutex }));
      return abandoned;
    });
    expect(abandoned).toEqual([true, true]);
    await page.close();
  });

  test("SharedSpace reports a guardian that cannot be started at all", async () => {
    beforeGuardian = () => {
      throw new Error("not found");
    };
    const page = await open("/without-blobs");
    const reported = page.waitForEvent("pageerror");
    await page.evaluate(() => void new window.landspout.library.SharedSpace());
    expect((await reported).message).toMatch(/^Cannot watch workers: received neither its file nor its script/);
    await page.close();
  });
});

describe("In Chromium, on a page that is not isolated", () => {
  test("SharedSpace says what is missing", async () => {
    const page = await open("/not-isolated");
    const message = await page.evaluate(() => {
      try {
        new window.landspout.library.SharedSpace();
      } catch (error) {
        return (error as Error).message;
      }
      return "";
    });
    expect(message).toMatch(/^Cannot make a SharedSpace: received a page that is not isolated/);
    await page.close();
  });
});
