import type { Worker } from "node:worker_threads";
import {
  Barrier,
  Channel,
  Condition,
  Counter,
  Event,
  Histogram,
  Mutex,
  Once,
  RwLock,
  Semaphore,
  type SharedSpace,
} from "#library/index.js";
import { inWorker } from "../in-worker.js";
import type { Operation } from "./history.js";
import { ROOM } from "./models.js";
import { objectsOf, type Part, play, type Scene, type Words } from "./player.js";
import { PERMITS, type Program } from "./steps.js";

/** Milliseconds after which a program is taken to hang. */
const HANGS = 60_000;

/** Workers that play programs, and live from one to the next. */
export class Crew {
  readonly #space: SharedSpace;
  #workers: Worker[] = [];

  constructor(space: SharedSpace) {
    this.#space = space;
  }

  /** Plays it on objects of its own, and rejects if it fails or hangs, or `check` throws. */
  async play(program: Program, check: (history: Operation[], scene: Scene) => void): Promise<void> {
    while (this.#workers.length < program.length) this.#workers.push(inWorker(play, {}));
    const scene = createScene(this.#space, program.length);
    const parts = program.map((_, worker) => said(this.#workers[worker]!, { scene, program, worker }));
    try {
      check((await Promise.all(parts)).flat(), scene);
    } catch (error) {
      // Others may wait for ever for one that failed.
      await this.dismiss();
      throw error;
    } finally {
      for (const object of objectsOf(scene)) object.free();
    }
  }

  async dismiss(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
    this.#workers = [];
  }
}

/** What the worker says when it has played its part. */
function said(worker: Worker, part: Part): Promise<Operation[]> {
  return new Promise((resolve, reject) => {
    const hung = setTimeout(() => reject(new Error(`Worker ${part.worker} hangs`)), HANGS);
    worker.once("message", (history: Operation[] | string) => {
      clearTimeout(hung);
      if (typeof history === "string") reject(new Error(`Worker ${part.worker} failed: ${history}`));
      else resolve(history);
    });
    worker.postMessage(part);
  });
}

function createScene(space: SharedSpace, workers: number): Scene {
  const all = new Int32Array(new SharedArrayBuffer(64));
  let next = 0;
  const word = () => all.subarray(next, ++next);
  const words: Words = {
    clock: word(),
    gate: word(),
    mutexes: [word(), word()],
    rwLock: word(),
    stock: word(),
    come: word(),
    onces: [word(), word()],
  };
  return {
    mutexes: [new Mutex(space), new Mutex(space)],
    rwLock: new RwLock(space),
    semaphore: new Semaphore(space, PERMITS),
    barrier: new Barrier(space, workers),
    event: new Event(space),
    onces: [new Once(space), new Once(space)],
    counter: new Counter(space),
    histogram: new Histogram(space),
    channel: new Channel<number>(space, { capacity: 16 * ROOM }),
    monitor: { mutex: new Mutex(space), filled: new Condition(space), met: new Condition(space) },
    words,
  };
}
