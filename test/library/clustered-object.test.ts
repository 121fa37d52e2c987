import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import * as library from "#library/index.js";
import {
  Channel,
  ClusteredObject,
  Counter,
  DeadlockError,
  ForeignHandleError,
  FreedError,
  type Here,
  Mutex,
  named,
  receive,
  SharedSpace,
  SpaceClosedError,
  SpaceFullError,
} from "#library/index.js";
import { exit, inWorker, message } from "./in-worker.js";
import { blocksOf } from "./kills/check.js";

const space = new SharedSpace();

/** A list of what was broadcast. */
class ListHere {
  readonly here: Here<"uses" | "applied", "total">;
  list: unknown[] = [];
  restored = 0;
  /** What its methods do besides. */
  static meanwhile: (() => void) | undefined;

  constructor(here: Here<"uses" | "applied", "total">) {
    this.here = here;
    ListHere.meanwhile?.();
  }

  use(): number {
    return this.here.words.uses.add(1) + 1;
  }

  apply(update: unknown): void {
    ListHere.meanwhile?.();
    this.list.push(update);
    this.here.words.applied.add(1);
  }

  snapshot(): unknown {
    ListHere.meanwhile?.();
    return this.list;
  }

  restore(list: unknown[]): void {
    this.restored++;
    this.list = list;
  }
}

class List extends ClusteredObject<ListHere, "uses" | "applied", "total"> {
  static {
    List.define("List", { representative: ListHere, words: ["uses", "applied"], root: ["total"], history: 400 });
  }
}

/** Without a snapshot. */
class PlainHere {
  readonly seen: unknown[] = [];
  apply(update: unknown): void {
    if (update === "wrong") throw new Error("mine");
    this.seen.push(update);
  }
}
class Plain extends ClusteredObject<PlainHere> {
  static {
    Plain.define("Plain", { representative: PlainHere, history: 64 });
  }
}

type Degree = "worker" | "one" | number;
type Hits = InstanceType<ReturnType<typeof hitsBy>>;

/** In whatever thread: its workers know nothing of this module. */
function hitsBy({ ClusteredObject }: typeof library, degree: Degree) {
  class HitsHere {
    readonly #words;
    readonly all: number[] = [];
    constructor({ words }: Here<"hits", "total">) {
      this.#words = words;
    }
    hit(): void {
      this.#words.hits.add(1);
    }
    apply(n: number): void {
      this.all.push(n);
    }
    snapshot(): number[] {
      return this.all;
    }
    restore(all: number[]): void {
      this.all.splice(0, this.all.length, ...all);
    }
  }
  class Hits extends ClusteredObject<HitsHere, "hits", "total"> {
    hit(): void {
      this.representative.hit();
    }
  }
  const definition = { representative: HitsHere, words: ["hits"], root: ["total"], degree, history: 2000 } as const;
  Hits.define(`Hits, ${degree}`, definition);
  return Hits;
}

const ByWorker = hitsBy(library, "worker");
const ByTwo = hitsBy(library, 2);
const One = hitsBy(library, "one");

/** A worker that defines the class, and does with the object of its first message what the body says. */
function hitting(
  body: (hits: Hits, say: (message: unknown) => void) => unknown,
  hits: Hits,
  degree: Degree = "worker",
) {
  const source = `async ({ library, data, say, hear }) => {
    (${hitsBy})(library, data.degree);
    hear(async ({ hits }) => { await (${body})(hits, say); process.exit(); });
  }`;
  const worker = inWorker(source as unknown as () => void, { degree });
  worker.postMessage({ hits });
  return worker;
}

const sum = (all: readonly number[]) => all.reduce((a, b) => a + b, 0);
const hitsOf = (hits: Hits) => sum(hits.gather(({ hits }) => hits));

