/**
 * A thread's end of all services of a space: of those that it serves, and of those that it calls. It has one bell there
 * (kernel/library/bell.ts), which rings for calls, for answers, and for A-stacks that become free.
 *
 * In its event loop:
 * 1. Look, in a microtask: execute calls, settle promises. A turn of the event loop each millisecond.
 * 2. There is nothing: watch for a while, as long as that has paid.
 * 3. Else arm the bell for each party, look once more, and sleep.
 *
 * A thread that blocks in a call does the same without its event loop, `waitFor`: it executes calls of others meanwhile.
 *
 * Invariant: while a party expects anything, a look is scheduled, or the bell is armed and the thread sleeps there, or it is in
 * `waitFor`, after which a look is scheduled.
 */
import { microseconds } from "../clock.js";
import { nextTurn } from "../event-loop.js";
import { keepAlive, letGo } from "../keep-alive.js";
import type { SharedSpace } from "../space.js";
import { SpinBudget } from "../spin-budget.js";

/** Milliseconds between turns of the event loop. */
const TURN = 1;

/** One that the bell rings for. */
export interface Party {
  /** Of the service. */
  readonly address: number;
  /** Does what there is to do, for a while at most; whether there was anything. Before the thread sleeps, it is thorough. */
  look(isThorough: boolean): boolean;
  /** Watches for something to do, as long as the budget says; whether there was anything, which it has done. */
  watch(budget: SpinBudget): boolean;
  /** Whether the process must go on. */
  readonly isPending: boolean;
  /** The space is closed. */
  end(reason: Error): void;
}

/** Who is to know that this thread blocks. */
export interface Sleep {
  /** It is about to sleep. @throws what the wait ends with instead */
  begins(): void;
  /** It sleeps no more, and has executed nothing meanwhile. */
  ends(): void;
}

export class Endpoint {
  readonly space: SharedSpace;
  /** The calls that wait for each other within this thread, made and executed, the outermost first. */
  readonly path: string[] = [];
  /** How many of them it executes. */
  depth = 0;
  /** The A-stack whose answer this thread blocks for, the innermost; 0 for none. */
  waitsFor = 0;
  readonly #parties = new Set<Party>();
  readonly #budget = new SpinBudget();
  readonly #bell: number;
  #isScheduled = false;
  #isAsleep = false;
  #isAlive = false;
  #turned = 0;
  /** Who did something last is watched. */
  #latest: Party | undefined;

  private constructor(space: SharedSpace) {
    this.space = space;
    this.#bell = space.kernel.service_bell() >>> 2;
    space.whenClosed((reason) => {
      for (const party of [...this.#parties]) party.end(reason);
      this.#parties.clear();
      this.#keepAlive();
    });
  }

  static of(space: SharedSpace): Endpoint {
    let its = endpoints.get(space);
    if (!its) {
      its = new Endpoint(space);
      endpoints.set(space, its);
    }
    return its;
  }

  /** The party expects something from now on, until `remove`. */
  add(party: Party): void {
    this.#parties.add(party);
    this.#latest ??= party;
    this.listen();
  }

  remove(party: Party): void {
    this.#parties.delete(party);
    if (this.#latest === party) this.#latest = undefined;
    if (!this.#isScheduled) this.#keepAlive();
  }

  /** Something may be there to do. */
  listen(): void {
    if (this.#isScheduled || this.#parties.size === 0) return;
    this.#isScheduled = true;
    queueMicrotask(this.#look);
  }

  /**
   * Blocks until there is an outcome, executing others' calls meanwhile.
   *
   * @param outcome undefined if there is none yet
   * @param end when the time is over, in milliseconds of `performance.now`
   * @param sleep is told each time
   * @returns undefined: the time is over
   */
  waitFor<Outcome>(
    address: number,
    outcome: () => Outcome | undefined,
    end: number,
    sleep: Sleep,
  ): Outcome | undefined {
    const { kernel } = this.space;
    try {
      for (;;) {
        const number = this.#arm(address);
        const its = outcome();
        if (its !== undefined) return its;
        if (this.#lookAtAll(true)) continue;
        const left = end === Number.POSITIVE_INFINITY ? -1 : end - performance.now();
        if (left <= 0 && left !== -1) return undefined;
        try {
          sleep.begins();
          kernel.service_sleep(address, number, left);
        } finally {
          sleep.ends();
        }
      }
    } finally {
      this.#wake();
      this.listen();
    }
  }

  /** The number to sleep with; to be followed by a look. */
  #arm(address: number): number {
    const { kernel } = this.space;
    for (const party of this.#parties) if (party.address !== address) kernel.service_arm(party.address);
    return kernel.service_arm(address);
  }

  #wake(): void {
    for (const party of this.#parties) this.space.kernel.service_wake(party.address);
  }

  #lookAtAll(isThorough: boolean): boolean {
    let any = false;
    for (const party of this.#parties) {
      if (!party.look(isThorough)) continue;
      this.#latest = party;
      any = true;
    }
    return any;
  }

  readonly #look = (): void => {
    if (this.#lookAtAll(false)) {
      this.#again();
      return;
    }
    const [first] = this.#parties;
    if (!first) {
      this.#rest();
      return;
    }
    if ((this.#latest ?? first).watch(this.#budget)) {
      this.#again();
      return;
    }
    // It may have been the last one.
    if (this.#parties.size === 0) {
      this.#rest();
      return;
    }
    const number = this.#arm(first.address);
    if (!this.#lookAtAll(true)) this.#sleep(number);
    else {
      // A watch that were a little longer would have seen it.
      this.#budget.paid();
      this.#again();
    }
  };

  #again(): void {
    this.#wake();
    if (performance.now() - this.#turned < TURN) queueMicrotask(this.#look);
    else nextTurn(this.#turn);
  }

  readonly #turn = (): void => {
    this.#turned = performance.now();
    this.#look();
  };

  /** While a look is scheduled, that keeps the process alive; else what is pending does. */
  #rest(): void {
    this.#isScheduled = false;
    this.#keepAlive();
  }

  #sleep(number: number): void {
    this.#rest();
    // Who sleeps there since an earlier number is woken by the next one, too.
    if (this.#isAsleep) return;
    const words = this.space.words(4 * this.#bell, 4);
    const wait = Atomics.waitAsync(words, this.#bell, number);
    if (!wait.async) {
      this.#wake();
      this.listen();
      return;
    }
    this.#isAsleep = true;
    const begin = microseconds();
    void wait.value.then(() => {
      this.#isAsleep = false;
      this.#turned = performance.now();
      this.#budget.slept((microseconds() - begin) >>> 0);
      this.#wake();
      this.listen();
    });
  }

  #keepAlive(): void {
    let isPending = false;
    for (const party of this.#parties) isPending ||= party.isPending;
    if (isPending === this.#isAlive) return;
    this.#isAlive = isPending;
    if (isPending) keepAlive();
    else letGo();
  }
}

const endpoints = new WeakMap<SharedSpace, Endpoint>();
