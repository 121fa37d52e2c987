import { describe, expect, test } from "vitest";
import {
  AbandonedError,
  DeadlockError,
  FreedError,
  McsLock,
  OversubscribedError,
  receive,
  SharedSpace,
} from "#library/index.js";
import { exit, type InWorker, inWorker, message } from "./in-worker.js";

const space = new SharedSpace();

/** A worker that has locked, and keeps it. */
async function holder(lock: McsLock) {
  const worker = inWorker(
    ({ data, say }) => {
      data.lock.lock();
      say("holds");
      setInterval(() => {}, 1000);
    },
    { lock },
  );
  await message(worker);
  return worker;
}

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

  test("lets one of 2 workers in at a time", async () => {
    const lock = make();
    const count = new Int32Array(new SharedArrayBuffer(4));
    const turns = 200;
    const add = ({ data, library }: InWorker<{ lock: McsLock; count: Int32Array; turns: number }>) => {
      const token = new library.UnlockToken();
      for (let turn = 0; turn < data.turns; turn++) {
        data.lock.lock(token);
        data.count[0]!++;
        token.unlock();
      }
    };
    await Promise.all(Array.from({ length: 2 }, () => exit(inWorker(add, { lock, count, turns }))));
    expect(count[0]).toBe(2 * turns);
  });

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

  test("has statics that do what the methods do, and unlocks at the end of a using block", async () => {
    const lock = make();
    {
      using token = McsLock.lock(lock);
      expect(token.locked).toBe(true);
      expect(await McsLock.lockIfAvailableAsync(lock, 0)).toBe(null);
    }
    expect(McsLock.lockIfAvailable(lock, 0)!.unlock()).toBe(true);
    expect((await McsLock.lockAsync(lock)).unlock()).toBe(true);
  });

  test("names as a deadlock what would wait for the worker itself", async () => {
    const lock = make();
    const token = lock.lock();
    expect(() => lock.lock()).toThrow(DeadlockError);
    expect(lock.lockIfAvailable(0)).toBeNull();
    const waiting = lock.lockAsync();
    token.unlock();
    expect((await waiting).unlock()).toBe(true);
  });

  test("is given up by who waits too long or is aborted, and told as abandoned once", async () => {
    const lock = make();
    const other = await holder(lock);
    expect(lock.lockIfAvailable(5)).toBe(null);
    await expect(lock.lockAsync({ timeout: 5 })).rejects.toThrow(expect.objectContaining({ name: "TimeoutError" }));
    const controller = new AbortController();
    const aborted = lock.lockAsync({ signal: controller.signal });
    controller.abort(new Error("changed my mind"));
    await expect(aborted).rejects.toThrow("changed my mind");
    await other.terminate();
    const token = await lock.lockAsync();
    expect(token.abandoned).toBe(true);
    token.unlock();
    expect(lock.lockIfAvailable(0, token)!.abandoned).toBe(false);
    token.unlock();
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

  test("throws where it was made so and its owner died, and is held then", async () => {
    const lock = new McsLock(space, { force: true, onAbandoned: "throw" });
    await (await holder(lock)).terminate();
    const error = await lock.lockAsync().catch((error: unknown) => error);
    expect(error).toBeInstanceOf(AbandonedError);
    expect((error as AbandonedError).token.unlock()).toBe(true);
  });

  test("is neither made nor waited for where workers exceed cores, unless forced", async () => {
    const crowded = new SharedSpace({ workers: 128 });
    const lock = new McsLock(crowded);
    const attach = ({ data, say }: InWorker<{ lock: McsLock }>) => {
      say(data.lock.freed);
      setInterval(() => {}, 1000);
    };
    const cores = process.getBuiltinModule("node:os").availableParallelism();
    const workers = Array.from({ length: cores + 1 }, () => inWorker(attach, { lock }));
    await Promise.all(workers.map(message));
    expect(() => new McsLock(crowded)).toThrow(OversubscribedError);
    new McsLock(crowded, { force: true }).lock().unlock();
    const token = lock.lock();
    await expect(lock.lockAsync()).rejects.toThrow(OversubscribedError);
    token.unlock();
    lock.lock().unlock();
    await Promise.all(workers.map((worker) => worker.terminate()));
  });

  test("is the same object for all who receive it, and of no use when it is freed", async () => {
    const lock = make();
    const { copy } = receive<{ copy: McsLock }>(structuredClone({ copy: lock }));
    expect(copy).toBeInstanceOf(McsLock);
    const token = lock.lock();
    expect(() => copy.lock()).toThrow(DeadlockError);
    token.unlock();
    lock.free();
    expect(() => copy.lock()).toThrow(FreedError);
    await expect(copy.lockAsync()).rejects.toThrow(FreedError);
  });
});
