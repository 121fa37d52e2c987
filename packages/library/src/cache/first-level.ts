/**
 * The first level of a SharedCache: values that this worker has read, by their keys. One is right as long as the version of its
 * key's hash is what it was before it was read; kernel/library/cache-write.ts.
 */

import { milliseconds } from "../clock.js";
import type { MapKey } from "../map/keys.js";

/** Hits of a kept value until the next look at the shared one, which counts there that it is in use. */
const HITS = 32;
/** Hits that a worker counts for itself: as many are lost at most if it dies. */
const UNCOUNTED = 64;
/** Units of the longest key that is kept. */
const MOST_UNITS = 256;

interface Kept {
  readonly value: unknown;
  /** Where the version is, among words, and what it was. */
  readonly at: number;
  readonly version: number;
  /** Milliseconds; Infinity: never. */
  readonly expiry: number;
  hits: number;
}

/** No value, which may be undefined. */
export const NONE = Symbol("none");

export class FirstLevel {
  /** Half of those that may be kept. */
  readonly #most: number;
  readonly #words: Int32Array;
  readonly #identityAt: number;
  readonly #identity: number;
  /** What was used lately, and what was before those were half of all. */
  #young = new Map<MapKey, Kept>();
  #old = new Map<MapKey, Kept>();
  /** Hits that are not counted in the cache yet. */
  #uncounted = 0;

  /** @param words the cache's own, which never move */
  constructor(entries: number, words: Int32Array, address: number, identity: number) {
    this.#most = Math.ceil(entries / 2);
    this.#words = words;
    this.#identityAt = address >>> 2;
    this.#identity = identity;
  }

  /** The value of a key, or NONE. */
  find(key: MapKey): unknown {
    if (this.#uncounted >= UNCOUNTED) return NONE;
    let kept = this.#young.get(key);
    if (kept === undefined) {
      kept = this.#old.get(key);
      if (kept === undefined) return NONE;
      this.#add(key, kept);
    }
    if (Atomics.load(this.#words, kept.at) !== kept.version || --kept.hits < 0) return NONE;
    // After the version: it was the cache's.
    if (this.#words[this.#identityAt] !== this.#identity) return NONE;
    if (kept.expiry !== Number.POSITIVE_INFINITY && kept.expiry <= milliseconds()) return NONE;
    this.#uncounted++;
    return kept.value;
  }

  /** Keeps a value. `version`: as it was before the value was looked for. */
  keep(key: MapKey, value: unknown, address: number, version: number, expiry: number): void {
    // A key that is an object may be changed. An odd version: somebody writes there.
    if (this.#most === 0 || typeof key === "object" || (version & 1) !== 0) return;
    if (typeof key === "string" && key.length > MOST_UNITS) return;
    this.#add(key, { value, at: address >>> 2, version, expiry, hits: HITS });
  }

  takeUncounted(): number {
    const taken = this.#uncounted;
    this.#uncounted = 0;
    return taken;
  }

  forget(): void {
    this.#young = new Map();
    this.#old = new Map();
  }

  #add(key: MapKey, kept: Kept): void {
    if (this.#young.size >= this.#most) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(key, kept);
  }
}
