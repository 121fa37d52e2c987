import { describe, expect, test } from "vitest";
import {
  Barrier,
  Channel,
  Condition,
  Counter,
  Event,
  ForeignHandleError,
  Histogram,
  Latch,
  McsLock,
  Mutex,
  Once,
  RwLock,
  receive,
  Semaphore,
  SharedBuffer,
  SharedSpace,
  SpaceClosedError,
  SpaceFullError,
  selectAsync,
  TicketLock,
} from "#library/index.js";
import { exit, inWorker, message } from "./in-worker.js";

const KINDS = [Barrier, Channel, Condition, Counter, Event, Histogram, McsLock, Mutex, Once, RwLock, Semaphore];

describe("SharedSpace", () => {
  test.each([...KINDS, SharedBuffer, TicketLock])("is missed by who makes a %o without one", (kind) => {
    const Kind = kind as unknown as new (space?: unknown, argument?: number) => unknown;
    const argument = kind === Semaphore || kind === Barrier || kind === SharedBuffer ? 1 : undefined;
    expect(() => new Kind(undefined, argument)).toThrow(
      /^Cannot make an? \w+: received no space; expected a SharedSpace/,
    );
    expect(() => new Kind({}, argument)).toThrow(TypeError);
  });

  test("is one for all objects of its memory that a worker receives", () => {
    const space = new SharedSpace();
    const [first, second] = receive<Mutex[]>(structuredClone([new Mutex(space), new Mutex(space)]));
    expect(first!.space).toBe(space);
    expect(second!.space).toBe(space);
  });

  test("refuses a memory that is none, and what no handle is", () => {
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
    expect(() => SharedSpace.of(memory)).toThrow(ForeignHandleError);
    expect(() => SharedSpace.of(new WebAssembly.Memory({ initial: 1 }))).toThrow(ForeignHandleError);
    expect(() => SharedSpace.of(undefined as never)).toThrow(ForeignHandleError);
    for (const none of [new Proxy(memory, {}), Object.create(WebAssembly.Memory.prototype)]) {
      expect(() => SharedSpace.of(none)).toThrow("received a Memory; expected the memory of a SharedSpace");
    }
    const handle = { landspout: "Mutex", memory: undefined, address: 0, identity: 0 };
    expect(() => receive({ handle })).toThrow(ForeignHandleError);
    expect(() => receive({ handle: { ...handle, landspout: "Muttex", memory } })).toThrow(ForeignHandleError);
  });

  test.each([{ workers: 0 }, { workers: 4097 }, { workers: 1.5 }, { maximumBytes: 1 }, { maximumBytes: 2 ** 33 }])(
    "refuses options out of their range: %o",
    (options) => {
      expect(() => new SharedSpace(options)).toThrow(RangeError);
    },
  );

  test("has a slot for each worker, up to as many as it was made for, and again when one has ended", async () => {
    const space = new SharedSpace({ workers: 2 });
    const mutex = new Mutex(space);
    const stay = () =>
      inWorker(
        ({ data, say }) => {
          say(data.mutex.space.slot);
          setInterval(() => {}, 1000);
        },
        { mutex },
      );
    const second = stay();
    expect(await message(second)).toBe(2);
    const third = stay();
    await expect(exit(third)).rejects.toThrow(expect.objectContaining({ name: SpaceFullError.name }));
    await second.terminate();
    // Until the guardian has seen it.
    for (;;) {
      const fourth = stay();
      const slot = await message(fourth).catch(() => undefined);
      await fourth.terminate();
      if (slot === 2) break;
    }
  });

  test("ends what waits without blocking in a worker that closes it", async () => {
    const closing = new SharedSpace();
    const [held, mutex] = [new Mutex(closing), new Mutex(closing)];
    held.lock();
    const full = new Channel<number>(closing, { capacity: 16 });
    full.send(1);
    const waits = [
      new Event(closing).waitAsync(),
      new Latch(closing, 1).waitAsync({ timeout: 100_000 }),
      new Semaphore(closing, 0).acquireAsync(),
      new Channel(closing).receiveAsync(),
      full.sendAsync(2),
      selectAsync([{ receive: new Channel(closing) }]),
      held.lockAsync(),
      new Barrier(closing, 2).waitAsync(),
      new Condition(closing).waitAsync(mutex.lock()),
    ];
    closing.close();
    const reasons = (await Promise.allSettled(waits)).map((result) => result.status === "rejected" && result.reason);
    for (const reason of reasons) expect(reason).toBeInstanceOf(SpaceClosedError);
  });

  test("gives back what a worker holds that closes it, and its slot", async () => {
    const space = new SharedSpace({ workers: 2 });
    const mutex = new Mutex(space);
    for (let turn = 0; turn < 3; turn++) {
      const worker = inWorker(
        ({ data, say }) => {
          data.mutex.lock();
          data.mutex.space.close();
          say("closed");
          setTimeout(() => {}, 100);
        },
        { mutex },
      );
      const end = exit(worker);
      await message(worker);
      const token = mutex.lock();
      expect(token.abandoned).toBe(true);
      token.unlock();
      await end;
    }
  });

  test("is forgotten when it is closed: its objects say so, and are received anew in a slot of their own", () => {
    const space = new SharedSpace({ workers: 1 });
    const mutex = new Mutex(space);
    const token = mutex.lock();
    const message = structuredClone({ mutex });
    space.close();
    space.close();
    for (const use of [() => mutex.lock(), () => token.unlock(), () => new Mutex(space), () => mutex.free()]) {
      expect(use).toThrow(SpaceClosedError);
    }
    expect(() => mutex.lock()).toThrow(
      /^Cannot use an object of a SharedSpace: received an object of a space that this worker has closed; expected/,
    );
    const again = receive<{ mutex: Mutex }>(message).mutex;
    expect(again.space).not.toBe(space);
    expect(SharedSpace.of(space.memory)).toBe(again.space);
    const abandoned = again.lock();
    expect(abandoned.abandoned).toBe(true);
    abandoned.unlock();
    again.space.close();
  });

  test("has given the slot away when it is closed: no object of it acts in that slot any more", () => {
    const space = new SharedSpace();
    const spinning = [new TicketLock(space, { force: true }), new McsLock(space, { force: true })];
    const tokens = spinning.map((lock) => lock.lock());
    const buffer = new SharedBuffer(space, 8);
    space.close();
    const uses = [
      ...spinning.flatMap((lock) => [() => lock.lock(), () => lock.tryLock(), () => lock.withLock(() => {})]),
      ...tokens.map((token) => () => token.unlock()),
      () => buffer.bytes,
      () => buffer.view(Uint8Array),
    ];
    for (const use of uses) expect(use).toThrow(SpaceClosedError);
  });

  test("closes also if it is frozen", () => {
    const space = Object.freeze(new SharedSpace({ workers: 1 })) as SharedSpace;
    space.close();
    expect(SharedSpace.of(space.memory).slot).toBe(1);
  });

  test("ends with the worker that made it: others are told when they come", async () => {
    const maker = inWorker(({ library, say }) => say(new library.SharedSpace({ workers: 4 }).memory), {});
    const ended = exit(maker);
    const memory = await message<SharedSpace["memory"]>(maker);
    await ended;
    const late = inWorker(({ data, library }) => library.SharedSpace.of(data.memory), { memory });
    await expect(exit(late)).rejects.toThrow(expect.objectContaining({ name: SpaceClosedError.name }));
  });
});
