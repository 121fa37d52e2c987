import { describe, expect, test } from "vitest";
import {
  AbandonedError,
  Condition,
  ForeignHandleError,
  FreedError,
  Mutex,
  NotOwnerError,
  RwLock,
  SharedSpace,
  UnlockToken,
} from "#library/index.js";
import { exit, type InWorker, inWorker, message } from "./in-worker.js";

const space = new SharedSpace();

interface Scene {
  mutex: Mutex;
  condition: Condition;
  words: Int32Array;
}

const scene = (): Scene => ({
  mutex: new Mutex(space),
  condition: new Condition(space),
  words: new Int32Array(new SharedArrayBuffer(64)),
});

/** Waits until word 0 is not 0, takes 1 from it, adds 1 to word 1, and says "took"; says "waits" before. */
const taker = ({ data, say }: InWorker<Scene>) => {
  const { mutex, condition, words } = data;
  const token = mutex.lock();
  say("waits");
  while (words[0] === 0) condition.wait(token);
  words[0]!--;
  words[1]!++;
  token.unlock();
  say("took");
};

/** A taker that waits. */
async function waiting(of: Scene) {
  const worker = inWorker(taker, of);
  await message(worker);
  // It let the lock go when it had begun to wait.
  (await of.mutex.lockAsync()).unlock();
  return worker;
}

