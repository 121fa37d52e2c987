import { describe, expect, test } from "vitest";
import {
  Barrier,
  Channel,
  Condition,
  DeadlockError,
  Event,
  ForeignHandleError,
  FreedError,
  Mutex,
  Once,
  RwLock,
  receive,
  Semaphore,
  SharedBuffer,
  type SharedObject,
  SharedSpace,
  SpaceFullError,
} from "#library/index.js";
import { Random } from "#machines/machines/random.js";
import { exit, type InWorker, inWorker, message } from "./in-worker.js";

const space = new SharedSpace();

/**
 * Fills four buffers with a word where objects of up to `bytes` bytes were freed, and says what of it changed later.
 */
function occupy(word: number) {
  const buffers = Array.from({ length: 4 }, () => new SharedBuffer(space, 256));
  for (const buffer of buffers) buffer.view(Uint32Array).fill(word);
  return () => {
    const changed = buffers.flatMap((buffer) => [...buffer.view(Uint32Array)]).filter((found) => found !== word);
    for (const buffer of buffers) buffer.free();
    return changed;
  };
}

describe("SharedObject.free", () => {
  test("lets go what those hold who have joined: any number of barriers, one after the other", () => {
    for (let i = 0; i < 2000; i++) {
      const barrier = new Barrier(space, 1);
      barrier.wait();
      barrier.free();
    }
  });

  test.each([0x05050505, 0x05000002])(
    "leaves who joined a barrier nothing to be repaired: bytes 0x%s",
    async (word) => {
      const barrier = new Barrier(space, 2);
      const worker = inWorker(
        ({ data, say }: InWorker<{ barrier: Barrier }>) => {
          data.barrier.join();
          say("joined");
          setInterval(() => {}, 1000);
        },
        { barrier },
      );
      const ended = exit(worker);
      await message(worker);
      barrier.free();
      const changed = occupy(word);
      await worker.terminate();
      await ended.catch(() => {});
      // The guardian goes on: it repairs a mutex whose owner dies later.
      const mutex = new Mutex(space);
      const next = inWorker(
        ({ data, say }: InWorker<{ mutex: Mutex }>) => {
          data.mutex.lock();
          say("locked");
          setInterval(() => {}, 1000);
        },
        { mutex },
      );
      const nextEnded = exit(next);
      await message(next);
      await next.terminate();
      await nextEnded.catch(() => {});
      const token = await mutex.lockAsync({ timeout: 20_000 });
      expect(token.abandoned).toBe(true);
      token.unlock();
      mutex.free();
      expect(changed()).toEqual([]);
    },
  );

  test("is for one alone: whoever comes second is told", () => {
    const mutex = new Mutex(space);
    const same = receive<Mutex>({ handle: mutex.handle });
    mutex.free();
    expect(() => same.free()).toThrow(FreedError);
    expect(() => mutex.free()).toThrow(FreedError);
  });

  test("is done once by workers that do so at once", async () => {
    const rounds = 200;
    const mutexes = Array.from({ length: rounds }, () => new Mutex(space));
    const gate = new Barrier(space, 3);
    const free = ({ data, say }: InWorker<{ mutexes: Mutex[]; gate: Barrier }>) => {
      let freed = 0;
      for (const mutex of data.mutexes) {
        data.gate.wait();
        try {
          mutex.free();
          freed++;
        } catch (error) {
          if ((error as Error).name !== "FreedError") throw error;
        }
      }
      say(freed);
    };
    const workers = Array.from({ length: 3 }, () => inWorker(free, { mutexes, gate }));
    const ended = workers.map(exit);
    const freed = await Promise.all(workers.map(message));
    await Promise.all(ended);
    gate.free();
    expect(freed.reduce((sum: number, one) => sum + (one as number), 0)).toBe(rounds);
  });

  /** Of each kind: what is made, what others do so that one waits, and the wait. */
  const waits: [string, () => SharedObject, (object: never) => unknown, string][] = [
    ["Mutex", () => new Mutex(space), (mutex: Mutex) => mutex.lock(), "data.object.lock()"],
    ["RwLock", () => new RwLock(space), (lock: RwLock) => lock.lock(), "data.object.lock()"],
    ["RwLock", () => new RwLock(space), (lock: RwLock) => lock.lock(), "data.object.lockShared()"],
    ["RwLock", () => new RwLock(space), (lock: RwLock) => lock.lockShared(), "data.object.lock()"],
    ["Semaphore", () => new Semaphore(space, 0), () => {}, "data.object.acquire()"],
    ["Semaphore", () => new Semaphore(space, 0), () => {}, "data.object.acquireIfAvailable(60000, 3)"],
    ["Barrier", () => new Barrier(space, 2), () => {}, "data.object.wait()"],
    ["Channel", () => new Channel(space), () => {}, "data.object.receive()"],
    ["Channel", () => new Channel(space), () => {}, "data.object.receiveIfAvailable(60000)"],
    ["Event", () => new Event(space), () => {}, "data.object.wait()"],
    [
      "Condition",
      () => new Condition(space),
      () => {},
      "data.object.wait(new library.Mutex(data.object.space).lock())",
    ],
    ["Mutex", () => new Mutex(space), (mutex: Mutex) => mutex.lock(), "await data.object.lockAsync()"],
    ["RwLock", () => new RwLock(space), (lock: RwLock) => lock.lock(), "await data.object.lockAsync()"],
    ["Semaphore", () => new Semaphore(space, 0), () => {}, "await data.object.acquireAsync(1, { timeout: 60000 })"],
    ["Barrier", () => new Barrier(space, 2), () => {}, "await data.object.waitAsync()"],
    ["Channel", () => new Channel(space), () => {}, "await data.object.receiveAsync({ timeout: 60000 })"],
    ["Event", () => new Event(space), () => {}, "await data.object.waitAsync()"],
    [
      "Condition",
      () => new Condition(space),
      () => {},
      "await data.object.waitAsync(new library.Mutex(data.object.space).lock())",
    ],
  ];

  test.each(waits)("tells who waits in a %s: %#", async (_, make, occupyIt, wait) => {
    const object = make();
    occupyIt(object as never);
    const worker = inWorker(
      async ({ data, library, say }: InWorker<{ object: SharedObject; wait: string }>) => {
        say("begins");
        try {
          const AsyncFunction = (async () => {}).constructor as FunctionConstructor;
          await new AsyncFunction("data", "library", data.wait)(data, library);
          say("went on");
        } catch (error) {
          say((error as Error).name);
        }
      },
      { object, wait },
    );
    const ended = exit(worker);
    await message(worker);
    await new Promise((resolve) => setTimeout(resolve, 50));
    object.free();
    expect(await message(worker)).toBe("FreedError");
    await ended;
  });

  test("tells who waits for a Once", async () => {
    const once = new Once(space);
    const worker = inWorker(
      ({ data, say }: InWorker<{ once: Once }>) => {
        say("begins");
        try {
          data.once.call(() => {});
          say("went on");
        } catch (error) {
          say((error as Error).name);
        }
      },
      { once },
    );
    const ended = exit(worker);
    const first = message(worker);
    let second: Promise<unknown> | undefined;
    await expect(
      once.callAsync(async () => {
        await first;
        second = message(worker);
        await new Promise((resolve) => setTimeout(resolve, 50));
        once.free();
      }),
    ).resolves.toBeDefined();
    expect(await second).toBe("FreedError");
    await ended;
  });

  test("of a Condition ends before the token is unlocked that it has notified", async () => {
    const mutex = new Mutex(space);
    const token = mutex.lock();
    {
      using condition = new Condition(space);
      const waiting = condition.waitAsync(token);
      const other = await mutex.lockAsync();
      condition.notify();
      other.unlock();
      await waiting;
    }
    const changed = occupy(0x02000001);
    expect(token.unlock()).toBe(true);
    expect(changed()).toEqual([]);
    mutex.free();
  });

  test("makes what is asked of the object a FreedError", () => {
    const channel = new Channel(space);
    channel.free();
    expect(() => channel.used).toThrow(FreedError);
    expect(() => channel.closed).toThrow(FreedError);
    expect(() => channel.close()).toThrow(FreedError);
  });
});

