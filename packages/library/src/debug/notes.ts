/**
 * What a worker that is debugged says about itself, in a block of the space that its slot keeps:
 *
 *     0        waits counted: 64 entries of | object | waits | longest, µs | all, µs |
 *     1024     unlisted: waits without blocking for which there is no entry
 *     1040     pending waits: 16 entries of 2 KiB
 *     33808    what kernel/library/wait-graph.ts writes about workers that are stuck
 *
 *     entry    | version | object, + FOR_EVER, + LOOKED | since, ms: high word | low word | bytes of the stack | the stack, UTF-8 ...
 *
 * The slot's worker alone writes, others read. An entry is a sequence lock: its version is odd while it is written, and
 * a reader that finds another version afterwards reads again. The first entry is of the wait that blocks, the others
 * are of those that do not. A worker that dies leaves its entries; nobody looks at them, until the slot's next worker
 * that is debugged has cleared them.
 */
import type { SharedSpace } from "../space.js";

const COUNTED = 64;
const COUNTED_BYTES = 16;
const UNLISTED = COUNTED * COUNTED_BYTES;
const PENDING = UNLISTED + 16;
const ENTRIES = 16;
const ENTRY_BYTES = 2048;
const STACK = 20;
const STUCK = PENDING + ENTRIES * ENTRY_BYTES;
/**
 * Beside an object: the wait has no end of its own. It has begun once the kernel's record says so, too (wait-graph.ts).
 */
const FOR_EVER = 1;
/** Beside an object: the worker has looked for a cycle, and found none. */
const LOOKED = 2;

/** Times that a reader looks for an entry that is not being written: its writer may have died in it. */
const LOOKS = 100;

/** A wait that has not ended. */
export interface PendingWait {
  /** Its address. */
  readonly object: number;
  readonly isForEver: boolean;
  readonly hasLooked: boolean;
  readonly since: Date;
  readonly stack: string;
}

/** Their address; 0: the space is full. */
export function makeNotes({ kernel }: SharedSpace): number {
  return kernel.allocate(STUCK + kernel.stuck_bytes()) >>> 0;
}

export function stuckIn(notes: number): number {
  return notes + STUCK;
}

/** Writes the pending waits of one worker. */
export class PendingWaits {
  readonly #space: SharedSpace;
  readonly #notes: number;
  readonly #free: number[] = [];

