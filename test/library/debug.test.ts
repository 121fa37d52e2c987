import type { Worker } from "node:worker_threads";
import { describe, expect, test } from "vitest";
import { disable, enable, formatDebug, inspect, measure } from "#library/debug/index.js";
import {
  Channel,
  Condition,
  Counter,
  Event,
  McsLock,
  Mutex,
  named,
  Once,
  RwLock,
  Semaphore,
  Service,
  SharedMap,
  SharedSpace,
  selectAsync,
  TicketLock,
} from "#library/index.js";
import { casesOf } from "../random-cases.js";
import { type InWorker, inWorker, message } from "./in-worker.js";

type Lock = Mutex | RwLock | TicketLock | McsLock;

interface Locks<First = Lock> {
  readonly first: First;
  readonly second: Lock;
  readonly gate: Int32Array;
}

const newGate = () => new Int32Array(new SharedArrayBuffer(4));

/** Locks one, waits until both workers have one, locks the other. */
function lockBoth({ data, say, debug }: InWorker<Locks & { readonly reads?: boolean }>) {
  debug.enable(data.first.space);
  const token = data.reads ? (data.first as RwLock).lockShared() : data.first.lock();
  Atomics.add(data.gate, 0, 1);
  Atomics.notify(data.gate, 0);
  while (Atomics.load(data.gate, 0) < 2) Atomics.wait(data.gate, 0, 1);
  try {
    data.second.lock().unlock();
    say("locked both");
  } catch (error) {
    say(`${error}`);
  }
  token.unlock();
}

/** Whether a worker of the space waits, says `inspect`. */
async function somebodyWaits(space: SharedSpace) {
  while (inspect(space).workers.every(({ waitsFor }) => !waitsFor)) await new Promise((done) => setTimeout(done, 5));
}

interface Called {
  readonly space: SharedSpace;
  readonly mutex: Mutex;
}

/** Serves a procedure that locks the mutex, and others. */
function serveAndLock({ library, debug, data: { space, mutex }, say }: InWorker<Called>) {
  debug.enable(space);
  new library.Service(space, {
    name: "locking",
    calls: 1,
    procedures: { lock: () => mutex.lock().unlock(), hang: () => new Promise(() => {}) },
  });
  say("serves");
}

/** Calls that procedure while it has the mutex. */
function callWithLock({ library, debug, data: { space, mutex }, say }: InWorker<Called>) {
  debug.enable(space);
  const token = mutex.lock();
  try {
    library.named(space, "locking", library.Service).bind().lock!();
    say("called");
  } catch (error) {
    say(`${error}`);
  }
  token.unlock();
}

/**
 * Round after round, locks one and then the other, as another worker does in the other order; says what is not said of
 * the cycle.
 */
function lockCrosswise({ data, say, debug }: InWorker<Locks & { readonly rounds: number }>) {
  const { first, second, gate, rounds } = data;
  debug.enable(first.space);
  let told = 0;
  for (let round = 1; round <= rounds; round++) {
    const token = first.lock();
    const locked = Atomics.add(gate, 0, 1) + 1;
    Atomics.notify(gate, 0);
    if (locked < 2 * round) Atomics.wait(gate, 0, locked);
    try {
      second.lock().unlock();
    } catch (error) {
      told++;
      const { message } = error as Error;
      const isWhole = message.match(/holds \w+ 0x/g)?.length === 2 && message.match(/at lockCrosswise/g)?.length === 2;
      if (!isWhole || /holds nothing|nothing known/.test(message)) throw error;
    }
    token.unlock();
    const done = Atomics.add(gate, 1, 1) + 1;
    Atomics.notify(gate, 1);
    if (done < 2 * round) Atomics.wait(gate, 1, done);
  }
  say(told);
}

