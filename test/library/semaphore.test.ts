import { describe, expect, test } from "vitest";
import { FreedError, Permit, receive, Semaphore, SharedSpace } from "#library/index.js";
import { exit, type InWorker, inWorker, message } from "./in-worker.js";

const space = new SharedSpace();

describe("Semaphore", () => {
  test("lets no more workers in than it has permits", async () => {
    const semaphore = new Semaphore(space, 2);
    const words = new Int32Array(new SharedArrayBuffer(12));
    const enter = ({ data }: InWorker<{ semaphore: Semaphore; words: Int32Array }>) => {
      for (let turn = 0; turn < 2000; turn++) {
        const permit = data.semaphore.acquire();
        const inside = Atomics.add(data.words, 0, 1) + 1;
        if (inside > Atomics.load(data.words, 1)) Atomics.store(data.words, 1, inside);
        Atomics.sub(data.words, 0, 1);
        Atomics.add(data.words, 2, 1);
        permit.release();
      }
    };
    await Promise.all(Array.from({ length: 4 }, () => exit(inWorker(enter, { semaphore, words }))));
    expect(words[1]).toBeLessThanOrEqual(2);
    expect(words[2]).toBe(8000);
    expect(semaphore.available).toBe(2);
  });

  test("serves who wants all permits while others come and go", async () => {
    const semaphore = new Semaphore(space, 2);
    const stop = new Int32Array(new SharedArrayBuffer(4));
    const come = ({ data, say }: InWorker<{ semaphore: Semaphore; stop: Int32Array }>) => {
      say("comes");
      let permit = data.semaphore.acquire();
      while (Atomics.load(data.stop, 0) === 0) {
        // Never without one.
        const next = data.semaphore.acquireIfAvailable(0);
        permit.release();
        permit = next ?? data.semaphore.acquire();
      }
      permit.release();
    };
    const workers = [inWorker(come, { semaphore, stop }), inWorker(come, { semaphore, stop })];
    await Promise.all(workers.map(message));
    for (let turn = 0; turn < 5; turn++) semaphore.acquire(2).release();
    Atomics.store(stop, 0, 1);
    await Promise.all(workers.map(exit));
    expect(semaphore.available).toBe(2);
  });

  test("has statics that do what the methods do", async () => {
    const semaphore = new Semaphore(space, 3);
    const permit = Semaphore.acquire(semaphore, 2);
    expect(permit).toBeInstanceOf(Permit);
    expect(permit.permits).toBe(2);
    expect(Semaphore.acquireIfAvailable(semaphore, 0, 2)).toBe(null);
    Semaphore.add(semaphore);
    expect((await Semaphore.acquireAsync(semaphore, 2)).release()).toBe(true);
    expect((await Semaphore.acquireIfAvailableAsync(semaphore, 0))!.release()).toBe(true);
    expect(permit.release()).toBe(true);
    expect(permit.release()).toBe(false);
    expect(permit.permits).toBe(0);
    expect(semaphore.available).toBe(4);
  });

  test("gives permits back at the end of a using block", () => {
    const semaphore = new Semaphore(space, 1);
    {
      using permit = semaphore.acquire();
      expect(permit.permits).toBe(1);
      expect(semaphore.available).toBe(0);
    }
    expect(semaphore.available).toBe(1);
  });

  test("signals by permits that are added and consumed", async () => {
    const semaphore = new Semaphore(space, 0);
    const receiver = inWorker(
      ({ data, say }) => {
        for (let signal = 0; signal < 10; signal++) data.semaphore.acquire().consume();
        say("received");
      },
      { semaphore },
    );
    for (let signal = 0; signal < 10; signal++) semaphore.add();
    expect(await message(receiver)).toBe("received");
    await exit(receiver);
    expect(semaphore.available).toBe(0);
  });

  test("waits without blocking, until there are permits, the time is over or the signal is aborted", async () => {
    const semaphore = new Semaphore(space, 1);
    const permit = semaphore.acquire();
    const waiting = semaphore.acquireAsync();
    expect(await semaphore.acquireIfAvailableAsync(10)).toBe(null);
    await expect(semaphore.acquireAsync(1, { timeout: 10 })).rejects.toThrow(
      expect.objectContaining({ name: "TimeoutError" }),
    );
    const controller = new AbortController();
    const aborted = semaphore.acquireAsync(1, { signal: controller.signal });
    controller.abort(new Error("changed my mind"));
    await expect(aborted).rejects.toThrow("changed my mind");
    expect(semaphore.acquireIfAvailable(5)).toBe(null);
    permit.release();
    expect((await waiting).release()).toBe(true);
    expect(semaphore.available).toBe(1);
  });

  test("gets the permits of a worker back that is terminated, and lets others have them who wait", async () => {
    const semaphore = new Semaphore(space, 3);
    const worker = inWorker(
      ({ data, say }) => {
        data.semaphore.acquire(2);
        data.semaphore.acquire(1);
        say("holds");
        data.semaphore.acquire(1);
      },
      { semaphore },
    );
    await message(worker);
    void worker.terminate();
    expect(semaphore.acquire(3).release()).toBe(true);
    expect(semaphore.available).toBe(3);
  });

  test("loses nothing when a worker is terminated that waits", async () => {
    const semaphore = new Semaphore(space, 1);
    const permit = semaphore.acquire();
    const wait = ({ data, say }: InWorker<{ semaphore: Semaphore }>) => {
      say("waits");
      data.semaphore.acquire().release();
    };
    const [first, second] = [inWorker(wait, { semaphore }), inWorker(wait, { semaphore })];
    const ended = exit(second);
    await Promise.all([message(first), message(second)]);
    const terminated = first.terminate();
    permit.release();
    await Promise.all([terminated, ended]);
    expect(semaphore.acquire().release()).toBe(true);
  });

  test("refuses numbers that are no permits", () => {
    const semaphore = new Semaphore(space, 1);
    expect(() => new Semaphore(space, -1)).toThrow(RangeError);
    expect(() => semaphore.acquire(0)).toThrow(RangeError);
    expect(() => semaphore.acquire(1.5)).toThrow(RangeError);
    expect(() => semaphore.add(2 ** 31 - 1)).toThrow(RangeError);
    expect(semaphore.available).toBe(1);
  });

  test("counts also the permits that workers have, so that all that come back fit into it", () => {
    const most = 2 ** 31 - 1;
    const semaphore = new Semaphore(space, 1);
    semaphore.add(most - 1);
    const permit = semaphore.acquire(most);
    for (const permits of [1, most]) expect(() => semaphore.add(permits)).toThrow(/at most 2147483647 in all/);
    permit.release();
    expect(semaphore.available).toBe(most);
    semaphore.acquire(5).consume();
    expect(() => semaphore.add(6)).toThrow(RangeError);
    semaphore.add(5);
    expect(semaphore.available).toBe(most);
  });

  test("is the same object for all who receive it, and of no use when it is freed", () => {
    const semaphore = new Semaphore(space, 2);
    const { copy } = receive<{ copy: Semaphore }>(structuredClone({ copy: semaphore }));
    const permit = copy.acquire();
    expect(semaphore.available).toBe(1);
    semaphore.free();
    expect(() => permit.release()).toThrow(FreedError);
    expect(() => copy.acquire()).toThrow(FreedError);
    expect(() => copy.available).toThrow(FreedError);
  });
});
