import type { Worker } from "node:worker_threads";
import { expect, test } from "vitest";
import { Channel, SharedSpace } from "#dist/library/index.js";
import { Random } from "#dist/machines/random.js";
import { type InWorker, inWorker } from "./in-worker.js";

const KILLS = 200;
const LANES = 4;
const SEED = 20260119;

/** Words by worker: how many messages it has sent, or received. Both kinds die. */
interface Work {
  readonly channel: Channel<Uint8Array>;
  readonly counts: Int32Array;
  /** By message, how often it was received; those of a worker begin at its number times PER_WORKER. */
  readonly received: Int32Array;
  readonly worker: number;
  readonly first: number;
  readonly most: number;
}

/** Messages that a worker can send in its life. */
const PER_WORKER = 20_000;
const space = new SharedSpace();
const random = new Random(SEED);

/** Sends messages of different sizes, each filled with its number. */
function send({ data, say }: InWorker<Work>) {
  const { channel, counts, worker, first, most } = data;
  say("works");
  for (let turn = 0; turn < most; turn++) {
    const value = new Int32Array(2 + (turn % 40)).fill(first + turn);
    channel.send(new Uint8Array(value.buffer));
    counts[worker] = turn + 1;
  }
  setInterval(() => {}, 1000);
}

function receiveAll({ data, say }: InWorker<Work>) {
  const { channel, counts, received, worker } = data;
  say("works");
  for (let bytes = channel.receive(); bytes; bytes = channel.receive()) {
    const words = new Int32Array(bytes.buffer);
    const [number] = words;
    if (!words.every((word) => word === number)) throw new Error(`Received a torn message: ${words}`);
    Atomics.add(received, number!, 1);
    counts[worker]!++;
  }
}

function begun(worker: Worker): Promise<unknown> {
  return new Promise((resolve, reject) => worker.once("message", resolve).once("error", reject));
}

test(`Channel loses no more than what the dead had in hand (${KILLS} kills, seed ${SEED})`, async () => {
  const channel = new Channel<Uint8Array>(space, { capacity: 1024, codec: "bytes" });
  const counts = new Int32Array(new SharedArrayBuffer(4 * (KILLS + 1)));
  const received = new Int32Array(new SharedArrayBuffer(4 * (KILLS + 1) * PER_WORKER));
  const senders = new Set<number>();
  let next = 0;
  const lane = async (number: number) => {
    while (next < KILLS) {
      const worker = next++;
      const sends = number % 2 === 0;
      if (sends) senders.add(worker);
      const data: Work = { channel, counts, received, worker, first: worker * PER_WORKER, most: PER_WORKER };
      const started = inWorker(sends ? send : receiveAll, data);
      await begun(started);
      await new Promise((resolve) => setTimeout(resolve, random.below(12)));
      await started.terminate();
    }
  };
  await Promise.all(Array.from({ length: LANES }, (_, number) => lane(number)));
  channel.close();
  const last = inWorker(receiveAll, { channel, counts, received, worker: KILLS, first: 0, most: 0 });
  await new Promise((resolve, reject) => last.once("exit", resolve).once("error", reject));

  const deadReceivers = KILLS - senders.size;
  let missing = 0;
  let sent = 0;
  for (const worker of senders) {
    const count = counts[worker]!;
    sent += count;
    const mine = received.subarray(worker * PER_WORKER, (worker + 1) * PER_WORKER);
    expect(mine.every((times) => times <= 1)).toBe(true);
    // The one after the last that it knows to be sent may be there, too; no other.
    expect(mine.subarray(count + 1).every((times) => times === 0)).toBe(true);
    missing += mine.subarray(0, count).filter((times) => times === 0).length;
  }
  expect(sent).toBeGreaterThan(KILLS);
  // A receiver may die between the receipt and its note.
  expect(missing).toBeLessThanOrEqual(deadReceivers);
}, 300_000);
