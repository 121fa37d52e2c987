/**
 * Watches the processors that contend for a lock: whom each release disturbs, and how long it keeps those who wait from
 * spinning quietly again. The lock must be held for a known time: the holder's first reference after that is the release.
 */
export class Contention {
  readonly #section: number;
  readonly #waiting = new Set<number>();
  #holder = -1;
  #acquired = 0;
  /** The last release, and the last reference of those who waited on. */
  #released: { readonly at: number; readonly waiting: number; last: number } | undefined;
  /** By number of processors that waited at a release: times from it to the last reference that it caused. */
  readonly #times: number[][] = [];
  /** Processors that refer to memory all the time, also long after the last acquisition. */
  readonly #restless = new Set<number>();
  /** Processors that waited quietly at the last release, and those of them that have referred to memory since. */
  #quiet: ReadonlySet<number> = new Set();
  readonly #woken = new Set<number>();
  #disturbed = 0;
  #waitedOn = 0;

  /** @param section cycles in a critical section; longer than twice what it takes all to be quiet again */
  constructor(section: number) {
    this.#section = section;
  }

  arrived(processor: number): void {
    this.#waiting.add(processor);
  }

  acquired(processor: number, time: number): void {
    this.#waiting.delete(processor);
    this.#holder = processor;
    this.#acquired = time;
    this.#restless.clear();
  }

  /** A reference that left its processor took effect. */
  referred(processor: number, time: number): void {
    if (processor === this.#holder) {
      if (time >= this.#acquired + this.#section) this.#release(time);
      return;
    }
    if (this.#released !== undefined && this.#waiting.has(processor)) this.#released.last = time;
    if (this.#holder !== -1 && time > this.#acquired + this.#section / 2) this.#restless.add(processor);
    else if (this.#quiet.has(processor)) this.#woken.add(processor);
  }

  #release(time: number): void {
    if (this.#released !== undefined) {
      const { at, waiting, last } = this.#released;
      this.#times[waiting] ??= [];
      this.#times[waiting].push(last - at);
    }
    this.#released = { at: time, waiting: this.#waiting.size, last: time };
    const waitedOn = [...this.#quiet].filter((processor) => this.#waiting.has(processor));
    this.#waitedOn += waitedOn.length;
    this.#disturbed += waitedOn.filter((processor) => this.#woken.has(processor)).length;
    this.#quiet = new Set([...this.#waiting].filter((processor) => !this.#restless.has(processor)));
    this.#woken.clear();
    this.#holder = -1;
  }

  /**
   * The part of the quiet waiters that a release disturbs: those that it makes refer to memory, of those that wait on, 0 to 1.
   * Undefined where no processor waited quietly, and on.
   */
  get disturbed(): number | undefined {
    return this.#waitedOn === 0 ? undefined : this.#disturbed / this.#waitedOn;
  }

  /** By number of processors that waited at a release: the mean time to their last reference that it caused. */
  get quiescence(): readonly (number | undefined)[] {
    return Array.from(this.#times, (times) => times && times.reduce((a, b) => a + b) / times.length);
  }
}
