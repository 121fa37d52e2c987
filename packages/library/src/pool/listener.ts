/**
 * How a thread hears of what others tell it of a pool.
 *
 * 1. Look, in a microtask: do what is told. What that has made ready runs before the next look, and may submit again. A turn
 *    of the event loop each millisecond.
 * 2. Nothing is told: watch for a while, as long as that has paid.
 * 3. Else arm the bell, look once more, and sleep.
 *
 * Invariant: while the thread expects anything, a look is scheduled, or its bell is armed and it sleeps there.
 */
import { nextTurn } from "../event-loop.js";
import { keepAlive, letGo } from "../keep-alive.js";
import type { SharedSpace } from "../space.js";
import { SpinBudget } from "../spin-budget.js";

/** Milliseconds between turns of the event loop. */
const TURN = 1;

/** What a thread expects. */
export interface Expectations {
  /** Does what is told. Whether there was anything. */
  look(): boolean;
  /** Whether anything may be told. */
  readonly expects: boolean;
  /** Whether the process must go on until it is told. */
  readonly isPending: boolean;
}

export class Listener {
  readonly #space: SharedSpace;
  readonly #pool: number;
  readonly #of: Expectations;
  readonly #words: Int32Array;
  readonly #bell: number;
  #isScheduled = false;
  #isAsleep = false;
  #isAlive = false;
  #turned = 0;
  readonly #budget = new SpinBudget();
  #hasEnded = false;

  constructor(space: SharedSpace, pool: number, of: Expectations) {
    this.#space = space;
    this.#pool = pool;
    this.#of = of;
    const bell = space.kernel.pool_bell_of_slot(pool) >>> 0;
    this.#words = space.words(bell, 4);
    this.#bell = bell >>> 2;
  }

  /** Something may be told from now on. */
  listen(): void {
    if (this.#isScheduled || this.#hasEnded) return;
    this.#isScheduled = true;
    queueMicrotask(this.#look);
  }

  /** Nothing is expected any more. */
  end(): void {
    this.#hasEnded = true;
    this.#keepAlive(false);
    // The engine forgets who sleeps.
    Atomics.notify(this.#words, this.#bell);
  }

  readonly #look = (): void => {
    if (this.#hasEnded) return;
    if (this.#of.look()) {
      this.#again();
      return;
    }
    if (!this.#of.expects) {
      this.#isScheduled = false;
      this.#keepAlive(false);
      return;
    }
    const { kernel } = this.#space;
    if (this.#of.isPending && kernel.pool_watch(this.#pool, this.#budget.looks) !== 0) {
      this.#budget.paid();
      this.#of.look();
      this.#again();
      return;
    }
    const number = kernel.pool_arm(this.#pool);
    if (this.#of.look()) this.#again();
    else this.#sleep(number);
  };

  #again(): void {
    if (performance.now() - this.#turned < TURN) queueMicrotask(this.#look);
    else nextTurn(this.#turn);
  }

  readonly #turn = (): void => {
    this.#turned = performance.now();
    this.#look();
  };

  #sleep(number: number): void {
    this.#isScheduled = false;
    this.#keepAlive(this.#of.isPending);
    // Who sleeps there since an earlier number is woken by the next one, too.
    if (this.#isAsleep) return;
    const wait = Atomics.waitAsync(this.#words, this.#bell, number);
    if (!wait.async) {
      this.listen();
      return;
    }
    this.#isAsleep = true;
    const begin = performance.now();
    void wait.value.then(() => {
      this.#isAsleep = false;
      this.#turned = performance.now();
      this.#budget.slept((this.#turned - begin) * 1000);
      this.listen();
    });
  }

  #keepAlive(keeps: boolean): void {
    if (keeps === this.#isAlive) return;
    this.#isAlive = keeps;
    if (keeps) keepAlive();
    else letGo();
  }
}
