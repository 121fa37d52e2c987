import { allocateOwn, bytesIn, doublesIn, wordsIn } from "../../../processor/allocation.js";
import { INVALID } from "./protocols/tables.js";

/** Sizes of one cache: all powers of two, and `size` is a multiple of `ways * line`. */
export interface Geometry {
  /** Bytes of data, 1 to MAXIMUM_SIZE. */
  readonly size: number;
  /** Lines a set, 1 (direct mapped) to `size / line` (fully associative). */
  readonly ways: number;
  /** Bytes a line, 1 to `size`. */
  readonly line: number;
}

/** The largest cache, in bytes. */
export const MAXIMUM_SIZE = 2 ** 30;

/** A power of two: so many lines in a row have guesses of their own. The runner's, too. */
const GUESSES = 256;
const GUESS_MASK = GUESSES - 1;

/** In `Cache.tally`. */
const CLOCK = 0;
const READ_HITS = 1;
const WRITE_HITS = 2;

/**
 * A set-associative cache's tags and states, least recently used; the data is elsewhere. Write-back and write-allocate
 * are the protocol's business. Slots are numbered set by set:
 *
 *     slot = set * ways + way        set = (address / line) mod sets
 *
 * Addresses are 64 bits in two 32-bit words, `high` and `low`, signed as JavaScript's bit operations leave them; the tag
 * is the whole address of the line, so it is exact. Nothing is allocated after the constructor.
 *
 * Where processors execute register code, the runner (src/machines/simulated/processors/runner) reads and writes the same arrays.
 */
export class Cache {
  /** State by slot, INVALID where there is no line: written by whoever runs the protocol. */
  readonly states: Uint8Array;
  /** The address of the first byte of a line by slot, meaningful where its state is valid. */
  readonly high: Int32Array;
  readonly low: Int32Array;
  /** By slot: when its line was last used. */
  readonly used: Float64Array;
  /** References so far, then reads and writes of them that hit and were not made by a memory system: exact up to 2^53. */
  readonly tally: Float64Array;
  /** By the last bits of the line's number: the slot in which such a line was found last; saves the look through its set. */
  readonly guesses: Int32Array;
  readonly #ways: number;
  readonly #lineBits: number;
  readonly #lineMask: number;
  readonly #setMask: number;

  /** @throws RangeError for a geometry that no cache has */
  constructor(geometry: Geometry, allocate = allocateOwn) {
    checkGeometry(geometry);
    const { size, ways, line } = geometry;
    const lines = size / line;
    this.states = bytesIn(allocate, lines);
    this.high = new Int32Array(lines);
    this.low = wordsIn(allocate, lines);
    this.used = doublesIn(allocate, lines);
    this.tally = doublesIn(allocate, 3);
    this.guesses = wordsIn(allocate, GUESSES);
    this.#ways = ways;
    this.#lineBits = Math.log2(line);
    this.#lineMask = -line;
    this.#setMask = lines / ways - 1;
  }

  /** References so far. */
  get clock(): number {
    return this.tally[CLOCK]!;
  }

  get readHits(): number {
    return this.tally[READ_HITS]!;
  }

  get writeHits(): number {
    return this.tally[WRITE_HITS]!;
  }

  /** Counts reads that hit, and were not made by a memory system. */
  countHits(reads: number): void {
    this.tally[READ_HITS]! += reads;
  }

  /** The slot that holds the line of an address in a valid state, or -1. */
  find(high: number, low: number): number {
    const tag = low & this.#lineMask;
    const line = low >>> this.#lineBits;
    const guess = this.guesses[line & GUESS_MASK]!;
    if (this.low[guess] === tag && this.high[guess] === high && this.states[guess] !== INVALID) return guess;
    return this.#look((line & this.#setMask) * this.#ways, line, high, tag);
  }

  #look(first: number, line: number, high: number, tag: number): number {
    const end = first + this.#ways;
    for (let slot = first; slot < end; slot++) {
      if (this.low[slot] === tag && this.high[slot] === high && this.states[slot] !== INVALID) {
        this.guesses[line & GUESS_MASK] = slot;
        return slot;
      }
    }
    return -1;
  }

  /** The slot that the line of an address is to fill: the first invalid one of its set, else the least recently used. */
  victim(low: number): number {
    const first = ((low >>> this.#lineBits) & this.#setMask) * this.#ways;
    const end = first + this.#ways;
    const { used } = this;
    let oldest = first;
    for (let slot = first; slot < end; slot++) {
      if (this.states[slot] === INVALID) return slot;
      if (used[slot]! < used[oldest]!) oldest = slot;
    }
    return oldest;
  }

  /** Puts the line of an address into a slot, as the one used last. */
  fill(slot: number, high: number, low: number, state: number): void {
    this.high[slot] = high;
    this.low[slot] = low & this.#lineMask;
    this.states[slot] = state;
    this.touch(slot);
  }

  /** Makes a slot the one used last: once a reference of the cache's own processor, never for what it snoops. */
  touch(slot: number): void {
    this.used[slot] = ++this.tally[CLOCK]!;
  }
}

function checkGeometry({ size, ways, line }: Geometry): void {
  const check = (what: string, value: number, maximum: number, unit: string) => {
    if (value >= 1 && value <= maximum && Number.isInteger(Math.log2(value))) return;
    throw new RangeError(
      `Cannot make a cache: received ${what} ${value}; expected a power of two from 1 to ${maximum} ${unit}`,
    );
  };
  check("size", size, MAXIMUM_SIZE, "bytes");
  check("line", line, size, "bytes, the cache's size");
  check("ways", ways, size / line, `lines, all that fit into ${size} bytes`);
}
