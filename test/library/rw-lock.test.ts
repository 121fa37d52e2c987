import { describe, expect, test } from "vitest";
import { AbandonedError, DeadlockError, FreedError, RwLock, receive, SharedSpace } from "#library/index.js";
import { exit, type InWorker, inWorker, message } from "./in-worker.js";

const space = new SharedSpace();

/** A worker that has locked, in one way, and keeps it. */
async function holder(lock: RwLock, how: "lock" | "lockShared") {
  const worker = inWorker(
    ({ data, say }) => {
      data.lock[data.how]();
      say("holds");
      setInterval(() => {}, 1000);
    },
    { lock, how },
  );
  await message(worker);
  return worker;
}

describe("RwLock", () => {
  test("lets writers in alone, readers with each other", async () => {
    const lock = new RwLock(space);
    const words = new Int32Array(new SharedArrayBuffer(16));
    const turns = 4000;
    const work = ({ data, library }: InWorker<{ lock: RwLock; words: Int32Array; turns: number; reads: boolean }>) => {
      const { lock, words, turns, reads } = data;
      const token = new library.UnlockToken();
      for (let turn = 0; turn < turns; turn++) {
        if (reads) {
          lock.lockShared(token);
          if (words[0] !== words[1]) words[2]!++;
        } else {
          lock.lock(token);
          words[0]!++;
          words[1]!++;
        }
        token.unlock();
      }
    };
    const workers = [true, true, false, false].map((reads) => inWorker(work, { lock, words, turns, reads }));
    await Promise.all(workers.map(exit));
    expect([...words]).toEqual([2 * turns, 2 * turns, 0, 0]);
  });

  test("lets a writer in while readers come and go, always one of them in", async () => {
    const lock = new RwLock(space);
    const stop = new Int32Array(new SharedArrayBuffer(4));
    const read = async ({ data, say }: InWorker<{ lock: RwLock; stop: Int32Array }>) => {
      say("reads");
      let token = data.lock.lockShared();
      while (Atomics.load(data.stop, 0) === 0) {
        const next = await data.lock.lockSharedIfAvailableAsync(1);
        token.unlock();
        token = next ?? data.lock.lockShared();
      }
      token.unlock();
    };
    const readers = [inWorker(read, { lock, stop }), inWorker(read, { lock, stop })];
    await Promise.all(readers.map(message));
    for (let turn = 0; turn < 5; turn++) lock.lock().unlock();
    Atomics.store(stop, 0, 1);
    await Promise.all(readers.map(exit));
  });

  test("lets a reader in while writers come and go", async () => {
    const lock = new RwLock(space);
    const stop = new Int32Array(new SharedArrayBuffer(4));
    const write = ({ data, say }: InWorker<{ lock: RwLock; stop: Int32Array }>) => {
      say("writes");
      while (Atomics.load(data.stop, 0) === 0) data.lock.lock().unlock();
    };
    const writers = [inWorker(write, { lock, stop }), inWorker(write, { lock, stop })];
    await Promise.all(writers.map(message));
    for (let turn = 0; turn < 5; turn++) lock.lockShared().unlock();
    Atomics.store(stop, 0, 1);
    await Promise.all(writers.map(exit));
  });

  test("has statics that do what the methods do", async () => {
    const lock = new RwLock(space);
    const reader = RwLock.lockShared(lock);
    expect(RwLock.lockSharedIfAvailable(lock, 0)!.unlock()).toBe(true);
    expect((await RwLock.lockSharedAsync(lock)).unlock()).toBe(true);
    expect((await RwLock.lockSharedIfAvailableAsync(lock, 0))!.unlock()).toBe(true);
    expect(await RwLock.lockIfAvailableAsync(lock, 0)).toBe(null);
    expect(reader.unlock()).toBe(true);
    expect(RwLock.lock(lock, reader)).toBe(reader);
    expect(await RwLock.lockSharedIfAvailableAsync(lock, 0)).toBe(null);
    reader.unlock();
    expect(RwLock.lockIfAvailable(lock, 0)!.unlock()).toBe(true);
    expect((await RwLock.lockAsync(lock)).unlock()).toBe(true);
  });

  test("unlocks at the end of a using block, whichever way it was locked", () => {
    const lock = new RwLock(space);
    {
      using one = lock.lockShared();
      using other = lock.lockShared();
      expect([one.locked, other.locked]).toEqual([true, true]);
    }
    {
      using token = lock.lock();
      expect(token.locked).toBe(true);
    }
    lock.lockIfAvailable(0)!.unlock();
  });

  test("names as deadlocks what would wait for the worker itself", () => {
    const lock = new RwLock(space);
    const token = lock.lock();
    expect(() => lock.lock()).toThrow(DeadlockError);
    expect(() => lock.lockShared()).toThrow(DeadlockError);
    token.unlock();
    lock.lockShared(token);
    expect(() => lock.lock()).toThrow(DeadlockError);
    token.unlock();
    lock.lock(token).unlock();
  });

  test("lets others read when a writer gives up that waited for readers", async () => {
    const lock = new RwLock(space);
    const reader = lock.lockShared();
    const waiting = lock.lockAsync();
    // The worker's own writer must not keep it from reading: it would wait for itself.
    expect(lock.lockSharedIfAvailable(0)!.unlock()).toBe(true);
    const reading = lock.lockSharedAsync();
    expect(await lock.lockSharedIfAvailableAsync(10)).toBe(null);
    await expect(lock.lockAsync({ timeout: 10 })).rejects.toThrow(expect.objectContaining({ name: "TimeoutError" }));
    const controller = new AbortController();
    const aborted = lock.lockAsync({ signal: controller.signal });
    controller.abort(new Error("changed my mind"));
    await expect(aborted).rejects.toThrow("changed my mind");
    reader.unlock();
    expect((await Promise.race([waiting, reading])).unlock()).toBe(true);
    const [writer, other] = await Promise.all([waiting, reading]);
    writer.unlock();
    other.unlock();
    lock.lockIfAvailable(0)!.unlock();
  });

  test("writes before an own request that waits for readers, and lets that follow", async () => {
    const lock = new RwLock(space);
    const reader = await holder(lock, "lockShared");
    const waiting = lock.lockAsync();
    void reader.terminate();
    lock.lock().unlock();
    expect((await waiting).unlock()).toBe(true);
  });

  test("passes on what a writer held that was terminated, and says so until another has written", async () => {
    const lock = new RwLock(space);
    const worker = await holder(lock, "lock");
    const waiting = lock.lockSharedAsync();
    void worker.terminate();
    const reader = await waiting;
    expect(reader.abandoned).toBe(true);
    reader.unlock();
    const writer = lock.lock();
    expect(writer.abandoned).toBe(true);
    writer.unlock();
    expect(lock.lockShared(reader).abandoned).toBe(false);
    reader.unlock();
  });

  test("forgets a reader that was terminated, and one that waits", async () => {
    const lock = new RwLock(space);
    const [reader, other] = await Promise.all([holder(lock, "lockShared"), holder(lock, "lockShared")]);
    const wait = ({ data, say }: InWorker<{ lock: RwLock }>) => {
      say("waits");
      data.lock.lock();
    };
    const writer = inWorker(wait, { lock });
    await message(writer);
    await writer.terminate();
    await Promise.all([reader.terminate(), other.terminate()]);
    const token = lock.lock();
    expect(token.abandoned).toBe(false);
    token.unlock();
  });

  test("throws where it was made so and a writer died, and is held then", async () => {
    const lock = new RwLock(space, { onAbandoned: "throw" });
    await (await holder(lock, "lock")).terminate();
    const error = await lock.lockAsync().catch((error: unknown) => error);
    expect(error).toBeInstanceOf(AbandonedError);
    expect((error as AbandonedError).token.unlock()).toBe(true);
    expect(lock.lockShared().unlock()).toBe(true);
  });

  test("is the same object for all who receive it, and of no use when it is freed", () => {
    const lock = new RwLock(space);
    const { copy } = receive<{ copy: RwLock }>(structuredClone({ copy: lock }));
    const token = copy.lock();
    expect(() => lock.lockShared()).toThrow(DeadlockError);
    expect(lock.lockSharedIfAvailable(0)).toBeNull();
    token.unlock();
    lock.free();
    expect(() => copy.lock()).toThrow(FreedError);
    expect(() => copy.lockShared()).toThrow(FreedError);
  });
});
