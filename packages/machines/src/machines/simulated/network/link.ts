import type { LinkMeasures } from "../../measures.js";

/** Whatever serves one at a time, in order of arrival: a wire, a switch's output, a memory module, a directory. */
export class Link {
  #freeAt = 0;
  #transactions = 0;
  #busyCycles = 0;
  #queueingCycles = 0;
  #longestQueueing = 0;

  constructor(readonly name: string) {}

  get used(): boolean {
    return this.#transactions > 0;
  }

  /**
   * Takes the link for `cycles` from the first moment at which it is free. To be called in order of time.
   *
   * @returns when it is taken, `now` or later
   */
  take(now: number, cycles: number): number {
    const begin = Math.max(now, this.#freeAt);
    this.#freeAt = begin + cycles;
    this.count(begin - now, cycles);
    return begin;
  }

  /** When it is free, if nobody takes it before. */
  get freeAt(): number {
    return this.#freeAt;
  }

  /** Whoever has it keeps it until a later moment. */
  keep(until: number): void {
    if (until <= this.#freeAt) return;
    this.#busyCycles += until - this.#freeAt;
    this.#freeAt = until;
  }

  /** Counts that somebody who found it taken tries again after so many cycles. */
  refuse(cycles: number): void {
    this.#queueingCycles += cycles;
    if (cycles > this.#longestQueueing) this.#longestQueueing = cycles;
  }

  /** Counts one transaction. */
  protected count(queueing: number, cycles: number): void {
    this.#transactions++;
    this.#busyCycles += cycles;
    this.#queueingCycles += queueing;
    if (queueing > this.#longestQueueing) this.#longestQueueing = queueing;
  }

  measures(): LinkMeasures {
    return {
      name: this.name,
      transactions: this.#transactions,
      busyCycles: this.#busyCycles,
      queueingCycles: this.#queueingCycles,
      longestQueueing: this.#longestQueueing,
    };
  }
}

/** Links that come into being when they are first asked for, so that a large machine takes memory as it is used. */
export class Links {
  readonly #links: (Link | undefined)[] = [];
  readonly #nameOf: (number: number) => string;

  /** @param nameOf names a link by its number */
  constructor(nameOf: (number: number) => string) {
    this.#nameOf = nameOf;
  }

  at(number: number): Link {
    const link = this.#links[number];
    if (link !== undefined) return link;
    const made = new Link(this.#nameOf(number));
    while (this.#links.length <= number) this.#links.push(undefined);
    this.#links[number] = made;
    return made;
  }

  /** Of those that were used, in the order of their numbers. */
  measures(): LinkMeasures[] {
    return this.#links.flatMap((link) => (link?.used ? [link.measures()] : []));
  }
}

/** A link whose holder decides, once it has it, for how long: a bus. Granted in order of arrival. */
export class ArbitratedLink extends Link {
  readonly #waiting: { readonly since: number; readonly granted: (now: number) => number }[] = [];
  #held = false;
  readonly #after: (time: number, run: (now: number) => void) => void;

  /** @param after calls a function at a later time */
  constructor(name: string, after: (time: number, run: (now: number) => void) => void) {
    super(name);
    this.#after = after;
  }

  /** @param granted called when the link is the caller's; returns for how many cycles it stays so */
  request(now: number, granted: (now: number) => number): void {
    this.#waiting.push({ since: now, granted });
    if (!this.#held) this.#grant(now);
  }

  #grant(now: number): void {
    const next = this.#waiting.shift();
    this.#held = next !== undefined;
    if (next === undefined) return;
    const cycles = next.granted(now);
    this.count(now - next.since, cycles);
    this.#after(now + cycles, (end) => this.#grant(end));
  }
}
