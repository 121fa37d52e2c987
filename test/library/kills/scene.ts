/** What the workers of one scene share: an object of each kind, and words in which they note what they have done. */
import {
  Barrier,
  Channel,
  ClusteredObject,
  Condition,
  Counter,
  Event,
  Histogram,
  Latch,
  McsLock,
  Mutex,
  Once,
  Replicated,
  RwLock,
  Semaphore,
  SharedCache,
  SharedMap,
  type SharedObject,
  type SharedSpace,
  TicketLock,
} from "#library/index.js";

export const PERMITS = 3;
/** More than two of the longest messages. */
export const CHANNEL_BYTES = 512;
/** Messages that a worker sends into a channel at most. */
export const MOST_SENT = 4096;
export const NAMES = 4;
export const COUNTS = 1_000_000;

export const LOCKS = ["mutex", "strict", "rwLock", "ticketLock", "mcsLock"] as const;
export type LockName = (typeof LOCKS)[number];
export const CHANNELS = ["values", "bytes"] as const;
export type ChannelName = (typeof CHANNELS)[number];

export interface Message {
  readonly from: number;
  readonly number: number;
  readonly text: string;
}

/** The same number twice. */
export interface Counted {
  readonly count: number;
  readonly again: number;
}

/** Of updates, which say whose they are: how many there were of each worker. */
class TallyHere {
  counts: number[] = [];
  apply(worker: number): void {
    this.counts[worker] = (this.counts[worker] ?? 0) + 1;
  }
  snapshot(): number[] {
    return this.counts;
  }
  restore(counts: number[]): void {
    this.counts = counts;
  }
}

export class Tally extends ClusteredObject<TallyHere, "added", "all"> {
  static {
    // So that a snapshot takes the place of some ten updates.
    Tally.define("Tally", { representative: TallyHere, words: ["added"], root: ["all"], history: 160 });
  }
}

export interface Scene {
  readonly number: number;
  readonly mutex: Mutex;
  /** Throws where it is abandoned. */
  readonly strict: Mutex;
  readonly rwLock: RwLock;
  readonly ticketLock: TicketLock;
  readonly mcsLock: McsLock;
  readonly semaphore: Semaphore;
  /** Permits that are added and consumed. */
  readonly signals: Semaphore;
  /** Of all workers. */
  readonly barrier: Barrier;
  readonly monitor: { readonly mutex: Mutex; readonly filled: Condition };
  readonly event: Event;
  readonly onces: readonly [Once, Once];
  /** Of so many counts that some are left as long as anybody plays. */
  readonly latch: Latch;
  readonly counter: Counter;
  readonly histogram: Histogram;
  /** One partition: all meet there. */
  readonly replicated: Replicated<Counted>;
  readonly tally: Tally;
  readonly map: SharedMap<string | number, number | Counted>;
  /** One partition, and room for a part of the keys. */
  readonly cache: SharedCache<string | number, Counted>;
  readonly values: Channel<Message>;
  readonly bytes: Channel<Uint8Array>;
  readonly words: Words;
}

/**
 * What a lock protects: a number in two copies; and one more than the number of the worker that is inside, or died
 * there.
 */
export interface Protected {
  readonly copies: Int32Array;
  readonly inside: Int32Array;
  readonly abandoned: Int32Array;
  /** By worker: how often it has added 1, for sure. */
  readonly done: Int32Array;
}

/** By worker, but `received`: by message, MOST_SENT for each sender. */
export interface Traffic {
  /** Messages that it has begun to send, and those of them that are sent for sure. */
  readonly begun: Int32Array;
  readonly sent: Int32Array;
  readonly received: Int32Array;
  /** 1 from before it receives until it has noted what. */
  readonly receiving: Int32Array;
}

