import type { SharedCacheDescription } from "../../presets/description.js";

/** No line: addresses of lines are at least 0. */
const EMPTY = -1;

/**
 * The tags of a cache between the bus and the memory, which all processors share: least recently used. What a processor's
 * cache writes back goes here; a line that leaves here leaves no other cache.
 */
export class SharedCache {
  /** By slot, set by set: the address of the line, or EMPTY. */
  readonly #lines: Float64Array;
  readonly #dirty: Uint8Array;
  /** By slot: when its line was last used. */
  readonly #used: Float64Array;
  readonly #ways: number;
  readonly #line: number;
  readonly #sets: number;
  #clock = 0;

  /** @param line bytes of a line */
  constructor({ size, ways }: SharedCacheDescription, line: number) {
    const slots = size / line;
    this.#lines = new Float64Array(slots).fill(EMPTY);
    this.#dirty = new Uint8Array(slots);
    this.#used = new Float64Array(slots);
    this.#ways = ways;
    this.#line = line;
    this.#sets = slots / ways;
  }

  /**
   * A line is read, or written by a cache that loses it. Afterwards it is here, as the one used last.
   *
   * @returns "hit" if it was here; else whether what it replaces has to go to memory: "write back", or "miss"
   */
  access(line: number, isWrite: boolean): "hit" | "miss" | "write back" {
    const first = ((line / this.#line) % this.#sets) * this.#ways;
    let slot = first;
    for (let other = first; other < first + this.#ways; other++) {
      if (this.#lines[other] === line) {
        this.#used[other] = ++this.#clock;
        if (isWrite) this.#dirty[other] = 1;
        return "hit";
      }
      if (this.#used[other]! < this.#used[slot]!) slot = other;
    }
    const writesBack = this.#dirty[slot] === 1;
    this.#lines[slot] = line;
    this.#dirty[slot] = isWrite ? 1 : 0;
    this.#used[slot] = ++this.#clock;
    return writesBack ? "write back" : "miss";
  }
}
