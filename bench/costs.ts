// What each call of the library costs that neither waits nor wakes: by one worker, called from JavaScript. The numbers
// of docs/library. For what happens under contention, and for other packages, see peers.ts.
import { parseArgs } from "node:util";
import { serialize } from "node:v8";
import {
  Channel,
  ClusteredObject,
  Condition,
  Counter,
  Histogram,
  Mutex,
  named,
  Replicated,
  RwLock,
  Semaphore,
  SharedBuffer,
  SharedCache,
  SharedMap,
  SharedSpace,
  TicketLock,
  UnlockToken,
} from "#library/index.js";
import { StructuredReader } from "#library/structured-reader.js";
import { StructuredWriter } from "#library/structured-writer.js";
import { summarize } from "#machines/index.js";
import { formatTable, formatTime } from "#machines/report/table.js";
import { USER } from "./user.js";

const { smoke } = parseArgs({ options: { smoke: { type: "boolean", default: false } } }).values;
const REPETITIONS = smoke ? 3 : 101;
const MESSAGE_REPETITIONS = smoke ? 3 : 31;
const CALLS = smoke ? 100 : 10_000;
const SLOW_CALLS = smoke ? 1 : 10;

const space = new SharedSpace();
const token = new UnlockToken();
const mutex = new Mutex(space);
const rwLock = new RwLock(space);
const ticketLock = new TicketLock(space);
const semaphore = new Semaphore(space, 1);
const condition = new Condition(space);
const counter = new Counter(space);
const histogram = new Histogram(space);
const bytes = new Channel<Uint8Array>(space, { codec: "bytes" });
const values = new Channel(space);
const target = new Uint8Array(1024);
const map = new SharedMap<string, object | number>(space);
const cache = new SharedCache<string, object | number>(space, { bytes: 2 ** 22 });
const shared = new SharedCache<string, object | number>(space, { bytes: 2 ** 22, firstLevel: 0 });
const few = new SharedCache<string, number>(space, { entries: 500 });
const replicated = new Replicated(space, USER);

class HitsHere {}
class Hits extends ClusteredObject<HitsHere, "hits"> {
  static {
    Hits.define("Hits", { representative: HitsHere, words: ["hits"] });
  }
}
const hits = new Hits(space);

/** In no order that a processor's caches like. */
const KEYS = Array.from({ length: 1000 }, (_, i) => `user:${(i * 7919) % 1000}`);
const keyOf = (i: number) => KEYS[i % KEYS.length]!;
for (const [id, key] of KEYS.entries()) {
  for (const each of [map, cache, shared]) each.set(key, { ...USER, id });
}

const pair = (lock: Mutex | TicketLock | RwLock) => () => {
  lock.lock(token);
  token.unlock();
};
const readPair = () => {
  rwLock.lockShared(token);
  token.unlock();
};
const sendBytes = (message: Uint8Array) => () => {
  bytes.send(message);
  bytes.receiveInto(target);
};
const replace = () => {
  replicated.set(USER);
  replicated.get();
};
const sendValue = (message: (i: number) => unknown) => (i: number) => {
  values.send(message(i));
  values.receive();
};

const WORKS: readonly (readonly [what: string, once: (i: number) => void, calls?: number])[] = [
  ["Mutex lock, unlock", pair(mutex)],
  ["RwLock lockShared, unlock", readPair],
  ["RwLock lock, unlock", pair(rwLock)],
  ["TicketLock lock, unlock", pair(ticketLock)],
  ["Semaphore acquire, release", () => void semaphore.acquire().release()],
  ["Condition notify, nobody waits", () => void condition.notify()],
  ["Counter add", () => counter.add()],
  ["Counter approximate, 64 slots", () => void counter.approximate()],
  ["Counter exact, 64 slots", () => void counter.exact()],
  ["Histogram record", (i) => histogram.record(i)],
  ["Histogram snapshot", () => void histogram.snapshot(), SLOW_CALLS],
  ["Channel send, receiveInto: 8 bytes", sendBytes(new Uint8Array(8))],
  ["Channel send, receiveInto: 1 KiB", sendBytes(new Uint8Array(1024))],
  ["Channel send, receive: a number", sendValue((i) => i)],
  ["Channel send, receive: { id, name }", sendValue((id) => ({ id, name: "a name" }))],
  ["SharedMap get: an object of 100 bytes", (i) => void map.get(keyOf(i))],
  ["SharedMap has", (i) => void map.has(keyOf(i))],
  ["SharedCache get: the object, first level", (i) => void cache.get(keyOf(i))],
  ["SharedCache get: the object, shared", (i) => void shared.get(keyOf(i))],
  ["SharedCache set: the object", (i) => void cache.set(keyOf(i), USER)],
  ["SharedCache set: a number", (i) => void shared.set(keyOf(i), i)],
  ["SharedCache set: a number, another leaves", (i) => void few.set(keyOf(i), i)],
  ["SharedMap set: the object", (i) => void map.set(keyOf(i), USER)],
  ["SharedMap set: a number", (i) => void map.set(keyOf(i), i)],
  ["Replicated get", () => void replicated.get()],
  ["Replicated set, get: the object", replace, SLOW_CALLS],
  ["ClusteredObject word add", () => void hits.words.hits.add(1)],
  ["ClusteredObject word load", () => void hits.words.hits.load()],
  ["ClusteredObject gather, 64 slots", () => void hits.gather(({ hits }) => hits), SLOW_CALLS],
  ["SharedBuffer made and freed: 64 bytes", () => new SharedBuffer(space, 64).free()],
  ["SharedBuffer made and freed: 1 MiB", () => new SharedBuffer(space, 2 ** 20).free(), SLOW_CALLS],
  ["SharedSpace named, there already", () => void named(space, "a name", Mutex)],
];

