/** Why a reference missed. */
export type MissCause = "coldMisses" | "capacityMisses" | "conflictMisses" | "trueSharingMisses" | "falseSharingMisses";

/** No record; the end of a list. */
const NONE = -1;

/** What became of a line since a cache had it first: values of `MissHistory.#state`. */
const HELD = 0;
const EVICTED = 1;
const INVALIDATED = 2;

/** Bytes of a word: the smallest thing that is shared truly. */
const WORD_BITS = 2;
const WORD = 1 << WORD_BITS;
const PAGE_BITS = 16;
const PAGE_MASK = (1 << PAGE_BITS) - 1;

/** Which write was the last to each word of memory: numbered from 1 in the order in which they took effect. */
export class LastWrites {
  /** By the address of a page: the numbers of the last writes to its words. */
  readonly #pages: (Float64Array | undefined)[] = [];
  /** The number of the last write. */
  last = 0;

  write(address: number, size: number): void {
    this.last++;
    const end = address + size;
    for (let at = wordOf(address); at < end; at += WORD) this.#page(at)[(at & PAGE_MASK) >> WORD_BITS] = this.last;
  }

  /** Whether any of the words was written after that write. */
  since(write: number, address: number, size: number): boolean {
    const end = address + size;
    for (let at = wordOf(address); at < end; at += WORD) {
      if (this.#page(at)[(at & PAGE_MASK) >> WORD_BITS]! > write) return true;
    }
    return false;
  }

  #page(address: number): Float64Array {
    const number = address >>> PAGE_BITS;
    const page = this.#pages[number];
    if (page !== undefined) return page;
    while (this.#pages.length <= number) this.#pages.push(undefined);
    const made = new Float64Array(1 << (PAGE_BITS - WORD_BITS));
    this.#pages[number] = made;
    return made;
  }
}

/** The address of the word that holds a byte. */
function wordOf(address: number): number {
  return (address & -WORD) >>> 0;
}

/**
 * The lines that one cache ever had, to tell why it misses: cold, capacity and conflict (Hill & Smith, IEEE
 * Transactions on Computers 38(12), 1989), true and false sharing (Torrellas, Lam, Hennessy, same journal, 43(6),
 * 1994). The order of their last uses is that of a fully associative cache of the same size, which tells conflict from
 * capacity.
 */
export class MissHistory {
  readonly #capacity: number;
  readonly #writes: LastWrites;
  /** Records by the line's address. */
  readonly #records = new Map<number, number>();
  /** By record. */
  readonly #state: number[] = [];
  readonly #lostAt: number[] = [];
  /** The list of the most recently used `#capacity` lines. */
  readonly #before: number[] = [];
  readonly #after: number[] = [];
  readonly #listed: boolean[] = [];
  #newest = NONE;
  #oldest = NONE;
  #length = 0;
  /** By slot of the cache: the record of its line. */
  readonly #inSlot: Int32Array;

  /** @param slots of the cache */
  constructor(slots: number, writes: LastWrites) {
    this.#capacity = slots;
    this.#inSlot = new Int32Array(slots).fill(NONE);
    this.#writes = writes;
  }

  /** The cache used the line of a slot. */
  used(slot: number): void {
    const record = this.#inSlot[slot]!;
    if (record !== this.#newest) this.#makeNewest(record);
  }

  /** Why the cache, which has not got the line, misses a word of it. */
  causeOf(line: number, address: number, size: number): MissCause {
    const record = this.#records.get(line);
    if (record === undefined) return "coldMisses";
    if (this.#state[record] === INVALIDATED) {
      const shared = this.#writes.since(this.#lostAt[record]!, address, size);
      return shared ? "trueSharingMisses" : "falseSharingMisses";
    }
    return this.#listed[record] ? "conflictMisses" : "capacityMisses";
  }

  /** The cache has put the line into a slot. */
  filled(line: number, slot: number): void {
    let record = this.#records.get(line);
    if (record === undefined) {
      record = this.#state.length;
      this.#records.set(line, record);
      this.#lostAt.push(0);
      this.#before.push(NONE);
      this.#after.push(NONE);
      this.#listed.push(false);
    }
    this.#state[record] = HELD;
    this.#inSlot[slot] = record;
    this.#makeNewest(record);
  }

  /** The cache has lost the line. */
  lost(line: number, evicted: boolean): void {
    const record = this.#records.get(line)!;
    this.#state[record] = evicted ? EVICTED : INVALIDATED;
    this.#lostAt[record] = this.#writes.last;
    if (!evicted && this.#listed[record]) this.#unlist(record);
  }

  #makeNewest(record: number): void {
    if (this.#listed[record]) this.#unlist(record);
    this.#before[record] = NONE;
    this.#after[record] = this.#newest;
    if (this.#newest !== NONE) this.#before[this.#newest] = record;
    this.#newest = record;
    if (this.#oldest === NONE) this.#oldest = record;
    this.#listed[record] = true;
    this.#length++;
    if (this.#length > this.#capacity) this.#unlist(this.#oldest);
  }

  #unlist(record: number): void {
    const before = this.#before[record]!;
    const after = this.#after[record]!;
    if (before === NONE) this.#newest = after;
    else this.#after[before] = after;
    if (after === NONE) this.#oldest = before;
    else this.#before[after] = before;
    this.#listed[record] = false;
    this.#length--;
  }
}
