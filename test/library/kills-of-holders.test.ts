import type { Worker } from "node:worker_threads";
import { afterAll, expect, test } from "vitest";
import { McsLock, RwLock, Semaphore, SharedSpace, TicketLock } from "#dist/library/index.js";
import { Random } from "#dist/machines/random.js";
import { type InWorker, inWorker } from "./in-worker.js";

const KILLS = 200;
const WORKERS = 3;
const SEED = 20260119;
const PERMITS = 2;

/** What all work on, under each of them. */
interface Shared {
  readonly semaphore: Semaphore;
  readonly rwLock: RwLock;
  readonly ticketLock: TicketLock;
  readonly mcsLock: McsLock;
  /** Two numbers that the RwLock protects, two each that the others do, and how often they differed without a death. */
  readonly words: Int32Array;
}

const space = new SharedSpace();
const shared: Shared = {
  semaphore: new Semaphore(space, PERMITS),
  rwLock: new RwLock(space),
  ticketLock: new TicketLock(space, { force: true }),
  mcsLock: new McsLock(space, { force: true }),
  words: new Int32Array(new SharedArrayBuffer(28)),
};
const random = new Random(SEED);
const running = new Set<Worker>();

/** Takes permits and locks in turn, blocking and not; mends what a dead worker left half done. */
async function work({ data, say }: InWorker<Shared>) {
  const { semaphore, rwLock, ticketLock, mcsLock, words } = data;
  say("works");
  for (let turn = 0; ; turn++) {
    const permits = 1 + (turn % 2);
    const permit = turn % 4 === 0 ? await semaphore.acquireAsync(permits) : semaphore.acquire(permits);
    permit.release();

    const reader = turn % 5 === 0 ? await rwLock.lockSharedAsync() : rwLock.lockShared();
    if (!reader.abandoned && words[0] !== words[1]) Atomics.add(words, 4, 1);
    reader.unlock();
    const writer = turn % 7 === 0 ? await rwLock.lockAsync() : rwLock.lock();
    if (writer.abandoned) words[1] = words[0]!;
    else if (words[0] !== words[1]) Atomics.add(words, 4, 1);
    words[0]!++;
    words[1]!++;
    writer.unlock();

    const head = turn % 3 === 0 ? mcsLock.lockIfAvailable(1) : mcsLock.lock();
    if (head) {
      if (head.abandoned) words[6] = words[5]!;
      else if (words[5] !== words[6]) Atomics.add(words, 4, 1);
      words[5]!++;
      words[6]!++;
      head.unlock();
    }

    const first = ticketLock.lockIfAvailable(turn % 3);
    if (!first) continue;
    if (first.abandoned) words[3] = words[2]!;
    else if (words[2] !== words[3]) Atomics.add(words, 4, 1);
    words[2]!++;
    words[3]!++;
    first.unlock();
  }
}

async function live(): Promise<void> {
  const worker = inWorker(work, shared);
  running.add(worker);
  await new Promise((resolve, reject) => worker.once("message", resolve).once("error", reject));
  await new Promise((resolve) => setTimeout(resolve, random.below(10)));
  await worker.terminate();
  running.delete(worker);
}

afterAll(() => Promise.all([...running].map((worker) => worker.terminate())));

test(`Semaphore, RwLock, TicketLock and McsLock lose nothing when ${KILLS} workers die (seed ${SEED})`, async () => {
  let lives = 0;
  const lane = async () => {
    while (lives++ < KILLS) await live();
  };
  await Promise.all(Array.from({ length: WORKERS }, lane));
  (await shared.semaphore.acquireAsync(PERMITS, { timeout: 30_000 })).release();
  expect(shared.semaphore.available).toBe(PERMITS);
  (await shared.rwLock.lockAsync({ timeout: 30_000 })).unlock();
  (await shared.ticketLock.lockAsync({ timeout: 30_000 })).unlock();
  (await shared.mcsLock.lockAsync({ timeout: 30_000 })).unlock();
  expect(shared.words[4]).toBe(0);
  expect(shared.words[0]).toBeGreaterThan(KILLS);
}, 300_000);
