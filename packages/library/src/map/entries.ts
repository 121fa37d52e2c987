/**
 * Entries of a SharedMap, or of a SharedCache, as JavaScript values: keys and values are written as a node is, into this
 * worker's scratch or into a block of their own, and read from nodes while the worker is inside.
 */
import { copyIn, copyWritten } from "../copy.js";
import { SpaceFullError } from "../errors.js";
import type { LibraryKernel } from "../kernel.js";
import type { SharedSpace } from "../space.js";
import { StructuredReader } from "../structured-reader.js";
import type { Purpose } from "../structured-refusal.js";
import { withWriter } from "../structured-writers.js";
import { isBytes, lengthOf } from "../views.js";
import { DecodedValues } from "./decoded.js";
import { keyBytes, type MapKey, readKey, type Views, writeKey, writeShortKey } from "./keys.js";
import {
  Condition,
  FREED,
  FULL,
  KEY,
  KEY_HEADER,
  MOST_BYTES,
  SCRATCH_BYTES,
  STAMP,
  TOO_LARGE,
  UNIT_BYTES,
  VALUE_HEADER,
  ValueForm,
  valueAt,
} from "./layout.js";

const reader = new StructuredReader();

export const SET: Purpose = {
  verb: "set",
  place: (path) => `value${path}`,
  owner: "the SharedMap's",
  limit: "the longest value",
};

/** What is there, and what a write expects that is to find the same. */
export interface Found {
  readonly condition: Condition;
  /** Of `ifNumber`. */
  readonly number: number;
  /** Of `ifStamp`; `low` also of `ifVersion`. */
  readonly low: number;
  readonly high: number;
  readonly value: unknown;
  /** Where a Mutex is that who makes the value holds. */
  readonly maker: { readonly address: number; readonly identity: number } | undefined;
}

export const NOTHING: Found = {
  condition: Condition.ifNothing,
  number: 0,
  low: 0,
  high: 0,
  value: undefined,
  maker: undefined,
};

/** Writes whatever is there. */
export const ALWAYS: Found = { ...NOTHING, condition: Condition.always };
/** Writes if there is no value, but perhaps a placeholder. */
export const IF_ABSENT: Found = { ...NOTHING, condition: Condition.ifAbsent };

/** Entries that are read at once. */
const BATCH = 32;

/** Some of a partition's entries. */
interface Batch {
  /** The order of the last. */
  readonly order: number;
  /** Whether there were none behind them. */
  readonly isLast: boolean;
  readonly entries: readonly [MapKey, unknown][];
}

/** What `FREED` becomes. */
type Freed = (what: string) => Error;

export abstract class Entries {
  protected readonly space: SharedSpace;
  protected readonly kernel: LibraryKernel;
  protected readonly map: number;
  protected readonly identity: number;
  protected readonly scratch: number;
  protected readonly freed: Freed;
  protected views: Views;
  /** Bytes before each value that are not the program's. */
  protected readonly lead: number = 0;
  /** Bytes of the longest entry. */
  protected readonly most: number = Number.POSITIVE_INFINITY;
  /** Of values that are numbers. */
  protected readonly numberForm: number = ValueForm.number;
  /** Whether the value that was read last is one that the worker keeps. */
  protected isKept = false;
  readonly #decoded = new DecodedValues();

  /** @throws {SpaceFullError} `owner`: of which kind it is */
  constructor(space: SharedSpace, map: number, identity: number, freed: Freed, owner = "a SharedMap") {
    this.space = space;
    this.kernel = space.kernel;
    this.map = map;
    this.identity = identity;
    this.freed = freed;
    this.scratch = space.mustHaveRoom(owner, this.kernel.map_scratch());
    this.views = this.#viewsAt(this.scratch, SCRATCH_BYTES);
  }

  /**
   * Sets a key, on the condition that what was found is there still; or ALWAYS.
   *
   * @param expiry of a cache's
   * @returns DONE or OTHERWISE; TOO_LARGE
   * @throws what the writing of the value throws; {SpaceFullError}
   */
  put(key: MapKey, value: unknown, what: string, found: Found, expiry = Number.POSITIVE_INFINITY): number {
    if (typeof value === "number") {
      return this.putAs(key, what, this.numberForm, 8, found, expiry, (place) => {
        this.views.floats[place >>> 3] = value;
      });
    }
    if (isBytes(value)) {
      const length = lengthOf(value);
      this.#mustFit(length, what);
      return this.putAs(key, what, ValueForm.bytes, length, found, expiry, (place) => {
        copyIn(value, length, this.views.bytes, place);
      });
    }
    return withWriter((writer) => {
      writer.write(value, this.space, MOST_BYTES, what === "set" ? SET : { ...SET, verb: what });
      return this.putAs(key, what, ValueForm.structured, writer.at, found, expiry, (place) => {
        copyWritten(writer, this.space, place);
      });
    });
  }

