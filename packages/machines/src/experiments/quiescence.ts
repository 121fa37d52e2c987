/** Watches how long a lock's release keeps those who wait from spinning quietly again. */
export class Quiescence {
  readonly #section: number;
  readonly #waiting = new Set<number>();
  readonly #times: number[][] = [];
  #holder = -1;
  #acquired = 0;
  #released: { readonly at: number; readonly waiting: number; last: number } | undefined;

  /** @param section cycles in a critical section, longer than it takes all to be quiet again */
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
  }

  /** A reference that left its processor took effect. */
  referred(processor: number, time: number): void {
    if (processor === this.#holder) {
      // The holder's first reference after its critical section is the release.
      if (time < this.#acquired + this.#section) return;
      this.#close();
      this.#holder = -1;
      this.#released = { at: time, waiting: this.#waiting.size, last: time };
    } else if (this.#released !== undefined && this.#waiting.has(processor)) {
      this.#released.last = time;
    }
  }

  #close(): void {
    if (this.#released === undefined) return;
    const { at, waiting, last } = this.#released;
    this.#times[waiting] ??= [];
    this.#times[waiting].push(last - at);
  }

  /** By number of processors that waited at a release: the mean time to their last reference that it caused. */
  get times(): readonly (number | undefined)[] {
    return Array.from(this.#times, (times) => times && times.reduce((a, b) => a + b) / times.length);
  }
}
