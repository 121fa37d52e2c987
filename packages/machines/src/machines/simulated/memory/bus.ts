import { allocateOwn } from "../../../processor/allocation.js";
import { Cache, type Geometry } from "./cache.js";
import { type Protocol, TRANSACTIONS } from "./protocols/protocol.js";
import {
  compile,
  FLUSHES,
  IMPOSSIBLE,
  INTERVENES,
  INVALID,
  INVALIDATES,
  MEMORY_TAKES,
  NO_TRANSACTION,
  SUPPLIES,
  type Tables,
} from "./protocols/tables.js";

/** What is counted of each processor's cache, in the order of COUNTERS. */
export interface Counters {
  readonly reads: number;
  readonly readMisses: number;
  readonly writes: number;
  readonly writeMisses: number;
  /** Lines that this cache wrote to memory: dirty evictions, and flushes that memory takes. */
  readonly writeBacks: number;
  /** Misses of this processor that another cache answered. */
  readonly cacheToCacheTransfers: number;
  /** Lines of this cache that went from an exclusive to a shared state because of another's read. */
  readonly interventions: number;
  /** Lines that this cache lost to another's write. */
  readonly invalidations: number;
  /** Dirty lines that this cache put on the bus because another asked. */
  readonly flushes: number;
  readonly busReadExclusive: number;
  readonly busUpgrades: number;
  readonly busUpdates: number;
  /** Lines fetched from memory, write-backs, and words written through. */
  readonly memoryTransactions: number;
  /** The write-backs that made room for another line. */
  readonly dirtyEvictions: number;
}

const COUNTERS = [
  "reads",
  "readMisses",
  "writes",
  "writeMisses",
  "writeBacks",
  "cacheToCacheTransfers",
  "interventions",
  "invalidations",
  "flushes",
  "busReadExclusive",
  "busUpgrades",
  "busUpdates",
  "memoryTransactions",
  "dirtyEvictions",
] as const satisfies readonly (keyof Counters)[];

const READS = COUNTERS.indexOf("reads");
const READ_MISSES = COUNTERS.indexOf("readMisses");
const WRITES = COUNTERS.indexOf("writes");
const WRITE_MISSES = COUNTERS.indexOf("writeMisses");
const WRITE_BACKS = COUNTERS.indexOf("writeBacks");
const TRANSFERS = COUNTERS.indexOf("cacheToCacheTransfers");
const INTERVENTIONS = COUNTERS.indexOf("interventions");
const INVALIDATIONS = COUNTERS.indexOf("invalidations");
const FLUSH_COUNT = COUNTERS.indexOf("flushes");
const READ_EXCLUSIVE = COUNTERS.indexOf("busReadExclusive");
const UPGRADES = COUNTERS.indexOf("busUpgrades");
const UPDATES = COUNTERS.indexOf("busUpdates");
const MEMORY = COUNTERS.indexOf("memoryTransactions");
const EVICTIONS = COUNTERS.indexOf("dirtyEvictions");

const UPGRADE = TRANSACTIONS.indexOf("upgrade");
const UPDATE = TRANSACTIONS.indexOf("update");
const EXCLUSIVE = TRANSACTIONS.indexOf("readExclusive");

/** What one reference did, as bits of what `SnoopingBus.access` returns; 0 for a hit that needed no transaction. */
export const FETCHED = 1;
/** Another cache answered the fetch. */
export const SUPPLIED = 2;
export const UPGRADED = 4;
export const UPDATED = 8;
/** A dirty line was written back to make room. */
export const EVICTED = 16;
/** Another cache flushed the line, and memory took it. */
export const FLUSHED = 32;

/** Another cache held the line. */
const OTHERS = 64;

/**
 * Told when a cache is about to lose a line, to another's transaction or to make room; `line` is the address of its
 * first byte, bits 31 to 0.
 */
export type LossObserver = (processor: number, line: number, evicted: boolean) => void;

/** The most processors of a bus. */
export const MAXIMUM_BUS_PROCESSORS = 1024;

/** The most lines that all caches of a bus may have together: about 17 bytes each. */
const MAXIMUM_LINES = 2 ** 26;

/** The most entries of the filter that saves looking into caches. */
const MAXIMUM_FILTER_BITS = 22;

/** 2^32 by the golden ratio: Knuth's multiplicative hashing. */
const GOLDEN = 0x9e3779b1;

/**
 * Processors with one cache each on one atomic bus: one reference at a time, each whole before the next. It counts;
 * it knows no time.
 */
