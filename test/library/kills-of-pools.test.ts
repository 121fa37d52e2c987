import { readFile } from "node:fs/promises";
import type { SourceMapPayload } from "node:module";
import { setTimeout as sleep } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { describe, expect, test } from "vitest";
import { Pool, type RunOptions, SharedBuffer, SharedSpace } from "#library/index.js";
import { libraryBytes } from "#library/modules.js";
import { Random } from "#machines/machines/random.js";
import { casesOf } from "../random-cases.js";
import { bundle } from "./bundle.js";
import { blocksOf } from "./kills/check.js";
import { instrument } from "./kills/instrument.js";
import { ARE_MORTAL, DEATHS, type Mortality } from "./pool/kills/mortality.js";
import type * as Tasks from "./pool/kills/tasks.js";

/** A failure names its seed: `POOLS=1 SEED=20261133 npx vitest run test/library/kills-of-pools.test.ts` plays it again. */
const POOLS = Number(process.env.POOLS) || casesOf(12);
const SEED = Number(process.env.SEED) || 20261130;
/** Tasks of the maker in one pool, and of each other submitter. */
const OF_MAKER = 120;
const OF_OTHERS = 60;
const OTHERS = 2;
/** Milliseconds after which somebody is taken to wait for ever. */
const HANGS = 60_000;
/** Blocks that a death may leave: what the thread was making, or had made and not named. */
const LOST = 8;

async function instrumented(): Promise<WebAssembly.Module> {
  const dist = new URL("../../packages/machines/dist/", import.meta.url);
  // What ships is the same but for the proofs, whose functions are not called.
  const map = JSON.parse(await readFile(new URL("library.wasm.map", dist), "utf8")) as SourceMapPayload;
  const proven = new Uint8Array(await readFile(new URL("library.wasm", dist)));
  return new WebAssembly.Module(instrument(proven, map).bytes);
}

interface Asked {
  readonly id: number;
  readonly name: "short" | "long" | "failing" | "nested" | "all" | "moved";
  readonly options: RunOptions;
  readonly value: string;
}

/** What a task of the maker's returns; of one for all workers, what each has returned, if that is the same. */
async function outcomeOf(pool: Pool<typeof Tasks>, shared: SharedBuffer, { id, name, value, options }: Asked) {
  if (name === "all") {
    const all = await pool.runOnAll("short", [shared, id, value]);
    return all.every((one) => one === value) ? value : all;
  }
  if (name !== "moved") return pool.run(name, [shared, id, value], options);
  const { buffer } = new TextEncoder().encode(value);
  return pool.run("moved", [shared, id, buffer], { ...options, transfer: [buffer] });
}

/** A task of the maker's, at random. */
function asked(random: Random, id: number): Asked {
  const name = (["short", "short", "long", "failing", "nested", "all", "moved"] as const)[random.below(7)]!;
  const value = "v".repeat(random.below(3) === 0 ? 3000 : random.below(40)) + id;
  const key = random.below(2) === 0 ? { key: random.below(9) } : {};
  if (name === "all") return { id, name, value, options: {} };
  const retries = name !== "moved" && random.below(3) === 0 ? { retries: 1 + random.below(3) } : {};
  const priority = random.below(4) === 0 ? { priority: random.below(9) - 4 } : {};
  const signal = random.below(6) === 0 ? { signal: AbortSignal.timeout(1 + random.below(5)) } : {};
  return { id, name, value, options: { ...key, ...retries, ...priority, ...signal } };
}

describe("Pools", () => {
  test(`give each task one outcome, whoever of ${POOLS} pools dies at which instruction (seeds from ${SEED})`, async () => {
    const module = await instrumented();
    const [mortal, submitter] = await Promise.all([
      bundle(new URL("pool/kills/mortal.ts", import.meta.url)),
      bundle(new URL("pool/kills/submitter.ts", import.meta.url)),
    ]);
    let deaths = 0;
    for (let i = 0; i < POOLS; i++) {
      const seed = SEED + i;
      const control = new Int32Array(new SharedArrayBuffer(12));
      const mortality: Mortality = { module, length: libraryBytes.length, seed, control, spared: 4 };
      const wrong = await play(seed, mortality, mortal, submitter);
      expect(wrong, `seed ${seed}`).toEqual([]);
      deaths += control[DEATHS]!;
    }
    // Else the harness has stopped to kill.
    expect(deaths).toBeGreaterThan(POOLS);
  });
});

