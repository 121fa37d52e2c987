import { afterEach, expect, test, vi } from "vitest";
import {
  Channel,
  Event,
  Mutex,
  RwLock,
  Semaphore,
  SharedSpace,
  type UnlockToken,
  type WaitOptions,
} from "#library/index.js";
import { Random } from "#machines/machines/random.js";

const REQUESTS = 2000;

afterEach(() => {
  vi.restoreAllMocks();
});

test("lockAsync of many requests waits in the engine's list about once for each, not once for each pair of them", async () => {
  const mutex = new Mutex(new SharedSpace());
  const token = mutex.lock();
  const waitAsync = vi.spyOn(Atomics, "waitAsync");
  let locked = 0;
  const requests = Array.from({ length: REQUESTS }, async () => {
    const token = await mutex.lockAsync();
    expect(locked++).toBeLessThan(REQUESTS);
    token.unlock();
  });
  token.unlock();
  await Promise.all(requests);
  expect(locked).toBe(REQUESTS);
  expect(waitAsync.mock.calls.length).toBeLessThan(3 * REQUESTS);
});

test("lockAsync serves those who are left when the first in line gives up, by time or by signal", async () => {
  const mutex = new Mutex(new SharedSpace());
  const token = mutex.lock();
  const abort = new AbortController();
  const first = mutex.lockAsync({ signal: abort.signal });
  const second = mutex.lockIfAvailableAsync(20);
  const third = mutex.lockAsync();
  abort.abort(new Error("no more"));
  await expect(first).rejects.toThrow("no more");
  expect(await second).toBeNull();
  token.unlock();
  (await third).unlock();
  expect(mutex.lockIfAvailable(0)?.unlock()).toBe(true);
});

test("lockAsync goes on after a line from which all have gone", async () => {
  const mutex = new Mutex(new SharedSpace());
  const token = mutex.lock();
  expect(await mutex.lockIfAvailableAsync(5)).toBeNull();
  const request = mutex.lockAsync();
  expect(await mutex.lockIfAvailableAsync(5)).toBeNull();
  token.unlock();
  expect((await request).unlock()).toBe(true);
});

test("lockAsync refuses a signal that lacks what is called of it", async () => {
  const mutex = new Mutex(new SharedSpace());
  const halves = [{ throwIfAborted() {} }, { removeEventListener() {} }];
  for (const half of halves) {
    const signal = { aborted: false, addEventListener() {}, ...half } as unknown as AbortSignal;
    await expect(mutex.lockAsync({ signal })).rejects.toThrow("expected signal: an AbortSignal");
  }
  expect(mutex.tryLock()?.unlock()).toBe(true);
});

test("a line that all have left is forgotten by the engine", async () => {
  const mutex = new Mutex(new SharedSpace());
  const token = mutex.lock();
  const waitAsync = vi.spyOn(Atomics, "waitAsync");
  expect(await mutex.lockIfAvailableAsync(5)).toBeNull();
  const [wait] = waitAsync.mock.results;
  expect(await wait!.value.value).toBe("ok");
  token.unlock();
});

test("lockAsync of a RwLock waits for the writer before it, and then for the readers that came first", async () => {
  const rwLock = new RwLock(new SharedSpace());
  const writer = rwLock.lock();
  const request = rwLock.lockAsync();
  writer.unlock();
  const reader = rwLock.lockShared();
  // The request looks meanwhile, and finds the reader.
  await new Promise((resolve) => setTimeout(resolve, 20));
  reader.unlock();
  expect((await request).unlock()).toBe(true);
});

test("who is kept from running for longer than its time, just as it begins to wait, acquires nothing later", async () => {
  const space = new SharedSpace();
  const mutex = new Mutex(space);
  const channel = new Channel<number>(space);
  const token = mutex.lock();
  const now = vi.spyOn(performance, "now");
  let late = performance.now();
  now.mockImplementation(() => {
    late += 50;
    return late;
  });
  const lock = mutex.lockIfAvailableAsync(10);
  const message = channel.receiveAsync({ timeout: 10 });
  now.mockRestore();
  expect(await lock).toBeNull();
  await expect(message).rejects.toThrow("in 10 ms");
  token.unlock();
  await channel.sendAsync(1);
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(mutex.lockIfAvailable(0)?.unlock()).toBe(true);
  expect(channel.receiveIfAvailable(0)).toBe(1);
});