describe("Condition", () => {
  test("wakes who waits, as many as it says, first come first served", async () => {
    const of = scene();
    const workers = [await waiting(of), await waiting(of), await waiting(of)];
    const exits = workers.map(exit);
    of.words[0] = 3;
    const first = message(workers[0]!);
    expect(of.condition.notify(1)).toBe(1);
    await first;
    expect(of.words[1]).toBe(1);
    expect(Condition.notify(of.condition)).toBe(2);
    await Promise.all(exits);
    expect(of.words[1]).toBe(3);
    expect(of.condition.notify()).toBe(0);
    expect(of.condition.notify(1)).toBe(0);
  });

  test("loses no wake-up between workers that play ping-pong", async () => {
    const of = scene();
    const rally = ({ data, library }: InWorker<Scene & { me: number }>) => {
      const { mutex, condition, words, me } = data;
      const token = library.Mutex.lock(mutex);
      for (let turn = 0; turn < 5000; turn++) {
        while (words[0] !== me) library.Condition.wait(condition, token);
        words[0] = (me + 1) % 3;
        words[1]!++;
        library.Condition.notify(condition);
      }
      token.unlock();
    };
    await Promise.all([0, 1, 2].map((me) => exit(inWorker(rally, { ...of, me }))));
    expect(of.words[1]).toBe(15_000);
  });

  test("says in time whether what it waits for is true", async () => {
    const { mutex, condition } = scene();
    const token = mutex.lock();
    expect(condition.waitFor(token, 5)).toBe(false);
    expect(Condition.waitFor(condition, token, 5, () => false)).toBe(false);
    expect(condition.waitFor(token, 5, () => true)).toBe(true);
    let looks = 0;
    expect(condition.waitFor(token, 5, () => looks++ > 0)).toBe(true);
    expect(token.locked).toBe(true);
    expect(condition.notify()).toBe(0);
    expect(await Condition.waitForAsync(condition, token, 5, () => false)).toBe(false);
    expect(token.locked).toBe(true);
  });

  test("waitAsync keeps its token for its lock: no other fills it meanwhile", async () => {
    const { mutex, condition } = scene();
    const others = [new Mutex(space), mutex];
    const token = mutex.lock();
    const waiting = condition.waitAsync(token);
    for (const other of others) expect(() => other.lock(token)).toThrow("that waits on a Condition");
    expect(() => new RwLock(space).lockShared(token)).toThrow(TypeError);
    await expect(condition.waitAsync(token)).rejects.toThrow(NotOwnerError);
    for (const other of others) other.lock().unlock();
    condition.notify();
    await waiting;
    expect(token.locked).toBe(true);
    token.unlock();
    expect(others[0]!.lock(token)).toBe(token);
    token.unlock();
  });

  test("waits without blocking, and has the lock again whatever happens", async () => {
    const { mutex, condition } = scene();
    const tokens = [await mutex.lockAsync()];
    const notified = condition.waitAsync(tokens[0]!);
    tokens.push(await mutex.lockAsync());
    await expect(condition.waitAsync(tokens[1]!, { timeout: 5 })).rejects.toMatchObject({ name: "TimeoutError" });
    expect(tokens[1]!.locked).toBe(true);
    const controller = new AbortController();
    const aborted = Condition.waitAsync(condition, tokens[1]!, { signal: controller.signal });
    controller.abort(new Error("changed my mind"));
    await expect(aborted).rejects.toThrow("changed my mind");
    expect(tokens[1]!.locked).toBe(true);
    await expect(condition.waitAsync(tokens[1]!, { signal: controller.signal })).rejects.toThrow("changed my mind");
    expect(tokens[1]!.unlock()).toBe(true);
    expect(condition.notify(1)).toBe(1);
    await notified;
    expect(tokens[0]!.unlock()).toBe(true);
    expect(condition.notify(1)).toBe(0);
  });

  test("wakes any number at once, in the order in which they came", async () => {
    const { mutex, condition } = scene();
    const order: number[] = [];
    const waits: Promise<void>[] = [];
    for (let i = 0; i < 40; i++) {
      const token = await mutex.lockAsync();
      const woken = () => {
        order.push(i);
        token.unlock();
      };
      waits.push(condition.waitAsync(token).then(woken));
    }
    expect(condition.notify(15)).toBe(15);
    await Promise.all(waits.slice(0, 15));
    expect(order.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 15 }, (_, i) => i));
    expect(condition.notify()).toBe(25);
    await Promise.all(waits);
    expect(order).toHaveLength(40);
  });

  test("is notified rather than aborted, if both happen", async () => {
    const { mutex, condition } = scene();
    const token = mutex.lock();
    const controller = new AbortController();
    const waiting = condition.waitAsync(token, { signal: controller.signal });
    expect(condition.notify(1)).toBe(1);
    controller.abort();
    await waiting;
    expect(token.unlock()).toBe(true);
  });

  test("notifies the next one when who was notified dies before it has unlocked", async () => {
    const of = scene();
    const victim = inWorker(({ data, say }) => {
      const token = data.mutex.lock();
      say("waits");
      data.condition.wait(token);
      say("woken");
      setInterval(() => {}, 1000);
    }, of);
    await message(victim);
    (await of.mutex.lockAsync()).unlock();
    const next = await waiting(of);
    of.words[0] = 1;
    const woken = message(victim);
    expect(of.condition.notify(1)).toBe(1);
    await woken;
    const ended = exit(next);
    await victim.terminate();
    await ended;
    expect(of.words[1]).toBe(1);
    expect(of.mutex.lock().abandoned).toBe(false);
  });

  test("forgets who dies while it waits", async () => {
    const of = scene();
    const victim = await waiting(of);
    const next = await waiting(of);
    const ended = exit(next);
    await victim.terminate();
    of.words[0] = 1;
    while (of.condition.notify(1) === 1 && of.words[1] === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    await ended;
    expect(of.words[1]).toBe(1);
  });

  test("tells who waited when the lock's owner died meanwhile", async () => {
    const of = scene();
    const mutex = new Mutex(space, { onAbandoned: "throw" });
    for (const lock of [of.mutex, mutex]) {
      const token = lock.lock();
      const waits = of.condition.waitAsync(token).catch((error: unknown) => error);
      const owner = inWorker(
        ({ data, say }) => {
          data.lock.lock();
          say("holds");
          setInterval(() => {}, 1000);
        },
        { lock },
      );
      await message(owner);
      of.condition.notify();
      await owner.terminate();
      if (lock === mutex) expect(await waits).toBeInstanceOf(AbandonedError);
      else expect(await waits).toBe(undefined);
      expect(token.abandoned).toBe(true);
      expect(token.unlock()).toBe(true);
    }
  });

  test("lets go and takes again an RwLock that is held for writing, and no other", async () => {
    const { condition } = scene();
    const lock = new RwLock(space);
    const token = lock.lock();
    const waits = condition.waitAsync(token);
    lock.lock().unlock();
    expect(condition.notify()).toBe(1);
    await waits;
    expect(condition.waitFor(token, 5)).toBe(false);
    expect(token.unlock()).toBe(true);
    const shared = lock.lockShared();
    expect(() => condition.wait(shared)).toThrow(TypeError);
    expect(shared.unlock()).toBe(true);
  });

  test("names what is wrong with a call", () => {
    const { mutex, condition } = scene();
    expect(() => condition.wait(new UnlockToken())).toThrow(NotOwnerError);
    const token = mutex.lock();
    expect(() => new Condition(new SharedSpace({ workers: 1 })).wait(token)).toThrow(ForeignHandleError);
    expect(() => condition.notify(-1)).toThrow(RangeError);
    expect(() => condition.notify(0.5)).toThrow(RangeError);
    condition.free();
    expect(() => condition.wait(token)).toThrow(FreedError);
    expect(() => condition.notify()).toThrow(FreedError);
    expect(token.unlock()).toBe(true);
  });
});
