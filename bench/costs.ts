// What each call of the library costs that neither waits nor wakes: by one worker, called from JavaScript. The numbers of
// docs/library. For what happens under contention, and for other packages, see peers.ts.
import { parseArgs } from "node:util";
import {
  Channel,
  Condition,
  Counter,
  Histogram,
  Mutex,
  RwLock,
  Semaphore,
  SharedBuffer,
  SharedSpace,
  TicketLock,
  UnlockToken,
} from "#dist/library/index.js";
import { summarize } from "#dist/machines.js";
import { formatTable, formatTime } from "#dist/report/table.js";

const { smoke } = parseArgs({ options: { smoke: { type: "boolean", default: false } } }).values;
const REPETITIONS = smoke ? 3 : 101;
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
  ["SharedBuffer made and freed: 64 bytes", () => new SharedBuffer(space, 64).free()],
  ["SharedBuffer made and freed: 1 MiB", () => new SharedBuffer(space, 2 ** 20).free(), SLOW_CALLS],
  ["SharedSpace named, there already", () => void space.named("a name", Mutex)],
];

const table = {
  title: "What calls cost that neither wait nor wake",
  note: `One worker; ${REPETITIONS} times ${CALLS} calls (snapshots and 1 MiB: ${SLOW_CALLS}), after as many to warm up.`,
  columns: ["call", "median", "least"],
  rows: WORKS.map(([what, once, calls = CALLS]) => {
    const times: number[] = [];
    for (let repetition = -REPETITIONS; repetition < REPETITIONS; repetition++) {
      const begin = performance.now();
      for (let i = 0; i < calls; i++) once(i);
      if (repetition >= 0) times.push(((performance.now() - begin) * 1e6) / calls);
    }
    const { median, minimum } = summarize(times)!;
    return [what, formatTime(median), formatTime(minimum)];
  }),
};
console.log(formatTable(table, process.stdout.columns ?? 120));
