import { describe, expect, test } from "vitest";
import { AbandonedError, DeadlockError, FreedError, Mutex, receive, SharedSpace, UnlockToken } from "#library/index.js";
import { exit, type InWorker, inWorker, message } from "./in-worker.js";

const space = new SharedSpace();

/** A worker that has locked the mutex, and keeps it. */
async function holder(mutex: Mutex) {
  const worker = inWorker(
    ({ data, say }) => {
      data.mutex.lock();
      say("holds");
      setInterval(() => {}, 1000);
    },
    { mutex },
  );
  await message(worker);
  return worker;
}

describe("Mutex", () => {
  test.each([2, 8])("lets one of %d workers in at a time", async (workers) => {
    const mutex = new Mutex(space);
    const count = new Int32Array(new SharedArrayBuffer(4));
    const turns = 20_000;
    const add = ({ data, library }: InWorker<{ mutex: Mutex; count: Int32Array; turns: number }>) => {
      const token = new library.UnlockToken();
      for (let turn = 0; turn < data.turns; turn++) {
        data.mutex.lock(token);
        data.count[0]!++;
        token.unlock();
      }
    };
    await Promise.all(Array.from({ length: workers }, () => exit(inWorker(add, { mutex, count, turns }))));
    expect(count[0]).toBe(workers * turns);
  });

  test("has statics that do what the methods do", async () => {
    const mutex = new Mutex(space);
    const token = Mutex.lock(mutex);
    expect(token.locked).toBe(true);
    expect(token.unlock()).toBe(true);
    expect(token.locked).toBe(false);
    expect(token.unlock()).toBe(false);
    expect(Mutex.lockIfAvailable(mutex, 0, token)).toBe(token);
    expect(() => mutex.lock(token)).toThrow(TypeError);
    token.unlock();
    expect((await Mutex.lockAsync(mutex)).unlock()).toBe(true);
    expect((await Mutex.lockIfAvailableAsync(mutex, 0))!.unlock()).toBe(true);
  });

  test("fills a token that is frozen, and none that is made of its prototype", () => {
    const mutex = new Mutex(space);
    const token = Object.freeze(new UnlockToken()) as UnlockToken;
    expect(mutex.lock(token)).toBe(token);
    token.unlock();
    for (const none of [Object.create(UnlockToken.prototype), new Proxy(token, {})]) {
      expect(() => mutex.lock(none)).toThrow("Cannot lock: received an UnlockToken; expected an UnlockToken of this");
    }
    mutex.tryLock()!.unlock();
  });

  test("unlocks at the end of a using block", () => {
    const mutex = new Mutex(space);
    {
      using token = mutex.lock();
      expect(token.locked).toBe(true);
    }
    mutex.lockIfAvailable(0)!.unlock();
  });

  test("names a lock by who holds it as a deadlock, where it would block", () => {
    const mutex = new Mutex(space);
    using _ = mutex.lock();
    expect(() => mutex.lock()).toThrow(DeadlockError);
    expect(() => mutex.lockIfAvailable(1)).toThrow(DeadlockError);
  });

  test("waits without blocking, until it is unlocked, the time is over or the signal is aborted", async () => {
    const mutex = new Mutex(space);
    const token = mutex.lock();
    const waiting = mutex.lockAsync();
    expect(await mutex.lockIfAvailableAsync(10)).toBe(null);
    await expect(mutex.lockAsync({ timeout: 10 })).rejects.toThrow(expect.objectContaining({ name: "TimeoutError" }));
    const controller = new AbortController();
    const aborted = mutex.lockAsync({ signal: controller.signal });
    controller.abort(new Error("changed my mind"));
    await expect(aborted).rejects.toThrow("changed my mind");
    token.unlock();
    expect((await waiting).unlock()).toBe(true);
  });

  test.each(["terminate", "throw", "exit"])("passes on what a worker held that ended by %s", async (how) => {
    const mutex = new Mutex(space);
    const worker = inWorker(
      ({ data, say }) => {
        data.mutex.lock();
        say("holds");
        setTimeout(() => {
          if (data.how === "throw") throw new Error("on purpose");
          if (data.how === "exit") process.exit(3);
          // Later than the message arrives, also on a slow computer.
        }, 300);
        setInterval(() => {}, 1000);
      },
      { mutex, how },
    );
    worker.on("error", () => {});
    await message(worker);
    if (how === "terminate") void worker.terminate();
    const token = mutex.lock();
    expect(token.abandoned).toBe(true);
    token.unlock();
    expect(mutex.lock(token).abandoned).toBe(false);
    token.unlock();
  });

  test("throws where it was made so and its owner died, and is held then", async () => {
    const mutex = new Mutex(space, { onAbandoned: "throw" });
    await (await holder(mutex)).terminate();
    const error = await mutex.lockAsync().catch((error: unknown) => error);
    expect(error).toBeInstanceOf(AbandonedError);
    expect((error as AbandonedError).token.unlock()).toBe(true);
  });

  test("is the same object for all who receive it, and of no use when it is freed", () => {
    const mutex = new Mutex(space);
    const { copies } = receive<{ copies: Mutex[] }>(structuredClone({ copies: [mutex, mutex] }));
    expect(copies[0]).toBeInstanceOf(Mutex);
    expect(copies[0]!.space).toBe(space);
    const token = mutex.lock();
    expect(() => copies[1]!.lock()).toThrow(DeadlockError);
    token.unlock();
    copies[1]!.lock(token);
    mutex.free();
    expect(() => token.unlock()).toThrow(FreedError);
    expect(() => copies[0]!.lock()).toThrow(FreedError);
    expect(() => mutex.free()).toThrow(FreedError);
  });
});
