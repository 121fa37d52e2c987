import type {
  Barrier,
  Channel,
  Counter,
  Histogram,
  Mutex,
  RwLock,
  Semaphore,
  TicketLock,
  UnlockToken,
} from "#dist/library/index.js";
import type { InWorker } from "../in-worker.js";

/** What all work on, for as long as one of them lives. */
export interface Scene {
  readonly mutex: Mutex;
  readonly rwLock: RwLock;
  readonly ticketLock: TicketLock;
  readonly semaphore: Semaphore;
  readonly counter: Counter;
  readonly histogram: Histogram;
  /** Of messages of several lengths: the sender's number, then its message's number as often as there is room. */
  readonly channel: Channel<Uint8Array>;
  readonly protected: Readonly<Record<"mutex" | "rwLock" | "ticketLock", Protected>>;
  readonly noted: Noted;
  /** Of the channel, by sender: messages received; and how many there were that were torn, or not the next. */
  readonly received: Int32Array;
  readonly wrong: Int32Array;
}

/** What a lock protects: a number in two copies; how often it was found abandoned; how often torn, but not abandoned. */
export interface Protected {
  readonly copies: Int32Array;
  readonly abandoned: Int32Array;
  readonly torn: Int32Array;
}

/** By worker, what it knows to be done. */
export type Noted = Readonly<
  Record<"mutex" | "rwLock" | "ticketLock" | "counter" | "histogram" | "channel" | "meetings", Int32Array>
>;

export const PLACES = ["mutex", "rwLock", "ticketLock", "reader", "permits", "sent", "added"] as const;

/** How a worker ends, and where and in which turn if it ends itself. */
export interface End {
  readonly how: "terminated" | "throws" | "exits";
  readonly place: (typeof PLACES)[number];
  readonly turn: number;
}

export interface Life {
  readonly scene: Scene;
  readonly worker: number;
  readonly end: End;
  /** It shares this one with one other. */
  readonly barrier: Barrier;
}

/** Body of a worker that uses everything in turn, with and without blocking, and mends what the dead left half done. */
export async function work({ data, say }: InWorker<Life>): Promise<void> {
  const { scene, worker, end } = data;
  const { mutex, rwLock, ticketLock, semaphore, counter, histogram, channel, noted } = scene;
  const party = data.barrier.join();
  let turn = 0;

  function mayEnd(place: End["place"]): void {
    if (turn !== end.turn || place !== end.place) return;
    if (end.how === "throws") throw new Error("on purpose");
    if (end.how === "exits") process.exit(3);
  }

  /** Adds 1 to both copies. */
  function add(lock: "mutex" | "rwLock" | "ticketLock", token: UnlockToken): void {
    const { copies, abandoned, torn } = scene.protected[lock];
    if (token.abandoned) abandoned[0]!++;
    else if (copies[0] !== copies[1]) torn[0]!++;
    copies[1] = copies[0]!;
    copies[0]!++;
    mayEnd(lock);
    copies[1] = copies[0]!;
    noted[lock][worker]!++;
    token.unlock();
  }

  say("works");
  for (; ; turn++) {
    add("mutex", turn % 8 === 0 ? await mutex.lockAsync() : mutex.lock());
    add("rwLock", turn % 7 === 0 ? await rwLock.lockAsync() : rwLock.lock());
    const ticket = ticketLock.lockIfAvailable(turn % 3);
    if (ticket) add("ticketLock", ticket);

    const reader = turn % 5 === 0 ? await rwLock.lockSharedAsync() : rwLock.lockShared();
    const { copies, torn } = scene.protected.rwLock;
    if (!reader.abandoned && copies[0] !== copies[1]) Atomics.add(torn, 0, 1);
    mayEnd("reader");
    reader.unlock();

    const permits = 1 + (turn % 2);
    const permit = turn % 4 === 0 ? await semaphore.acquireAsync(permits) : semaphore.acquire(permits);
    mayEnd("permits");
    permit.release();

    const message = new Int32Array(2 + (turn % 40)).fill(noted.channel[worker]!);
    message[0] = worker;
    const sent = channel.sendIfAvailable(new Uint8Array(message.buffer), turn % 2);
    mayEnd("sent");
    if (sent) noted.channel[worker]!++;

    counter.add();
    mayEnd("added");
    noted.counter[worker]!++;
    histogram.record(turn);
    noted.histogram[worker]!++;

    if (turn % 4 !== 0) continue;
    if (turn % 8 === 0) await party.waitAsync();
    else party.wait();
    noted.meetings[worker]!++;
  }
}

/** Body of the worker that receives until the channel is closed and empty. */
export function receiveAll({ data, say }: InWorker<Scene>): void {
  const { channel, received, wrong } = data;
  say("works");
  for (let bytes = channel.receive(); bytes; bytes = channel.receive()) {
    const [sender, ...numbers] = new Int32Array(bytes.buffer);
    if (numbers.some((number) => number !== received[sender!])) wrong[0]!++;
    received[sender!]!++;
  }
}
