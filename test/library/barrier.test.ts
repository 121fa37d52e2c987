import { describe, expect, test } from "vitest";
import { Barrier, FreedError, receive, SharedSpace } from "#library/index.js";
import { exit, type InWorker, inWorker, message } from "./in-worker.js";

const space = new SharedSpace();

interface Scene {
  barrier: Barrier;
  /** Led, seen too few, then arrivals of each worker. */
  words: Int32Array;
  me: number;
  turns: number;
  parties: number;
}

/** Waits `turns` times; each time all must have arrived as often. */
const work = ({ data }: InWorker<Scene>) => {
  const { barrier, words, me, turns, parties } = data;
  for (let turn = 1; turn <= turns; turn++) {
    Atomics.store(words, 2 + me, turn);
    if (barrier.wait()) Atomics.add(words, 0, 1);
    for (let p = 0; p < parties; p++) if (Atomics.load(words, 2 + p) < turn) Atomics.add(words, 1, 1);
  }
};

const words = () => new Int32Array(new SharedArrayBuffer(256));

/** A worker that joins and dies when it is told, waiting or not. */
async function mortal(barrier: Barrier, waits: boolean) {
  const worker = inWorker(
    ({ data, say }) => {
      const party = data.barrier.join();
      say("joined");
      if (data.waits) party.wait();
      setInterval(() => {}, 1000);
    },
    { barrier, waits },
  );
  await message(worker);
  return worker;
}

describe("Barrier", () => {
  test("has no party of a worker whose first wait was aborted before it began", async () => {
    const barrier = new Barrier(space, 1);
    await expect(barrier.waitAsync({ signal: AbortSignal.abort(new Error("stop")) })).rejects.toThrow("stop");
    expect(barrier.join().wait()).toBe(true);
  });

  test.each([
    [2, 2000],
    [9, 300],
    [17, 100],
  ])(
    "lets none of %d workers go on before all have arrived, and says to one that it was the last",
    async (parties, turns) => {
      const barrier = new Barrier(space, parties);
      const seen = words();
      const start = (_: unknown, me: number) => exit(inWorker(work, { barrier, words: seen, me, turns, parties }));
      await Promise.all(Array.from({ length: parties }, start));
      expect([...seen.subarray(0, 2)]).toEqual([turns, 0]);
    },
  );

  test("has as many parties of one worker as it joins, which wait without blocking", async () => {
    const barrier = new Barrier(space, 3);
    const parties = [barrier.join(), barrier.join()];
    for (let turn = 0; turn < 3; turn++) {
      const waits = [...parties.map((party) => party.waitAsync()), Barrier.waitAsync(barrier)];
      expect(await Promise.all(waits)).toEqual([false, false, true]);
    }
    expect(() => barrier.join()).toThrow(RangeError);
  });

  test("has one own party of a worker, however often it was received", async () => {
    const barrier = new Barrier(space, 2);
    const [copy] = receive<Barrier[]>(structuredClone([barrier]));
    const first = barrier.waitAsync();
    await expect(copy!.waitAsync()).rejects.toThrow(RangeError);
    expect(await copy!.join().waitAsync()).toBe(true);
    expect(await first).toBe(false);
  });

  test("waits no more for a party that leaves, once or in the end", async () => {
    const barrier = new Barrier(space, 2);
    const party = barrier.join();
    {
      using leaving = barrier.join();
      const waits = party.waitAsync();
      await expect(party.waitAsync()).rejects.toThrow(RangeError);
      expect(() => party.leave()).toThrow(RangeError);
      expect(await Promise.race([waits, Promise.resolve("not yet")])).toBe("not yet");
      expect(leaving.leave()).toBe(true);
      expect(leaving.leave()).toBe(false);
      expect(await waits).toBe(true);
      expect(() => leaving.wait()).toThrow(RangeError);
    }
    expect(party.wait()).toBe(true);
    expect(() => barrier.join()).toThrow(RangeError);
  });

  test("lets a party arrive first and wait later", async () => {
    const barrier = new Barrier(space, 2);
    const [early, late] = [barrier.join(), barrier.join()];
    early.arrive();
    expect(() => early.arrive()).toThrow(RangeError);
    expect(late.wait()).toBe(true);
    expect(early.wait()).toBe(false);
    late.arrive();
    early.arrive();
    expect(await Promise.all([early.waitAsync(), late.waitAsync()])).toEqual([true, false]);
  });

  test("keeps the arrival of who gives up waiting", async () => {
    const barrier = new Barrier(space, 2);
    const [patient, last] = [barrier.join(), barrier.join()];
    await expect(patient.waitAsync({ timeout: 5 })).rejects.toMatchObject({ name: "TimeoutError" });
    const controller = new AbortController();
    const aborted = patient.waitAsync({ signal: controller.signal });
    controller.abort(new Error("changed my mind"));
    await expect(aborted).rejects.toThrow("changed my mind");
    const again = patient.waitAsync();
    expect(last.wait()).toBe(true);
    expect(await again).toBe(false);
  });

  test.each([true, false])("waits no more for workers that die (waiting: %s)", async (waits) => {
    const barrier = new Barrier(space, 12);
    const victims = await Promise.all(Array.from({ length: 10 }, () => mortal(barrier, waits)));
    const survivors = [barrier.join(), barrier.join()];
    const over = Promise.all(survivors.map((party) => party.waitAsync()));
    await Promise.all(victims.map((worker) => worker.terminate()));
    const led = await over;
    if (!waits) expect(led.filter(Boolean)).toHaveLength(1);
    // Who has died is perhaps not known to have, yet; then any one leads.
    const again = await Promise.all(survivors.map((party) => party.waitAsync()));
    expect(again.filter(Boolean)).toHaveLength(1);
  });

  test("names what is wrong with a call", () => {
    for (const parties of [0, 1.5, 65536]) expect(() => new Barrier(space, parties)).toThrow(RangeError);
    const barrier = new Barrier(space, 1);
    const party = barrier.join();
    expect(party.wait()).toBe(true);
    barrier.free();
    expect(() => barrier.wait()).toThrow(FreedError);
    expect(() => party.wait()).toThrow(FreedError);
    expect(() => party.leave()).toThrow(FreedError);
  });
});
