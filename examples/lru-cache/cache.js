import { Mutex } from "landspout";
import { COUNTS, Shard } from "./shard.js";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/**
 * A least-recently-used cache that workers share: keys are strings, values bytes. It has shards, each with a lock and
 * memory of its own; what is used least recently in a shard leaves it.
 *
 * A worker that dies in the middle of an update loses the entry that it was writing; whoever comes next mends the rest.
 */
export class LruCache {
  #shards;
  #entryBytes;

  /**
   * Makes what the workers share. It is sent to each (through `workerData`, say), and each makes an LruCache of it.
   *
   * @param {import("landspout").SharedSpace} space
   * @param {{ entries?: number, entryBytes?: number, shards?: number }} options `entryBytes`: of a key with its value
   */
  static share(space, { entries = 4096, entryBytes = 256, shards = 16 } = {}) {
    const shardEntries = Math.ceil(entries / shards);
    const share = () => {
      const memory = new SharedArrayBuffer(Shard.bytesFor(shardEntries, entryBytes));
      new Shard(memory, shardEntries, entryBytes).link();
      return { mutex: new Mutex(space), memory };
    };
    return { shardEntries, entryBytes, shards: Array.from({ length: shards }, share) };
  }

  /** @param {ReturnType<typeof LruCache.share>} shared received, if it comes from another worker */
  constructor({ shardEntries, entryBytes, shards }) {
    this.#entryBytes = entryBytes;
    this.#shards = shards.map(({ mutex, memory }) => ({ mutex, shard: new Shard(memory, shardEntries, entryBytes) }));
  }

  /** @returns {Uint8Array | undefined} a copy */
  get(key) {
    const { hash, bytes, place } = this.#locate(key);
    return inside(place, (shard) => shard.get(hash, bytes));
  }

  /** @throws {RangeError} if the key and the value have more than `entryBytes` together */
  set(key, value) {
    const { hash, bytes, place } = this.#locate(key);
    if (bytes.length + value.length > this.#entryBytes) {
      throw new RangeError(
        `Cannot cache ${key}: received ${bytes.length + value.length} bytes; expected at most ${this.#entryBytes}`,
      );
    }
    inside(place, (shard) => shard.set(hash, bytes, value));
  }

  /** @returns {boolean} whether it was there */
  delete(key) {
    const { hash, bytes, place } = this.#locate(key);
    return inside(place, (shard) => shard.delete(hash, bytes));
  }

  /** All keys; the shards are looked at one after the other. Throws if what is linked in one of them is wrong. */
  keys() {
    return this.#shards.flatMap((place) => inside(place, (shard) => shard.keys()).map((key) => decoder.decode(key)));
  }

  /** @returns {{ hits: number, misses: number, evictions: number, recoveries: number }} since the cache was made */
  statistics() {
    const counts = this.#shards.map((place) => inside(place, (shard) => shard.counts()));
    return Object.fromEntries(COUNTS.map((name, i) => [name, counts.reduce((sum, each) => sum + each[i], 0)]));
  }

  #locate(key) {
    const bytes = encoder.encode(key);
    const hash = fnv1a(bytes);
    // A shard's buckets are chosen by the low bits.
    const place = this.#shards[((hash >>> 16) * this.#shards.length) >>> 16];
    return { hash, bytes, place };
  }
}

/** Calls with the shard locked, and whole. */
function inside({ mutex, shard }, call) {
  const token = mutex.lock();
  try {
    if (token.abandoned) shard.mend();
    return call(shard);
  } finally {
    token.unlock();
  }
}

/** The hash function of Fowler, Noll and Vo, as 32 signed bits. */
function fnv1a(bytes) {
  let hash = 0x811c9dc5 | 0;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash;
}