export class SnoopingBus {
  /** By processor; only the bus changes them. */
  readonly caches: readonly Cache[];
  /** The names of the states, by the numbers that the caches hold. */
  readonly states: readonly string[];
  readonly #tables: Tables;
  /** By `state * 2 + write`: the state after a hit that needs no transaction; INVALID for other references. */
  readonly silent: Uint8Array;
  /** By `processor * COUNTERS.length + counter`: exact up to 2^53. */
  readonly #counters: Float64Array;
  /**
   * By a hash of the line: how many copies of lines with that hash all caches hold together. Most misses are of lines
   * that nobody holds; this says so without a look into every cache.
   */
  readonly #copies: Int32Array;
  readonly #filterShift: number;
  readonly #lineBits: number;
  readonly #onLoss: LossObserver | undefined;
  /** By `(processor * states + before) * states + after`, where they are counted; see `countTransitions`. */
  #transitions: Float64Array | undefined;

  /**
   * @param processors 1 to MAXIMUM_BUS_PROCESSORS
   * @throws RangeError for sizes that no cache or bus has
   */
  constructor(
    protocol: Protocol,
    processors: number,
    geometry: Geometry,
    onLoss?: LossObserver,
    allocate = allocateOwn,
  ) {
    if (!(Number.isInteger(processors) && processors >= 1 && processors <= MAXIMUM_BUS_PROCESSORS)) {
      throw new RangeError(
        `Cannot make a bus: received ${processors} processors; expected 1 to ${MAXIMUM_BUS_PROCESSORS}`,
      );
    }
    const lines = (processors * geometry.size) / geometry.line;
    if (lines > MAXIMUM_LINES) {
      throw new RangeError(
        `Cannot make a bus: received ${lines} lines in ${processors} caches; expected at most ${MAXIMUM_LINES}`,
      );
    }
    this.caches = Array.from({ length: processors }, () => new Cache(geometry, allocate));
    this.#tables = compile(protocol);
    this.silent = this.#tables.silent;
    this.states = this.#tables.states;
    this.#counters = new Float64Array(processors * COUNTERS.length);
    const bits = Math.min(MAXIMUM_FILTER_BITS, Math.ceil(Math.log2(lines)) + 2);
    this.#copies = new Int32Array(2 ** bits);
    this.#filterShift = 32 - bits;
    this.#lineBits = Math.log2(geometry.line);
    this.#onLoss = onLoss;
  }

  /** Whether a reference would be a hit that needs no transaction. Parameters as for `access`. */
  hits(processor: number, write: 0 | 1, high: number, low: number): boolean {
    const cache = this.caches[processor]!;
    const slot = cache.find(high, low);
    return slot >= 0 && this.silent[cache.states[slot]! * 2 + write] !== INVALID;
  }

  /**
   * One reference, if it is a hit that needs no transaction; else nothing is done. Parameters as for `access`.
   *
   * @returns the slot that holds the line, or -1
   */
  hit(processor: number, write: 0 | 1, high: number, low: number): number {
    const cache = this.caches[processor]!;
    const slot = cache.find(high, low);
    if (slot < 0) return -1;
    const state = this.silent[cache.states[slot]! * 2 + write]!;
    if (state === INVALID) return -1;
    this.#counters[processor * COUNTERS.length + (write ? WRITES : READS)]!++;
    cache.touch(slot);
    cache.states[slot] = state;
    return slot;
  }

  /**
   * One reference.
   *
   * @param processor 0 to the number of processors less one: not checked
   * @param write 0 for a read, 1 for a write
   * @param high bits 63 to 32 of the address, as a signed word
   * @param low bits 31 to 0
   * @returns what it did, in bits
   */
  access(processor: number, write: 0 | 1, high: number, low: number): number {
    const cache = this.caches[processor]!;
    const { bus, ifShared, alone, shared, owner } = this.#tables;
    const counters = this.#counters;
    const first = processor * COUNTERS.length;
    counters[first + (write ? WRITES : READS)]!++;
    let slot = cache.find(high, low);
    if (slot >= 0) {
      cache.touch(slot);
      const step = cache.states[slot]! * 2 + write;
      const transaction = bus[step]!;
      const did = transaction === NO_TRANSACTION ? 0 : this.#transact(processor, transaction - 1, high, low);
      const next = did & OTHERS ? shared[step]! : alone[step]!;
      this.#count(processor, cache.states[slot]!, next);
      cache.states[slot] = next;
      return did;
    }
    counters[first + (write ? WRITE_MISSES : READ_MISSES)]!++;
    slot = cache.victim(low);
    const state = cache.states[slot]!;
    if (state !== INVALID) {
      this.#copies[this.#bucket(cache.high[slot]!, cache.low[slot]!)]!--;
      this.#count(processor, state, INVALID);
      this.#onLoss?.(processor, cache.low[slot]!, true);
    }
    if (owner[state]) {
      counters[first + EVICTIONS]!++;
      counters[first + WRITE_BACKS]!++;
      counters[first + MEMORY]!++;
    }
    const step = INVALID * 2 + write;
    let did = this.#transact(processor, bus[step]! - 1, high, low);
    if (did & OTHERS && ifShared[step] !== NO_TRANSACTION) {
      did |= this.#transact(processor, ifShared[step]! - 1, high, low);
    }
    const filled = did & OTHERS ? shared[step]! : alone[step]!;
    this.#count(processor, INVALID, filled);
    cache.fill(slot, high, low, filled);
    this.#copies[this.#bucket(high, low)]!++;
    return owner[state] ? did | EVICTED : did;
  }