test("lockAsync leaves nothing behind where a signal throws that it asks to listen", async () => {
  const mutex = new Mutex(new SharedSpace());
  const token = mutex.lock();
  const addEventListener = () => {
    throw new Error("on purpose");
  };
  const signal = { aborted: false, addEventListener, removeEventListener() {}, throwIfAborted() {} } as never;
  await expect(mutex.lockAsync({ signal, timeout: 1 })).rejects.toThrow("on purpose");
  await new Promise((resolve) => setTimeout(resolve, 20));
  token.unlock();
  (await mutex.lockAsync({ timeout: 1000 })).unlock();
});

/** Requests of all kinds, each with a time or a signal that may be over at any moment, and a clock that leaps. */
test.each([1, 2, 3, 4, 5, 6])(
  "who gives up at any moment acquires nothing, and loses nothing (seed %i)",
  async (seed) => {
    const random = new Random(seed);
    const space = new SharedSpace();
    const mutex = new Mutex(space);
    const rwLock = new RwLock(space);
    const semaphore = new Semaphore(space, 3);
    const channel = new Channel<number>(space, { capacity: 64 });
    const clock = performance.now.bind(performance);
    let leaps = 0;
    vi.spyOn(performance, "now").mockImplementation(() => {
      if (random.below(4) === 0) leaps += random.below(4);
      return clock() + leaps;
    });
    const sent = new Set<number>();
    const received: number[] = [];
    const pause = () => new Promise((resolve) => setTimeout(resolve, random.below(3)));
    const hold = async (token: UnlockToken) => {
      await pause();
      token.unlock();
    };
    const KINDS = [
      async (wait: WaitOptions) => hold(await mutex.lockAsync(wait)),
      async (wait: WaitOptions) => hold(await rwLock.lockSharedAsync(wait)),
      async (wait: WaitOptions) => hold(await rwLock.lockAsync(wait)),
      async (wait: WaitOptions) => {
        const permit = await semaphore.acquireAsync(1 + random.below(3), wait);
        await pause();
        permit.release();
      },
      async (wait: WaitOptions, number: number) => {
        await channel.sendAsync(number, wait);
        sent.add(number);
      },
      async (wait: WaitOptions) => {
        received.push((await channel.receiveAsync(wait))!);
      },
    ];
    const gaveUp = new Error("gave up");
    const requests = Array.from({ length: 600 }, async (_, number) => {
      for (let turn = random.below(40); turn > 0; turn--) await pause();
      const abort = new AbortController();
      if (random.below(2) === 0) void pause().then(() => abort.abort(gaveUp));
      const timeout = 1 + random.below(4);
      await KINDS[random.below(KINDS.length)]!({ timeout, signal: abort.signal }, number).catch((error: Error) => {
        if (error !== gaveUp && error.name !== "TimeoutError") throw error;
      });
    });
    await Promise.all(requests);
    vi.restoreAllMocks();
    expect(mutex.lockIfAvailable(0)?.unlock()).toBe(true);
    expect(rwLock.lockIfAvailable(0)?.unlock()).toBe(true);
    expect(semaphore.available).toBe(3);
    for (let left = channel.receiveIfAvailable(0); left !== null; left = channel.receiveIfAvailable(0))
      received.push(left!);
    expect(received.sort((a, b) => a - b)).toEqual([...sent].sort((a, b) => a - b));
  },
);

test("acquireAsync of one permit does not wait for a request of several that came before", async () => {
  const semaphore = new Semaphore(new SharedSpace(), 0);
  const several = semaphore.acquireAsync(3);
  const one = semaphore.acquireAsync(1);
  semaphore.add(1);
  (await one).release();
  semaphore.add(2);
  expect((await several).permits).toBe(3);
});

test("waitAsync of an Event wakes all who wait in one worker", async () => {
  const event = new Event(new SharedSpace());
  const waits = Array.from({ length: 100 }, () => event.waitAsync());
  event.set();
  await Promise.all(waits);
  expect(event.isSet).toBe(true);
});