export interface Words {
  readonly locks: Readonly<Record<LockName, Protected>>;
  readonly channels: Readonly<Record<ChannelName, Traffic>>;
  /** By worker: permits it holds. */
  readonly permits: Int32Array;
  /** By worker: signals begun, added for sure; begun to take, taken for sure. */
  readonly adding: Int32Array;
  readonly added: Int32Array;
  readonly taking: Int32Array;
  readonly taken: Int32Array;
  /** Under the monitor's mutex: what is there, in two copies; whether nothing will come any more. */
  readonly stock: Int32Array;
  readonly closed: Int32Array;
  /** By worker: put for sure, begun; took for sure, begun. */
  readonly putting: Int32Array;
  readonly put: Int32Array;
  readonly getting: Int32Array;
  readonly got: Int32Array;
  /** By worker: times it has arrived at the barrier. */
  readonly arrivals: Int32Array;
  /** By episode: how many were told that they came last. */
  readonly led: Int32Array;
  /** By worker: 1 once it has joined the barrier, or never will. */
  readonly joined: Int32Array;
  /** By Once: one more than the number of the worker that did its work to the end. */
  readonly worked: Int32Array;
  /** By worker: added, recorded for sure. */
  readonly counted: Int32Array;
  readonly counting: Int32Array;
  readonly recorded: Int32Array;
  readonly recording: Int32Array;
  /** By worker: what it has added to the tally's words for sure, begun; and broadcast. */
  readonly tallied: Int32Array;
  readonly tallying: Int32Array;
  readonly broadcast: Int32Array;
  readonly broadcasting: Int32Array;
  /** By worker: replaced for sure, begun. */
  readonly replaced: Int32Array;
  readonly replacing: Int32Array;
  /** By worker: updates of the map's two counts begun, done for sure. */
  readonly updating: Int32Array;
  readonly updated: Int32Array;
  /** By worker: the count in the cache, begun, and set for sure. */
  readonly rising: Int32Array;
  readonly risen: Int32Array;
  /** By worker: counted down for sure, begun. */
  readonly countedDown: Int32Array;
  readonly countingDown: Int32Array;
  /** By name: the address of what has it; of the mutexes that are freed again and again, of the one that is held. */
  readonly named: Int32Array;
  readonly borrowed: Int32Array;
}

/** `workers`: of which the first `parties` meet at the barrier. */
export function createScene(space: SharedSpace, number: number, parties: number, workers: number): Scene {
  const words = (length: number) => new Int32Array(new SharedArrayBuffer(4 * length));
  const each = () => words(workers);
  const unharmed = (): Protected => ({ copies: words(2), inside: words(1), abandoned: words(1), done: each() });
  const silent = (): Traffic => ({
    begun: each(),
    sent: each(),
    received: words(workers * MOST_SENT),
    receiving: each(),
  });
  return {
    number,
    mutex: new Mutex(space),
    strict: new Mutex(space, { onAbandoned: "throw" }),
    rwLock: new RwLock(space),
    ticketLock: new TicketLock(space, { force: true }),
    mcsLock: new McsLock(space, { force: true }),
    semaphore: new Semaphore(space, PERMITS),
    signals: new Semaphore(space, 0),
    barrier: new Barrier(space, parties),
    monitor: { mutex: new Mutex(space), filled: new Condition(space) },
    event: new Event(space),
    onces: [new Once(space), new Once(space)],
    latch: new Latch(space, COUNTS),
    counter: new Counter(space),
    histogram: new Histogram(space),
    tally: new Tally(space),
    map: new SharedMap(space, { partitions: 1 }),
    cache: new SharedCache(space, { entries: 16, bytes: 2 ** 15, partitions: 1, firstLevel: 16 }),
    replicated: new Replicated<Counted>(space, { count: 0, again: 0 }),
    values: new Channel<Message>(space, { capacity: CHANNEL_BYTES }),
    bytes: new Channel<Uint8Array>(space, { capacity: CHANNEL_BYTES, codec: "bytes" }),
    words: {
      locks: Object.fromEntries(LOCKS.map((name) => [name, unharmed()])) as Record<LockName, Protected>,
      channels: { values: silent(), bytes: silent() },
      permits: each(),
      adding: each(),
      added: each(),
      taking: each(),
      taken: each(),
      stock: words(2),
      closed: words(1),
      putting: each(),
      put: each(),
      getting: each(),
      got: each(),
      arrivals: each(),
      led: words(1024),
      joined: each(),
      worked: words(2),
      counted: each(),
      counting: each(),
      recorded: each(),
      recording: each(),
      updating: each(),
      updated: each(),
      rising: each(),
      risen: each(),
      countedDown: each(),
      tallied: each(),
      tallying: each(),
      broadcast: each(),
      broadcasting: each(),
      replaced: each(),
      replacing: each(),
      countingDown: each(),
      named: words(NAMES),
      borrowed: words(NAMES),
    },
  };
}

/** All objects of a scene. */
export function objectsOf({ number: _number, words: _words, ...scene }: Scene): SharedObject[] {
  const within = (value: unknown): SharedObject[] =>
    "handle" in (value as object) ? [value as SharedObject] : Object.values(value as object).flatMap(within);
  return within(scene);
}
