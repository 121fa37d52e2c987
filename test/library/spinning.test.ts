import { describe, expect, test } from "vitest";
import {
  AbandonedError,
  DeadlockError,
  FreedError,
  McsLock,
  OversubscribedError,
  receive,
  SharedSpace,
  type SpinningLock,
  TicketLock,
} from "#library/index.js";
import { holder } from "./holder.js";
import { exit, type InWorker, inWorker, message } from "./in-worker.js";

const space = new SharedSpace();

describe.each([TicketLock, McsLock])("$name", (Class) => {
  // Where there are few cores.
  const make = () => new Class(space, { force: true });

  test("lets one of 2 workers in at a time", async () => {
    const lock = make();
    const count = new Int32Array(new SharedArrayBuffer(4));
    const turns = 200;
    const add = ({ data, library }: InWorker<{ lock: SpinningLock; count: Int32Array; turns: number }>) => {
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

  test("has statics that do what the methods do, and unlocks at the end of a using block", async () => {
    const lock = make();
    {
      using token = Class.lock(lock);
      expect(token.locked).toBe(true);
      expect(await Class.lockIfAvailableAsync(lock, 0)).toBe(null);
    }
    expect(Class.lockIfAvailable(lock, 0)!.unlock()).toBe(true);
    expect((await Class.lockAsync(lock)).unlock()).toBe(true);
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

  test("is left by workers that wait too long or are aborted, and is told as abandoned once", async () => {
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

  test("throws where it was made so and its owner died, and is held then", async () => {
    const lock = new Class(space, { force: true, onAbandoned: "throw" });
    await (await holder(lock)).terminate();
    const error = await lock.lockAsync().catch((error: unknown) => error);
    expect(error).toBeInstanceOf(AbandonedError);
    expect((error as AbandonedError).token.unlock()).toBe(true);
  });

  test("is neither made nor waited for where workers exceed cores, unless forced", async () => {
    const crowded = new SharedSpace({ workers: 128 });
    const lock = new Class(crowded);
    const attach = ({ data, say }: InWorker<{ lock: SpinningLock }>) => {
      say(data.lock.freed);
      setInterval(() => {}, 1000);
    };
    const cores = process.getBuiltinModule("node:os").availableParallelism();
    const workers = Array.from({ length: cores + 1 }, () => inWorker(attach, { lock }));
    await Promise.all(workers.map(message));
    expect(() => new Class(crowded)).toThrow(OversubscribedError);
    new Class(crowded, { force: true }).lock().unlock();
    const token = lock.lock();
    await expect(lock.lockAsync()).rejects.toThrow(OversubscribedError);
    token.unlock();
    lock.lock().unlock();
    await Promise.all(workers.map((worker) => worker.terminate()));
  });

  test("is the same object for all who receive it, and of no use when it is freed", async () => {
    const lock = make();
    const { copy } = receive<{ copy: SpinningLock }>(structuredClone({ copy: lock }));
    expect(copy).toBeInstanceOf(Class);
    const token = lock.lock();
    expect(() => copy.lock()).toThrow(DeadlockError);
    token.unlock();
    lock.free();
    expect(() => copy.lock()).toThrow(FreedError);
    await expect(copy.lockAsync()).rejects.toThrow(FreedError);
  });
});
