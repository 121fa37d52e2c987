/** A SharedCache's entries as JavaScript values. kernel/library/cache.ts has the protocol. */

import { milliseconds } from "../clock.js";
import { copyWritten } from "../copy.js";
import { Entries, type Found, NOTHING, SET } from "../map/entries.js";
import type { MapKey } from "../map/keys.js";
import { ABSENT, ANSWER, Condition, FREED, KEY, MOST_BYTES, VALUE_HEADER, ValueForm } from "../map/layout.js";
import { withWriter } from "../structured-writers.js";
import { EXPIRY, PLACE_BYTES } from "./layout.js";

/** What was found. */
export class Look {
  readonly value: unknown;
  /** The value is an error that a load has thrown. */
  readonly isError: boolean;
  readonly isStale: boolean;
  /** Whether this worker may keep the value; how long, `version` says, at an address, and `expiry`. */
  readonly isKept: boolean;
  readonly at: number;
  readonly version: number;
  readonly expiry: number;

  constructor(
    value: unknown,
    isError: boolean,
    isStale: boolean,
    isKept: boolean,
    at: number,
    version: number,
    expiry: number,
  ) {
    this.value = value;
    this.isError = isError;
    this.isStale = isStale;
    this.isKept = isKept;
    this.at = at;
    this.version = version;
    this.expiry = expiry;
  }
}

export class CacheStore extends Entries {
  protected override readonly lead = PLACE_BYTES;
  protected override readonly numberForm = ValueForm.fixedNumber;
  protected override readonly most: number;

  /** `most`: bytes of the longest entry. */
  constructor(most: number, ...at: ConstructorParameters<typeof Entries>) {
    super(...at);
    this.most = most;
  }

  /** What there is of a key; `why`: of layout.ts; `kept`: hits of the first level that are to be counted. */
  look(key: MapKey, what: string, why: number, kept: number): Look | undefined {
    const now = milliseconds();
    const { node, at, version } = this.#find(key, what, now, why, kept);
    if (node === ABSENT) return undefined;
    this.see(node, KEY);
    const isError = this.#isError(node);
    const expiry = this.#expiryOf(node);
    const value = this.readValue(node);
    return new Look(value, isError, expiry <= now, this.isKept && !isError, at, version, expiry);
  }

  has(key: MapKey): boolean {
    const { node } = this.#find(key, "look", milliseconds(), 0, 0);
    if (node !== ABSENT) this.kernel.leave_object();
    return node !== ABSENT;
  }

  /** What a write expects that is to find no write of the key, or of some others, since. */
  present(key: MapKey, what: string): Found {
    const { node, version } = this.#find(key, what, 0, 0, 0);
    if (node !== ABSENT) this.kernel.leave_object();
    return { ...NOTHING, condition: Condition.ifVersion, low: version };
  }

  /** As `put`, of an error that a load has thrown. */
  putError(key: MapKey, error: unknown, what: string, found: Found, expiry: number): number {
    return withWriter((writer) => {
      writer.write(error, this.space, MOST_BYTES, { ...SET, verb: what });
      return this.putAs(key, what, ValueForm.error, writer.at, found, expiry, (place) => {
        copyWritten(writer, this.space, place);
      });
    });
  }

  /** ABSENT, or a node, and then the worker is inside; where the version is, and what it was before the look. */
  #find(key: MapKey, what: string, now: number, why: number, kept: number) {
    const at = this.writeToFind(key, what);
    const node = this.kernel.cache_find(this.map, this.identity, at, now, why, kept);
    const words = this.views.words;
    const place = words[(at + ANSWER) >>> 2]! >>> 0;
    const version = words[(at + ANSWER + 4) >>> 2]!;
    if (at !== this.scratch) this.kernel.release(at);
    if (node === FREED) throw this.freed(what);
    return { node: node >>> 0, at: place, version };
  }

  #isError(node: number): boolean {
    return (this.views.words[(node + VALUE_HEADER) >>> 2]! & 7) === ValueForm.error;
  }

  #expiryOf(node: number): number {
    return this.views.floats[(this.placeOf(node) + EXPIRY) >>> 3]!;
  }

  protected override blockFor(at: number): number {
    return this.kernel.cache_block(this.map, this.identity, at, milliseconds());
  }

  protected override putNode(at: number, isBlock: boolean, condition: Condition): number {
    return this.kernel.cache_put(this.map, this.identity, at, isBlock ? 1 : 0, condition, milliseconds());
  }

  protected override removeNode(at: number, condition: Condition): number {
    return this.kernel.cache_remove(this.map, this.identity, at, condition);
  }

  protected override isEntry(node: number): boolean {
    return !this.#isError(node) && this.#expiryOf(node) > milliseconds();
  }

  protected override writeLead(place: number, expiry: number): void {
    this.views.floats[(place + EXPIRY) >>> 3] = expiry;
  }
}