describe("what a worker holds", () => {
  test("may be thousands of objects", () => {
    const semaphores = Array.from({ length: 5000 }, () => new Semaphore(space, 1));
    const permits = semaphores.map((semaphore) => semaphore.acquire());
    for (const permit of permits) permit.release();
    expect(semaphores.every(({ available }) => available === 1)).toBe(true);
    for (const semaphore of semaphores) semaphore.free();
  });

  test.each([
    ["in the order in which it took them", (order: number[]) => order],
    ["the last first", (order: number[]) => order.reverse()],
    ["in any order", (order: number[]) => new Random(1).permutation(order.length)],
  ])("is on its list until it lets it go, %s", (_, ordered) => {
    const mutexes = Array.from({ length: 900 }, () => new Mutex(space));
    const tokens = mutexes.map((mutex) => mutex.lock());
    const listed = (slot: number) => {
      const { held_by: heldBy } = space.kernel;
      const objects = new Set<number>();
      for (let i = 0, object = heldBy(slot, 0); object !== 0; object = heldBy(slot, ++i)) objects.add(object);
      return objects;
    };
    const slots = Array.from({ length: space.kernel.workers() }, (_, i) => i + 1);
    const me = slots.find((slot) => listed(slot).has(mutexes[0]!.handle.address))!;
    for (const [count, which] of ordered([...tokens.keys()]).entries()) {
      tokens[which]!.unlock();
      if (count % 100 !== 0) continue;
      const objects = listed(me);
      expect(mutexes.filter(({ handle }) => objects.has(handle.address))).toHaveLength(899 - count);
      expect(tokens.filter(({ locked }) => locked)).toHaveLength(899 - count);
      expect(mutexes.every(({ handle }, i) => objects.has(handle.address) === tokens[i]!.locked)).toBe(true);
    }
    for (const mutex of mutexes) mutex.free();
  });

  test("is repaired, thousands of objects, when the worker dies", async () => {
    const semaphores = Array.from({ length: 2000 }, () => new Semaphore(space, 1));
    const worker = inWorker(
      ({ data, say }: InWorker<{ semaphores: Semaphore[] }>) => {
        for (const semaphore of data.semaphores) semaphore.acquire();
        say("holds");
        setInterval(() => {}, 1000);
      },
      { semaphores },
    );
    const ended = exit(worker);
    await message(worker);
    await worker.terminate();
    await ended.catch(() => {});
    for (const semaphore of semaphores) (await semaphore.acquireAsync(1, { timeout: 20_000 })).release();
    for (const semaphore of semaphores) semaphore.free();
  });

  test("is refused before it is acquired where the space is full", () => {
    const small = new SharedSpace({ workers: 2, maximumBytes: 14 << 16 });
    const semaphores: Semaphore[] = [];
    const permits = [];
    expect(() => {
      for (;;) semaphores.push(new Semaphore(small, 1));
    }).toThrow(SpaceFullError);
    let acquired = 0;
    expect(() => {
      for (const semaphore of semaphores) {
        permits.push(semaphore.acquire());
        acquired++;
      }
    }).toThrow(SpaceFullError);
    expect(semaphores[acquired]!.available).toBe(1);
    small.close();
  });
});