  /** DONE or OTHERWISE. */
  remove(key: MapKey, what: string, found: Found): number {
    const at = this.writeToFind(key, what);
    this.#expect(at, found);
    const result = this.removeNode(at, found.condition);
    if (at !== this.scratch) this.kernel.release(at);
    if (result === FREED) throw this.freed(what);
    return result;
  }

  /**
   * The entries of so many partitions, one partition after the other.
   *
   * @param hasValues false: in the place of values is undefined
   */
  *all(partitions: number, hasValues: boolean): IterableIterator<[MapKey, unknown]> {
    for (let partition = 0; partition < partitions; partition++) {
      let batch: Batch = { order: 0, isLast: false, entries: [] };
      while (!batch.isLast) {
        batch = this.#batch(partition, batch.order, hasValues);
        yield* batch.entries;
      }
    }
  }

  /** Up to BATCH entries of a partition, those of the orders after one, with all of each order. */
  #batch(partition: number, order: number, hasValues: boolean): Batch {
    const kernel = this.kernel;
    const entries: [MapKey, unknown][] = [];
    const later: { readonly entry: [MapKey, unknown]; readonly bytes: Uint8Array }[] = [];
    let node = kernel.map_after(this.map, this.identity, partition, order);
    if (node === FREED) throw this.freed("iterate");
    if (node === 0) return { order, isLast: true, entries };
    let last = order;
    try {
      for (let count = 0; node !== 0; count++) {
        const at = node >>> 0;
        this.see(at, KEY);
        const its = this.views.words[at >>> 2]!;
        if (count >= BATCH && its !== last) break;
        last = its;
        this.#take(at, entries, hasValues ? later : undefined);
        node = kernel.map_next(node);
      }
    } finally {
      kernel.leave_object();
    }
    // Outside: what is decoded may take long.
    for (const { entry, bytes } of later) {
      reader.copy(bytes);
      entry[1] = reader.read(this.space);
    }
    return { order: last, isLast: node === 0, entries };
  }

  /** A block for a node whose headers are at an address; 0: no room; FREED. */
  protected abstract blockFor(at: number): number;

  /** DONE, OTHERWISE, FULL or FREED. */
  protected abstract putNode(at: number, isBlock: boolean, condition: Condition): number;

  /** DONE, OTHERWISE or FREED. */
  protected abstract removeNode(at: number, condition: Condition): number;

  /** Whether a node, which is not a placeholder, is an entry. */
  protected isEntry(_node: number): boolean {
    return true;
  }

  /** Writes what is before a value. */
  protected writeLead(_place: number, _expiry: number): void {}

  /** Lets decoded values go. */
  forget(): void {
    this.#decoded.forget();
  }

  /** Adds an entry; its value is in `later` where it is to be decoded, or nowhere where there is no `later`. */
  #take(
    node: number,
    entries: [MapKey, unknown][],
    later: { entry: [MapKey, unknown]; bytes: Uint8Array }[] | undefined,
  ): void {
    const header = this.views.words[(node + VALUE_HEADER) >>> 2]!;
    const form = header & 7;
    if (form === ValueForm.placeholder || !this.isEntry(node)) return;
    const begin = this.placeOf(node) + this.lead;
    const length = (header >>> 3) - this.lead;
    this.see(node, begin - node + length);
    const entry: [MapKey, unknown] = [readKey(this.views, node), undefined];
    entries.push(entry);
    if (!later) return;
    if (form === ValueForm.number) {
      entry[1] = this.kernel.map_number(node);
      return;
    }
    if (form === ValueForm.fixedNumber) {
      entry[1] = this.views.floats[begin >>> 3]!;
      return;
    }
    const words = this.views.words;
    const kept = this.#decoded.find(node, words[(node + STAMP) >>> 2]!, words[(node + STAMP + 4) >>> 2]!);
    if (kept >= 0) entry[1] = this.#decoded.at(kept);
    else {
      const bytes = this.views.bytes.slice(begin, begin + length);
      if (form === ValueForm.bytes) entry[1] = bytes;
      else later.push({ entry, bytes });
    }
  }

  /** The value of a node, which is no number that changes: this leaves. */
  protected readValue(node: number): unknown {
    const kernel = this.kernel;
    this.see(node, KEY);
    const words = this.views.words;
    const at = node >>> 2;
    const low = words[at + STAMP / 4]!;
    const high = words[at + STAMP / 4 + 1]!;
    const kept = this.#decoded.find(node, low, high);
    this.isKept = kept >= 0;
    if (kept >= 0) {
      kernel.leave_object();
      return this.#decoded.at(kept);
    }
    const header = words[at + VALUE_HEADER / 4]!;
    const length = (header >>> 3) - this.lead;
    const begin = this.placeOf(node) + this.lead;
    try {
      this.see(node, begin - node + length);
      if ((header & 7) === ValueForm.fixedNumber) {
        this.isKept = true;
        return this.views.floats[begin >>> 3];
      }
      if ((header & 7) === ValueForm.bytes) return this.views.bytes.slice(begin, begin + length);
      reader.load(this.views.bytes, this.views.words, begin, length);
    } finally {
      kernel.leave_object();
    }
    const value = reader.read(this.space);
    this.isKept = this.#decoded.keep(node, low, high, length, value);
    return value;
  }

  protected placeOf(node: number): number {
    return valueAt(node, this.views.words[(node + KEY_HEADER) >>> 2]! >>> 2);
  }

  /** Writes a key where it can be looked for: in the scratch, or in a block that the caller releases. */
  protected writeToFind(key: MapKey, what: string): number {
    // Else the scratch is another's.
    this.space.mustBeOpen();
    const scratch = this.scratch;
    if (writeShortKey(this.views, scratch, key) >= 0) return scratch;
    const bytes = keyBytes(key, what);
    let at = scratch;
    if (KEY + bytes > SCRATCH_BYTES - 8) {
      at = this.kernel.allocate(KEY + bytes + 8) >>> 0;
      if (at === 0) throw full(what, bytes);
      this.see(at, KEY + bytes + 8);
    }
    writeKey(this.views, at, key);
    return at;
  }

  protected putAs(
    key: MapKey,
    what: string,
    form: number,
    bare: number,
    found: Found,
    expiry: number,
    write: (place: number) => void,
  ): number {
    const length = bare + this.lead;
    const scratch = this.scratch;
    this.space.mustBeOpen();
    const short = writeShortKey(this.views, scratch, key);
    const bytes = short >= 0 ? short : keyBytes(key, what);
    if (roundedUp(valueAt(0, bytes) + length) > this.most) return TOO_LARGE;
    let at = scratch;
    const isBlock = valueAt(0, bytes) + length > SCRATCH_BYTES;
    if (isBlock) {
      this.views.words[(scratch + KEY_HEADER) >>> 2] = bytes << 2;
      this.views.words[(scratch + VALUE_HEADER) >>> 2] = (length << 3) | form;
      at = this.blockFor(scratch) >>> 0;
      if (at === FREED) throw this.freed(what);
      if (at === 0) throw full(what, bytes + length);
      this.see(at, valueAt(0, bytes) + length);
    }
    if (short < 0 || isBlock) writeKey(this.views, at, key);
    this.views.words[(at + VALUE_HEADER) >>> 2] = (length << 3) | form;
    this.#expect(at, found);
    const place = valueAt(at, bytes);
    if (this.lead > 0) this.writeLead(place, expiry);
    write(place + this.lead);
    const result = this.putNode(at, isBlock, found.condition);
    if (result === FREED) throw this.freed(what);
    if (result === FULL) throw full(what, bytes + length);
    return result;
  }

  /** Writes what a condition expects. */
  #expect(at: number, { condition, number, low, high }: Found): void {
    if (condition === Condition.ifNumber) this.views.floats[(at + STAMP) >>> 3] = number;
    else if (condition === Condition.ifStamp || condition === Condition.ifVersion) {
      this.views.words[(at + STAMP) >>> 2] = low;
      this.views.words[(at + STAMP + 4) >>> 2] = high;
    }
  }

  #mustFit(length: number, what: string): void {
    if (length > MOST_BYTES) {
      throw new RangeError(`Cannot ${what}: received a value of ${length} bytes; expected at most ${MOST_BYTES}`);
    }
  }

  /** Sees to it that the views have the bytes at an address: the space may have grown. */
  protected see(address: number, bytes: number): void {
    if (address + bytes > this.views.bytes.length) this.views = this.#viewsAt(address, bytes);
  }

  #viewsAt(address: number, length: number): Views {
    const bytes = this.space.bytes(address, length);
    return { words: this.space.words(address, length), bytes, floats: new Float64Array(bytes.buffer) };
  }
}

/** To whole units. */
function roundedUp(bytes: number): number {
  return Math.ceil(bytes / UNIT_BYTES) * UNIT_BYTES;
}

function full(what: string, bytes: number): SpaceFullError {
  return new SpaceFullError(
    `Cannot ${what}: received a space that is full; expected room for an entry of ${bytes} bytes`,
  );
}
