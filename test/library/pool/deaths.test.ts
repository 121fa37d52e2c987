import type { Worker } from "node:worker_threads";
import { afterEach, describe, expect, test } from "vitest";
import { type Pool, SharedBuffer, SharedSpace, WorkerDiedError } from "#library/index.js";
import { type InWorker, inWorker } from "../in-worker.js";
import { plainPool, until } from "./pools.js";

/** The workers that pools of this thread have started, and that have not ended. */
const workers = new Set<Worker>();
const follow = (worker: Worker) => {
  workers.add(worker);
  worker.once("exit", () => workers.delete(worker));
};

afterEach(() => {
  process.off("worker", follow);
});

/** Tasks of all kinds, each with what it is to result in. */
function* kinds(pool: ReturnType<typeof plainPool>): Generator<Promise<boolean>, never> {
  const large = "large ".repeat(100);
  const terms = { retries: 1000 };
  for (let i = 0; ; i++) {
    yield pool.run("add", [i, 1], terms).then((sum) => sum === i + 1);
    yield pool.run("echo", [{ large, i }], { ...terms, key: i % 7 }).then((back) => (back as { i: number }).i === i);
    yield pool.run("nested", [2], terms).then((sum) => sum === 7);
    yield pool.run("add", [i, 2]).then((sum) => sum === i + 2);
    yield pool.runOnAll("thread").then((all) => all.length <= 6);
    const buffer = new ArrayBuffer(64);
    yield pool.run("echo", [buffer], { transfer: [buffer] }).then((back) => (back as ArrayBuffer).byteLength === 64);
  }
}

/** Submits, and ends workers at any time, so many of them. */
async function endWorkers(times: number): Promise<void> {
  const space = new SharedSpace();
  // Not the guardian, of which the event comes a little later.
  await new Promise(setImmediate);
  process.on("worker", follow);
  const pool = plainPool({ workers: 3, space, capacity: 64, concurrency: 2 });
  await pool.started;
  const outcomes = { right: 0, wrong: 0, died: 0, other: new Set<string>() };
  const pending = new Set<Promise<void>>();
  const tasks = kinds(pool);
  for (let left = times; left > 0; ) {
    while (pending.size < 100) {
      const settled = tasks.next().value.then(
        (isRight) => void outcomes[isRight ? "right" : "wrong"]++,
        (error) => {
          if (error instanceof WorkerDiedError) outcomes.died++;
          else outcomes.other.add(String(error));
        },
      );
      pending.add(settled);
      void settled.finally(() => pending.delete(settled));
    }
    // At whatever the worker is doing then.
    for (let turns = Math.random() * 10; turns > 0; turns--) await new Promise(setImmediate);
    const [worker] = workers;
    // Too many in a row that end before they have started are a failure of the pool.
    if (!worker || pool.workers < 2 || Math.random() < 0.7) continue;
    workers.delete(worker);
    void worker.terminate();
    left--;
    await Promise.race(pending);
  }
  await Promise.all(pending);
  expect(outcomes).toMatchObject({ wrong: 0, other: new Set() });
  expect(outcomes.right).toBeGreaterThan(times);
  // Resolves only when all records are free.
  await pool.close();
  space.close();
}

/** Threads submit, and are ended at any time, so many of them. */
async function endSubmitters(times: number): Promise<void> {
  const space = new SharedSpace();
  const pool = plainPool({ workers: 2, space, capacity: 64 });
  const seen = new SharedBuffer(space, 4);
  const words = seen.view(Int32Array);
  for (let i = 0; i < times; i++) {
    words[0] = 0;
    const submitter = inWorker(
      async ({ data }: InWorker<{ pool: Pool; seen: SharedBuffer }>) => {
        const seen = data.seen.view(Int32Array);
        const run = async () => {
          for (let i = 0; ; i++) {
            await (i % 3 === 0 ? data.pool.run("echo", ["large ".repeat(100)]) : data.pool.run("add", [i, 1]));
            Atomics.add(seen, 0, 1);
          }
        };
        await Promise.all(Array.from({ length: 80 }, run));
      },
      { pool: pool as unknown as Pool, seen },
    );
    const most = Math.random() * 300;
    await until(() => Atomics.load(words, 0) > most);
    await submitter.terminate();
    expect(await pool.run("add", [i, 1])).toBe(i + 1);
  }
  await pool.close();
  space.close();
}

describe("Every task has one outcome, and every record becomes free", () => {
  test("when workers are ended at any time", () => endWorkers(12));
  test("when submitters are ended at any time", () => endSubmitters(4));
  test("when many workers are ended at any time", { tags: "long" }, () => endWorkers(50));
  test("when many submitters are ended at any time", { tags: "long" }, () => endSubmitters(20));
});
