/** What happens: a function of the time and of the event, which holds what it needs to know. */
export type Step<E> = (now: number, event: E) => void;

/** The step of what is not scheduled. */
export const NOTHING = (): void => {};

/**
 * Something that happens at one time of the simulation. Who has more to tell its step extends it, and schedules the same
 * event again for the next step: nothing is allocated then.
 */
export class Event {
  /** The cycle in which it happens; set by the queue. */
  time = 0;
  /** The next event of the same cycle; the queue's. */
  next: Event | undefined = undefined;
  /** The heap's order among equal times; the queue's. */
  sequence = 0;
  /** Whether it is a disturbance; the queue's. */
  disturbs = false;
  /** What happens then; the queue's. */
  step: Step<never> = NOTHING;

  /** @param key orders the events of one cycle: the least first */
  constructor(readonly key: number) {}

  happen(now: number): void {
    this.step(now, this as never);
  }
}

/** Cycles ahead of now that have a list of their own; a power of two. */
const WINDOW = 1024;
const SLOT_MASK = WINDOW - 1;
/** Lists whose bits are in one word. */
const WORD_BITS = 5;
const BIT_MASK = 31;
const WORDS = WINDOW >> WORD_BITS;

/**
 * The events to come, in order of (time, key, moment of scheduling): a wheel of one list a cycle for the near future, a
 * heap for what lies beyond. The order within a cycle is a function of the keys, not of who was scheduled first, so that
 * a processor that is parked and one that spins meet the rest of the machine in the same order.
 *
 * Invariant: the wheel holds the events of the cycles `now` to `now + WINDOW - 1`, the heap all later ones.
 */
export class EventQueue {
  /** The time of the event that happened last. */
  now = 0;
  /** The time of the next event; Infinity if there is none. */
  nextTime = Number.POSITIVE_INFINITY;
  /** The time of the next disturbance; Infinity if there is none. */
  nextDisturbance = Number.POSITIVE_INFINITY;
  readonly #wheel: (Event | undefined)[] = new Array(WINDOW).fill(undefined);
  /** The last event of each list that is not empty: most come in the order of their keys. */
  readonly #last: (Event | undefined)[] = new Array(WINDOW).fill(undefined);
  /** One bit a list of the wheel: whether it holds events. */
  readonly #occupied = new Int32Array(WORDS);
  readonly #heap: Event[] = [];
  /** When the disturbances to come happen, in order. */
  readonly #disturbances: number[] = [];
  #sequence = 0;

  /**
   * @param event one that is not scheduled
   * @param time not before `now`
   */
  schedule<E extends Event>(event: E, time: number, step: Step<E>): void {
    event.time = time;
    event.step = step;
    if (time < this.nextTime) this.nextTime = time;
    if (time - this.now < WINDOW) this.#insert(event);
    else this.#push(event);
  }

  /** As `schedule`, for what has nothing to tell. */
  call(time: number, key: number, run: (now: number) => void): void {
    this.schedule(new Event(key), time, run);
  }

  /** As `schedule`, for what must find no processor ahead of it: what takes lines from caches, or writes memory. */
  disturb<E extends Event>(event: E, time: number, step: Step<E>): void {
    const times = this.#disturbances;
    let place = times.length;
    times.push(time);
    while (place > 0 && times[place - 1]! > time) times[place] = times[--place]!;
    times[place] = time;
    this.nextDisturbance = times[0]!;
    event.disturbs = true;
    this.schedule(event, time, step);
  }

  /** Takes the next event out and makes its time now; undefined if there is none. */
  take(): Event | undefined {
    const now = this.nextTime;
    if (now === Number.POSITIVE_INFINITY) return undefined;
    this.now = now;
    const heap = this.#heap;
    while (heap.length > 0 && heap[0]!.time - now < WINDOW) this.#insert(this.#pop());
    const slot = now & SLOT_MASK;
    const event = this.#wheel[slot]!;
    this.#wheel[slot] = event.next;
    if (event.next === undefined) {
      this.#occupied[slot >> WORD_BITS]! &= ~(1 << (slot & BIT_MASK));
      this.nextTime = this.#timeAfter(slot);
    }
    event.next = undefined;
    if (event.disturbs) this.#disturbed(event);
    return event;
  }

  /** The next disturbance is no more to come. */
  #disturbed(event: Event): void {
    const times = this.#disturbances;
    times.shift();
    this.nextDisturbance = times[0] ?? Number.POSITIVE_INFINITY;
    event.disturbs = false;
  }

  /** The time of the first event, the list of the slot, which is that of now, being empty. */
  #timeAfter(slot: number): number {
    const firstWord = slot >> WORD_BITS;
    const ahead = this.#occupied[firstWord]! & (-1 << (slot & BIT_MASK));
    if (ahead !== 0) return this.now + (firstWord << WORD_BITS) + lowestBit(ahead) - slot;
    for (let i = 1; i <= WORDS; i++) {
      const word = (firstWord + i) & (WORDS - 1);
      const bits = this.#occupied[word]!;
      if (bits !== 0) return this.now + (((word << WORD_BITS) + lowestBit(bits) - slot) & SLOT_MASK);
    }
    return this.#heap.length > 0 ? this.#heap[0]!.time : Number.POSITIVE_INFINITY;
  }

  #insert(event: Event): void {
    const slot = event.time & SLOT_MASK;
    const first = this.#wheel[slot];
    if (first === undefined) {
      this.#wheel[slot] = event;
      this.#last[slot] = event;
      this.#occupied[slot >> WORD_BITS]! |= 1 << (slot & BIT_MASK);
      return;
    }
    const last = this.#last[slot]!;
    if (last.key <= event.key) {
      last.next = event;
      this.#last[slot] = event;
      return;
    }
    if (event.key < first.key) {
      event.next = first;
      this.#wheel[slot] = event;
      return;
    }
    let before = first;
    while (before.next!.key <= event.key) before = before.next!;
    event.next = before.next;
    before.next = event;
  }

  #push(event: Event): void {
    const heap = this.#heap;
    let at = heap.length;
    event.sequence = this.#sequence++;
    heap.push(event);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!isBefore(event, heap[parent]!)) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = event;
  }

  #pop(): Event {
    const heap = this.#heap;
    const top = heap[0]!;
    const last = heap.pop()!;
    if (heap.length === 0) return top;
    let at = 0;
    while (true) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child++;
      if (!isBefore(heap[child]!, last)) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = last;
    return top;
  }
}

/** Of the heap: events of one time and key leave it as they came, and so enter the wheel in that order. */
function isBefore(a: Event, b: Event): boolean {
  return a.time !== b.time ? a.time < b.time : a.sequence < b.sequence;
}

function lowestBit(bits: number): number {
  return 31 - Math.clz32(bits & -bits);
}