describe("ClusteredObject", () => {
  test("makes a representative on its first use, and gives the same one again", () => {
    const list = new List(space);
    expect(list.gather(() => 1)).toEqual([]);
    const { representative } = list;
    expect(representative).toBeInstanceOf(ListHere);
    for (let i = 0; i < 200; i++) expect(list.representative).toBe(representative);
    expect([representative.here.slot, representative.here.space]).toEqual([space.slot, space]);
    expect(representative.here.root).toBe(list.root);
    expect(representative.use()).toBe(1);
    expect(list.words).toBe(representative.here.words);
    expect(list.gather(({ uses, applied }, which) => [uses, applied, which])).toEqual([[1, 0, space.slot - 1]]);
    list.destroy();
  });

  test("has words that are exact to 2^53 - 1, and refuses what they cannot be", () => {
    const list = new List(space);
    const { total } = list.root;
    const most = Number.MAX_SAFE_INTEGER;
    expect([total.load(), total.add(most), total.add(-1), total.load()]).toEqual([0, 0, most, most - 1]);
    total.store(-most);
    expect([total.compareExchange(0, 1), total.compareExchange(-most, 7), total.load()]).toEqual([-most, -most, 7]);
    for (const wrong of [1.5, Number.NaN, 2 ** 53, Number.POSITIVE_INFINITY])
      for (const use of [() => total.add(wrong), () => total.store(wrong), () => total.compareExchange(7, wrong)])
        expect(use).toThrow(RangeError);
    for (const wrong of ["1", 1n, null, undefined, {}])
      for (const use of [() => total.add(wrong as never), () => total.compareExchange(wrong as never, 1)])
        expect(use).toThrow(TypeError);
    expect(() => total.add(0.5)).toThrow(
      "Cannot add to the word total: received 0.5; expected a whole number of at most 2^53 - 1",
    );
    expect(total.load()).toBe(7);
    total.store(most);
    total.add(1);
    expect(() => total.load()).toThrow(RangeError);
    list.representative.here.words.uses.store(most);
    list.representative.use();
    expect(() => list.gather(() => 0)).toThrow("Cannot load the word uses: received about 9007199254740992");
    list.destroy();
  });

  test.each([
    ["worker", ByWorker, 4],
    [2, ByTwo, 3],
    ["one", One, 1],
  ] as const)("gathers what all have added, also those that have ended: degree %s", async (degree, its, most) => {
    const own = new SharedSpace({ workers: 5 });
    const hits = new its(own);
    const body = (hits: Hits) => {
      for (let i = 0; i < 1000; i++) hits.hit();
      hits.root.total.add(1000);
    };
    await Promise.all([0, 1, 2, 3].map(() => exit(hitting(body, hits, degree))));
    expect([hitsOf(hits), hits.root.total.load()]).toEqual([4000, 4000]);
    const before = hits.gather((_, which) => which).length;
    expect(before).toBeLessThanOrEqual(most);
    // Their slots' next workers go on with their words.
    await Promise.all([0, 1, 2, 3].map(() => exit(hitting(body, hits, degree))));
    expect(hitsOf(hits)).toBe(8000);
    expect(hits.gather((_, which) => which).every((which) => which <= most)).toBe(true);
    own.close();
  });

  test("loses nothing that a worker had added when it died", async () => {
    const hits = new ByWorker(space);
    let least = 0;
    for (let round = 0; round < 8; round++) {
      const victim = hitting((hits, say) => {
        for (let n = 1; ; n++) {
          hits.hit();
          if (n % 64 === 0) say(n);
        }
      }, hits);
      let said = 0;
      victim.on("message", (n: number) => {
        said = n;
      });
      await message(victim);
      await sleep(round);
      await victim.terminate();
      least += said;
      expect(hitsOf(hits)).toBeGreaterThanOrEqual(least);
      least = hitsOf(hits);
    }
    hits.destroy();
  });

  test("applies what was broadcast before the next use, everybody in the same order", async () => {
    const hits = new ByWorker(space);
    const workers = [0, 1, 2].map(() =>
      hitting((hits, say) => {
        for (let n = 0; n < 300; n++) {
          hits.broadcast(hits.representative.all.length * 4096 + n);
          if (n % 10 === 0) hits.hit();
        }
        say("done");
        while (hits.representative.all.length < 900) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
        say(hits.representative.all);
      }, hits),
    );
    const lists = await Promise.all(
      workers.map(
        (worker) =>
          new Promise<number[]>((resolve, reject) =>
            worker.on("error", reject).on("message", (said) => Array.isArray(said) && resolve(said)),
          ),
      ),
    );
    expect(lists[0]!.length).toBe(900);
    expect(lists[1]).toEqual(lists[0]);
    expect(lists[2]).toEqual(lists[0]);
    // One that comes later, too.
    expect(hits.representative.all).toEqual(lists[0]);
    hits.destroy();
  });

  test("has broadcast or not when its worker dies, and is whole", async () => {
    const hits = new ByWorker(space);
    const before = blocksOf(space);
    let all: number[] = [];
    for (let round = 0; round < 8; round++) {
      const victim = hitting((hits, say) => {
        say("begins");
        for (let n = 0; ; n++) hits.broadcast(n);
      }, hits);
      await message(victim);
      await sleep(5 + round);
      await victim.terminate();
      await space.guarded;
      const now = hits.representative.all;
      expect(now.slice(0, all.length)).toEqual(all);
      expect(now.slice(all.length)).toEqual(now.slice(all.length).map((_, i) => i));
      all = [...now];
    }
    expect(all.length).toBeGreaterThan(8);
    // A death leaves one block at most.
    expect(blocksOf(space)).toBeLessThanOrEqual(before + 8);
    hits.destroy();
  });

  test("keeps updates up to its history, and then a snapshot, in bounded memory", () => {
    const own = new SharedSpace({ maximumBytes: 2 ** 21 });
    const before = blocksOf(own);
    const list = new List(own);
    const old = receive(structuredClone({ list })).list;
    expect(old.representative.list).toEqual([]);
    for (let n = 1; n <= 2000; n++) {
      if (n % 100 === 1) old.representative.list.length = 0;
      expect(list.broadcast({ n })).toBe(n);
      // One that uses it seldom, and one that never did.
      if (n % 7 === 0) expect(old.representative.list.at(-1)).toEqual({ n });
      if (n % 250 === 0) {
        const fresh = receive(structuredClone({ list })).list;
        expect(fresh.representative.list).toEqual(list.representative.list);
        expect(fresh.representative.list.length).toBe(n);
      }
    }
    const late = receive(structuredClone({ list })).list.representative;
    expect([late.restored, late.list.length]).toEqual([1, 2000]);
    // Who has applied all does not begin again with a snapshot.
    expect(list.representative.restored).toBe(0);
    expect(blocksOf(own)).toBe(before + 2);
    list.destroy();
    expect(blocksOf(own)).toBe(before);
    own.close();
  });

  test("applies a first update that is longer than its history", () => {
    const list = new List(space);
    const others = [1, 2].map(() => receive(structuredClone({ list })).list);
    expect(list.representative.list.concat(others[0]!.representative.list)).toEqual([]);
    const long = "x".repeat(500);
    expect([list.broadcast(long), list.broadcast("second")]).toEqual([1, 2]);
    for (const each of [list, ...others]) expect(each.representative.list).toEqual([long, "second"]);
    list.destroy();
  });

  test("refuses an update that its history has no room for, if it has no snapshot", () => {
    const plain = new Plain(space);
    plain.broadcast("a");
    plain.broadcast("b");
    plain.broadcast("c");
    expect(() => plain.broadcast("x".repeat(60))).toThrow(SpaceFullError);
    expect(() => plain.broadcast("x".repeat(60))).toThrow(
      "Cannot broadcast to a Plain: received an update with which all take more than 64 bytes; expected a representative with snapshot and restore, or a larger history",
    );
    expect(plain.broadcast("d")).toBe(4);
    expect(() => plain.broadcast("e")).toThrow(SpaceFullError);
    expect(plain.representative.seen).toEqual(["a", "b", "c", "d"]);
    plain.destroy();
  });

  test("carries what a Channel carries, and what it refuses changes nothing", () => {
    const plain = new Plain(space);
    const mutex = new Mutex(space);
    expect(() => plain.broadcast({ f: () => {} })).toThrow(
      "Cannot broadcast to a Plain: received a function at update.f; expected what structured clone copies",
    );
    expect(() => plain.broadcast(new Mutex(new SharedSpace()))).toThrow(ForeignHandleError);
    plain.broadcast(mutex);
    const [copy] = plain.representative.seen as [Mutex];
    copy.withLock(() => expect(mutex.tryLock()).toBe(null));
    plain.destroy();
  });

  test("makes its representative anew after its constructor or apply threw", () => {
    const plain = new Plain(space);
    plain.broadcast("a");
    const first = plain.representative;
    plain.broadcast("wrong");
    plain.broadcast("b");
    expect(() => plain.representative).toThrow("mine");
    expect(first.seen).toEqual(["a"]);
    expect(() => plain.representative).toThrow("mine");
    plain.destroy();
    const list = new List(space);
    ListHere.meanwhile = () => {
      throw new Error("mine, too");
    };
    try {
      expect(() => list.representative).toThrow("mine, too");
      ListHere.meanwhile = undefined;
      list.broadcast(1);
      expect(list.representative.list).toEqual([1]);
    } finally {
      ListHere.meanwhile = undefined;
    }
    list.destroy();
  });

  test("does not wait for itself where its own representative uses it", () => {
    const list = new List(space);
    const uses: unknown[] = [];
    ListHere.meanwhile = () => {
      for (const use of [() => list.representative, () => list.broadcast(0)])
        try {
          uses.push(use());
        } catch (error) {
          uses.push(error);
        }
    };
    try {
      list.broadcast(1);
      expect(list.representative.list).toEqual([1]);
      for (let n = 2; n < 40; n++) list.broadcast(n);
    } finally {
      ListHere.meanwhile = undefined;
    }
    // By the constructor, by apply, and by snapshot.
    expect(uses.length).toBeGreaterThan(8);
    expect(uses.every((error) => error instanceof DeadlockError)).toBe(true);
    expect(list.representative.list.length).toBe(39);
    list.destroy();
  });

  test("is not to be used once it is destroyed, by nobody", () => {
    const before = blocksOf(space);
    const list = new List(space);
    const { representative } = list;
    const { words, root } = representative.here;
    const late = receive(structuredClone({ list })).list;
    const sent = structuredClone({ list });
    list.destroy();
    const after = receive(sent).list;
    expect(after).toBeInstanceOf(List);
    for (const each of [list, late, after]) {
      expect(each.freed).toBe(true);
      expect(() => each.representative).toThrow("Cannot use a List: received a ClusteredObject:List that was freed");
      expect(() => each.broadcast(1)).toThrow(FreedError);
      expect(() => each.gather(() => 0)).toThrow(FreedError);
      expect(() => each.root.total.load()).toThrow(FreedError);
      expect(() => each.words.uses.load()).toThrow(FreedError);
      expect(() => each.destroy()).toThrow(FreedError);
    }
    for (const word of [words.uses, root.total]) {
      const uses = [() => word.load(), () => word.add(1), () => word.store(1), () => word.compareExchange(0, 1)];
      for (const use of uses) expect(use).toThrow(FreedError);
    }
    expect(blocksOf(space)).toBe(before);
  });

  test("passes through messages, channels, workers' data and names, as its class", () => {
    const list = new List(space);
    list.broadcast("a");
    const copy = receive(structuredClone({ list })).list;
    expect(copy).toBeInstanceOf(List);
    expect(copy.representative.list).toEqual(["a"]);
    const channel = new Channel<List>(space);
    channel.send(list);
    expect(channel.receive()!.representative.list).toEqual(["a"]);
    const first = named(space, "a list", List);
    first.root.total.add(5);
    expect(named(space, "a list", List).root.total.load()).toBe(5);
    expect(() => named(space, "a list", Plain)).toThrow(
      "Cannot use a Plain: received an object of another class, or one that another worker has defined otherwise; expected the same name, degree and words",
    );
    expect(() => named(space, "a list", Counter)).toThrow(
      "received a name of a ClusteredObject; expected one of a Counter",
    );
    named(space, "a counter", Counter);
    expect(() => named(space, "a counter", List)).toThrow(TypeError);
    expect(() => receive({ list: { handle: { ...list.handle, landspout: "ClusteredObject:Unheard" } } })).toThrow(
      "Cannot receive a ClusteredObject:Unheard: received one that this worker has not defined; expected its class, by an import of the module that defines it",
    );
    expect(() => receive({ list: { handle: { ...list.handle, landspout: "ClusteredObject:Plain" } } })).toThrow(
      TypeError,
    );
    list.destroy();
  });

  test("says which one it is", () => {
    const list = new List(space);
    const line = `ClusteredObject:List 0x${list.handle.address.toString(16)}`;
    expect((list as never as Record<symbol, () => string>)[Symbol.for("nodejs.util.inspect.custom")]!()).toBe(line);
    list.destroy();
  });

  test("is not used in a space that is closed, or has no room", () => {
    const own = new SharedSpace({ workers: 2, maximumBytes: 2 ** 19 });
    const list = new List(own);
    const used = new List(own);
    expect(used.representative).toBe(used.representative);
    expect(() => {
      for (;;) new List(own);
    }).toThrow(SpaceFullError);
    expect(() => {
      for (;;) list.broadcast("x".repeat(20_000));
    }).toThrow(SpaceFullError);
    own.close();
    expect(() => list.root.total.load()).toThrow(SpaceClosedError);
    expect(() => list.broadcast(1)).toThrow(SpaceClosedError);
    expect(() => used.representative).toThrow(SpaceClosedError);
    expect(() => {
      for (let i = 0; i < 100; i++) list.representative;
    }).toThrow(SpaceClosedError);
  });

  test("is not received as another object, where its class has a constructor of its own", () => {
    const own = new SharedSpace();
    class Own extends ClusteredObject<PlainHere> {
      static {
        Own.define("With a constructor", { representative: PlainHere });
      }
      constructor() {
        super(own);
      }
    }
    expect(() => receive(structuredClone(new Own()))).toThrow("expected a class without a constructor of its own");
    own.close();
  });

  test("is defined once, by a name of its own", () => {
    class None extends ClusteredObject {}
    expect(() => new None(space)).toThrow(
      "Cannot make a clustered object: received the class None, which is not defined; expected static { None.define(...) } in it",
    );
    expect(() => new ClusteredObject(space)).toThrow(TypeError);
    expect(() => named(space, "none", None)).toThrow(TypeError);
    class Derived extends List {}
    expect(() => new Derived(space)).toThrow(TypeError);
    expect(() => Derived.define("Derived", { representative: ListHere })).toThrow(
      "expected a class that extends ClusteredObject",
    );
    expect(() => List.define("List again", { representative: ListHere })).toThrow("received List again again");
    expect(() => None.define("List", { representative: ListHere })).toThrow("received the name List of another class");
    // As where its module is loaded anew.
    const before = new Plain(space);
    class Anew extends ClusteredObject<PlainHere> {}
    Anew.define("Plain", { representative: PlainHere });
    expect(receive(structuredClone({ before })).before).toBeInstanceOf(Anew);
    before.destroy();
    for (const name of ["", "x".repeat(101), 5, undefined])
      expect(() => None.define(name as never, { representative: ListHere })).toThrow("a name, a text of 1 to 100");
    for (const wrong of [
      undefined,
      {},
      { representative: 5 },
      { representative: ListHere, word: ["a"] },
      { representative: ListHere, words: "a" },
      { representative: ListHere, words: ["a", "a"] },
      { representative: ListHere, words: [""] },
      { representative: ListHere, root: Array.from({ length: 65 }, (_, i) => `${i}`) },
      { representative: ListHere, degree: "two" },
      { representative: ListHere, degree: 0 },
      { representative: ListHere, degree: 1.5 },
      { representative: ListHere, history: -1 },
    ])
      expect(() => None.define("None", wrong as never)).toThrow(
        /^Cannot define a ClusteredObject: received .+; expected .+/,
      );
    // Nothing was done by these.
    None.define("None", { representative: ListHere, degree: 4096, words: ["__proto__", "a"], root: [] });
    const none = new None(space);
    expect(none.gather(() => 0)).toEqual([]);
    expect(none.representative).toBeInstanceOf(ListHere);
    expect(none.gather((values) => Object.keys(values))).toEqual([["__proto__", "a"]]);
    none.destroy();
    expect(() => new Plain(space).broadcast.call(none, 1)).toThrow(FreedError);
    expect(() => new Plain(space).gather(5 as never)).toThrow("Cannot gather: received 5; expected read, a function");
  });
});