/** What is wrong, in words. */
async function play(seed: number, mortality: Mortality, mortal: URL, submitter: URL): Promise<string[]> {
  const random = new Random(seed);
  const space = new SharedSpace({ workers: 32 });
  const ids = 2 * OF_MAKER + OTHERS * OF_OTHERS;
  const shared = new SharedBuffer(space, 8 * ids);
  const words = shared.view(Int32Array);
  const blocks = blocksOf(space);
  const execArgv = ["--import", mortal.href];
  const pool = new Pool<typeof Tasks>(new URL("pool/kills/tasks.js", import.meta.url), {
    ...{ workers: 3, concurrency: 1 + random.below(3), capacity: 64, space, execArgv, workerData: { mortality } },
    policy: (["work-stealing", "fixed-processor", "priority"] as const)[random.below(3)]!,
  });
  await pool.started;
  mortality.control[ARE_MORTAL] = 1;
  const others = Array.from({ length: OTHERS }, (_, i) => {
    const first = 2 * OF_MAKER + i * OF_OTHERS;
    const workerData = {
      pool: { handle: pool.handle },
      shared: { handle: shared.handle },
      first,
      count: OF_OTHERS,
      mortality,
    };
    const worker = new Worker(submitter, { execArgv, workerData });
    return new Promise((resolve) => worker.once("exit", resolve).once("error", resolve));
  });
  const tasks = Array.from({ length: OF_MAKER }, (_, i) => asked(random, 2 * i));
  const all = Promise.all(
    tasks.map(async (task) => {
      try {
        return { task, value: await outcomeOf(pool, shared, task) };
      } catch (reason) {
        return { task, reason: reason as Error };
      }
    }),
  );
  const wrong: string[] = [];
  const outcomes = (await within(all)) ?? [];
  if (outcomes.length === 0) wrong.push(`hangs: ${pool.inspect()}`);
  await within(Promise.all(others));
  for (const outcome of outcomes) {
    const { task } = outcome;
    const begun = words[2 * task.id]!;
    const ended = words[2 * task.id + 1]!;
    const say = (what: string) => wrong.push(`${task.name} ${task.id}, begun ${begun}, ended ${ended}: ${what}`);
    const isForAll = task.name === "all";
    if (!isForAll && begun > 1 + (task.options.retries ?? 0)) say("executed too often");
    if ("value" in outcome) {
      if (outcome.value !== task.value) say(`returned ${String(outcome.value).slice(0, 40)}`);
      // All workers there were may have died before they had it.
      if (ended === 0 && !isForAll) say("returned, and has not ended");
      continue;
    }
    const { name, message } = outcome.reason;
    const isFailed = task.name === "failing" && name === "RangeError" && message === task.value && ended > 0;
    const isAborted = task.options.signal !== undefined && name === "TimeoutError";
    if (!isFailed && !isAborted && name !== "WorkerDiedError") say(`rejected with ${name}: ${message}`);
  }
  for (let id = 2 * OF_MAKER; id < ids; id++) {
    if (words[2 * id]! > 1) wrong.push(`task ${id} of a submitter was executed ${words[2 * id]} times`);
  }
  if ((await within(pool.close().then(() => true))) === undefined) wrong.push("close hangs");
  const left = blocksOf(space) - blocks;
  const deaths = mortality.control[DEATHS]!;
  if (left > LOST * deaths) wrong.push(`${left} blocks more than before, after ${deaths} deaths`);
  space.close();
  return wrong;
}

/** Undefined: it takes for ever. */
function within<Value>(promise: Promise<Value>): Promise<Value | undefined> {
  return Promise.race([promise, sleep(HANGS, undefined, { ref: false })]);
}
