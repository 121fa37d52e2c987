import { describe, expect, test } from "vitest";
import {
  Barrier,
  Channel,
  Counter,
  Mutex,
  receive,
  Semaphore,
  SharedBuffer,
  SharedSpace,
  SpaceFullError,
  SpinningLock,
} from "#library/index.js";
import { bundle } from "./bundle.js";
import { exit, type InWorker, inWorker, message } from "./in-worker.js";

const space = new SharedSpace();
const copy = bundle(new URL("../../packages/library/dist/index.js", import.meta.url));

describe("SharedSpace.named", () => {
  test("throws where the class is none of which there are objects, and makes nothing", () => {
    class OwnMutex extends Mutex {}
    const expected = "expected that of a Mutex, or another kind of object";
    const named = (kind: unknown) => () => space.named("no kind", kind as typeof Mutex);
    expect(named(SpinningLock)).toThrow(
      new TypeError(`Cannot use the name "no kind": received the class SpinningLock; ${expected}`),
    );
    expect(named(OwnMutex)).toThrow(`received the class OwnMutex; ${expected}`);
    expect(named(Object.getPrototypeOf(Mutex))).toThrow(
      "received the function SharedObject; expected the class of an object",
    );
    space.named("no kind", Counter).free();
  });

  test("makes an object once, and finds it then", () => {
    const jobs = space.named("jobs", Semaphore, 3);
    expect(jobs).toBeInstanceOf(Semaphore);
    expect(space.named("jobs", Semaphore, 3).handle).toEqual(jobs.handle);
    expect(space.named("jobs ", Semaphore, 5).handle).not.toEqual(jobs.handle);
    const buffer = space.named("Ünïcode 🌪", SharedBuffer, 100);
    expect(space.named("Ünïcode 🌪", SharedBuffer, 100).byteLength).toBe(100);
    expect(space.named("", Mutex).handle).toEqual(space.named("", Mutex).handle);
    for (const object of [jobs, buffer, space.named("jobs ", Semaphore, 5), space.named("", Mutex)]) object.free();
  });

  test("gives the name to another object when the one that had it is freed", () => {
    const first = space.named("again", Counter);
    first.add(5);
    const { handle } = first;
    first.free();
    const second = space.named("again", Counter);
    expect(second.handle).not.toEqual(handle);
    expect(second.exact()).toBe(0);
    second.free();
    expect(space.named("again", Mutex)).toBeInstanceOf(Mutex);
  });

  test("names an object of another class as an error", () => {
    using _ = space.named("mine", Mutex);
    expect(() => space.named("mine", Counter)).toThrow(
      new TypeError('Cannot use the name "mine": received that of a Mutex; expected that of a Counter'),
    );
  });

  test("names arguments that the object was not made with as an error", () => {
    using seats = space.named("seats", Semaphore, 2);
    expect(() => space.named("seats", Semaphore, 9)).toThrow(
      new RangeError('Cannot use the name "seats": received 9; expected 2, as the Semaphore of that name was made'),
    );
    expect(() => space.named("seats", Semaphore, "2" as never)).toThrow(TypeError);
    expect(space.named("seats", Semaphore, 2).handle).toEqual(seats.handle);
    expect(space.named("seats", Semaphore, undefined as never).handle).toEqual(seats.handle);
    using jobs = space.named("jobs", Channel, { capacity: 100 });
    expect(space.named("jobs", Channel, { capacity: 100 }).handle).toEqual(jobs.handle);
    expect(space.named("jobs", Channel).handle).toEqual(jobs.handle);
    expect(() => space.named("jobs", Channel, { capacity: 200 })).toThrow(
      "received 200; expected capacity: 128, as the",
    );
    expect(() => space.named("jobs", Channel, { codec: "bytes" })).toThrow(
      'received "bytes"; expected codec: structured',
    );
    expect(() => space.named("jobs", Channel, { Codec: "bytes" } as never)).toThrow(
      'the option "Codec"; expected codec',
    );
    using _ = space.named("parties", Barrier, 3);
    expect(() => space.named("parties", Barrier, 2)).toThrow("expected 3");
    using __ = space.named("sum", Counter, { batch: 5 });
    expect(() => space.named("sum", Counter, { batch: 6 })).toThrow("expected batch: 5");
    using ___ = space.named("lock", Mutex, { onAbandoned: "throw" });
    expect(() => space.named("lock", Mutex, { onAbandoned: "tell" })).toThrow("expected onAbandoned: throw");
  });

  test("gives the same object to workers that ask at once", async () => {
    const rounds = 300;
    const gate = new Barrier(space, 4);
    const ask = ({ data, library, say }: InWorker<{ gate: Barrier; rounds: number }>) => {
      const counters = [];
      for (let round = 0; round < data.rounds; round++) {
        data.gate.wait();
        const counter = data.gate.space.named(`round ${round}`, library.Counter);
        counter.add();
        counters.push(counter);
      }
      say(counters);
    };
    const workers = Array.from({ length: 4 }, () => inWorker(ask, { gate, rounds }));
    const ended = workers.map(exit);
    const [first, ...others] = (await Promise.all(workers.map(message))).map(receive<Counter[]>);
    await Promise.all(ended);
    const handles = (counters: Counter[]) => counters.map(({ handle }) => handle.address);
    for (const counters of others) expect(handles(counters)).toEqual(handles(first!));
    expect(first!.map((counter) => counter.exact())).toEqual(first!.map(() => 4));
    for (const counter of first!) counter.free();
    gate.free();
  });

  test("leaves no block behind", () => {
    const small = new SharedSpace({ maximumBytes: 32 << 16 });
    const blocks = () => {
      let count = 0;
      for (let block = small.kernel.next_block(0); block !== 0; block = small.kernel.next_block(block)) count++;
      return count;
    };
    const names = Array.from({ length: 500 }, (_, i) => `name ${i}`);
    const objects = names.map((name) => small.named(name, Mutex));
    expect(new Set(objects.map(({ handle }) => handle.address)).size).toBe(500);
    for (const [i, name] of names.entries()) {
      expect(small.named(name, Mutex).handle).toEqual(objects[i]!.handle);
    }
    for (const object of objects) object.free();
    expect(blocks()).toBe(0);
    expect(() => small.named("too large", SharedBuffer, 40 << 16)).toThrow(SpaceFullError);
    expect(() => small.named("x".repeat(40 << 16), Mutex)).toThrow(SpaceFullError);
    expect(blocks()).toBe(0);
  });
});

describe("A space of another copy of the library", () => {
  test("has no objects of this copy, and the error says so", async () => {
    const { SharedSpace: Other } = await import((await copy).href);
    const other = new Other({ workers: 2 });
    expect(() => new Mutex(other)).toThrow(
      new TypeError(
        "Cannot make a Mutex: received a SharedSpace of another copy of the library; expected one of this copy",
      ),
    );
    other.close();
  });
});
