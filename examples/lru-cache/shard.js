/**
 * A part of the cache, under a lock of its own. Its memory:
 *
 *     words   the shard's own | first entry of each bucket | ENTRY_WORDS words an entry
 *     bytes   of each entry: its key, then its value
 *
 * Entry 0 holds nothing: it is both ends of the list from the entry used last (its `next`) to the one to be evicted (its
 * `previous`), and the end of each chain.
 *
 * What an entry says of itself is the truth: whether it is whole, its hash, its lengths, when it was used. The links follow
 * from it. So whatever a worker left that died in an update, it can be mended: an entry that is not whole is forgotten, and
 * all links are made anew.
 */

// Words of the shard.
const CLOCK = 0;
/** First of the entries that hold nothing; they are a chain. */
const FREE = 1;
export const COUNTS = ["hits", "misses", "evictions", "recoveries"];
const [HITS, MISSES, EVICTIONS, RECOVERIES] = [2, 3, 4, 5];
const BUCKETS = 6;

// Words of an entry.
const WHOLE = 0;
const HASH = 1;
const KEY_LENGTH = 2;
const VALUE_LENGTH = 3;
/** The shard's clock at that time. */
const USED = 4;
const NEXT = 5;
const PREVIOUS = 6;
/** The next one of its bucket, or of those that hold nothing. */
const CHAIN = 7;
const ENTRY_WORDS = 8;

/** Every method is to be called by who holds the shard's lock. */
export class Shard {
  #words;
  #bytes;
  #entries;
  #entryBytes;

  static bytesFor(entries, entryBytes) {
    return 4 * wordsFor(entries) + entries * entryBytes;
  }

  constructor(memory, entries, entryBytes) {
    this.#entries = entries;
    this.#entryBytes = entryBytes;
    const words = wordsFor(entries);
    this.#words = new Int32Array(memory, 0, words);
    this.#bytes = new Uint8Array(memory, 4 * words);
  }

  /** @returns {Uint8Array | undefined} a copy of the value */
  get(hash, key) {
    const entry = this.#find(hash, key);
    this.#words[entry === 0 ? MISSES : HITS]++;
    if (entry === 0) return undefined;
    this.#use(entry);
    const at = this.#keyAt(entry) + key.length;
    return this.#bytes.slice(at, at + this.#words[this.#word(entry, VALUE_LENGTH)]);
  }

