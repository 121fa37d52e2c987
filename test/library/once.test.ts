import { setTimeout } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { DeadlockError, FreedError, Once, SharedSpace } from "#library/index.js";
import { exit, type InWorker, inWorker, message } from "./in-worker.js";

const space = new SharedSpace();

interface Scene {
  once: Once;
  count: Int32Array;
}

const scene = (): Scene => ({ once: new Once(space), count: new Int32Array(new SharedArrayBuffer(4)) });

/** Says "runs" when it has begun to do it, and never ends. */
const stuck = ({ data, say }: InWorker<Scene>) => {
  data.once.call(() => {
    say("runs");
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  });
};

describe("Once", () => {
  test("has one of its callers do it, and the others wait until it is done", async () => {
    const of = scene();
    expect(of.once.done).toBe(false);
    const call = ({ data }: InWorker<Scene>) => {
      data.once.call(() => {
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
        data.count[0]!++;
      });
      if (data.count[0] !== 1) throw new Error("went on too early");
    };
    await Promise.all([0, 1, 2].map(() => exit(inWorker(call, of))));
    expect(of.count[0]).toBe(1);
    expect(of.once.done).toBe(true);
    expect(of.once.call(() => expect.unreachable())).toBe(false);
    expect(await Once.callAsync(of.once, () => expect.unreachable())).toBe(false);
  });

  test("gives an error to whose work threw it, and has the next one do it", async () => {
    const { once } = scene();
    const fail = () => {
      throw new Error("on purpose");
    };
    expect(() => once.call(fail)).toThrow("on purpose");
    const failing = once.callAsync(async () => {
      await setTimeout(1);
      fail();
    });
    const next = once.callAsync(() => setTimeout(1));
    await expect(failing).rejects.toThrow("on purpose");
    expect(await next).toBe(true);
    expect(Once.call(once, fail)).toBe(false);
  });

  test("has the next one do it when who did it dies", async () => {
    const of = scene();
    const worker = inWorker(stuck, of);
    await message(worker);
    const next = of.once.callAsync(() => of.count[0]!++);
    await worker.terminate();
    expect(await next).toBe(true);
    expect(of.count[0]).toBe(1);
  });

  test("waits for others no longer than it is told", async () => {
    const of = scene();
    const worker = inWorker(stuck, of);
    await message(worker);
    await expect(of.once.callAsync(() => {}, { timeout: 5 })).rejects.toMatchObject({ name: "TimeoutError" });
    const controller = new AbortController();
    const aborted = of.once.callAsync(() => {}, { signal: controller.signal });
    controller.abort(new Error("changed my mind"));
    await expect(aborted).rejects.toThrow("changed my mind");
    await worker.terminate();
    expect(of.once.call(() => {})).toBe(true);
  });

  test("throws what its work throws, also if that has closed the space", async () => {
    const fails = (space: SharedSpace) => {
      space.close();
      throw new Error("mine");
    };
    const [first, second] = [new SharedSpace(), new SharedSpace()];
    expect(() => new Once(first).call(() => void fails(first))).toThrow("mine");
    await expect(new Once(second).callAsync(() => fails(second))).rejects.toThrow("mine");
  });

  test("names what is wrong with a call", async () => {
    const { once } = scene();
    expect(() => once.call(() => void once.call(() => {}))).toThrow(DeadlockError);
    once.free();
    expect(() => once.call(() => {})).toThrow(FreedError);
    expect(() => once.done).toThrow(FreedError);
    await expect(once.callAsync(() => {})).rejects.toThrow(FreedError);
  });
});
