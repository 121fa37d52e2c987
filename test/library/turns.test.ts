import { setImmediate as turn } from "node:timers/promises";
import { afterEach, describe, expect, test, vi } from "vitest";
import {
  Channel,
  FreedError,
  McsLock,
  Mutex,
  RwLock,
  Semaphore,
  SharedSpace,
  TicketLock,
  type WaitOptions,
} from "#library/index.js";

const space = new SharedSpace();
const REQUESTS = 300;

afterEach(() => {
  vi.restoreAllMocks();
});

type Held = Disposable;
type Kind = readonly [string, () => { free(): void; ask(wait?: WaitOptions): Promise<Held> }];

const KINDS: readonly Kind[] = [
  ["Mutex.lockAsync", () => asked(new Mutex(space), (mutex, wait) => mutex.lockAsync(wait))],
  ["RwLock.lockAsync", () => asked(new RwLock(space), (lock, wait) => lock.lockAsync(wait))],
  ["Semaphore.acquireAsync", () => asked(new Semaphore(space, 1), (seat, wait) => seat.acquireAsync(1, wait))],
  ["TicketLock.lockAsync", () => asked(new TicketLock(space, { force: true }), (lock, wait) => lock.lockAsync(wait))],
  ["McsLock.lockAsync", () => asked(new McsLock(space, { force: true }), (lock, wait) => lock.lockAsync(wait))],
];

function asked<T extends { free(): void }>(object: T, ask: (object: T, wait?: WaitOptions) => Promise<Held>) {
  return { free: () => object.free(), ask: (wait?: WaitOptions) => ask(object, wait) };
}

describe.each(KINDS)("%s", (_, make) => {
  test("is not overtaken for ever by a task of the same worker that asks again and again", async () => {
    const { ask } = make();
    let turns = 0;
    let isOver = false;
    const greedy = (async () => {
      while (!isOver) {
        using _held = await ask();
        turns++;
        await turn();
      }
    })();
    await turn();
    (await ask())[Symbol.dispose]();
    expect(turns).toBeLessThan(10);
    isOver = true;
    await greedy;
  });

  test("serves the requests of one worker in their order, without those that gave up", async () => {
    const { ask } = make();
    const first = await ask();
    const served: number[] = [];
    const abort = new AbortController();
    const requests = Array.from({ length: REQUESTS }, async (_, number) => {
      const wait = number % 3 === 0 ? {} : number % 3 === 1 ? { timeout: 5 } : { signal: abort.signal };
      using _held = await ask(wait);
      served.push(number);
    });
    const all = Promise.allSettled(requests);
    await new Promise((resolve) => setTimeout(resolve, 30));
    abort.abort(new Error("no more"));
    first[Symbol.dispose]();
    const results = await all;
    expect(served).toEqual(Array.from({ length: REQUESTS / 3 }, (_, i) => 3 * i));
    for (const [number, result] of results.entries()) {
      const reason = result.status === "rejected" ? (result.reason as Error) : undefined;
      expect(reason?.name).toBe([undefined, "TimeoutError", "Error"][number % 3]);
    }
    (await ask({ timeout: 1000 }))[Symbol.dispose]();
  });

  test("tells those who wait for their turn that it was freed", async () => {
    const { ask, free } = make();
    await ask();
    const requests = Promise.allSettled([ask(), ask(), ask()]);
    await turn();
    free();
    for (const result of await requests) expect(result).toMatchObject({ reason: expect.any(FreedError) });
  });
});

test("Channel.sendAsync sends in the order in which it was called", async () => {
  const channel = new Channel<number>(space, { capacity: 64 });
  const received: number[] = [];
  const reading = (async () => {
    for await (const message of channel) received.push(message);
  })();
  const sends: Promise<void>[] = [];
  for (let i = 0; i < 100; i++) {
    sends.push(channel.sendAsync(i));
    if (i % 5 === 0) await turn();
  }
  await Promise.all(sends);
  channel.close();
  await reading;
  expect(received).toEqual(Array.from({ length: 100 }, (_, i) => i));
});

test("a signal has one listener, however many wait with it", async () => {
  const mutex = new Mutex(space);
  mutex.lock();
  const abort = new AbortController();
  const add = vi.spyOn(abort.signal, "addEventListener");
  const remove = vi.spyOn(abort.signal, "removeEventListener");
  const requests = Array.from({ length: 50 }, () => mutex.lockAsync({ signal: abort.signal }));
  const results = Promise.allSettled(requests);
  await turn();
  expect(add).toHaveBeenCalledTimes(1);
  abort.abort(new Error("enough"));
  for (const result of await results) expect(result).toMatchObject({ reason: new Error("enough") });
  expect(remove).toHaveBeenCalledTimes(1);
});
