import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Worker } from "node:worker_threads";
import { afterAll, describe, expect, test } from "vitest";
import { Mutex, SharedSpace } from "#library/index.js";
import { Random } from "#machines/machines/random.js";
import { casesOf } from "../random-cases.js";
import { exit, type InWorker, inWorker, message } from "./in-worker.js";

const SEED = 20260301;
/** Bytes of a slot's record, and from where on they lie; words of one: kernel/library/space.ts. */
const RECORD_BYTES = 4096;
const RECORDS = 5 * 65536;
const SLEPT = 24;

const running = new Set<Worker>();
afterAll(() => Promise.all([...running].map((worker) => worker.terminate())));

interface Held {
  readonly mutex: Mutex;
  /** 0, then 1 when the mutex is locked. */
  readonly locked: Int32Array;
  readonly how: string;
}

async function lockAndDie({ data, say }: InWorker<Held>) {
  data.mutex.lock();
  Atomics.store(data.locked, 0, 1);
  Atomics.notify(data.locked, 0);
  say("locked");
  if (data.how === "exits") process.exit();
  if (data.how === "throws") throw new Error("on purpose");
  if (data.how === "has no memory left")
    for (const all: unknown[] = []; ; ) all.push(new Array(10_000).fill(all.length));
  if (data.how === "is terminated") Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
}

const words = () => new Int32Array(new SharedArrayBuffer(4));

function start<Data>(body: (worker: InWorker<Data>) => unknown, data: Data, limits = {}): Worker {
  const worker = inWorker(body, data, limits);
  worker.on("error", () => {});
  running.add(worker);
  worker.once("exit", () => running.delete(worker));
  return worker;
}

describe("A worker's death is seen", () => {
  const WAYS = ["is terminated", "exits", "throws", "has no memory left", "ends"];

  test.each(WAYS)("although the main thread blocks for ever on what it holds, when it %s", (how) => {
    const mutex = new Mutex(new SharedSpace());
    const locked = words();
    const worker = start(lockAndDie, { mutex, locked, how } satisfies Held, { maxOldGenerationSizeMb: 20 });
    Atomics.wait(locked, 0, 0);
    if (how === "is terminated") void worker.terminate();
    const token = mutex.lock();
    expect(token.abandoned).toBe(true);
    token.unlock();
  });

  test("although the main thread's event loop has never turned, nor does for a while", async () => {
    const mutex = new Mutex(new SharedSpace());
    const locked = words();
    const worker = start(lockAndDie, { mutex, locked, how: "is terminated" } satisfies Held);
    Atomics.wait(locked, 0, 0);
    void worker.terminate();
    for (const end = performance.now() + 100; performance.now() < end; );
    const token = await mutex.lockAsync({ timeout: 10_000 });
    expect(token.abandoned).toBe(true);
  });

  test(`when it is killed while it attaches: no slot is lost (seed ${SEED})`, async () => {
    const random = new Random(SEED);
    const space = new SharedSpace({ workers: 4 });
    const mutex = new Mutex(space);
    const attach = async ({ data, library, say }: InWorker<{ memory: unknown }>) => {
      say("attaches");
      library.SharedSpace.of(data.memory as never);
      setInterval(() => {}, 1000);
    };
    const lane = async () => {
      for (let life = 0; life < casesOf(36); life++) {
        const worker = start(attach, { memory: space.memory });
        await message(worker);
        const end = performance.now() + random.below(1000) / 300;
        while (performance.now() < end) await new Promise(setImmediate);
        await worker.terminate();
      }
    };
    await Promise.all([lane(), lane()]);
    // Main has one of the four.
    const last = Array.from({ length: 3 }, () => start(({ data, say }) => say(data.mutex.space.slot), { mutex }));
    const slots = await Promise.all(last.map((worker) => message<number>(worker)));
    expect(slots.every((slot) => slot >= 2 && slot <= 4)).toBe(true);
  }, 60_000);

  test("before the next worker is started: it gets the slot", async () => {
    const mutex = new Mutex(new SharedSpace({ workers: 2 }));
    for (let life = 0; life < casesOf(20); life++) {
      const worker = start(
        ({ data, say }) => {
          say(data.mutex.space.slot);
          if (data.stays) setInterval(() => {}, 1000);
        },
        { mutex, stays: life % 2 === 0 },
      );
      const ended = exit(worker);
      expect(await message(worker)).toBe(2);
      if (life % 2 === 0) await worker.terminate();
      await ended;
    }
  });

  test("although it locks in the last of its exit handlers", async () => {
    const mutex = new Mutex(new SharedSpace());
    const worker = start(
      ({ data, say }) => {
        process.on("exit", () => {
          data.mutex.lock();
          say("locked");
        });
      },
      { mutex },
    );
    expect(await message(worker)).toBe("locked");
    const token = await mutex.lockAsync({ timeout: 10_000 });
    expect(token.abandoned).toBe(true);
  });
});

