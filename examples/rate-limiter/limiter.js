import { createHash } from "node:crypto";
import { Mutex } from "landspout";

/** Bytes by which SHA-256 tells clients apart, so that none can choose another's bucket. */
const DIGEST_BYTES = 32;
/** Seconds that the sums below can be wrong by. */
const ROUNDING = 1e-6;

/**
 * Token buckets that workers share, one a client: it has at most `burst` tokens, gains `rate` a second, and each request
 * takes one.
 *
 * One number says all of a bucket, the second at which it will be full again: it lacks (full - now) * rate tokens. So a
 * token is taken by one store, which a worker that dies has made or not. And a bucket that is full is as good as none: its
 * place is free for another client.
 *
 * Buckets are in shards, chosen by the client's digest, each with a lock of its own.
 */
export class RateLimiter {
  #interval;
  #burst;
  #shards;

  /**
   * Makes what the workers share. It is sent to each (through `workerData`, say), and each makes a RateLimiter of it.
   *
   * @param {import("landspout").SharedSpace} space
   * @param {{ rate: number, burst: number, clients?: number, shards?: number }} options `clients`: whose buckets are not
   *   full at once; if there are more, the fullest one of a shard is forgotten
   */
  static share(space, { rate, burst, clients = 4096, shards = 64 }) {
    if (!(rate > 0 && burst >= 1)) {
      throw new RangeError(`Cannot limit: received rate ${rate}, burst ${burst}; expected more than 0, at least 1`);
    }
    const places = Math.ceil(clients / shards);
    const share = () => ({
      mutex: new Mutex(space),
      fulls: new Float64Array(new SharedArrayBuffer(8 * places)),
      digests: new Uint8Array(new SharedArrayBuffer(DIGEST_BYTES * places)),
    });
    return { rate, burst, shards: Array.from({ length: shards }, share) };
  }

  /** @param {ReturnType<typeof RateLimiter.share>} shared received, if it comes from another worker */
  constructor({ rate, burst, shards }) {
    this.#interval = 1 / rate;
    this.#burst = burst;
    this.#shards = shards;
  }

  /**
   * Takes a token from the client's bucket, if there is one.
   *
   * @returns {number} 0, or else the seconds until there will be one
   */
  take(client) {
    const digest = createHash("sha256").update(client).digest();
    const { mutex, fulls, digests } = this.#shards[digest.readUInt32LE() % this.#shards.length];
    // What a worker leaves that dies holding it needs no mending.
    const token = mutex.lock();
    try {
      const now = seconds();
      const place = find(fulls, digests, digest);
      const full = Math.max(fulls[place], now) + this.#interval;
      const wait = full - now - this.#burst * this.#interval;
      if (wait > ROUNDING) return wait;
      fulls[place] = full;
      return 0;
    } finally {
      token.unlock();
    }
  }
}

/** The client's place; or else the one whose bucket is, or will first be, full, which becomes the client's. */
function find(fulls, digests, digest) {
  let fullest = 0;
  for (let place = 0; place < fulls.length; place++) {
    const at = place * DIGEST_BYTES;
    if (digest.equals(digests.subarray(at, at + DIGEST_BYTES))) return place;
    if (fulls[place] < fulls[fullest]) fullest = place;
  }
  // Full first: a worker may die in between, and one's debts must not be another's.
  fulls[fullest] = 0;
  digests.set(digest, fullest * DIGEST_BYTES);
  return fullest;
}

/** Of a clock that all workers of a process share and nobody sets. */
function seconds() {
  const [whole, nanoseconds] = process.hrtime();
  return whole + nanoseconds / 1e9;
}
