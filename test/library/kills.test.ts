import type { Worker } from "node:worker_threads";
import { afterAll, expect, test } from "vitest";
import {
  Barrier,
  Channel,
  Counter,
  Histogram,
  Mutex,
  RwLock,
  Semaphore,
  SharedSpace,
  TicketLock,
} from "#dist/library/index.js";
import { Random } from "#dist/machines/random.js";
import { exit, inWorker, message } from "./in-worker.js";
import { type End, type Life, PLACES, type Protected, receiveAll, type Scene, work } from "./kills/victim.js";

const KILLS = 1000;
/** Pairs of workers that live at once. */
const LANES = 2;
const SEED = 20260118;
const PERMITS = 2;
const PATIENCE = { timeout: 30_000 };

const space = new SharedSpace();
const random = new Random(SEED);
const running = new Set<Worker>();
const words = (length: number) => new Int32Array(new SharedArrayBuffer(4 * length));
const unharmed = (): Protected => ({ copies: words(2), abandoned: words(1), torn: words(1) });
const scene: Scene = {
  mutex: new Mutex(space),
  rwLock: new RwLock(space),
  ticketLock: new TicketLock(space, { force: true }),
  semaphore: new Semaphore(space, PERMITS),
  counter: new Counter(space),
  histogram: new Histogram(space),
  channel: new Channel<Uint8Array>(space, { capacity: 4096, codec: "bytes" }),
  protected: { mutex: unharmed(), rwLock: unharmed(), ticketLock: unharmed() },
  noted: {
    mutex: words(KILLS),
    rwLock: words(KILLS),
    ticketLock: words(KILLS),
    counter: words(KILLS),
    histogram: words(KILLS),
    channel: words(KILLS),
    meetings: words(KILLS),
  },
  received: words(KILLS),
  wrong: words(1),
};

/** One of a pair. */
class Victim {
  readonly exit: Promise<unknown>;
  readonly works: Promise<unknown>;
  readonly #worker: Worker;
  readonly #number: number;
  #isDead = false;

  constructor(number: number, barrier: Barrier) {
    const how = (["terminated", "terminated", "throws", "exits"] as const)[random.below(4)]!;
    const end: End = { how, place: PLACES[random.below(PLACES.length)]!, turn: random.below(100) };
    const worker = inWorker(work, { scene, worker: number, end, barrier } satisfies Life);
    worker.on("error", (error) => expect(error.message).toBe("on purpose"));
    running.add(worker);
    this.exit = new Promise((resolve) => worker.once("exit", resolve)).then(() => {
      running.delete(worker);
      this.#isDead = true;
    });
    this.works = new Promise((resolve) => worker.once("message", resolve));
    this.#worker = worker;
    this.#number = number;
  }

  /** Lets it work a random while, then ends it if it has not done so itself. */
  async kill(): Promise<void> {
    await Promise.race([new Promise((resolve) => setTimeout(resolve, random.below(10))), this.exit]);
    await this.#worker.terminate();
    await this.exit;
  }

  /** Resolves when it is through the barrier twice more, the second time without who is dead now; or is dead itself. */
  async goesOn(): Promise<void> {
    const { meetings } = scene.noted;
    const least = meetings[this.#number]! + 2;
    const end = performance.now() + PATIENCE.timeout;
    while (!this.#isDead && Atomics.load(meetings, this.#number) < least) {
      if (performance.now() > end) throw new Error(`Worker ${this.#number} waits for one that is dead`);
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  }
}

async function liveInPair(first: number): Promise<void> {
  const barrier = new Barrier(space, 2);
  const [a, b] = [new Victim(first, barrier), new Victim(first + 1, barrier)];
  await Promise.all([a.works, b.works]);
  await a.kill();
  await b.goesOn();
  await b.kill();
}

afterAll(() => Promise.all([...running].map((worker) => worker.terminate())));

test(`No object loses anything when ${KILLS} workers die at random moments (seed ${SEED})`, async () => {
  const receiver = inWorker(receiveAll, scene);
  running.add(receiver);
  const received = exit(receiver);
  await message(receiver);
  let next = 0;
  const lane = async () => {
    while (next < KILLS) {
      const first = next;
      next += 2;
      await liveInPair(first);
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));

  const { semaphore, counter, histogram, channel, noted } = scene;
  const sum = (counts: Int32Array) => counts.reduce((a, b) => a + b, 0);
  let deaths = 0;
  for (const lock of ["mutex", "rwLock", "ticketLock"] as const) {
    const token = await scene[lock].lockAsync(PATIENCE);
    const { copies, torn, ...counts } = scene.protected[lock];
    const abandoned = counts.abandoned[0]! + (token.abandoned ? 1 : 0);
    expect(torn[0], lock).toBe(0);
    // Who died in its critical section may have added what it has not noted.
    expect(copies[0], lock).toBeGreaterThanOrEqual(sum(noted[lock]));
    expect(copies[0], lock).toBeLessThanOrEqual(sum(noted[lock]) + abandoned);
    deaths += abandoned;
    token.unlock();
  }
  expect(deaths).toBeGreaterThan(KILLS / 10);

  (await semaphore.acquireAsync(PERMITS, PATIENCE)).release();
  expect(semaphore.available).toBe(PERMITS);
  for (const [done, known] of [
    [counter.exact(), sum(noted.counter)],
    [histogram.snapshot().count, sum(noted.histogram)],
  ] as const) {
    expect(done).toBeGreaterThanOrEqual(known);
    expect(done).toBeLessThanOrEqual(known + KILLS);
  }

  channel.close();
  await received;
  expect(scene.wrong[0]).toBe(0);
  for (const [sender, sent] of noted.channel.entries()) {
    // Its last message may have been sent, but not noted.
    expect(scene.received[sender]! - sent).toBeOneOf([0, 1]);
  }
  expect(sum(noted.channel)).toBeGreaterThan(KILLS);
}, 300_000);