  set(hash, key, value) {
    const words = this.#words;
    const entry = this.#find(hash, key) || this.#take(hash);
    Atomics.store(words, this.#word(entry, WHOLE), 0);
    words[this.#word(entry, HASH)] = hash;
    words[this.#word(entry, KEY_LENGTH)] = key.length;
    words[this.#word(entry, VALUE_LENGTH)] = value.length;
    this.#bytes.set(key, this.#keyAt(entry));
    this.#bytes.set(value, this.#keyAt(entry) + key.length);
    this.#use(entry);
    Atomics.store(words, this.#word(entry, WHOLE), 1);
  }

  /** Whether it was there. */
  delete(hash, key) {
    const entry = this.#find(hash, key);
    if (entry !== 0) this.#release(entry);
    return entry !== 0;
  }

  /** Makes all links of what the whole entries say; also of memory that is all zero. */
  link() {
    const words = this.#words;
    const all = Array.from({ length: this.#entries }, (_, i) => i + 1);
    const age = (entry) => (words[CLOCK] - words[this.#word(entry, USED)]) >>> 0;
    const isWhole = (entry) => words[this.#word(entry, WHOLE)] === 1;
    words[FREE] = 0;
    words.fill(0, BUCKETS, BUCKETS + this.#entries);
    words[this.#word(0, NEXT)] = words[this.#word(0, PREVIOUS)] = 0;
    for (const entry of all.filter(isWhole).sort((a, b) => age(b) - age(a))) {
      this.#chain(entry, this.#bucket(words[this.#word(entry, HASH)]));
      this.#append(entry);
    }
    for (const entry of all) if (!isWhole(entry)) this.#chain(entry, FREE);
  }

  mend() {
    this.link();
    this.#words[RECOVERIES]++;
  }

  /** @returns hits, misses, evictions, recoveries */
  counts() {
    return this.#words.slice(HITS, BUCKETS);
  }

  /**
   * The keys, used last first.
   *
   * @throws if an invariant does not hold
   */
  keys() {
    const words = this.#words;
    const must = (holds, what) => {
      if (!holds) throw new Error(`Cannot trust the shard: received ${what}`);
    };
    const listed = [];
    for (let entry = words[this.#word(0, NEXT)], last = 0; entry !== 0; entry = words[this.#word(entry, NEXT)]) {
      must(listed.push(entry) <= this.#entries, "a list that does not end");
      must(words[this.#word(entry, PREVIOUS)] === last, "an entry whose previous one is another");
      must(words[this.#word(entry, WHOLE)] === 1, "an entry that is listed and not whole");
      must(this.#find(words[this.#word(entry, HASH)], this.#key(entry)) === entry, "an entry that is not found");
      last = entry;
    }
    let free = 0;
    for (let entry = words[FREE]; entry !== 0; entry = words[this.#word(entry, CHAIN)]) {
      must(++free <= this.#entries, "a chain that does not end");
      must(words[this.#word(entry, WHOLE)] === 0, "an entry that is free and whole");
    }
    must(listed.length + free === this.#entries, `${listed.length} entries that are listed and ${free} that are free`);
    return listed.map((entry) => this.#key(entry));
  }

  #word(entry, name) {
    return BUCKETS + this.#entries + entry * ENTRY_WORDS + name;
  }

  #bucket(hash) {
    return BUCKETS + ((hash >>> 0) % this.#entries);
  }

  #keyAt(entry) {
    return (entry - 1) * this.#entryBytes;
  }

  #key(entry) {
    const at = this.#keyAt(entry);
    return this.#bytes.slice(at, at + this.#words[this.#word(entry, KEY_LENGTH)]);
  }

  #find(hash, key) {
    const words = this.#words;
    let entry = words[this.#bucket(hash)];
    while (entry !== 0 && !(words[this.#word(entry, HASH)] === hash && this.#hasKey(entry, key))) {
      entry = words[this.#word(entry, CHAIN)];
    }
    return entry;
  }

  #hasKey(entry, key) {
    const at = this.#keyAt(entry);
    return (
      this.#words[this.#word(entry, KEY_LENGTH)] === key.length && key.every((byte, i) => this.#bytes[at + i] === byte)
    );
  }

  /** An entry in the bucket of the hash: one that holds nothing, or else the one used longest ago. */
  #take(hash) {
    const words = this.#words;
    if (words[FREE] === 0) {
      this.#release(words[this.#word(0, PREVIOUS)]);
      words[EVICTIONS]++;
    }
    const entry = words[FREE];
    words[FREE] = words[this.#word(entry, CHAIN)];
    this.#chain(entry, this.#bucket(hash));
    this.#append(entry);
    return entry;
  }

  #release(entry) {
    const words = this.#words;
    Atomics.store(words, this.#word(entry, WHOLE), 0);
    let link = this.#bucket(words[this.#word(entry, HASH)]);
    while (words[link] !== entry) link = this.#word(words[link], CHAIN);
    words[link] = words[this.#word(entry, CHAIN)];
    this.#unlist(entry);
    this.#chain(entry, FREE);
  }

  #use(entry) {
    this.#unlist(entry);
    this.#append(entry);
    this.#words[this.#word(entry, USED)] = ++this.#words[CLOCK];
  }

  /** As the first of a bucket, or of those that hold nothing. */
  #chain(entry, head) {
    this.#words[this.#word(entry, CHAIN)] = this.#words[head];
    this.#words[head] = entry;
  }

  /** As the one used last. */
  #append(entry) {
    const words = this.#words;
    const next = words[this.#word(0, NEXT)];
    words[this.#word(entry, NEXT)] = next;
    words[this.#word(entry, PREVIOUS)] = 0;
    words[this.#word(next, PREVIOUS)] = words[this.#word(0, NEXT)] = entry;
  }

  #unlist(entry) {
    const words = this.#words;
    const [next, previous] = [words[this.#word(entry, NEXT)], words[this.#word(entry, PREVIOUS)]];
    words[this.#word(previous, NEXT)] = next;
    words[this.#word(next, PREVIOUS)] = previous;
  }
}

function wordsFor(entries) {
  return BUCKETS + entries + (1 + entries) * ENTRY_WORDS;
}
