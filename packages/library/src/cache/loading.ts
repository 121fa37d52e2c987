/**
 * Values that one worker loads while others wait. Who loads one has a placeholder in a map of its own (map/making.ts). Who sets
 * or deletes the key meanwhile takes the placeholder away first, and writes then.
 *
 * Who clears or frees the cache takes all away, so that nobody waits for a load that is of no use.
 *
 * 1. Whoever has the placeholder looks whether the value is there already, and loads it if not.
 * 2. It reads the version of the key's hash, looks whether its placeholder is there still, and puts the value, if the version
 *    is the same. If the version is another, again.
 *
 * Invariant: what is put was loaded after each set and each delete of the key that had ended. One that ends later takes
 * the placeholder away before its write: if that was before the look, nothing is put; if after it, its write comes after
 * the version was read, so that the value is put before it, or not.
 */

import { milliseconds } from "../clock.js";
import { SpaceFullError } from "../errors.js";
import { ALWAYS, type Found } from "../map/entries.js";
import type { MapKey } from "../map/keys.js";
import { OTHERWISE, TOO_LARGE, ValueForm } from "../map/layout.js";
import { type Making, tryMake } from "../map/making.js";
import { Store } from "../map/store.js";
import type { SharedSpace } from "../space.js";
import { ERRORS, LOADS } from "./layout.js";
import type { CacheStore } from "./store.js";

/** A load under way. */
export interface Load {
  readonly making: Making;
  readonly key: MapKey;
  readonly what: string;
  /** How long a value stays, in milliseconds, and what is thrown; 0: that does not. */
  readonly ttl: number;
  readonly errorTtl: number;
}

/** In a map of its own, where placeholders count as entries. */
class Placeholders extends Store {
  protected override readonly placeholder = ValueForm.loading;
}

export class Loading {
  readonly space: SharedSpace;
  /** The map of placeholders. */
  readonly placeholders: Placeholders;
  readonly #cache: number;
  readonly #identity: number;
  readonly #entries: CacheStore;
  readonly #loading: { readonly address: number; readonly identity: number };

  constructor(
    space: SharedSpace,
    cache: number,
    identity: number,
    entries: CacheStore,
    loading: { readonly address: number; readonly identity: number },
    freed: (what: string) => Error,
  ) {
    this.space = space;
    this.#cache = cache;
    this.#identity = identity;
    this.#entries = entries;
    this.#loading = loading;
    this.placeholders = new Placeholders(space, loading.address, loading.identity, freed, "a SharedCache");
  }

  /** To be called before the cache is freed. */
  free(): void {
    this.disturbAll("free");
    this.space.kernel.free_object(this.#loading.address, this.#loading.identity);
  }

  /** To be called before a write of a key. */
  disturb(key: MapKey, what: string): void {
    if (this.space.kernel.cache_is_loading(this.#cache, this.#identity) === 0) return;
    this.placeholders.remove(key, what, ALWAYS);
  }

  /** To be called before all keys are deleted. */
  disturbAll(what: string): void {
    if (this.space.kernel.cache_is_loading(this.#cache, this.#identity) === 0) return;
    for (const [key] of this.placeholders.all(1, false)) this.placeholders.remove(key, what, ALWAYS);
  }

  /** The right to load a value, if nobody has it. */
  tryBegin(key: MapKey): Making | undefined {
    return tryMake(this.space, this.placeholders, key);
  }

  /** What a load has returned is put into the cache, and others may look. @throws what the writing of a value throws */
  done({ making, key, what, ttl }: Load, value: unknown): void {
    let count: number = ERRORS;
    try {
      this.#settle(making, key, what, (found) => {
        const result = this.#entries.put(key, value, what, found, milliseconds() + ttl);
        // Nor is what there was before.
        if (result === TOO_LARGE) this.#entries.remove(key, what, ALWAYS);
        return result;
      });
      count = LOADS;
    } finally {
      this.#count(count);
    }
  }

  /** What it has thrown is put there, if it is to stay. */
  failed({ making, key, what, errorTtl }: Load, error: unknown): void {
    try {
      if (errorTtl === 0) making.giveUp();
      else {
        this.#settle(making, key, what, (found) =>
          this.#entries.putError(key, error, what, found, milliseconds() + errorTtl),
        );
      }
      this.#count(ERRORS);
    } catch {
      // It cannot be copied, or the cache was freed: what the load has thrown is the caller's error.
    }
  }

  #settle(making: Making, key: MapKey, what: string, put: (found: Found) => number): void {
    try {
      let result: number = OTHERWISE;
      while (result === OTHERWISE) {
        const present = this.#entries.present(key, what);
        if (!making.isStill()) return;
        result = put(present);
      }
    } catch (error) {
      // The caller has the value, and others load it themselves.
      if (!(error instanceof SpaceFullError)) throw error;
    } finally {
      making.giveUp();
    }
  }

  #count(which: number): void {
    const { kernel } = this.space;
    if (kernel.enter_object(this.#cache, this.#identity) === 0) return;
    kernel.cache_add(this.#cache, which, 1);
    kernel.leave_object();
  }
}
