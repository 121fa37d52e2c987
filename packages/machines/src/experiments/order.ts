/** Watches in which order a lock is granted. */
export class AcquisitionOrder {
  /** By processor: how often each other one acquired since this one began to wait; undefined while it does not. */
  readonly #since: (number[] | undefined)[];
  #waits = 0;
  #overtaken = 0;

  constructor(processors: number) {
    this.#since = new Array(processors).fill(undefined);
  }

  arrived(processor: number): void {
    this.#since[processor] = new Array(this.#since.length).fill(0);
  }

  acquired(processor: number): void {
    const seen = this.#since[processor];
    if (seen === undefined) return;
    this.#waits++;
    if (seen.some((acquisitions) => acquisitions > 1)) this.#overtaken++;
    this.#since[processor] = undefined;
    for (const others of this.#since) if (others !== undefined) others[processor]!++;
  }

  /**
   * The part of the waits during which another processor acquired twice, 0 to 1: a queue lets nobody pass twice.
   * Undefined where no wait was seen.
   */
  get overtaken(): number | undefined {
    return this.#waits === 0 ? undefined : this.#overtaken / this.#waits;
  }
}
