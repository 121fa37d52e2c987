import type { Allocate } from "../../../processor/allocation.js";
import { doublesIn } from "../../../processor/allocation.js";
import { ENTRY } from "../../../program/privileged.js";
import type { TlbDescription } from "../../presets/description.js";
import type { Random } from "../../random.js";

/** The space of translations that all spaces of user mode have, whose numbers are from 0 on. */
const EVERY_SPACE = -1;
/** Of an entry that has none. */
const NOTHING = -1;

/**
 * The translations that a processor has: what its machine says of entries, sets, pairs of pages and replacement, nothing of
 * speed; see src/processor/interpreter/pages.ts for the interpreter's own, quick look.
 *
 * @param dropped called with each page whose translation the TLB may have lost, or has changed
 */
export class Tlb {
  readonly #description: TlbDescription;
  readonly #random: Random;
  readonly #dropped: (space: number, page: number) => void;
  readonly #sets: number;
  readonly #pairBits: number;
  readonly #spaces: Int32Array;
  /** By entry: the page, or the pair's number; NOTHING for a free one. */
  readonly #tags: Float64Array;
  /** By entry and place in its pair. */
  readonly #translations: Uint32Array;
  /** By entry: which of the processor's lookups found it last. The interpreter writes it, too. */
  readonly #lastLookups: Float64Array;

  constructor(
    description: TlbDescription,
    random: Random,
    allocate: Allocate,
    dropped: (space: number, page: number) => void,
  ) {
    const { entries, ways, pages } = description;
    this.#description = description;
    this.#random = random;
    this.#dropped = dropped;
    this.#sets = entries / ways;
    this.#pairBits = pages - 1;
    this.#spaces = new Int32Array(entries);
    this.#tags = new Float64Array(entries).fill(NOTHING);
    this.#translations = new Uint32Array(entries << this.#pairBits);
    this.#lastLookups = doublesIn(allocate, entries);
  }

  /** The entry that translates a page of a space; -1 for none. */
  find(space: number, page: number): number {
    const tag = page >> this.#pairBits;
    const { ways } = this.#description;
    const first = (tag % this.#sets) * ways;
    for (let entry = first; entry < first + ways; entry++) {
      if (this.#tags[entry] !== tag) continue;
      const owner = this.#spaces[entry];
      const matches = owner === space || (owner === EVERY_SPACE && space >= 0);
      if (matches && this.translation(entry, page) & ENTRY.valid) return entry;
    }
    return -1;
  }

  /** The frame's address and bits of a page, by its entry. */
  translation(entry: number, page: number): number {
    return this.#translations[(entry << this.#pairBits) + (page & this.#pairBits)]!;
  }

  /** Where the interpreter counts the lookups that find an entry. */
  lastLookupAt(entry: number): number {
    return this.#lastLookups.byteOffset + 8 * entry;
  }

  /** A lookup, the processor's so many-th, finds an entry. */
  found(entry: number, lookup: number): void {
    this.#lastLookups[entry] = lookup;
  }

  /** Writes a translation: over the one that the page or its pair has, else over one that is replaced. */
  write(space: number, page: number, translation: number, lookup: number): void {
    const owner = translation & ENTRY.global ? EVERY_SPACE : space;
    const tag = page >> this.#pairBits;
    const entry = this.#entryOf(owner, tag) ?? this.#replaced(tag);
    if (this.#tags[entry] !== tag || this.#spaces[entry] !== owner) {
      this.#clear(entry);
      this.#tags[entry] = tag;
      this.#spaces[entry] = owner;
    }
    this.#translations[(entry << this.#pairBits) + (page & this.#pairBits)] = translation;
    this.#lastLookups[entry] = lookup;
    this.#dropped(owner, page);
  }

  /** Drops the translation of one page, global or not. */
  drop(space: number, page: number): void {
    for (const owner of [space, EVERY_SPACE]) {
      const entry = this.#entryOf(owner, page >> this.#pairBits);
      if (entry === undefined) continue;
      this.#translations[(entry << this.#pairBits) + (page & this.#pairBits)] = 0;
      this.#dropped(owner, page);
    }
  }

  /** Drops all of a space's, or of all spaces, but global ones. */
  dropSpace(space?: number): void {
    for (let entry = 0; entry < this.#tags.length; entry++) {
      const owner = this.#spaces[entry]!;
      if (this.#tags[entry] !== NOTHING && owner !== EVERY_SPACE && (space ?? owner) === owner) this.#clear(entry);
    }
  }

  #entryOf(owner: number, tag: number): number | undefined {
    const { ways } = this.#description;
    const first = (tag % this.#sets) * ways;
    for (let entry = first; entry < first + ways; entry++) {
      if (this.#tags[entry] === tag && this.#spaces[entry] === owner) return entry;
    }
    return undefined;
  }

  /** The entry of a tag's set that makes room: a free one, or as the machine replaces. */
  #replaced(tag: number): number {
    const { ways, replacement } = this.#description;
    const first = (tag % this.#sets) * ways;
    let oldest = first;
    let newest = first;
    for (let entry = first; entry < first + ways; entry++) {
      if (this.#tags[entry] === NOTHING) return entry;
      if (this.#lastLookups[entry]! < this.#lastLookups[oldest]!) oldest = entry;
      if (this.#lastLookups[entry]! > this.#lastLookups[newest]!) newest = entry;
    }
    if (replacement === "least recently used" || ways === 1) return oldest;
    if (replacement === "random") return first + this.#random.below(ways);
    const chosen = first + this.#random.below(ways - 1);
    return chosen < newest ? chosen : chosen + 1;
  }

  #clear(entry: number): void {
    const tag = this.#tags[entry]!;
    if (tag === NOTHING) return;
    this.#tags[entry] = NOTHING;
    for (let place = 0; place <= this.#pairBits; place++) {
      this.#translations[(entry << this.#pairBits) + place] = 0;
      this.#dropped(this.#spaces[entry]!, 2 ** this.#pairBits * tag + place);
    }
  }
}
