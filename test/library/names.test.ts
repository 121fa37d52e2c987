import { describe, expect, test } from "vitest";
import { inspect } from "#library/debug/index.js";
import {
  Barrier,
  Channel,
  Counter,
  Mutex,
  named,
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

describe("named", () => {
  test("throws where the class is none of which there are objects, and makes nothing", () => {
    class OwnMutex extends Mutex {}
    const expected = "expected a class of the library, such as Mutex";
    const name = (kind: unknown) => () => named(space, "no kind", kind as typeof Mutex);
    expect(name(SpinningLock)).toThrow(
      new TypeError(`Cannot use the name "no kind": received the class SpinningLock; ${expected}`),
    );
    expect(name(OwnMutex)).toThrow(`received the class OwnMutex; ${expected}`);
    expect(name(Object.getPrototypeOf(Mutex))).toThrow(
      "received the function SharedObject; expected a class of the library",
    );
    named(space, "no kind", Counter).free();
  });

  test("makes an object once, and finds it then", () => {
    const jobs = named(space, "jobs", Semaphore, 3);
    expect(jobs).toBeInstanceOf(Semaphore);
    expect(named(space, "jobs", Semaphore, 3).handle).toEqual(jobs.handle);
    expect(named(space, "jobs ", Semaphore, 5).handle).not.toEqual(jobs.handle);
    const buffer = named(space, "Ünïcode 🌪", SharedBuffer, 100);
    expect(named(space, "Ünïcode 🌪", SharedBuffer, 100).byteLength).toBe(100);
    expect(named(space, "", Mutex).handle).toEqual(named(space, "", Mutex).handle);
    for (const object of [jobs, buffer, named(space, "jobs ", Semaphore, 5), named(space, "", Mutex)]) object.free();
  });

  test("refuses an argument too many, whoever asks first", () => {
    const ask = () => named(space, "too many", Semaphore, ...([2, 5] as unknown as [number]));
    expect(ask).toThrow('Cannot use the name "too many": received 5; expected no options');
    using _ = named(space, "too many", Semaphore, 2);
    expect(ask).toThrow('Cannot use the name "too many": received 5; expected no options');
  });

  test("gives the name to another object when the one that had it is freed", () => {
    const first = named(space, "again", Counter);
    first.add(5);
    const { handle } = first;
    first.free();
    const second = named(space, "again", Counter);
    expect(second.handle).not.toEqual(handle);
    expect(second.exact()).toBe(0);
    second.free();
    expect(named(space, "again", Mutex)).toBeInstanceOf(Mutex);
  });

  test("refuses a lone surrogate, of which UTF-8 would make the same name as of every other", () => {
    expect(() => named(space, "a\ud800", Mutex)).toThrow(
      new RangeError('Cannot use a name: received "a\\ud800"; expected a text without lone surrogates'),
    );
    named(space, "a\ud83c\udf2a", Mutex).free();
  });

  test("names an object of another class as an error", () => {
    using _ = named(space, "mine", Mutex);
    expect(() => named(space, "mine", Counter)).toThrow(
      new TypeError('Cannot use the name "mine": received a name of a Mutex; expected one of a Counter'),
    );
  });

  test("names arguments that the object was not made with as an error", () => {
    using seats = named(space, "seats", Semaphore, 2);
    expect(() => named(space, "seats", Semaphore, 9)).toThrow(
      new RangeError('Cannot use the name "seats": received 9; expected 2, as the Semaphore of that name was made'),
    );
    expect(() => named(space, "seats", Semaphore, "2" as never)).toThrow(TypeError);
    expect(named(space, "seats", Semaphore, 2).handle).toEqual(seats.handle);
    expect(named(space, "seats", Semaphore, undefined as never).handle).toEqual(seats.handle);
    using jobs = named(space, "jobs", Channel, { capacity: 100 });
    expect(named(space, "jobs", Channel, { capacity: 100 }).handle).toEqual(jobs.handle);
    expect(named(space, "jobs", Channel).handle).toEqual(jobs.handle);
    expect(() => named(space, "jobs", Channel, { capacity: 200 })).toThrow(
      "received 200; expected capacity: 128, as the",
    );
    expect(() => named(space, "jobs", Channel, { codec: "bytes" })).toThrow(
      'received "bytes"; expected codec: structured',
    );
    expect(() => named(space, "jobs", Channel, { Codec: "bytes" } as never)).toThrow(
      'the option "Codec"; expected codec',
    );
    for (const capacity of [null, 5n, Symbol("100"), 100.5, 8]) {
      expect(() => named(space, "jobs", Channel, { capacity } as never)).toThrow(/received .+; expected capacity: 128/);
    }
    expect(() => named(space, "jobs", Channel, null as never)).toThrow("received null; expected options");
    using _ = named(space, "parties", Barrier, 3);
    expect(() => named(space, "parties", Barrier, 2)).toThrow("expected 3");
    using __ = named(space, "sum", Counter, { batch: 5 });
    expect(() => named(space, "sum", Counter, { batch: 6 })).toThrow("expected batch: 5");
    using ___ = named(space, "lock", Mutex, { onAbandoned: "throw" });
    expect(() => named(space, "lock", Mutex, { onAbandoned: "tell" })).toThrow("expected onAbandoned: throw");
  });

  test("gives the same object to workers that ask at once", async () => {
    const rounds = 300;
    const gate = new Barrier(space, 4);
    const ask = ({ data, library, say }: InWorker<{ gate: Barrier; rounds: number }>) => {
      const counters = [];
      for (let round = 0; round < data.rounds; round++) {
        data.gate.wait();
        const counter = library.named(data.gate.space, `round ${round}`, library.Counter);
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
    const objects = names.map((name) => named(small, name, Mutex));
    expect(new Set(objects.map(({ handle }) => handle.address)).size).toBe(500);
    for (const [i, name] of names.entries()) {
      expect(named(small, name, Mutex).handle).toEqual(objects[i]!.handle);
    }
    for (const object of objects) object.free();
    expect(blocks()).toBe(0);
    expect(() => named(small, "too large", SharedBuffer, 40 << 16)).toThrow(SpaceFullError);
    expect(() => named(small, "x".repeat(40 << 16), Mutex)).toThrow(SpaceFullError);
    expect(blocks()).toBe(0);
  });
});

describe("A space of another copy of the library", () => {
  test("has no objects of this copy, and the error says so", async () => {
    const { SharedSpace: Other } = await import((await copy).href);
    const other = new Other({ workers: 2 });
    const received =
      "received a SharedSpace of another copy of the library, or a Proxy of one; expected one of this copy";
    expect(() => new Mutex(other)).toThrow(new TypeError(`Cannot make a Mutex: ${received}`));
    expect(() => named(other, "a", Mutex)).toThrow(new TypeError(`Cannot use a name: ${received}`));
    other.close();
  });

  test("is what a Proxy of a space is, too: nothing is made in it", () => {
    const { objects } = inspect(space);
    for (const other of [new Proxy(space, {}), Object.create(space)]) {
      expect(() => new Mutex(other)).toThrow("received a SharedSpace");
      expect(() => named(other, "a", Mutex)).toThrow("received a SharedSpace");
    }
    expect(inspect(space).objects).toEqual(objects);
  });
});
