import { afterEach, expect, test, vi } from "vitest";
import { Channel, Event, Mutex, Semaphore, SharedSpace } from "#dist/library/index.js";

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
