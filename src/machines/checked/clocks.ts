/**
 * Which events of the execution under way happened before which others: by vector clocks (Fidge; Mattern, 1988) whose
 * components are threads of events: a processor's steps, and its store buffer's.
 */
import type { Event } from "./executions.js";

interface Clocked {
  readonly event: Event;
  /** By thread: one more than the index of its last event that is not after this one. */
  readonly clock: Int32Array;
  /** What its thread's clock, and those of processors that it woke, were. */
  readonly before: readonly (readonly [thread: number, clock: Int32Array])[];
  readonly buffered: boolean;
  readonly flush: boolean;
}

export class Clocks {
  readonly #processors: number;
  readonly #events: Clocked[] = [];
  /** By thread. */
  readonly #threads: Int32Array[];
  /** By cell: events that accessed it, their index * 2, + 1 if they wrote. */
  readonly #accesses: number[][] = [];
  /** By processor: indices of the events that put a store into its buffer, and how many of them were flushed. */
  readonly #stores: number[][];
  readonly #flushed: number[];

  constructor(processors: number) {
    this.#processors = processors;
    this.#threads = Array.from({ length: 2 * processors }, () => new Int32Array(2 * processors));
    this.#stores = Array.from({ length: processors }, () => []);
    this.#flushed = new Array(processors).fill(0);
  }

  /** See `#accesses`; the last one last. */
  accessesOf(cell: number): readonly number[] {
    this.#accesses[cell] ??= [];
    return this.#accesses[cell];
  }

  /** Whether an event happened before a later one. */
  precedes(index: number, later: number): boolean {
    return this.#events[later]!.clock[this.#events[index]!.event.thread]! > index;
  }

  /** The clock of the next event as far as it does not come from conflicts: from its thread, and what enabled it. */
  before({ thread, transition }: Event, drains: boolean): Int32Array {
    const clock = this.#threads[thread]!.slice();
    const processor = transition % this.#processors;
    if (drains) join(clock, this.#threads[this.#processors + processor]!);
    if (thread >= this.#processors) {
      const store = this.#stores[processor]![this.#flushed[processor]!]!;
      join(clock, this.#events[store]!.clock);
    }
    return clock;
  }

  push(event: Event, drains: boolean, flush: boolean, buffered: boolean): void {
    const index = this.#events.length;
    const clock = this.before(event, drains);
    for (const effect of event.effects) {
      const accesses = this.accessesOf(effect >> 1) as number[];
      for (let i = accesses.length - 1; i >= 0; i--) {
        const wrote = (accesses[i]! & 1) === 1;
        if (wrote || effect & 1) join(clock, this.#events[accesses[i]! >> 1]!.clock);
        if (wrote) break;
      }
    }
    for (const effect of event.effects) this.#accesses[effect >> 1]!.push(2 * index + (effect & 1));
    clock[event.thread] = index + 1;
    const threads = [event.thread, ...event.woken];
    const before = threads.map((thread) => [thread, this.#threads[thread]!] as const);
    this.#threads[event.thread] = clock;
    for (const sleeper of event.woken) {
      const woken = this.#threads[sleeper]!.slice();
      join(woken, clock);
      this.#threads[sleeper] = woken;
    }
    const processor = event.transition % this.#processors;
    if (buffered) this.#stores[processor]!.push(index);
    if (flush) this.#flushed[processor]!++;
    this.#events.push({ event, clock, before, buffered, flush });
  }

  pop(): void {
    const { event, before, buffered, flush } = this.#events.pop()!;
    for (const effect of event.effects) this.#accesses[effect >> 1]!.pop();
    for (const [thread, clock] of before) this.#threads[thread] = clock;
    const processor = event.transition % this.#processors;
    if (buffered) this.#stores[processor]!.pop();
    if (flush) this.#flushed[processor]!--;
  }

  /**
   * The transitions, as bits, that may come first where event `index` was chosen, if all events after it that do not depend
   * on it are to happen, and then the next one, whose clock without conflicts is `base`.
   */
  initials(index: number, next: Event, base: Int32Array): number {
    const thread = this.#events[index]!.event.thread;
    const first = new Int32Array(2 * this.#processors).fill(0x7fffffff);
    const free = (clock: Int32Array) => clock.every((last, other) => last <= first[other]!);
    const clock = base.slice();
    let initials = 0;
    for (let i = index + 1; i < this.#events.length; i++) {
      const { event, clock: own } = this.#events[i]!;
      if (own[thread]! > index) continue;
      if (event.effects.some((a) => next.effects.some((b) => a >> 1 === b >> 1 && ((a | b) & 1) === 1)))
        join(clock, own);
      if (first[event.thread]! <= i) continue;
      if (free(own)) initials |= 1 << event.transition;
      first[event.thread] = i;
    }
    if (first[next.thread]! === 0x7fffffff && free(clock)) initials |= 1 << next.transition;
    return initials;
  }
}

function join(clock: Int32Array, other: Int32Array): void {
  for (let thread = 0; thread < clock.length; thread++) {
    if (other[thread]! > clock[thread]!) clock[thread] = other[thread]!;
  }
}