describe("enable", () => {
  test("makes a call under a lock that its procedure takes a DeadlockError with the call and the lock", async () => {
    const space = new SharedSpace();
    const data = { space, mutex: new Mutex(space) };
    const server = inWorker(serveAndLock, data);
    await message(server);
    for (let time = 0; time < 5; time++) {
      const error = await message<string>(inWorker(callWithLock, data));
      expect(error).toMatch(/DeadlockError: Cannot (lock|call): received a wait that closes a cycle of 2 workers/);
      expect(error).toContain("the call locking.lock of Service");
      expect(error).toMatch(/holds (Service 0x\w+, )?Mutex 0x/);
      expect(error).toMatch(/waits for Mutex 0x/);
    }
    // Nobody has it still.
    data.mutex.lock().unlock();
    await server.terminate();
  });

  test.each<[string, (space: SharedSpace) => Lock, boolean?]>([
    ["Mutex", (space) => new Mutex(space)],
    ["RwLock", (space) => new RwLock(space)],
    ["RwLock that is read first", (space) => new RwLock(space), true],
    ["TicketLock", (space) => new TicketLock(space, { force: true })],
    ["McsLock", (space) => new McsLock(space, { force: true })],
  ])(
    "makes a wait that closes a cycle a DeadlockError with all workers, locks and stacks, and the others go on: %s",
    async (_, make, reads = false) => {
      const space = new SharedSpace();
      const [a, b] = [make(space), make(space)];
      const gate = newGate();
      const workers = [
        inWorker(lockBoth, { first: a, second: b, gate, reads }),
        inWorker(lockBoth, { first: b, second: a, gate, reads }),
      ];
      // Those of threads that have ended are -1.
      const threads = workers.map(({ threadId }) => threadId);
      const said = await Promise.all(workers.map(message<string>));
      const errors = said.filter((text) => text !== "locked both");
      expect(errors.length).toBeGreaterThan(0);
      for (const error of errors) {
        expect(error).toContain("DeadlockError: Cannot lock: received a wait that closes a cycle of 2 workers");
        for (const thread of threads) expect(error).toMatch(new RegExp(`worker \\d+ \\(thread ${thread}\\) holds`));
        for (const { handle } of [a, b]) {
          const name = `${handle.landspout} 0x${handle.address.toString(16)}`;
          expect(error).toContain(`holds ${name}`);
          expect(error).toContain(`waits for ${name}`);
        }
        expect(error.match(/at lockBoth/g)).toHaveLength(2);
      }
    },
  );

  test.each<[string, (space: SharedSpace) => Lock]>([
    ["Mutex", (space) => new Mutex(space)],
    ["RwLock", (space) => new RwLock(space)],
    ["TicketLock", (space) => new TicketLock(space, { force: true })],
    ["McsLock", (space) => new McsLock(space, { force: true })],
  ])("says of a cycle what was so at one moment, also where others move on meanwhile: %s", async (_, make) => {
    const space = new SharedSpace();
    const [a, b] = [make(space), make(space)];
    const gate = new Int32Array(new SharedArrayBuffer(8));
    const workers = [
      inWorker(lockCrosswise, { first: a, second: b, gate, rounds: casesOf(300) }),
      inWorker(lockCrosswise, { first: b, second: a, gate, rounds: casesOf(300) }),
    ];
    const said = await Promise.all(workers.map(message<number>));
    expect(said[0]! + said[1]!).toBeGreaterThanOrEqual(casesOf(300));
  });

  test("finds the one of several readers that closes a cycle with a writer", async () => {
    const space = new SharedSpace();
    const [lock, mutex] = [new RwLock(space), new Mutex(space)];
    using _ = lock.lockShared();
    const gate = newGate();
    const workers = [
      inWorker(lockBoth, { first: lock, second: mutex, gate, reads: true }),
      inWorker(lockBoth, { first: mutex, second: lock, gate }),
    ];
    const threads = workers.map(({ threadId }) => threadId);
    // Once the writer is told, and lets go, the reader gets both, and may say so first.
    const told = async (worker: Worker) => {
      const said = await message<string>(worker);
      return said === "locked both" ? Promise.reject(new Error(said)) : said;
    };
    const said = await Promise.any(workers.map(told));
    expect(said).toContain("a cycle of 2 workers");
    for (const thread of threads) expect(said).toContain(`(thread ${thread}) holds`);
    for (const worker of workers) await worker.terminate();
  });

  test("finds who has got in line for a TicketLock without blocking, and blocks elsewhere", async () => {
    const space = new SharedSpace();
    const [lock, mutex] = [new TicketLock(space, { force: true }), new Mutex(space)];
    const token = lock.lock();
    const gate = newGate();
    const inLine = inWorker(
      ({ data, say, debug }: InWorker<Locks<TicketLock>>) => {
        debug.enable(data.first.space);
        data.first.lockAsync();
        say("in line");
        while (Atomics.load(data.gate, 0) === 0) Atomics.wait(data.gate, 0, 0, 1);
        try {
          data.second.lock();
        } catch (error) {
          say(`${error}`);
        }
      },
      { first: lock, second: mutex, gate },
    );
    await message(inLine);
    const behind = inWorker(
      ({ data, say, debug }: InWorker<Pick<Locks, "first" | "second">>) => {
        debug.enable(data.first.space);
        data.first.lock();
        say("locked");
        data.second.lock();
      },
      { first: mutex, second: lock },
    );
    await message(behind);
    await somebodyWaits(space);
    const said = message<string>(inLine);
    Atomics.store(gate, 0, 1);
    expect(await said).toContain("a cycle of 2 workers");
    token.unlock();
    for (const worker of [inLine, behind]) await worker.terminate();
  });

  test("finds a Once that waits for who waits for it", async () => {
    const space = new SharedSpace();
    const [once, mutex] = [new Once(space), new Mutex(space)];
    enable(space);
    const token = mutex.lock();
    const worker = inWorker(
      ({ data, say, debug }: InWorker<{ once: Once; mutex: Mutex }>) => {
        debug.enable(data.once.space);
        data.once.call(() => {
          say("begins");
          data.mutex.lock().unlock();
        });
        say("done");
      },
      { once, mutex },
    );
    await message(worker);
    await somebodyWaits(space);
    expect(() => once.call(() => {})).toThrow(/a cycle of 2 workers/);
    const done = message(worker);
    token.unlock();
    expect(await done).toBe("done");
  });

  test("lets workers wait that wait in one order", async () => {
    const space = new SharedSpace();
    const mutex = new Mutex(space);
    const token = mutex.lock();
    const worker = inWorker(
      ({ data, say, debug }: InWorker<Pick<Locks, "first">>) => {
        debug.enable(data.first.space);
        say("begins");
        data.first.lock().unlock();
        say("locked");
      },
      { first: mutex },
    );
    await message(worker);
    await somebodyWaits(space);
    const { workers } = inspect(space);
    const name = { kind: "Mutex", address: mutex.handle.address };
    expect(workers.find(({ slot }) => slot === space.slot)).toMatchObject({ holds: [name], waitsFor: undefined });
    expect(workers.find(({ thread }) => thread === worker.threadId)).toMatchObject({
      holds: [],
      waitsFor: name,
      holders: [space.slot],
      stack: expect.stringContaining("data:text/javascript"),
    });
    expect(formatDebug(inspect(space))).toMatch(
      new RegExp(
        `\\(thread ${worker.threadId}\\) holds nothing, waits for Mutex 0x[0-9a-f]+ of worker ${space.slot} since 2.*Z\n`,
      ),
    );
    const locked = message(worker);
    token.unlock();
    await locked;
    const [report] = inspect(space).objects;
    expect(report).toMatchObject({ ...name, maker: space.slot, waits: 1 });
    expect(report!.contentions).toBeGreaterThan(0);
    expect(report!.longestWait).toBeGreaterThan(0);
    expect(report!.totalWait).toBe(report!.longestWait);
  });
});

