import type { Worker } from "node:worker_threads";
import { afterAll, expect, test } from "vitest";
import { Mutex, SharedSpace } from "#dist/library/index.js";
import { Random } from "#dist/machines/random.js";
import { type InWorker, inWorker } from "./in-worker.js";

const KILLS = 1000;
const WORKERS = 4;
const SEED = 20260118;

/** What all work on: a number in two copies, and by worker what it knows to be done. */
interface Account {
  readonly mutex: Mutex;
  readonly copies: Int32Array;
  /** Words: times found abandoned, times found torn without being abandoned, then one a worker. */
  readonly seen: Int32Array;
  readonly worker: number;
  /** How it ends, and after how many turns where it ends itself. */
  readonly end: "terminated" | "throws" | "exits";
  readonly turns: number;
}

const space = new SharedSpace();
const mutex = new Mutex(space);
const copies = new Int32Array(new SharedArrayBuffer(8));
const seen = new Int32Array(new SharedArrayBuffer(4 * (2 + KILLS + WORKERS)));
const random = new Random(SEED);
const running = new Set<Worker>();

/** Adds 1 to both copies, again and again, with and without blocking, and mends them after a death. */
async function work({ data, library, say }: InWorker<Account>) {
  const { copies, seen, worker } = data;
  const token = new library.UnlockToken();
  say("works");
  for (let turn = 0; ; turn++) {
    const held = turn % 8 === 0 ? await data.mutex.lockAsync() : data.mutex.lock(token);
    if (held.abandoned) Atomics.add(seen, 0, 1);
    else if (copies[0] !== copies[1]) Atomics.add(seen, 1, 1);
    copies[1] = copies[0]!;
    copies[0]!++;
    if (turn === data.turns && data.end === "throws") throw new Error("on purpose");
    if (turn === data.turns && data.end === "exits") process.exit(3);
    copies[1] = copies[0]!;
    seen[worker]!++;
    held.unlock();
  }
}

function start(worker: number): Worker {
  const end = (["terminated", "terminated", "throws", "exits"] as const)[random.below(4)]!;
  const started = inWorker(work, { mutex, copies, seen, worker, end, turns: random.below(2000) });
  started.on("error", (error) => expect(error.message).toBe("on purpose"));
  running.add(started);
  started.once("exit", () => running.delete(started));
  return started;
}

/** Works a random while, then dies, by itself or not. */
async function live(worker: number): Promise<void> {
  const started = start(worker);
  const exit = new Promise((resolve) => started.once("exit", resolve));
  await Promise.race([new Promise((resolve) => started.once("message", resolve)), exit]);
  await Promise.race([new Promise((resolve) => setTimeout(resolve, random.below(10))), exit]);
  await started.terminate();
}

afterAll(() => Promise.all([...running].map((worker) => worker.terminate())));

test(`Mutex loses nothing when ${KILLS} workers die at random moments (seed ${SEED})`, async () => {
  let worker = 2;
  const lane = async () => {
    while (worker < 2 + KILLS) await live(worker++);
  };
  await Promise.all(Array.from({ length: WORKERS }, lane));
  const token = await mutex.lockAsync({ timeout: 30_000 });
  const [abandoned, torn, ...done] = seen;
  const sum = done.reduce((a, b) => a + b, 0);
  expect(torn).toBe(0);
  expect(abandoned! + (token.abandoned ? 1 : 0)).toBeGreaterThan(KILLS / 10);
  // Who died in its critical section may have added what it has not noted.
  expect(copies[0]).toBeGreaterThanOrEqual(sum);
  expect(copies[0]).toBeLessThanOrEqual(sum + abandoned! + (token.abandoned ? 1 : 0));
  token.unlock();
}, 300_000);
