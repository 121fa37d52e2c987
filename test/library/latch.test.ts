import { describe, expect, test } from "vitest";
import { FreedError, Latch, SharedSpace } from "#library/index.js";
import { exit, inWorker, message } from "./in-worker.js";

const space = new SharedSpace();

describe("Latch", () => {
  test("lets all go on when nothing is left, and who comes later", async () => {
    const latch = new Latch(space, 3);
    const waiter = inWorker(
      ({ data, say }) => {
        say("waits");
        data.latch.wait();
      },
      { latch },
    );
    const end = exit(waiter);
    await message(waiter);
    const waits = [latch.waitAsync(), Latch.waitAsync(latch)];
    latch.countDown();
    expect(latch.left).toBe(2);
    expect(latch.wait(0)).toBe(false);
    Latch.countDown(latch, 2);
    await Promise.all([end, ...waits]);
    expect(latch.wait()).toBe(true);
    expect(Latch.wait(latch, 0)).toBe(true);
    expect([latch.left, latch.abandoned]).toEqual([0, false]);
  });

  test("is open from the start if it is made of 0", () => {
    expect(new Latch(space, 0).wait(0)).toBe(true);
  });

  test("is given up when the time is over or the signal is aborted", async () => {
    const latch = new Latch(space, 1);
    expect(latch.wait(5)).toBe(false);
    await expect(latch.waitAsync({ timeout: 5 })).rejects.toMatchObject({ name: "TimeoutError" });
    const controller = new AbortController();
    const aborted = latch.waitAsync({ signal: controller.signal });
    controller.abort(new Error("changed my mind"));
    await expect(aborted).rejects.toThrow("changed my mind");
    latch.countDown();
    await latch.waitAsync();
  });

  test("counts no more down, and promises no more, than is left", () => {
    const latch = new Latch(space, 2);
    expect(() => latch.countDown(3)).toThrow("Cannot count down a Latch: received 3; expected at most the 2 left");
    expect(() => latch.promise(3)).toThrow(RangeError);
    latch.promise(2);
    expect(() => latch.promise()).toThrow(RangeError);
    expect(latch.left).toBe(2);
    latch.countDown(2);
    expect(() => latch.countDown()).toThrow("expected at most the 0 left");
  });

  test("is counted down for a worker that dies, as far as it has promised and not done it, and says so", async () => {
    const latch = new Latch(space, 5);
    const victim = inWorker(
      ({ data, say }) => {
        data.latch.promise(3);
        data.latch.countDown();
        say("one of three");
        setInterval(() => {}, 1000);
      },
      { latch },
    );
    await message(victim);
    expect(latch.left).toBe(4);
    latch.countDown(2);
    await victim.terminate();
    await latch.waitAsync({ timeout: 10_000 });
    expect(latch.abandoned).toBe(true);
  });

  test("is not counted down for a worker that dies and has promised nothing", async () => {
    const latch = new Latch(space, 2);
    const victim = inWorker(
      ({ data }) => {
        data.latch.countDown();
        process.exit(1);
      },
      { latch },
    );
    await exit(victim);
    expect(latch.wait(20)).toBe(false);
    expect([latch.left, latch.abandoned]).toEqual([1, false]);
  });

  test("lets the next worker of a dead one's slot promise anew", async () => {
    const small = new SharedSpace({ workers: 2 });
    const latch = new Latch(small, 6);
    const die = () =>
      exit(
        inWorker(
          ({ data }) => {
            data.latch.promise(2);
            data.latch.countDown();
            process.exit(1);
          },
          { latch },
        ),
      );
    for (const left of [4, 2, 0]) {
      await die();
      while (latch.left > left) await new Promise((resolve) => setTimeout(resolve, 1));
      expect(latch.left).toBe(left);
    }
    expect(latch.wait(0)).toBe(true);
  });

  test("tells those who wait that it was freed", async () => {
    const latch = new Latch(space, 1);
    const waits = latch.waitAsync();
    latch.free();
    await expect(waits).rejects.toThrow(FreedError);
  });

  test("names the use of one that was freed", async () => {
    const latch = new Latch(space, 1);
    latch.free();
    expect(() => latch.countDown()).toThrow(FreedError);
    expect(() => latch.promise()).toThrow(FreedError);
    expect(() => latch.left).toThrow(FreedError);
    expect(() => latch.abandoned).toThrow(FreedError);
    expect(() => latch.wait()).toThrow(FreedError);
    await expect(latch.waitAsync()).rejects.toThrow(FreedError);
  });
});
