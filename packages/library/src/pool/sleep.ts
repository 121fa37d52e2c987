/**
 * Where an executor waits for its bell: it watches it for a while, as long as that has paid; then it sleeps, its event loop going
 * on, or blocks.
 */

import { microseconds } from "../clock.js";
import { nextTurn } from "../event-loop.js";
import type { LibraryKernel } from "../kernel.js";
import type { SharedSpace } from "../space.js";
import { SpinBudget } from "../spin-budget.js";

/** Microseconds for which an event loop may stand still. */
const SHORT = 1000;

export class Sleep {
  readonly #kernel: LibraryKernel;
  readonly #pool: number;
  readonly #executor: number;
  readonly #words: Int32Array;
  readonly #bell: number;
  readonly #blocks: boolean;
  readonly #budget = new SpinBudget();
  /** It has blocked, and its event loop has not turned since. */
  #owesTurn = false;
  #isWoken = false;
  /** When it began to watch. */
  #began = 0;
  #resume: () => void = () => {};
  /** The number at which a wait of the engine's is in progress. */
  #waitsAt: number | undefined;

  constructor(space: SharedSpace, pool: number, executor: number, blocks: boolean) {
    const { kernel } = space;
    this.#kernel = kernel;
    this.#pool = pool;
    this.#executor = executor;
    this.#blocks = blocks;
    const bell = kernel.pool_bell_of_executor(pool, executor) >>> 0;
    this.#words = space.words(bell, 4);
    this.#bell = bell >>> 2;
  }

  /** Of the bell; to be read before anything is asked. */
  get number(): number {
    return Atomics.load(this.#words, this.#bell);
  }

  /** Ends the sleep, or else the next one, from within this thread. */
  wake(): void {
    this.#isWoken = true;
    this.#resume();
  }

  /** Watches for a while; whether it was woken meanwhile, or the bell has another number. */
  seesAtOnce(number: number, isBusy: boolean): boolean {
    if (this.#isWoken) {
      this.#isWoken = false;
      return true;
    }
    this.#began = microseconds();
    if (isBusy || !this.#watch(number)) return false;
    this.#budget.paid();
    return true;
  }

  /**
   * To be called when `seesAtOnce` has said no: waits until the bell has another number, or for so many microseconds at most.
   *
   * @param isBusy something is in progress, which needs the event loop
   * @returns whether the event loop has turned meanwhile
   */
  async until(number: number, isBusy: boolean, most = Number.POSITIVE_INFINITY): Promise<boolean> {
    const hasTurned = await this.#sleepOrBlock(number, isBusy, most);
    this.#budget.slept((microseconds() - this.#began) >>> 0);
    this.#isWoken = false;
    return hasTurned;
  }

  #watch(number: number): boolean {
    if (this.#kernel.enough_cores() === 0) return this.number !== number;
    return this.#kernel.pool_watch_bell(this.#pool, this.#executor, number, this.#budget.looks) !== 0;
  }

  /** Meanwhile others do not take the thread for one that wants a core. */
  async #sleepOrBlock(number: number, isBusy: boolean, most: number): Promise<boolean> {
    this.#kernel.set_competing(0);
    try {
      return await this.#sleepInOneWay(number, isBusy, most);
    } finally {
      this.#kernel.set_competing(1);
    }
  }

  async #sleepInOneWay(number: number, isBusy: boolean, most: number): Promise<boolean> {
    if (isBusy || (!this.#blocks && most > SHORT)) {
      await this.#sleep(number, most);
      return true;
    }
    if (this.#blocks && this.#owesTurn) {
      this.#owesTurn = false;
      await new Promise<void>(nextTurn);
      return true;
    }
    Atomics.wait(this.#words, this.#bell, number, most / 1000);
    this.#owesTurn = true;
    return this.#blocks;
  }

  #sleep(number: number, most: number): Promise<void> {
    return new Promise((resolve) => {
      let timer: ReturnType<typeof setTimeout> | undefined;
      this.#resume = () => {
        this.#resume = () => {};
        clearTimeout(timer);
        resolve();
      };
      if (most !== Number.POSITIVE_INFINITY) timer = setTimeout(this.#resume, Math.ceil(most / 1000));
      this.#waitAt(number);
    });
  }

  #waitAt(number: number): void {
    if (this.#waitsAt === number) return;
    const wait = Atomics.waitAsync(this.#words, this.#bell, number);
    if (!wait.async) {
      this.#resume();
      return;
    }
    this.#waitsAt = number;
    void wait.value.then(() => {
      if (this.#waitsAt === number) this.#waitsAt = undefined;
      this.#resume();
    });
  }
}
