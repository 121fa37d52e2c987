import { describe, expect, test } from "vitest";
import { DeadlockError, SharedSpace, TicketLock } from "#library/index.js";
import { holder } from "./holder.js";
import { exit, type InWorker, inWorker, message } from "./in-worker.js";

const space = new SharedSpace();

describe("TicketLock", () => {
  // Where there are few cores.
  const make = () => new TicketLock(space, { force: true });

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

  test("names as a deadlock what would wait behind a request of the same worker", async () => {
    const lock = make();
    const other = await holder(lock);
    const inLine = lock.lockAsync();
    expect(() => lock.lock()).toThrow(DeadlockError);
    await other.terminate();
    expect((await inLine).unlock()).toBe(true);
  });
});
