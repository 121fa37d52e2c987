/**
 * Which events of the execution under way happened before which others: by vector clocks (Fidge; Mattern, 1988) whose
 * components are threads of events: a processor's steps, and its store buffer's.
 */
import type { Event } from "./event.js";

interface Clocked {
  readonly event: Event;
  /** By thread: one more than the index of its last event that is not after this one. */
  readonly clock: Int32Array;
  /** What its thread's clock was, and those of the processors that it woke. */
  readonly before: Int32Array;
  readonly asleep: readonly Int32Array[];
  readonly buffered: boolean;
  readonly flush: boolean;
}

export class HappensBefore {
  readonly #processors: number;
  readonly #events: Clocked[] = [];
  /** By thread. */
  readonly #threads: Int32Array[];
  /** By cell: events that accessed it, their index * 2, + 1 if they wrote. */
  readonly #accesses: number[][] = [];
  /** By processor: indices of the events that put a store into its buffer, and how many of them were flushed. */
  readonly #stores: number[][];
  readonly #flushed: number[];

  /** `buffers`: whether processors have store buffers. */
  constructor(processors: number, buffers: boolean) {
    this.#processors = processors;
    const threads = buffers ? 2 * processors : processors;
    this.#threads = Array.from({ length: threads }, () => new Int32Array(threads));
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

  /** Adds the next event. `clock`: what `before` said of it; it becomes the event's own. */
  push(event: Event, clock: Int32Array, flush: boolean, buffered: boolean): void {
    const index = this.#events.length;
    for (const effect of event.effects) {
      const accesses = this.accessesOf(effect >> 1);
      for (let i = accesses.length - 1; i >= 0; i--) {
        const wrote = (accesses[i]! & 1) === 1;
        if (wrote || effect & 1) join(clock, this.#events[accesses[i]! >> 1]!.clock);
        if (wrote) break;
      }
    }
    for (const effect of event.effects) this.#accesses[effect >> 1]!.push(2 * index + (effect & 1));
    clock[event.thread] = index + 1;
    const before = this.#threads[event.thread]!;
    const asleep = event.woken.map((sleeper) => this.#threads[sleeper]!);
    this.#threads[event.thread] = clock;
    for (const sleeper of event.woken) {
      const woken = this.#threads[sleeper]!.slice();
      join(woken, clock);
      this.#threads[sleeper] = woken;
    }
    const processor = event.transition % this.#processors;
    if (buffered) this.#stores[processor]!.push(index);
    if (flush) this.#flushed[processor]!++;
    this.#events.push({ event, clock, before, asleep, buffered, flush });
  }

  pop(): void {
    const { event, before, asleep, buffered, flush } = this.#events.pop()!;
    for (const effect of event.effects) this.#accesses[effect >> 1]!.pop();
    this.#threads[event.thread] = before;
    for (let i = 0; i < asleep.length; i++) this.#threads[event.woken[i]!] = asleep[i]!;
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
    // By thread: its first event among them.
    const first = new Int32Array(this.#threads.length).fill(0x7fffffff);
    const clock = base.slice();
    let initials = 0;
    for (let i = index + 1; i < this.#events.length; i++) {
      const { event, clock: own } = this.#events[i]!;
      if (own[thread]! > index) continue;
      if (conflict(event.effects, next.effects)) join(clock, own);
      if (first[event.thread]! <= i) continue;
      if (reachesNone(own, first)) initials |= 1 << event.transition;
      first[event.thread] = i;
    }
    if (first[next.thread]! === 0x7fffffff && reachesNone(clock, first)) initials |= 1 << next.transition;
    return initials;
  }
}

/** Whether both access a cell and one of them writes it. */
export function conflict(effects: readonly number[], others: readonly number[]): boolean {
  for (const a of effects) for (const b of others) if (a >> 1 === b >> 1 && ((a | b) & 1) === 1) return true;
  return false;
}

/** Whether an event with that clock comes after none of these, by thread. */
function reachesNone(clock: Int32Array, events: Int32Array): boolean {
  for (let thread = 0; thread < clock.length; thread++) if (clock[thread]! > events[thread]!) return false;
  return true;
}

function join(clock: Int32Array, other: Int32Array): void {
  for (let thread = 0; thread < clock.length; thread++) {
    if (other[thread]! > clock[thread]!) clock[thread] = other[thread]!;
  }
}
