import { describe, expect, test } from "vitest";
import { disable, enable, formatDebug, inspect, measure } from "#dist/library/debug/index.js";
import { Counter, Mutex, SharedSpace } from "#dist/library/index.js";
import { type InWorker, inWorker, message } from "./in-worker.js";

interface Locks {
  readonly first: Mutex;
  readonly second: Mutex;
  readonly gate: Int32Array;
}

/** Locks one, waits until both workers have one, locks the other. */
function lockBoth({ data, say, debug }: InWorker<Locks>) {
  debug.enable(data.first.space);
  const token = data.first.lock();
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

describe("enable", () => {
  test("makes a wait that closes a cycle a DeadlockError with all workers, locks and stacks, and the others go on", async () => {
    const space = new SharedSpace();
    const [a, b] = [new Mutex(space), new Mutex(space)];
    const gate = new Int32Array(new SharedArrayBuffer(4));
    const workers = [
      inWorker(lockBoth, { first: a, second: b, gate }),
      inWorker(lockBoth, { first: b, second: a, gate }),
    ];
    const said = await Promise.all(workers.map(message<string>));
    const errors = said.filter((text) => text !== "locked both");
    expect(errors.length).toBeGreaterThan(0);
    for (const error of errors) {
      expect(error).toContain("DeadlockError: Cannot lock: received a wait that closes a cycle of 2 workers");
      for (const { threadId } of workers)
        expect(error).toMatch(new RegExp(`worker \\d+ \\(thread ${threadId}\\) holds`));
      for (const { handle } of [a, b]) expect(error).toContain(`Mutex 0x${handle.address.toString(16)}`);
      expect(error.match(/at lockBoth/g)).toHaveLength(2);
    }
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
    while (inspect(space).workers.every(({ waitsFor }) => !waitsFor)) await new Promise((done) => setTimeout(done, 5));
    const { workers } = inspect(space);
    const name = { kind: "Mutex", address: mutex.handle.address };
    expect(workers.find(({ slot }) => slot === space.slot)).toMatchObject({ holds: [name], waitsFor: undefined });
    expect(workers.find(({ thread }) => thread === worker.threadId)).toMatchObject({
      holds: [],
      waitsFor: name,
      owner: space.slot,
      stack: expect.stringContaining("data:text/javascript"),
    });
    expect(formatDebug(inspect(space))).toMatch(
      new RegExp(
        `\\(thread ${worker.threadId}\\) holds nothing, waits for Mutex 0x[0-9a-f]+ of worker ${space.slot}\n`,
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