describe("inspect", () => {
  test("shows the calls in progress: procedure, caller, server, since when, and what they wait for", async () => {
    const space = new SharedSpace();
    const mutex = new Mutex(space);
    const server = inWorker(serveAndLock, { space, mutex });
    await message(server);
    enable(space);
    const service = named(space, "locking", Service);
    const binding = service.bind();
    const before = new Date();
    // The second waits for the only A-stack.
    const calls = [binding.async.hang!(), binding.async.lock!()].map((call) =>
      call.catch((error: Error) => error.name),
    );
    while (inspect(space).calls[0]?.phase !== "is executed") await new Promise((done) => setTimeout(done, 5));
    const report = inspect(space);
    const { kind, address } = report.calls[0]!.service;
    const its = { service: { kind: "Service", address: service.handle.address }, caller: space.slot };
    expect({ kind, address }).toEqual(its.service);
    const serving = report.workers.find(({ slot }) => slot !== space.slot)!;
    expect(report.calls).toEqual([
      { ...its, procedure: "locking.hang", server: serving.slot, since: expect.any(Date), phase: "is executed" },
      { ...its, procedure: undefined, server: undefined, since: expect.any(Date), phase: "waits for an A-stack" },
    ]);
    for (const { since } of report.calls) expect(since!.getTime()).toBeGreaterThanOrEqual(before.getTime());
    const text = formatDebug(report);
    expect(text).toContain(
      `the call locking.hang of Service 0x${address.toString(16)} from worker ${space.slot} is executed by worker ${serving.slot} since `,
    );
    expect(text).toContain(
      `a call of Service 0x${address.toString(16)} from worker ${space.slot} waits for an A-stack since `,
    );
    binding[Symbol.dispose]();
    expect(await Promise.all(calls)).toEqual(["ServiceClosedError", "ServiceClosedError"]);
    expect(inspect(space).calls.map(({ phase }) => phase)).toEqual(["is given up, and executed"]);
    expect(inspect(space).workers.find(({ slot }) => slot === space.slot)!.awaits).toEqual([]);
    disable(space);
    await server.terminate();
  });

  test("names what has not been freed", () => {
    const space = new SharedSpace();
    const before = inspect(space).bytesInUse;
    const mutex = new Mutex(space);
    const counter = new Counter(space);
    expect(
      inspect(space)
        .objects.map(({ kind }) => kind)
        .sort(),
    ).toEqual(["Counter", "Mutex"]);
    counter.free();
    mutex.free();
    expect(inspect(space)).toMatchObject({ objects: [], bytesInUse: before });
  });

  test("says who holds up memory: of a freed object, and of what was taken out of a map", async () => {
    const space = new SharedSpace();
    const mutex = new Mutex(space);
    const map = new SharedMap<number, string>(space, { partitions: 1 });
    const worker = inWorker(
      ({ data, say, hear }) => {
        const { kernel } = data.mutex.space;
        const enter = ({ handle }: Mutex | typeof map) => kernel.enter_object(handle.address, handle.identity);
        enter(data.mutex);
        say("inside");
        hear((message) => {
          kernel.leave_object();
          if (message === "map") enter(data.map);
          say("done");
        });
      },
      { mutex, map },
    );
    const next = () => message(worker);
    const tell = async (what: string) => {
      worker.postMessage(what);
      await next();
    };
    const heldUp = () => inspect(space).workers.find(({ slot }) => slot !== space.slot)!.holdsUp;
    await next();
    expect(heldUp(), "one that is in use").toBe(undefined);
    mutex.free();
    const named = ({ landspout: kind, address }: Mutex["handle"]) => ({ kind, address });
    expect(heldUp()).toEqual({ object: named(mutex.handle), freed: true, bytes: 128 });
    expect(formatDebug(inspect(space))).toMatch(
      /\n?worker 2 holds up Mutex 0x\w+, which was freed: 128 bytes wait for it\n/,
    );
    await tell("map");
    for (let i = 0; i < 5000; i++) map.set(i % 10, `${i}`);
    const { bytes, ...what } = heldUp()!;
    expect(what).toEqual({ object: named(map.handle), freed: false });
    expect(bytes).toBeGreaterThan(4000 * 32);
    expect(formatDebug(inspect(space))).toContain("out of which entries were taken");
    await tell("nothing");
    expect(heldUp()).toBe(undefined);
    await worker.terminate();
  });

  test("says who holds what: readers and writers, permits, locks that spin; not who only waits for it", async () => {
    const space = new SharedSpace();
    const [lock, semaphore] = [new RwLock(space), new Semaphore(space, 1)];
    const [ticket, mcs] = [new TicketLock(space, { force: true }), new McsLock(space, { force: true })];
    const held = [lock, semaphore, ticket, mcs];
    const tokens = [lock.lockShared(), ticket.lock(), mcs.lock()];
    const permit = semaphore.acquire();
    const worker = inWorker(
      ({ data, say }: InWorker<{ semaphore: Semaphore }>) => {
        say("begins");
        data.semaphore.acquire();
        say("has it");
      },
      { semaphore },
    );
    await message(worker);
    await somebodyWaits(space);
    const holds = () => inspect(space).workers[0]!.holds.map(({ address }) => address);
    expect(holds().sort()).toEqual(held.map(({ handle }) => handle.address).sort());
    const waiter = inspect(space).workers.find(({ waitsFor }) => waitsFor)!;
    expect(waiter).toMatchObject({ holds: [], waitsFor: { kind: "Semaphore" }, holders: [space.slot] });
    for (const token of tokens) token.unlock();
    const has = message(worker);
    permit.release();
    await has;
    expect(holds()).toEqual([]);
    await worker.terminate();
  });

  test("shows a wait for ever once the worker has looked for a cycle: whoever sees it and closes one alone finds it", () => {
    const space = new SharedSpace();
    const shown: boolean[] = [];
    const look = () => shown.push(inspect(space).workers[0]!.waitsFor !== undefined);
    const looksAndFindsNone = () => {
      look();
      return 0;
    };
    const kernel = Object.create(space.kernel, { closes_cycle: { value: looksAndFindsNone } });
    Object.defineProperty(space, "kernel", { value: kernel });
    enable(space);
    const { watcher } = space;
    watcher!.begins(new Mutex(space).handle.address, Number.POSITIVE_INFINITY);
    watcher!.waits();
    look();
    watcher!.ends();
    look();
    expect(shown).toEqual([false, true, false]);
  });

  test("says what a worker waits for without blocking, of whom, since when and where", async () => {
    const space = new SharedSpace();
    enable(space);
    const mutex = new Mutex(space);
    const token = mutex.lock();
    const began = Date.now();
    const worker = inWorker(
      ({ data, say, debug }: InWorker<{ mutex: Mutex }>) => {
        debug.enable(data.mutex.space);
        data.mutex.lockAsync().then((token) => say(token.unlock()));
        say("waits");
      },
      { mutex },
    );
    expect(await message(worker)).toBe("waits");
    const nested = mutex.lockAsync();
    const name = { kind: "Mutex", address: mutex.handle.address };
    const report = inspect(space);
    for (const thread of [0, worker.threadId]) {
      const { awaits, moreAwaits } = report.workers.find((worker) => worker.thread === thread)!;
      const stack = expect.stringMatching(/at .*lockAsync/);
      expect(awaits).toEqual([{ object: name, holders: [space.slot], since: expect.any(Date), stack }]);
      expect(awaits[0]!.since.getTime()).toBeGreaterThanOrEqual(began);
      expect(moreAwaits).toBe(0);
    }
    expect(formatDebug(report)).toMatch(
      new RegExp(
        `worker ${space.slot} \\(thread 0\\) waits without blocking for Mutex 0x[0-9a-f]+ of worker ${space.slot} since 2`,
      ),
    );
    const unlocked = message(worker);
    token.unlock();
    (await nested).unlock();
    expect(await unlocked).toBe(true);
    expect(inspect(space).workers[0]!.awaits).toEqual([]);
    await worker.terminate();
  });

  test("tells of waits also where intrinsics are frozen", async () => {
    const space = new SharedSpace();
    const mutex = new Mutex(space);
    const token = mutex.lock();
    enable(space);
    const { stackTraceLimit } = Error;
    Object.defineProperty(Error, "stackTraceLimit", { writable: false });
    try {
      const next = mutex.lockAsync();
      token.unlock();
      expect((await next).unlock()).toBe(true);
      expect(Error.stackTraceLimit).toBe(stackTraceLimit);
    } finally {
      Object.defineProperty(Error, "stackTraceLimit", { writable: true });
    }
  });

  test.each([
    ["TicketLock", TicketLock],
    ["McsLock", McsLock],
  ])("says that a worker waits without blocking for a %s, first or behind another", async (kind, Kind) => {
    const space = new SharedSpace();
    const lock = new Kind(space, { force: true });
    enable(space);
    const token = lock.lock();
    const requests = [lock.lockAsync(), lock.lockAsync()];
    const object = { kind, address: lock.handle.address };
    const seen = () => inspect(space).workers.find(({ slot }) => slot === space.slot)!.awaits;
    expect(seen()).toMatchObject([{ object }, { object }]);
    token.unlock();
    for (const request of requests) (await request).unlock();
    expect(seen()).toEqual([]);
    disable(space);
  });

  test("says of a selection without blocking all channels that it is of, each once", async () => {
    const space = new SharedSpace();
    enable(space);
    const [one, two] = [new Channel<number>(space), new Channel<number>(space)];
    const selected = selectAsync([{ receive: one }, { receive: two }, { receive: two }]);
    const seen = () => inspect(space).workers[0]!.awaits.map(({ object }) => object);
    expect(seen()).toEqual([one, two].map(({ handle }) => ({ kind: "Channel", address: handle.address })));
    two.send(5);
    expect(await selected).toMatchObject({ message: 5 });
    expect(seen()).toEqual([]);
    disable(space);
  });

  test("counts the waits without blocking that it has no place for, and forgets them with the debugging", async () => {
    const space = new SharedSpace();
    enable(space);
    const event = new Event(space);
    const all = Array.from({ length: 20 }, () => event.waitAsync());
    const pending = () => {
      const { awaits, moreAwaits } = inspect(space).workers[0]!;
      return [awaits.length, moreAwaits];
    };
    expect(pending()).toEqual([15, 5]);
    disable(space);
    expect(pending()).toEqual([0, 0]);
    enable(space);
    expect(pending()).toEqual([0, 0]);
    event.set();
    await Promise.all(all);
    expect(pending()).toEqual([0, 0]);
  });

  type Waited = { object: Event | Condition | Channel; mutex: Mutex };
  test.each(
    (["Event", "Condition", "Channel"] as const).flatMap((kind) =>
      [true, false].map((isDebugged): [string, (space: SharedSpace) => Waited, boolean] => [
        `${kind}, ${isDebugged ? "" : "not "}debugged`,
        (space: SharedSpace) => {
          const kinds = { Event, Condition, Channel };
          return { object: new kinds[kind](space), mutex: new Mutex(space) };
        },
        isDebugged,
      ]),
    ),
  )("says who is blocked on an object that nobody holds, and since when: %s", async (_, make, isDebugged) => {
    const space = new SharedSpace();
    const data = make(space);
    const worker = inWorker(
      ({ data, say, debug, library }: InWorker<Waited & { isDebugged: boolean }>) => {
        const { object, mutex, isDebugged } = data;
        if (isDebugged) debug.enable(object.space);
        say("begins");
        if (object instanceof library.Event) object.wait(60_000);
        else if (object instanceof library.Condition) object.waitFor(mutex.lock(), 60_000);
        else object.receiveIfAvailable(60_000);
      },
      { ...data, isDebugged },
    );
    const began = Date.now();
    await message(worker);
    await somebodyWaits(space);
    const waiter = inspect(space).workers.find(({ waitsFor }) => waitsFor)!;
    expect(waiter.waitsFor).toEqual({ kind: data.object.handle.landspout, address: data.object.handle.address });
    expect(waiter.since?.getTime() ?? began).toBeGreaterThanOrEqual(began);
    expect(waiter.since !== undefined).toBe(isDebugged);
    await worker.terminate();
  });

  test("knows the thread of a worker only while it is debugged", () => {
    const space = new SharedSpace();
    const thread = () => inspect(space).workers[0]!.thread;
    expect(thread()).toBeUndefined();
    enable(space);
    expect(thread()).toBe(0);
    disable(space);
    expect(thread()).toBeUndefined();
  });
});