  /** Forgets the waits of the slot's workers before. */
  constructor(space: SharedSpace, notes: number) {
    this.#space = space;
    this.#notes = notes;
    for (let entry = ENTRIES - 1; entry >= 0; entry--) {
      this.#clear(entry);
      if (entry > 0) this.#free.push(entry);
    }
    Atomics.store(this.#words(), (notes + UNLISTED) >>> 2, 0);
  }

  /** The worker is about to block. */
  blocks(object: number, isForEver: boolean, stack: string): void {
    this.#write(0, isForEver ? object | FOR_EVER : object, stack);
  }

  /** The worker, about to block for ever, has found no cycle. */
  looked(): void {
    Atomics.or(this.#words(), entryIn(this.#notes, 0) + 1, LOOKED);
  }

  /** It does not block any more. */
  goesOn(): void {
    this.#clear(0);
  }

  /** The worker waits without blocking; returns what is to be called when it does no more. */
  awaits(object: number, stack: string): () => void {
    const entry = this.#free.pop();
    if (entry === undefined) {
      const unlisted = (this.#notes + UNLISTED) >>> 2;
      Atomics.add(this.#words(), unlisted, 1);
      return () => void Atomics.sub(this.#words(), unlisted, 1);
    }
    this.#write(entry, object, stack);
    return () => {
      this.#clear(entry);
      this.#free.push(entry);
    };
  }

  #words(): Int32Array {
    return this.#space.words(this.#notes, STUCK);
  }

  #write(entry: number, object: number, stack: string): void {
    const words = this.#words();
    const at = entryIn(this.#notes, entry);
    const text = new TextEncoder().encode(stack).subarray(0, ENTRY_BYTES - STACK);
    const now = Date.now();
    Atomics.add(words, at, 1);
    Atomics.store(words, at + 1, object);
    Atomics.store(words, at + 2, Math.floor(now / 2 ** 32));
    Atomics.store(words, at + 3, now | 0);
    Atomics.store(words, at + 4, text.length);
    this.#space.bytes(this.#notes, STUCK).set(text, 4 * at + STACK);
    Atomics.add(words, at, 1);
  }

  /** Also where a worker that died has left it half written. */
  #clear(entry: number): void {
    const words = this.#words();
    const at = entryIn(this.#notes, entry);
    Atomics.store(words, at + 1, 0);
    Atomics.store(words, at, (Atomics.load(words, at) | 1) + 1);
  }
}

/** The index of an entry's first word. */
function entryIn(notes: number, entry: number): number {
  return (notes + PENDING + entry * ENTRY_BYTES) >>> 2;
}

/** The wait that blocks a worker; undefined if there is none. */
export function readBlockingWait(space: SharedSpace, notes: number): PendingWait | undefined {
  return readPendingWait(space, notes, 0);
}

/** A worker's waits that do not block it. */
export function* readAwaits(space: SharedSpace, notes: number): Generator<PendingWait> {
  for (let entry = 1; entry < ENTRIES; entry++) {
    const wait = readPendingWait(space, notes, entry);
    if (wait !== undefined) yield wait;
  }
}

/** How many more of those there are. */
export function readUnlisted(space: SharedSpace, notes: number): number {
  return Atomics.load(space.words(notes, STUCK), (notes + UNLISTED) >>> 2);
}

function readPendingWait(space: SharedSpace, notes: number, entry: number): PendingWait | undefined {
  const words = space.words(notes, STUCK);
  const at = entryIn(notes, entry);
  for (let look = 0; look < LOOKS; look++) {
    const version = Atomics.load(words, at);
    const [object, high, low, bytes] = [1, 2, 3, 4].map((word) => Atomics.load(words, at + word) >>> 0);
    // Text decoders take no shared memory. A length that is half written may be any.
    const text = space
      .bytes(notes, STUCK)
      .slice(4 * at + STACK, 4 * at + STACK + Math.min(bytes!, ENTRY_BYTES - STACK));
    if (version % 2 !== 0 || Atomics.load(words, at) !== version) continue;
    if (object === 0) return undefined;
    return {
      object: (object! & ~(FOR_EVER | LOOKED)) >>> 0,
      isForEver: (object! & FOR_EVER) !== 0,
      hasLooked: (object! & LOOKED) !== 0,
      since: new Date(high! * 2 ** 32 + low!),
      stack: new TextDecoder().decode(text),
    };
  }
  return undefined;
}

/** Of an object: the times that workers have blocked for it, since they are debugged. */
export interface Waits {
  readonly object: number;
  readonly waits: number;
  /** Milliseconds. */
  readonly longest: number;
  readonly total: number;
}

/** Counts a wait, unless 64 objects are counted already. */
export function countWait(space: SharedSpace, notes: number, object: number, milliseconds: number): void {
  const words = space.words(notes, STUCK);
  const microseconds = Math.round(milliseconds * 1000);
  for (let i = 0, at = notes >>> 2; i < COUNTED; i++, at += COUNTED_BYTES / 4) {
    const there = Atomics.load(words, at) >>> 0;
    if (there !== 0 && there !== object) continue;
    Atomics.store(words, at + 1, words[at + 1]! + 1);
    Atomics.store(words, at + 2, Math.max(words[at + 2]! >>> 0, microseconds));
    Atomics.store(words, at + 3, words[at + 3]! + microseconds);
    Atomics.store(words, at, object);
    return;
  }
}

export function* readWaits(space: SharedSpace, notes: number): Generator<Waits> {
  const words = space.words(notes, STUCK);
  for (let i = 0, at = notes >>> 2; i < COUNTED; i++, at += COUNTED_BYTES / 4) {
    const object = Atomics.load(words, at) >>> 0;
    if (object === 0) return;
    const [waits, longest, total] = [1, 2, 3].map((word) => Atomics.load(words, at + word) >>> 0);
    yield { object, waits: waits!, longest: longest! / 1000, total: total! / 1000 };
  }
}
