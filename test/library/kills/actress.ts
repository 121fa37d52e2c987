/** A worker that plays parts, and how it is ended: by its parent, which is the main thread or the executioner. */
import { Worker } from "node:worker_threads";
import { FROZEN, POINTS, SOMEWHERE, WORDS } from "./fate.js";
import type { Part, Said } from "./player.js";
import type { Seam } from "./seam.js";

/** How a victim died. */
export interface Death {
  readonly worker: number;
  /** Where it stopped; undefined for one that did not get to its point, and died wherever it was. */
  readonly point: number | undefined;
  /** Points that it had passed. */
  readonly passed: number;
}

/** How it is ended. */
export interface End {
  /** Milliseconds that it stands at its point before it is terminated; and that it has at most to get there. */
  readonly stands: number;
  readonly patience: number;
  /** Milliseconds for which its parent blocks then, having blocked until then; absent: its event loop goes on. */
  readonly blocks?: number;
}

const MEMORY = { maxOldGenerationSizeMb: 48 };

export class Actress {
  readonly #worker: Worker;
  readonly #exit: Promise<unknown>;
  readonly #ready: Promise<void>;
  #isDead = false;
  /** What it said before it had a part: that it cannot begin. */
  readonly #early: Said[] = [];
  #hear: (said: Said) => void = (said) => void this.#early.push(said);

  constructor(source: URL, seam: Seam) {
    this.#worker = new Worker(source, { workerData: seam, resourceLimits: MEMORY });
    let isReady = () => {};
    this.#ready = new Promise((resolve) => {
      isReady = resolve;
    });
    this.#worker.on("message", (said: Said) => (said === "ready" ? isReady() : this.#hear(said)));
    this.#worker.on("error", ({ message, stack, code }: Error & { code?: string }) => {
      if (message !== "on purpose" && code !== "ERR_WORKER_OUT_OF_MEMORY") this.#hear({ wrong: `${stack}` });
      isReady();
    });
    this.#exit = new Promise((resolve) => this.#worker.once("exit", resolve)).then(() => {
      this.#isDead = true;
    });
  }

  /** Resolves when it has played its part. */
  async play(part: Part, wrong: (what: string) => void): Promise<void> {
    await this.#ready;
    await new Promise<void>((resolve) => {
      this.#hear = (said) => {
        if (said === "done") resolve();
        else if (typeof said === "object") wrong(said.wrong);
      };
      for (const said of this.#early.splice(0)) this.#hear(said);
      this.#worker.postMessage(part);
    });
  }

  /** Plays its part until it dies. */
  async die(part: Part, { stands, patience, blocks }: End, control: Int32Array, wrong: (what: string) => void) {
    const { worker } = part;
    const frozen = WORDS * worker + FROZEN;
    await this.#ready;
    void this.play(part, wrong);
    // `play` posts the part in a later turn.
    await Promise.resolve();
    if (blocks !== undefined) {
      Atomics.wait(control, frozen, 0, patience);
      block(stands);
    } else {
      // Who is to die in its steps has its time from then on.
      const mayEnd = () => part.life.fate?.from === "attach" || Atomics.load(part.scene.words.joined, worker) === 1;
      for (let end: number | undefined; !this.#isDead && Atomics.load(control, frozen) === 0; await pause(1)) {
        if (mayEnd()) end ??= performance.now() + patience;
        if (end !== undefined && performance.now() > end) break;
      }
      await pause(stands);
    }
    const point = Atomics.load(control, frozen) - 1;
    const passed = Atomics.load(control, WORDS * worker + POINTS);
    // Of who runs when it is ended, nobody knows what it has done, either.
    Atomics.compareExchange(control, frozen, 0, SOMEWHERE);
    void this.#worker.terminate();
    if (blocks !== undefined) block(blocks);
    await this.#exit;
    return { worker, point: point < 0 ? undefined : point, passed } satisfies Death;
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
    await this.#exit;
  }
}

function block(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