/**
 * A program that prints whether workers are guarded while main blocks, and, once they are, whether it sees their deaths
 * then.
 */
const BLOCKED = `import { Mutex, receive, SharedSpace } from ${JSON.stringify(import.meta.resolve("#library/index.js"))};
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
if (isMainThread) {
  for (const how of ["terminate", "exit", "throw", "end"]) {
    const mutex = new Mutex(new SharedSpace());
    const words = new Int32Array(new SharedArrayBuffer(8));
    const worker = new Worker(new URL(import.meta.url), { workerData: { mutex, words, how } });
    Atomics.wait(words, 0, 0);
    const when = words[1] === 1 ? "guarded" : "unguarded";
    await new Promise((resolve) => worker.on("error", () => {}).once("message", resolve));
    if (how === "terminate") worker.terminate();
    console.log(how, when, mutex.lockIfAvailable(20_000)?.abandoned);
  }
} else {
  const { mutex, words, how } = receive(workerData);
  mutex.space.guarded.then(() => (words[1] = 1));
  setTimeout(async () => {
    Atomics.store(words, 0, 1);
    Atomics.notify(words, 0);
    await mutex.space.guarded;
    mutex.lock();
    parentPort.postMessage("locked");
    if (how === "exit") process.exit();
    if (how === "throw") throw new Error("on purpose");
    if (how === "terminate") Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  }, 100);
}`;

async function runBlocked(nodeOptions: string): Promise<string> {
  const program = `import(${JSON.stringify(`data:text/javascript,${encodeURIComponent(BLOCKED)}`)})`;
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", program], {
    env: { ...process.env, NODE_OPTIONS: nodeOptions },
  });
  return stdout;
}

describe("A worker's death is seen in a Node without what hands ports past the main thread", () => {
  test("from when its space is guarded, which is when the main thread's event loop has turned", async () => {
    const lines = (when: string) =>
      ["terminate", "exit", "throw", "end"].map((how) => `${how} ${when} true\n`).join("");
    const hide = fileURLToPath(new URL("without-handles.cjs", import.meta.url));
    expect(await runBlocked("")).toBe(lines("guarded"));
    expect(await runBlocked(`--require ${JSON.stringify(hide)}`)).toBe(lines("unguarded"));
  }, 60_000);
});

describe("The guardian", () => {
  test("goes on where a repair fails, repairs the rest, and says what it left", async () => {
    const space = new SharedSpace();
    const [first, second] = [new Mutex(space), new Mutex(space)];
    const stay = async ({ data, say }: InWorker<{ locks: Mutex[] }>) => {
      for (const lock of data.locks) lock.lock();
      say(data.locks[0]!.space.slot);
      setInterval(() => {}, 1000);
    };
    const victim = start(stay, { locks: [first, second] });
    const slot = await message<number>(victim);
    // A place outside of memory where it slept, as if somebody had written there.
    const record = RECORDS + slot * RECORD_BYTES;
    new Int32Array(space.memory.buffer)[(record + SLEPT) / 4] = -16;
    const warned = new Promise<Error>((resolve) => process.once("warning", resolve));
    await victim.terminate();
    const warning = await warned;
    expect(warning.message).toMatch(
      /^Cannot repair all that the worker of slot 2 left in the space \S+ \S+: received workers that may have slept where it slept \(memory access out of bounds\); expected/,
    );
    for (const lock of [first, second]) {
      const token = await lock.lockAsync({ timeout: 10_000 });
      expect(token.abandoned).toBe(true);
      token.unlock();
    }
    const next = start(stay, { locks: [first] });
    expect(await message(next)).toBe(slot);
    await next.terminate();
    (await first.lockAsync({ timeout: 10_000 })).unlock();
  });
});