  #bucket(high: number, low: number): number {
    return Math.imul((low >>> this.#lineBits) ^ Math.imul(high, GOLDEN), GOLDEN) >>> this.#filterShift;
  }

  /** Puts a transaction on the bus; returns what it did, in bits. */
  #transact(requester: number, transaction: number, high: number, low: number): number {
    const { answer, effects, updatesMemory } = this.#tables;
    const caches = this.caches;
    const counters = this.#counters;
    const bucket = this.#bucket(high, low);
    let others = false;
    let supplied = false;
    let flushed = false;
    const end = this.#copies[bucket] === 0 ? 0 : caches.length;
    for (let processor = 0; processor < end; processor++) {
      if (processor === requester) continue;
      const cache = caches[processor]!;
      const slot = cache.find(high, low);
      if (slot < 0) continue;
      others = true;
      const state = cache.states[slot]!;
      const entry = state * TRANSACTIONS.length + transaction;
      const next = answer[entry]!;
      if (next === IMPOSSIBLE) {
        throw new Error(
          `Cannot answer as processor ${processor}: received ${TRANSACTIONS[transaction]} in state ` +
            `${this.states[state]}; expected a transaction of its table`,
        );
      }
      const effect = effects[entry]!;
      if (effect & INVALIDATES) this.#onLoss?.(processor, cache.low[slot]!, false);
      this.#count(processor, state, next);
      cache.states[slot] = next;
      if (effect === 0) continue;
      const first = processor * COUNTERS.length;
      if (effect & SUPPLIES) supplied = true;
      if (effect & INTERVENES) counters[first + INTERVENTIONS]!++;
      if (effect & INVALIDATES) {
        counters[first + INVALIDATIONS]!++;
        this.#copies[bucket]!--;
      }
      if (effect & FLUSHES) counters[first + FLUSH_COUNT]!++;
      if (effect & MEMORY_TAKES) {
        flushed = true;
        counters[first + WRITE_BACKS]!++;
        counters[first + MEMORY]!++;
      }
    }
    const first = requester * COUNTERS.length;
    const shared = (others ? OTHERS : 0) | (flushed ? FLUSHED : 0);
    if (transaction === UPGRADE) {
      counters[first + UPGRADES]!++;
      return shared | UPGRADED;
    }
    if (transaction === UPDATE) {
      counters[first + UPDATES]!++;
      if (updatesMemory) counters[first + MEMORY]!++;
      return shared | UPDATED;
    }
    if (transaction === EXCLUSIVE) counters[first + READ_EXCLUSIVE]!++;
    counters[first + (supplied ? TRANSFERS : MEMORY)]!++;
    return supplied ? shared | FETCHED | SUPPLIED : shared | FETCHED;
  }

  /** From now on counts the changes of lines' states that `access` makes. */
  countTransitions(): void {
    this.#transitions ??= new Float64Array(this.caches.length * this.states.length ** 2);
  }

  #count(processor: number, before: number, after: number): void {
    if (this.#transitions === undefined || before === after) return;
    this.#transitions[(processor * this.states.length + before) * this.states.length + after]!++;
  }

  /**
   * The changes of states that were counted, by processor: `I>S`, of a line that was absent; `M>I`, of one that was
   * evicted or invalidated. Those that did not occur are left out.
   */
  transitions(): ReadonlyMap<string, number>[] {
    const { states } = this;
    return this.caches.map((_, processor) => {
      const changes = new Map<string, number>();
      states.forEach((before, i) => {
        states.forEach((after, j) => {
          const count = this.#transitions?.[(processor * states.length + i) * states.length + j] ?? 0;
          if (count > 0) changes.set(`${before}>${after}`, count);
        });
      });
      return changes;
    });
  }

  /** What was counted so far, by processor. */
  counters(): Counters[] {
    return this.caches.map((_, processor) => {
      const entries = COUNTERS.map((name, i) => [name, this.#counters[processor * COUNTERS.length + i]!]);
      return Object.fromEntries(entries) as Counters;
    });
  }
}