describe("receive", () => {
  test("refuses a handle that is no object's, and writes nothing", () => {
    // Its own: where objects were before, the identity of another may be that of one that was freed.
    const space = new SharedSpace({ workers: 2 });
    const mutex = new Mutex(space);
    const semaphore = new Semaphore(space, 1);
    const buffer = new SharedBuffer(space, 4096);
    buffer.view(Uint32Array).fill((1 << 24) | 1);
    const bytes = buffer.bytes.byteOffset;
    const forged = [
      { landspout: "toString" },
      { landspout: "Semaphore" },
      { address: semaphore.handle.address },
      { identity: semaphore.handle.identity },
      { identity: mutex.handle.identity + 1 },
      { identity: mutex.handle.identity + 2 ** 32 },
      { address: mutex.handle.address + 4 },
      { address: mutex.handle.address + 0.5 },
      { address: 2 ** 33 },
      { address: -128 },
      { address: "128" },
      { address: bytes, identity: (1 << 24) | 1 },
      { address: bytes + 128, identity: (1 << 24) | 1 },
      { memory: undefined },
      { memory: {} },
    ];
    for (const change of forged) {
      expect(() => receive({ handle: { ...mutex.handle, ...change } }), JSON.stringify(change)).toThrow(
        ForeignHandleError,
      );
    }
    expect(new Set(buffer.view(Uint32Array))).toEqual(new Set([(1 << 24) | 1]));
    expect(() => receive(JSON.parse(JSON.stringify({ handle: mutex.handle })))).toThrow(/another process/);
    expect(receive<Mutex>({ handle: mutex.handle }).lock().unlock()).toBe(true);
    space.close();
  });

  test("makes of what was freed meanwhile an object that says so", () => {
    for (const object of [new Mutex(space), new Channel(space), new SharedBuffer(space, 100_000)]) {
      const { handle } = object;
      object.free();
      expect(receive<SharedObject>({ handle }).freed).toBe(true);
    }
  });
});

test("UnlockToken.unlock of a mutex that was freed lets no other mutex go", () => {
  const mutex = new Mutex(space);
  const token = mutex.lock();
  mutex.free();
  const another = new Mutex(space);
  using _held = another.lock();
  expect(() => token.unlock()).toThrow(FreedError);
  expect(() => another.lock()).toThrow(DeadlockError);
});
