import { describe, expect, test } from "vitest";
import {
  AbandonedError,
  Channel,
  Counter,
  DeadlockError,
  McsLock,
  Mutex,
  Once,
  type Permit,
  RwLock,
  Semaphore,
  SharedSpace,
  TicketLock,
  type UnlockToken,
} from "#library/index.js";
import { exit, inWorker } from "./in-worker.js";

const space = new SharedSpace();

type Work<T> = (held: UnlockToken | Permit) => T;

interface Held {
  readonly with: <T>(work: Work<T>) => T;
  readonly withAsync: <T>(work: Work<T>, options?: { timeout: number }) => Promise<Awaited<T>>;
  readonly tryTake: () => UnlockToken | Permit | null;
}

const WAYS: Record<string, () => Held> = {
  "Mutex.withLock": () => ofLock(new Mutex(space)),
  "RwLock.withLock": () => ofLock(new RwLock(space)),
  "TicketLock.withLock": () => ofLock(new TicketLock(space, { force: true })),
  "McsLock.withLock": () => ofLock(new McsLock(space, { force: true })),
  "RwLock.withLockShared": () => {
    const lock = new RwLock(space);
    return {
      with: (work) => RwLock.withLockShared(lock, work as Work<never>),
      withAsync: (work, options) => RwLock.withLockSharedAsync(lock, work, options),
      tryTake: () => RwLock.tryLock(lock),
    };
  },
  "Semaphore.withPermits": () => {
    const semaphore = new Semaphore(space, 2);
    return {
      with: (work) => Semaphore.withPermits(semaphore, work as Work<never>, 2),
      withAsync: (work, options) => Semaphore.withPermitsAsync(semaphore, work, 2, options),
      tryTake: () => Semaphore.tryAcquire(semaphore),
    };
  },
};

/** As work that returns nothing: types refuse what may return a promise. */
function ofLock(lock: Mutex | RwLock | TicketLock | McsLock): Held {
  return {
    with: (work) => lock.withLock(work as Work<never>),
    withAsync: (work, options) => lock.withLockAsync(work, options),
    tryTake: () => lock.tryLock(),
  };
}

describe.each(Object.keys(WAYS))("%s", (name) => {
  const make = WAYS[name]!;
  /** Whether another could have it; the worker itself is told that it has it already. */
  const isFree = ({ tryTake }: Held) => {
    try {
      const held = tryTake();
      held?.[Symbol.dispose]();
      return held !== null;
    } catch (error) {
      expect(error).toBeInstanceOf(DeadlockError);
      return false;
    }
  };

  test("holds it while it works, and returns what the work returns", () => {
    const held = make();
    expect(held.with(() => isFree(held))).toBe(false);
    expect(isFree(held)).toBe(true);
  });

  test("lets it go where the work throws, or has let it go", () => {
    const held = make();
    const fail = () => {
      throw new Error("on purpose");
    };
    expect(() => held.with(fail)).toThrow("on purpose");
    expect(isFree(held)).toBe(true);
    held.with((it) => it[Symbol.dispose]());
    expect(isFree(held)).toBe(true);
  });

  test("refuses work that is not done when it returns, and points to the other form", () => {
    const held = make();
    let calls = 0;
    const expected = /^Cannot .*: received a.*; expected work that is done when it returns, or with.*Async$/;
    expect(() => held.with(async () => calls++)).toThrow(expected);
    expect(calls).toBe(0);
    expect(() => held.with(() => Promise.reject(new Error("told by nobody else")))).toThrow(expected);
    expect(isFree(held)).toBe(true);
  });

  test("holds it, in the form that does not block, until the work's promise settles", async () => {
    const held = make();
    const work = held.withAsync(async () => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      return isFree(held);
    });
    const second = held.withAsync(() => "second");
    expect(await work).toBe(false);
    expect(await second).toBe("second");
    await expect(held.withAsync(() => Promise.reject(new Error("on purpose")))).rejects.toThrow("on purpose");
    expect(isFree(held)).toBe(true);
  });
});

describe("Mutex.withLockAsync", () => {
  test("does no work where it cannot lock in time", async () => {
    const mutex = new Mutex(space);
    using _ = mutex.lock();
    let calls = 0;
    await expect(mutex.withLockAsync(() => calls++, { timeout: 5 })).rejects.toMatchObject({ name: "TimeoutError" });
    expect(calls).toBe(0);
  });
});

