import { type Allocate, allocateOwn, bytesIn, doublesIn, wordsIn } from "../../../processor/allocation.js";
import type { Cache } from "./cache.js";

/** Why a reference missed. */
export type MissCause = "coldMisses" | "capacityMisses" | "conflictMisses" | "trueSharingMisses" | "falseSharingMisses";

/** What became of a line since a cache had it first: values of `MissHistory.#state`. */
const HELD = 0;
const EVICTED = 1;
const INVALIDATED = 2;

/** A word has 4 bytes: the smallest thing that is shared truly. */
const WORD_BITS = 2;
const PAGE_BITS = 14;
const PAGE_WORDS = 1 << PAGE_BITS;
const PAGE_MASK = PAGE_WORDS - 1;

/** Pages of 4 GiB. */
const PAGES = 2 ** (32 - WORD_BITS - PAGE_BITS);

/**
 * Which write was the last to each word of memory: numbered from 1 in the order in which they took effect. The runner
 * (src/machines/simulated/processors/runner) notes writes, too.
 */
export class LastWrites {
  /** The number of the last write. */
  readonly number: Float64Array;
  /** By page: where the numbers of the last writes to its words begin, 0 before there is one. */
  readonly places: Int32Array;
  readonly #pages: (Float64Array | undefined)[] = [];
  readonly #allocate: Allocate;

  constructor(allocate = allocateOwn) {
    this.#allocate = allocate;
    this.number = doublesIn(allocate, 1);
    this.places = wordsIn(allocate, PAGES);
  }

  get last(): number {
    return this.number[0]!;
  }

  write(address: number, size: number): void {
    this.number[0]!++;
    const end = (address + size - 1) >>> WORD_BITS;
    for (let word = address >>> WORD_BITS; word <= end; word++) this.#page(word)[word & PAGE_MASK] = this.last;
  }

  /** Whether any of the words was written after that write. */
  since(write: number, address: number, size: number): boolean {
    const end = (address + size - 1) >>> WORD_BITS;
    for (let word = address >>> WORD_BITS; word <= end; word++) {
      if (this.#page(word)[word & PAGE_MASK]! > write) return true;
    }
    return false;
  }

  #page(word: number): Float64Array {
    const number = word >>> PAGE_BITS;
    const page = this.#pages[number];
    if (page !== undefined) return page;
    while (this.#pages.length <= number) this.#pages.push(undefined);
    const made = doublesIn(this.#allocate, PAGE_WORDS);
    this.#pages[number] = made;
    this.places[number] = made.byteOffset;
    return made;
  }
}

/**
 * The lines that one cache ever had, to tell why it misses: cold, capacity and conflict (Hill & Smith, IEEE
 * Transactions on Computers 38(12), 1989), true and false sharing (Torrellas, Lam, Hennessy, same journal, 43(6),
 * 1994). The lines that a fully associative cache of the same size would have tell conflict from capacity.
 *
 * Both replace the least recently used line, and the real cache knows when it used each; so a hit is news only where the
 * other one has dropped the line. What that drops next is the first line, of an order made now and then, that was not used
 * since: each line that is passed over was used, so that the orders cost little.
 */
export class MissHistory {
  readonly #cache: Cache;
  readonly #capacity: number;
  readonly #writes: LastWrites;
  /** Records by the line's address. */
  readonly #records = new Map<number, number>();
  /** By record. */
  readonly #state: number[] = [];
  readonly #slot: number[] = [];
  /** The last write when the line was lost, and when it was last used before. */
  readonly #lostAt: number[] = [];
  readonly #usedAt: number[] = [];
  /** Whether the fully associative cache has it. */
  readonly #kept: boolean[] = [];
  #keptLines = 0;
  /** The records that were kept at a moment, in the order of their last uses; those before `#next` are done with. */
  #order: number[] = [];
  #orderedAt = 0;
  #next = 0;
  /** By slot of the cache: the record of its line, and 1 if only the fully associative cache has lost that. */
  readonly #inSlot: Int32Array;
  readonly dropped: Uint8Array;

  constructor(cache: Cache, writes: LastWrites, allocate = allocateOwn) {
    const slots = cache.states.length;
    this.#cache = cache;
    this.#capacity = slots;
    this.#inSlot = new Int32Array(slots);
    this.dropped = bytesIn(allocate, slots);
    this.#writes = writes;
  }

  /** The cache has used the line of a slot. */
  used(slot: number): void {
    if (this.dropped[slot]) this.#keep(this.#inSlot[slot]!);
  }

  /** Why the cache, which has not got the line, misses a word of it. */
  causeOf(line: number, address: number, size: number): MissCause {
    const record = this.#records.get(line);
    if (record === undefined) return "coldMisses";
    if (this.#state[record] === INVALIDATED) {
      const shared = this.#writes.since(this.#lostAt[record]!, address, size);
      return shared ? "trueSharingMisses" : "falseSharingMisses";
    }
    return this.#kept[record] ? "conflictMisses" : "capacityMisses";
  }

  /** The cache has put the line into a slot. */
  filled(line: number, slot: number): void {
    let record = this.#records.get(line);
    if (record === undefined) {
      record = this.#state.length;
      this.#records.set(line, record);
      this.#kept.push(false);
    }
    this.#state[record] = HELD;
    this.#slot[record] = slot;
    this.#inSlot[slot] = record;
    this.#keep(record);
  }

  /** The cache has lost the line, whose slot is still as it was. */
  lost(line: number, evicted: boolean): void {
    const record = this.#records.get(line)!;
    this.#usedAt[record] = this.#lastUse(record);
    this.#lostAt[record] = this.#writes.last;
    this.#state[record] = evicted ? EVICTED : INVALIDATED;
    if (!evicted && this.#kept[record]) this.#drop(record);
  }

  /** The fully associative cache has the line, which is in a slot of the real one. */
  #keep(record: number): void {
    this.dropped[this.#slot[record]!] = 0;
    if (this.#kept[record]) return;
    this.#kept[record] = true;
    this.#keptLines++;
    if (this.#keptLines > this.#capacity) this.#drop(this.#leastRecentlyUsed());
  }

  #drop(record: number): void {
    this.#kept[record] = false;
    this.#keptLines--;
    if (this.#state[record] === HELD) this.dropped[this.#slot[record]!] = 1;
  }

  #leastRecentlyUsed(): number {
    while (true) {
      while (this.#next < this.#order.length) {
        const record = this.#order[this.#next++]!;
        if (this.#kept[record] && this.#lastUse(record) <= this.#orderedAt) return record;
      }
      this.#next = 0;
      this.#orderedAt = this.#cache.clock;
      this.#order = [...this.#kept.keys()].filter((record) => this.#kept[record]);
      this.#order.sort((a, b) => this.#lastUse(a) - this.#lastUse(b));
    }
  }

  #lastUse(record: number): number {
    return this.#state[record] === HELD ? this.#cache.used[this.#slot[record]!]! : this.#usedAt[record]!;
  }
}
