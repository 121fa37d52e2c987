import { describe, expect, test } from "vitest";
import {
  AbandonedError,
  DeadlockError,
  FreedError,
  OversubscribedError,
  receive,
  SharedSpace,
  TicketLock,
} from "#library/index.js";
import { exit, type InWorker, inWorker, message } from "./in-worker.js";

const space = new SharedSpace();

/** A worker that has locked, and keeps it. */
async function holder(lock: TicketLock) {
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

describe("TicketLock", () => {
  // Where there are few cores.
  const make = () => new TicketLock(space, { force: true });

  test("lets one of 2 workers in at a time", async () => {
    const lock = make();
    const count = new Int32Array(new SharedArrayBuffer(4));
    const turns = 200;
    const add = ({ data, library }: InWorker<{ lock: TicketLock; count: Int32Array; turns: number }>) => {
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

  test("serves in the order of arrival", async () => {
    const lock = make();
    const token = lock.lock();
    const order = new Int32Array(new SharedArrayBuffer(12));
    const arrive = async ({ data, say }: InWorker<{ lock: TicketLock; order: Int32Array; worker: number }>) => {
      const waiting = data.lock.lockAsync();
      say("is in line");
      const token = await waiting;
      data.order[Atomics.add(data.order, 0, 1) + 1] = data.worker;
      token.unlock();
    };
    const first = inWorker(arrive, { lock, order, worker: 1 });
    await message(first);
    const second = inWorker(arrive, { lock, order, worker: 2 });
    await message(second);
    const ended = [exit(first), exit(second)];
    token.unlock();
    await Promise.all(ended);
    expect([...order]).toEqual([2, 1, 2]);
  });

  test("has statics that do what the methods do, and unlocks at the end of a using block", async () => {
    const lock = make();
    {
      using token = TicketLock.lock(lock);
      expect(token.locked).toBe(true);
      expect(await TicketLock.lockIfAvailableAsync(lock, 0)).toBe(null);
    }
    expect(TicketLock.lockIfAvailable(lock, 0)!.unlock()).toBe(true);
    expect((await TicketLock.lockAsync(lock)).unlock()).toBe(true);
  });

  test("names as a deadlock what would wait for the worker itself", async () => {
    const lock = make();
    const token = lock.lock();
    expect(() => lock.lock()).toThrow(DeadlockError);
    expect(lock.lockIfAvailable(0)).toBeNull();
    const waiting = lock.lockAsync();
    token.unlock();
    expect((await waiting).unlock()).toBe(true);
    const other = await holder(lock);
    const inLine = lock.lockAsync();
    expect(() => lock.lock()).toThrow(DeadlockError);
    await other.terminate();
    expect((await inLine).unlock()).toBe(true);
  });

  test("is left by who waits too long or is aborted, and passes them over", async () => {
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

  test("passes over who was terminated in line", async () => {
    const lock = make();
    const token = lock.lock();
    const wait = ({ data, say }: InWorker<{ lock: TicketLock }>) => {
      say("waits");
      data.lock.lock().unlock();
    };
    const worker = inWorker(wait, { lock });
    await message(worker);
    await worker.terminate();
    token.unlock();
    lock.lock(token).unlock();
  });

  test("throws where it was made so and its owner died, and is held then", async () => {
    const lock = new TicketLock(space, { force: true, onAbandoned: "throw" });
    await (await holder(lock)).terminate();
    const error = await lock.lockAsync().catch((error: unknown) => error);
    expect(error).toBeInstanceOf(AbandonedError);
    expect((error as AbandonedError).token.unlock()).toBe(true);
  });

  test("is neither made nor waited for where workers exceed cores, unless forced", async () => {
    const crowded = new SharedSpace({ workers: 128 });
    const lock = new TicketLock(crowded);
    const attach = ({ data, say }: InWorker<{ lock: TicketLock }>) => {
      say(data.lock.freed);
      setInterval(() => {}, 1000);
    };
    const cores = process.getBuiltinModule("node:os").availableParallelism();
    const workers = Array.from({ length: cores + 1 }, () => inWorker(attach, { lock }));
    await Promise.all(workers.map(message));
    expect(() => new TicketLock(crowded)).toThrow(OversubscribedError);
    new TicketLock(crowded, { force: true }).lock().unlock();
    const token = lock.lock();
    await expect(lock.lockAsync()).rejects.toThrow(OversubscribedError);
    token.unlock();
    lock.lock().unlock();
    await Promise.all(workers.map((worker) => worker.terminate()));
  });

  test("is the same object for all who receive it, and of no use when it is freed", async () => {
    const lock = make();
    const { copy } = receive<{ copy: TicketLock }>(structuredClone({ copy: lock }));
    expect(copy).toBeInstanceOf(TicketLock);
    const token = lock.lock();
    expect(() => copy.lock()).toThrow(DeadlockError);
    token.unlock();
    lock.free();
    expect(() => copy.lock()).toThrow(FreedError);
    await expect(copy.lockAsync()).rejects.toThrow(FreedError);
  });
});