describe("Mutex.withLock", () => {
  const die = (mutex: Mutex) =>
    exit(
      inWorker(
        ({ data }) => {
          data.mutex.lock();
          process.exit(1);
        },
        { mutex },
      ),
    );

  test("tells the work that the owner before died", async () => {
    const mutex = new Mutex(space);
    await die(mutex);
    expect(mutex.withLock(({ abandoned }) => abandoned)).toBe(true);
    expect(mutex.withLock(({ abandoned }) => abandoned)).toBe(false);
  });

  test("does no work where the mutex throws since its owner died; the error's token holds it", async () => {
    const mutex = new Mutex(space, { onAbandoned: "throw" });
    await die(mutex);
    let calls = 0;
    try {
      mutex.withLock(() => calls++);
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(AbandonedError);
      expect((error as AbandonedError).token.unlock()).toBe(true);
    }
    expect(calls).toBe(0);
    expect(mutex.withLock(() => ++calls)).toBe(1);
  });
});

describe("tryLock", () => {
  test("gives null where another worker holds it, and fills a token where nobody does", async () => {
    const mutex = new Mutex(space);
    const token = mutex.lock();
    const tries = inWorker(({ data }) => process.exit(data.mutex.tryLock() === null ? 5 : 6), { mutex });
    expect(await exit(tries)).toBe(5);
    token.unlock();
    expect(mutex.tryLock(token)).toBe(token);
    expect(token.unlock()).toBe(true);
  });

  test("throws what the work threw, also where it has freed the lock meanwhile", async () => {
    const mine = new Error("mine");
    const [first, second] = [new Mutex(space), new Mutex(space)];
    const freeing = (lock: Mutex) => () => {
      lock.free();
      throw mine;
    };
    expect(() => first.withLock(freeing(first))).toThrow(mine);
    await expect(second.withLockAsync(freeing(second))).rejects.toBe(mine);
  });

  test("of an RwLock lets readers in beside readers only", () => {
    const lock = new RwLock(space);
    using reads = lock.tryLockShared();
    expect(reads?.locked).toBe(true);
    expect(lock.tryLock()).toBeNull();
    using again = lock.tryLockShared();
    expect(again?.locked).toBe(true);
  });
});

test("Types refuse async work where it must be done when it returns", () => {
  const mutex = new Mutex(space);
  const never: boolean = false;
  if (never) {
    // @ts-expect-error: use withLockAsync
    mutex.withLock(async () => 5);
    // @ts-expect-error: also what may be a promise
    mutex.withLock(() => (never ? Promise.resolve() : 5));
    // @ts-expect-error
    new RwLock(space).withLockShared(async () => {});
    // @ts-expect-error
    TicketLock.withLock(new TicketLock(space), () => Promise.resolve(5));
    // @ts-expect-error
    new Semaphore(space, 1).withPermits(async () => {});
    // @ts-expect-error
    new Once(space).call(async () => {});
    // @ts-expect-error
    Once.call(new Once(space), async () => {});
  }
  const result: number = mutex.withLock(() => 5);
  const text: string | undefined = Mutex.withLock(mutex, ({ held }) => (held ? "held" : undefined));
  const anything: unknown = mutex.withLock(() => JSON.parse("[1]"));
  expect([result, text, anything, mutex.withLock(() => {})]).toEqual([5, "held", [1], undefined]);
  expect(() =>
    mutex.withLock(() => {
      throw new RangeError("no");
    }),
  ).toThrow(RangeError);
  mutex.free();
});

test("Options may be undefined one by one", async () => {
  const mutex = new Mutex(space, { onAbandoned: undefined });
  (await mutex.lockAsync({ timeout: undefined, signal: undefined })).unlock();
  (await mutex.lockIfAvailableAsync(5, { signal: undefined }))!.unlock();
  mutex.free();
  for (const object of [
    new RwLock(space, { onAbandoned: undefined }),
    new TicketLock(space, { force: true, onAbandoned: undefined }),
    new Channel(space, { capacity: undefined, codec: undefined }),
    new Counter(space, { batch: undefined }),
  ])
    object.free();
  new SharedSpace({ workers: undefined, maximumBytes: 2 ** 20 }).close();
});