describe("measure", () => {
  test("gives OpenTelemetry what it collects, until it is ended", async () => {
    const space = new SharedSpace();
    const mutex = new Mutex(space);
    using _ = mutex.lock();
    type Observe = Parameters<Parameters<typeof measure>[1]["addBatchObservableCallback"]>[0];
    const callbacks = new Set<Observe>();
    const meter = {
      createObservableCounter: (name: string) => name,
      createObservableGauge: (name: string) => name,
      addBatchObservableCallback: (observe: Observe) => void callbacks.add(observe),
      removeBatchObservableCallback: (observe: Observe) => void callbacks.delete(observe),
    };
    const end = await measure(space, meter);
    const seen: Record<string, number> = {};
    const result = {
      observe(name: unknown, value: number) {
        seen[String(name)] = value;
      },
    };
    for (const observe of callbacks) observe(result);
    expect(seen).toMatchObject({ "landspout.objects": 1, "landspout.workers": 1, "landspout.waiters": 0 });
    expect(seen["landspout.memory.used"]).toBeGreaterThan(0);
    end();
    expect(callbacks.size).toBe(0);
  });

  test("finds OpenTelemetry's own meter", async () => {
    const end = await measure(new SharedSpace());
    expect(end).toBeInstanceOf(Function);
    end();
  });
});
