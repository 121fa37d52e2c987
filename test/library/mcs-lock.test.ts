import { describe, expect, test } from "vitest";
import { McsLock, SharedSpace } from "#library/index.js";
import { holder } from "./holder.js";
import { exit, type InWorker, inWorker, message } from "./in-worker.js";

const space = new SharedSpace();

/** Words of the lock, by the layout of kernel/library/mcs-lock.ts. */
function wordsOf({ handle }: McsLock) {
  const words = new Int32Array(handle.memory.buffer, handle.address, 33);
  return { broken: () => Atomics.load(words, 1), tail: () => Atomics.load(words, 32) };
}

/** Resolves once the word is another. */
async function change(word: () => number, from = word()): Promise<void> {
  while (word() === from) await new Promise(setImmediate);
}

describe("McsLock", () => {
  // Where there are few cores.
  const make = () => new McsLock(space, { force: true });

  test("serves those who block in the order of arrival, and others after them", async () => {
    const lock = make();
    const token = lock.lock();
    const order = new Int32Array(new SharedArrayBuffer(12));
    const arrive = ({ data }: InWorker<{ lock: McsLock; order: Int32Array; worker: number }>) => {
      const token = data.lock.lock();
      data.order[Atomics.add(data.order, 0, 1) + 1] = data.worker;
      token.unlock();
    };
    const ended: Promise<number>[] = [];
    for (const worker of [1, 2]) {
      const inQueue = change(wordsOf(lock).tail);
      ended.push(exit(inWorker(arrive, { lock, order, worker })));
      await inQueue;
    }
    const last = lock.lockAsync().then((token) => {
      const served = order[0];
      token.unlock();
      return served;
    });
    token.unlock();
    await Promise.all(ended);
    expect([...order]).toEqual([2, 1, 2]);
    expect(await last).toBe(2);
  });

  test("is made anew when who waits in the queue is terminated, and not abandoned", async () => {
    const lock = make();
    const token = lock.lock();
    const wait = ({ data, say }: InWorker<{ lock: McsLock }>) => {
      const token = data.lock.lock();
      say(token.abandoned);
      token.unlock();
    };
    const { broken, tail } = wordsOf(lock);
    const firstIn = change(tail);
    const first = inWorker(wait, { lock });
    await firstIn;
    const secondIn = change(tail);
    const told = message(inWorker(wait, { lock }));
    await secondIn;
    const breaks = change(broken);
    await first.terminate();
    await breaks;
    token.unlock();
    expect(await told).toBe(false);
    lock.lock(token).unlock();
    expect(token.abandoned).toBe(false);
  });

  test("is had by who waits in the queue when its owner is terminated", async () => {
    const lock = make();
    const owner = await holder(lock);
    const wait = ({ data, say }: InWorker<{ lock: McsLock }>) => {
      say("waits");
      const token = data.lock.lock();
      say(token.abandoned);
      token.unlock();
    };
    const waiting = [1, 2].map(() => inWorker(wait, { lock }));
    await Promise.all(waiting.map(message));
    const told = waiting.map(message);
    await owner.terminate();
    expect((await Promise.all(told)).sort()).toEqual([false, true]);
  });
});
