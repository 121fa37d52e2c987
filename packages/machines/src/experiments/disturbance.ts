/** Watches whom a lock's release disturbs: of those who wait on, the ones that it makes refer to memory. */
export class Disturbance {
  readonly #section: number;
  readonly #waiting = new Set<number>();
  /** Those who refer to memory all the time, also long after the last acquisition. */
  readonly #restless = new Set<number>();
  #holder = -1;
  #acquired = 0;
  /** Since the last release: who waited quietly then, and who of them has referred to memory. */
  #quiet: ReadonlySet<number> = new Set();
  readonly #woken = new Set<number>();
  #disturbed = 0;
  #waitedOn = 0;

  /** @param section cycles in a critical section; all are to be quiet again after half of them */
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
      // The holder's first reference after its critical section is the release.
      if (time >= this.#acquired + this.#section) this.#release();
    } else if (this.#holder !== -1 && time > this.#acquired + this.#section / 2) {
      this.#restless.add(processor);
    } else if (this.#quiet.has(processor)) {
      this.#woken.add(processor);
    }
  }

  #release(): void {
    const waitedOn = [...this.#quiet].filter((processor) => this.#waiting.has(processor));
    this.#waitedOn += waitedOn.length;
    this.#disturbed += waitedOn.filter((processor) => this.#woken.has(processor)).length;
    this.#quiet = new Set([...this.#waiting].filter((processor) => !this.#restless.has(processor)));
    this.#woken.clear();
    this.#holder = -1;
  }

  /** The part disturbed, 0 to 1; undefined where nobody waited quietly, and on. */
  get disturbed(): number | undefined {
    return this.#waitedOn === 0 ? undefined : this.#disturbed / this.#waitedOn;
  }
}