/** Nanoseconds a call: of each repetition, after as many to warm up. */
function measured(once: (i: number) => unknown, calls: number, repetitions = REPETITIONS): number[] {
  const times: number[] = [];
  for (let repetition = -repetitions; repetition < repetitions; repetition++) {
    const begin = performance.now();
    for (let i = 0; i < calls; i++) once(i);
    if (repetition >= 0) times.push(((performance.now() - begin) * 1e6) / calls);
  }
  return times;
}

const table = {
  title: "What calls cost that neither wait nor wake",
  note: `One worker; ${REPETITIONS} times ${CALLS} calls (snapshots and 1 MiB: ${SLOW_CALLS}), after as many to warm up.`,
  columns: ["call", "median", "least"],
  rows: WORKS.map(([what, once, calls = CALLS]) => {
    const { median, minimum } = summarize(measured(once, calls))!;
    return [what, formatTime(median), formatTime(minimum)];
  }),
};
console.log(formatTable(table, process.stdout.columns ?? 120));

const MOST_BYTES = 2 ** 20;
const writer = new StructuredWriter();
const reader = new StructuredReader();

/** Made anew for each call where they are small, as programs do. */
const VALUES: readonly (readonly [what: string, value: (i: number) => unknown, calls?: number])[] = [
  ["a number", (i) => i],
  ["{ id, name }", (id) => ({ id, name: "a name" })],
  [
    "an object of 7 properties, 100 bytes",
    (id) => ({
      id,
      name: "Ada Lovelace",
      email: "ada@example.com",
      active: true,
      score: 0.5,
      role: "admin",
      at: 1.7e12,
    }),
  ],
  [
    "objects within an object, an array",
    (id) => ({ id, user: { name: "Ada", tags: ["a", "b"] }, at: { x: 1.5, y: 2.5 } }),
  ],
  [
    "100 objects alike",
    constantly(Array.from({ length: 100 }, (_, id) => ({ id, name: `name ${id}`, ok: true }))),
    100,
  ],
  ["1,000 numbers", constantly(Array.from({ length: 1000 }, (_, i) => i)), 10],
  ["a string of 10 KB", constantly("0123456789".repeat(1000)), 100],
  ["a string of 10 KB, with ë", constantly("012345678ë".repeat(1000)), 100],
  ["10,000 units of Japanese", constantly("日本語の文字列です。".repeat(1000)), 100],
  ["a Float64Array of 8 KB", constantly(new Float64Array(1000).fill(0.5)), 100],
];

function constantly(value: unknown): () => unknown {
  // Flat, where it is a string: as one that was read.
  const flat = typeof value === "string" ? Buffer.from(value).toString() : value;
  return () => flat;
}

function median(once: (i: number) => unknown, calls: number): string {
  return formatTime(summarize(measured(once, calls, MESSAGE_REPETITIONS))!.median);
}

const messages = {
  title: "What messages of a Channel cost",
  note: "Medians of fewer repetitions. Writing and reading are the codec's part; sent and received: all. The others are Node's.",
  columns: [
    "value",
    "written",
    "read",
    "sent, received",
    "v8.serialize",
    "JSON.stringify",
    "JSON, both",
    "structuredClone",
  ],
  rows: VALUES.map(([what, value, most = CALLS]) => {
    const calls = Math.min(most, CALLS / 10);
    const write = median((i) => writer.write(value(i), space, MOST_BYTES), calls);
    const { words, bytes, at } = writer;
    const read = median(() => {
      reader.load(bytes, words, 0, at);
      return reader.read(space);
    }, calls);
    return [
      what,
      write,
      read,
      median((i) => {
        values.send(value(i));
        return values.receive();
      }, calls),
      median((i) => serialize(value(i)), calls),
      median((i) => JSON.stringify(value(i)), calls),
      median((i) => JSON.parse(JSON.stringify(value(i))), calls),
      median((i) => structuredClone(value(i)), calls),
    ];
  }),
};
console.log(formatTable(messages, process.stdout.columns ?? 120));
