import { readdirSync, readFileSync } from "node:fs";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import * as debug from "#library/debug/index.js";
import * as library from "#library/index.js";
import { bundle } from "./bundle.js";

/**
 * Every parameter of every public method, with wrong values in the place of a good one. PARAMETERS says what each is;
 * what is public, the sources say.
 */

const entry = new URL("../../packages/library/dist/index.js", import.meta.url);
const space = new library.SharedSpace({ workers: 4 });
const other = new library.SharedSpace({ workers: 4 });

const party = new library.Barrier(space, 1).join();
const snapshot = new library.Histogram(space).snapshot();

class ListHere {
  readonly list: unknown[] = [];
  apply(update: unknown): void {
    this.list.push(update);
  }
}
class List extends library.ClusteredObject<ListHere> {
  static {
    List.define("List of arguments", { representative: ListHere, words: ["a"] });
  }
}

/** In the state in which nothing would wait, if a wrong argument were taken for a good one. */
const OBJECTS = {
  Barrier: () => new library.Barrier(space, 1),
  BarrierParty: () => party,
  Channel: () => {
    const channel = new library.Channel<unknown>(space, { codec: "bytes" });
    channel.send(new Uint8Array(3));
    return channel;
  },
  ClusteredObject: () => new List(space),
  Condition: () => new library.Condition(space),
  Counter: () => new library.Counter(space),
  Event: () => {
    const event = new library.Event(space);
    event.set();
    return event;
  },
  Histogram: () => new library.Histogram(space),
  HistogramSnapshot: () => snapshot,
  Latch: () => new library.Latch(space, 1),
  McsLock: () => new library.McsLock(space, { force: true }),
  Mutex: () => new library.Mutex(space),
  Once: () => new library.Once(space),
  Replicated: () => {
    const replicated = new library.Replicated<unknown>(space, 0);
    replicated.set(1);
    return replicated;
  },
  RwLock: () => new library.RwLock(space),
  Semaphore: () => new library.Semaphore(space, 3),
  Service: () => new library.Service(space, { procedures: { double: (x: number) => 2 * x } }),
  SharedBuffer: () => new library.SharedBuffer(space, 64),
  SharedCache: () => new library.SharedCache(space, { entries: 10 }),
  SharedMap: () => new library.SharedMap(space),
  SharedSpace: () => space,
  TicketLock: () => new library.TicketLock(space, { force: true }),
};
type Name = keyof typeof OBJECTS;

/** What tells whether an object is as it was made, beside what `inspect` tells. */
const STATES: Partial<Record<Name, (object: never) => unknown>> = {
  Channel: ({ used, closed }: library.Channel) => ({ used, closed }),
  ClusteredObject: (list: List) => [...list.representative.list],
  Counter: (counter: library.Counter) => counter.exact(),
  Event: ({ isSet }: library.Event) => isSet,
  Histogram: (histogram: library.Histogram) => histogram.snapshot().count,
  Latch: ({ left, abandoned }: library.Latch) => ({ left, abandoned }),
  Mutex: (mutex: library.Mutex) => mutex.lock().unlock(),
  McsLock: (lock: library.McsLock) => lock.lock().unlock(),
  Once: ({ done }: library.Once) => done,
  Replicated: (replicated: library.Replicated) => [replicated.get(), replicated.version],
  RwLock: (lock: library.RwLock) => [lock.lock().unlock(), lock.lockShared().unlock()],
  Semaphore: (semaphore: library.Semaphore) => [semaphore.available, semaphore.acquire(3).release()],
  SharedCache: (cache: library.SharedCache) => [...cache],
  SharedMap: (map: library.SharedMap) => [...map],
  TicketLock: (lock: library.TicketLock) => lock.lock().unlock(),
  Barrier: (barrier: library.Barrier) => barrier.wait(),
  Condition: (condition: library.Condition) => condition.notify(),
};

const NO_NUMBERS: readonly unknown[] = [
  "300",
  "",
  null,
  {},
  [],
  true,
  5n,
  () => 5,
  Symbol("5"),
  new Date(0),
  { valueOf: () => 5 },
];
const NO_WHOLE_NUMBERS = [...NO_NUMBERS, Number.NaN, 1.5, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
const NO_FUNCTIONS = [null, 5, "work", {}, [], Promise.resolve()];
const NO_OBJECTS = [undefined, null, 5, "x", {}, [], () => {}];
const NO_TIMES = [...NO_NUMBERS, Number.NaN, -1, Number.NEGATIVE_INFINITY, { timeout: 50 }];
const NO_TTLS = [...NO_NUMBERS, Number.NaN, 0, -1, Number.NEGATIVE_INFINITY];
const NO_BOOLEANS = [null, 0, 1, "true", {}, []];
const NO_SIGNALS = [null, 5, "signal", {}, [], new AbortController()];
const NO_OPTIONS = [
  null,
  50,
  Number.NaN,
  "50",
  [],
  true,
  () => {},
  new Map(),
  new AbortController(),
  AbortSignal.timeout(1),
];

const mutexOfOther = new library.Mutex(other);
const locked = new library.Mutex(space).lock();
const ended = new library.Channel(space);
ended.close();

interface Parameter {
  /** `object`: that whose method is called. */
  good(object: unknown): unknown;
  readonly wrong: readonly unknown[];
}

const parameter = (good: (object: unknown) => unknown, wrong: readonly unknown[]): Parameter => ({ good, wrong });
const whole = (good: number, ...wrong: unknown[]) => parameter(() => good, [...NO_WHOLE_NUMBERS, ...wrong]);
const options = (wrong: Record<string, readonly unknown[]>) =>
  parameter(
    () => undefined,
    [
      ...NO_OPTIONS,
      { timout: 5 },
      { Signal: undefined },
      ...Object.entries(wrong).flatMap(([name, values]) => values.map((value) => ({ [name]: value }))),
    ],
  );
const onAbandoned = ["Throw", "", null, 5, true, []];

/** Of which no worker starts. */
const pool = new library.Pool(import.meta.url, { minimum: 0 });

const KINDS = {
  space: parameter(() => space, [...NO_OBJECTS, new library.Mutex(space)]),
  pool: parameter(() => pool, [...NO_OBJECTS, space, new library.Mutex(space)]),
  time: parameter(() => 0, [undefined, ...NO_TIMES]),
  "time?": parameter(() => 0, NO_TIMES),
  "wait options": options({ timeout: NO_TIMES, signal: NO_SIGNALS }),
  "signal option": options({ timeout: [5], signal: NO_SIGNALS }),
  "empty token?": parameter(() => undefined, [null, 5, "x", {}, [], () => {}, locked, new library.Mutex(space)]),
  "token that holds": parameter(
    () => locked,
    [
      ...NO_OBJECTS,
      new library.UnlockToken(),
      new library.TicketLock(space, { force: true }).lock(),
      new library.RwLock(space).lockShared(),
      mutexOfOther.lock(),
      new library.Mutex(space),
    ],
  ),
  "predicate?": parameter(() => undefined, NO_FUNCTIONS),
  function: parameter(() => () => {}, [undefined, ...NO_FUNCTIONS]),
  work: parameter(() => () => {}, [undefined, ...NO_FUNCTIONS]),
  "synchronous work": parameter(
    () => () => {},
    [undefined, ...NO_FUNCTIONS, async () => {}, () => Promise.reject(new Error("on purpose"))],
  ),
  "permits?": whole(1, 0, -1, 2 ** 31),
  "permits at first": whole(1, undefined, -1, 2 ** 31),
  "count?": parameter(() => 1, [...NO_NUMBERS, Number.NaN, -1, 1.5]),
  parties: whole(1, undefined, 0, -1, 65536),
  "amount?": whole(1, 2 ** 53),
  limit: whole(1, undefined, 2 ** 53),
  version: whole(0, undefined, -1, 2 ** 32),
  "what can be copied": parameter(() => 1, [() => {}, Symbol("value"), new library.Mutex(other)]),
  value: whole(1, undefined, -1, 2 ** 53),
  percent: parameter(() => 50, [undefined, ...NO_NUMBERS, Number.NaN, -1, 0.99, 101, Number.POSITIVE_INFINITY]),
  key: parameter(() => "a", [undefined, null, true, {}, [], 5n, () => {}, Symbol("a"), new Uint16Array(3)]),
  "value of a map": parameter(() => ({ a: 1 }), [mutexOfOther, { inside: [mutexOfOther] }]),
  "map options": options({ partitions: [...NO_WHOLE_NUMBERS, 0, -1, 65] }),
  "cache options": parameter(
    () => ({ entries: 10 }),
    options({
      bytes: [...NO_WHOLE_NUMBERS, 0, -1, 2 ** 32 + 1],
      entries: [...NO_WHOLE_NUMBERS, 0, -1, 2 ** 28 + 1],
      ttl: [5, ...NO_TTLS],
      stale: [true, ...NO_BOOLEANS],
      partitions: [1, ...NO_WHOLE_NUMBERS],
    }).wrong,
  ),
  "service options": parameter(
    () => ({ procedures: { double: (x: number) => 2 * x } }),
    [
      {},
      { procedures: {} },
      ...[null, 5, "x", { a: 5 }, { async: () => {} }].map((procedures) => ({ procedures })),
      ...Object.entries({
        calls: [...NO_WHOLE_NUMBERS, 0, 4097],
        bytes: [...NO_WHOLE_NUMBERS, -1, 65537],
        depth: [...NO_WHOLE_NUMBERS, 0, 1001],
        name: [null, 5, {}, [], "\ud800"],
        timout: [5],
      }).flatMap(([name, values]) => values.map((value) => ({ procedures: { double: () => {} }, [name]: value }))),
    ],
  ),
  "bind options": options({ timeout: NO_TIMES, signal: NO_SIGNALS, whenFull: [null, 5, "never", {}] }),
  "set options": options({ ttl: NO_TTLS }),
  "fetch options": options({
    ttl: NO_TTLS,
    stale: NO_BOOLEANS,
    errorTtl: NO_TIMES,
    timeout: NO_TIMES,
    signal: NO_SIGNALS,
  }),
  "number of bytes": whole(1, undefined, -1, 2 ** 32),
  bytes: parameter(() => new Uint8Array(3), [...NO_OBJECTS, new Uint16Array(3), new ArrayBuffer(3), "bytes"]),
  "class of views": parameter(() => Uint8Array, [...NO_OBJECTS, Array, ArrayBuffer, "Uint8Array", library.Mutex]),
  memory: parameter(() => space.memory, [...NO_OBJECTS, new WebAssembly.Memory({ initial: 1 }), new ArrayBuffer(8)]),
  name: parameter(() => "name", [undefined, null, 5, {}, [], () => {}, Symbol("name")]),
  "name of a class": parameter(() => "Other", [undefined, null, 5, {}, "", "x".repeat(101), "List of arguments"]),
  "definition of a class": parameter(
    () => ({ representative: ListHere }),
    [
      ...NO_OBJECTS,
      { representative: ListHere, word: ["a"] },
      ...[5, "x", {}, undefined, () => {}].map((representative) => ({ representative })),
      ...["a", 5, ["a", "a"], [""], [5], Array(65).fill("a")].map((words) => ({ representative: ListHere, words })),
      ...["a", 5, ["a", "a"]].map((root) => ({ representative: ListHere, root })),
      ...["two", 0, 1.5, 4097, null].map((degree) => ({ representative: ListHere, degree })),
      ...[...NO_WHOLE_NUMBERS, -1, 2 ** 30].map((history) => ({ representative: ListHere, history })),
    ],
  ),
  class: parameter(() => library.Mutex, [...NO_OBJECTS, Array, Date, library.SharedSpace, "Mutex"]),
  "arguments of a Mutex": options({ onAbandoned }),
  message: parameter(() => 5, [{ handle: { landspout: "Nothing", memory: space.memory, address: 0, identity: 0 } }]),
  "space options": options({
    workers: [...NO_WHOLE_NUMBERS, 0, -1, 4097],
    maximumBytes: [...NO_WHOLE_NUMBERS, 0, 65535, 2 ** 33],
  }),
  "lock options": options({ onAbandoned }),
  "spinning lock options": parameter(
    () => ({ force: true }),
    options({ onAbandoned, force: [null, 0, 1, "true", {}, []] }).wrong,
  ),
  "counter options": options({ batch: [...NO_WHOLE_NUMBERS, 0, -1, 2 ** 31] }),
  "channel options": options({
    capacity: [...NO_WHOLE_NUMBERS, 0, 15, -1, 2 ** 31],
    codec: ["Bytes", "", null, 5, {}],
  }),
  cases: parameter(
    () => [{ receive: ended }],
    [
      ...NO_OBJECTS,
      ended,
      [ended],
      [{ receive: 5 }],
      [{ send: new library.Mutex(space), value: 1 }],
      [{ receive: ended, send: ended, value: 1 }],
      [{ receive: ended, value: 1 }],
      [{ recieve: ended }],
      [{ send: ended }],
      [{ receive: ended }, null],
      [{ receive: ended }, { receive: new library.Channel(other) }],
    ],
  ),
  "no options": options({ timeout: [5] }),
  report: parameter(() => debug.inspect(space), [...NO_OBJECTS, { workers: [] }, space]),
  "meter?": parameter(() => undefined, [null, 5, "x", {}, []]),
} satisfies Record<string, Parameter>;
type Kind = keyof typeof KINDS;

/**
 * Of the methods that have parameters: what each of them is. Statics take the object first, and then what its method
 * takes.
 */
const PARAMETERS: Record<string, readonly Kind[]> = {
  "Barrier.constructor": ["space", "parties"],
  "Barrier.waitAsync": ["wait options"],
  "BarrierParty.waitAsync": ["wait options"],
  "Channel.constructor": ["space", "channel options"],
  "Channel.receiveAsync": ["wait options"],
  "Channel.receiveIfAvailable": ["time"],
  "Channel.receiveInto": ["bytes"],
  "Channel.send": ["bytes"],
  "Channel.sendAsync": ["bytes", "wait options"],
  "Channel.sendIfAvailable": ["bytes", "time"],
  "ClusteredObject.broadcast": ["what can be copied"],
  "ClusteredObject.constructor": ["space"],
  "ClusteredObject.gather": ["function"],
  "static ClusteredObject.define": ["name of a class", "definition of a class"],
  "Condition.constructor": ["space"],
  "Condition.notify": ["count?"],
  "Condition.wait": ["token that holds"],
  "Condition.waitAsync": ["token that holds", "wait options"],
  "Condition.waitFor": ["token that holds", "time", "predicate?"],
  "Condition.waitForAsync": ["token that holds", "time", "predicate?", "signal option"],
  "Counter.add": ["amount?"],
  "Counter.compare": ["limit"],
  "Counter.constructor": ["space", "counter options"],
  "Event.constructor": ["space"],
  "Event.wait": ["time?"],
  "Event.waitAsync": ["wait options"],
  "Histogram.constructor": ["space", "no options"],
  "Histogram.record": ["value"],
  "HistogramSnapshot.percentile": ["percent"],
  "Latch.constructor": ["space", "permits at first"],
  "Latch.countDown": ["permits?"],
  "Latch.promise": ["permits?"],
  "Latch.wait": ["time?"],
  "Latch.waitAsync": ["wait options"],
  "McsLock.constructor": ["space", "spinning lock options"],
  "Mutex.constructor": ["space", "lock options"],
  "Mutex.lock": ["empty token?"],
  "Mutex.lockAsync": ["wait options"],
  "Mutex.lockIfAvailable": ["time", "empty token?"],
  "Mutex.lockIfAvailableAsync": ["time", "signal option"],
  "Mutex.tryLock": ["empty token?"],
  "Mutex.withLock": ["synchronous work"],
  "Mutex.withLockAsync": ["work", "wait options"],
  "Once.call": ["synchronous work"],
  "Once.callAsync": ["work", "wait options"],
  "Once.constructor": ["space"],
  "Replicated.constructor": ["space", "what can be copied"],
  "Replicated.set": ["what can be copied"],
  "Replicated.update": ["synchronous work"],
  "Replicated.wait": ["version", "time?"],
  "Replicated.waitAsync": ["version", "wait options"],
  "RwLock.constructor": ["space", "lock options"],
  "RwLock.lock": ["empty token?"],
  "RwLock.lockAsync": ["wait options"],
  "RwLock.lockIfAvailable": ["time", "empty token?"],
  "RwLock.lockIfAvailableAsync": ["time", "signal option"],
  "RwLock.lockShared": ["empty token?"],
  "RwLock.lockSharedAsync": ["wait options"],
  "RwLock.lockSharedIfAvailable": ["time", "empty token?"],
  "RwLock.lockSharedIfAvailableAsync": ["time", "signal option"],
  "RwLock.tryLock": ["empty token?"],
  "RwLock.tryLockShared": ["empty token?"],
  "RwLock.withLock": ["synchronous work"],
  "RwLock.withLockAsync": ["work", "wait options"],
  "RwLock.withLockShared": ["synchronous work"],
  "RwLock.withLockSharedAsync": ["work", "wait options"],
  "Semaphore.acquire": ["permits?"],
  "Semaphore.acquireAsync": ["permits?", "wait options"],
  "Semaphore.acquireIfAvailable": ["time", "permits?"],
  "Semaphore.acquireIfAvailableAsync": ["time", "permits?", "signal option"],
  "Semaphore.add": ["permits?"],
  "Semaphore.constructor": ["space", "permits at first"],
  "Semaphore.tryAcquire": ["permits?"],
  "Semaphore.withPermits": ["synchronous work", "permits?"],
  "Semaphore.withPermitsAsync": ["work", "permits?", "wait options"],
  "Service.bind": ["bind options"],
  "Service.constructor": ["space", "service options"],
  "SharedBuffer.constructor": ["space", "number of bytes"],
  "SharedBuffer.view": ["class of views"],
  "SharedCache.constructor": ["space", "cache options"],
  "SharedCache.delete": ["key"],
  "SharedCache.fetch": ["key", "work", "fetch options"],
  "SharedCache.get": ["key"],
  "SharedCache.getOrInsert": ["key", "synchronous work", "set options"],
  "SharedCache.has": ["key"],
  "SharedCache.set": ["key", "value of a map", "set options"],
  "SharedMap.constructor": ["space", "map options"],
  "SharedMap.delete": ["key"],
  "SharedMap.get": ["key"],
  "SharedMap.getOrInsert": ["key", "synchronous work"],
  "SharedMap.getOrInsertAsync": ["key", "work", "wait options"],
  "SharedMap.has": ["key"],
  "SharedMap.set": ["key", "value of a map"],
  "SharedMap.update": ["key", "synchronous work"],
  "SharedSpace.constructor": ["space options"],
  "static SharedSpace.of": ["memory"],
  "SpinningLock.lock": ["empty token?"],
  "SpinningLock.lockAsync": ["wait options"],
  "SpinningLock.lockIfAvailable": ["time", "empty token?"],
  "SpinningLock.lockIfAvailableAsync": ["time", "signal option"],
  "SpinningLock.tryLock": ["empty token?"],
  "SpinningLock.withLock": ["synchronous work"],
  "SpinningLock.withLockAsync": ["work", "wait options"],
  "TicketLock.constructor": ["space", "spinning lock options"],
  disable: ["space"],
  enable: ["space"],
  formatDebug: ["report"],
  inspect: ["space"],
  measure: ["space", "meter?"],
  measurePool: ["pool", "meter?"],
  named: ["space", "name", "class", "arguments of a Mutex"],
  receive: ["message"],
  select: ["cases"],
  selectAsync: ["cases", "wait options"],
  selectIfAvailable: ["cases", "time"],
};

/** What is public, and has parameters: by name, how many. */
const publicMethods = new Map<string, number>();
const exported = { ...library, ...debug } as Record<string, unknown>;
for (const folder of ["packages/library/src", "packages/library/src/debug"]) {
  for (const file of readdirSync(folder).filter((name) => name.endsWith(".ts") && name !== "modules.d.ts")) {
    const source = ts.createSourceFile(file, readFileSync(`${folder}/${file}`, "utf8"), ts.ScriptTarget.Latest, true);
    for (const node of source.statements) {
      const name = (ts.isClassDeclaration(node) || ts.isFunctionDeclaration(node)) && node.name?.text;
      if (!name || !(name in exported)) continue;
      if (ts.isFunctionDeclaration(node)) publicMethods.set(name, node.parameters.length);
      else if (!(exported[name] as { prototype: unknown }).prototype || isError(exported[name])) continue;
      else for (const member of node.members) addMember(name, member);
    }
  }
}

function isError(kind: unknown): boolean {
  return (kind as { prototype: unknown }).prototype instanceof Error;
}

function addMember(kind: string, member: ts.ClassElement): void {
  const isConstructor = ts.isConstructorDeclaration(member);
  if (!isConstructor && !ts.isMethodDeclaration(member)) return;
  const hidden = ts.SyntaxKind.ProtectedKeyword;
  const isHidden = ts.getJSDocTags(member).some(({ tagName }) => tagName.text === "internal");
  const parameters = member.parameters.filter(({ name }) => name.getText() !== "this");
  if (isHidden || member.modifiers?.some(({ kind }) => kind === hidden) || parameters.length === 0) return;
  // Of overloads, those that say how it is called.
  const isOneOfSeveral = (member.parent as ts.ClassDeclaration).members.filter(ts.isConstructorDeclaration).length > 1;
  if (isConstructor && member.body && isOneOfSeveral) return;
  const name = isConstructor ? "constructor" : member.name.getText();
  if (name.startsWith("#")) return;
  const isStatic = member.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.StaticKeyword);
  publicMethods.set(`${isStatic ? "static " : ""}${kind}.${name}`, parameters.length);
}

/** The parameters of a method; those of a static are its method's after the object. */
function parametersOf(method: string): readonly Kind[] | undefined {
  return PARAMETERS[method] ?? (method.startsWith("static ") ? (PARAMETERS[method.slice(7)] ?? []) : undefined);
}

const NO_LANDSPOUT = [undefined, null, 5, "x", {}, [], space];

/** The ways to call what has a name: on which classes, with what, and what is wrong. */
function* callsOf(method: string) {
  const [, isStatic, kind = "", name = method] = /^(static )?(?:(\w+)\.)?(\w+)$/.exec(method)!;
  const kinds = parametersOf(method)!.map((kind): Parameter => KINDS[kind]);
  const classes = kind === "SpinningLock" ? (["TicketLock", "McsLock"] as const) : [kind as Name];
  for (const on of classes) {
    const make = OBJECTS[on] ?? (() => undefined);
    if (kind === "")
      yield {
        on: name,
        parameters: kinds,
        make,
        call: (_: unknown, args: unknown[]) => call(exported[name], undefined, args),
      };
    else if (name === "constructor") {
      const of = (on === "ClusteredObject" ? List : exported[on]) as new (...args: unknown[]) => unknown;
      yield { on: `new ${on}`, parameters: kinds, make, call: (_: unknown, args: unknown[]) => new of(...args) };
    } else if (isStatic) {
      const of = (on === "ClusteredObject" ? class extends library.ClusteredObject {} : exported[on]) as Record<
        string,
        unknown
      >;
      const isOwn = PARAMETERS[method] !== undefined;
      const parameters = isOwn ? kinds : [parameter((object) => object, [...NO_LANDSPOUT, wrongFor(on)]), ...kinds];
      yield { on: `${on}.${name}`, parameters, make, call: (_: unknown, args: unknown[]) => call(of[name], of, args) };
    } else {
      yield {
        on: `${on}.prototype.${name}`,
        parameters: kinds,
        make,
        call: (object: unknown, args: unknown[]) => call((object as Record<string, unknown>)[name], object, args),
      };
    }
  }
}

/** Its class, of the library's. */
function kindOf(object: unknown): Name {
  return (object instanceof List ? "ClusteredObject" : object?.constructor.name) as Name;
}

function wrongFor(on: Name): unknown {
  return on === "Counter" ? new library.Mutex(space) : new library.Counter(space);
}

function call(method: unknown, on: unknown, args: unknown[]): unknown {
  return Reflect.apply(method as () => unknown, on, args);
}

const ERRORS = ["TypeError", "RangeError", "NotOwnerError", "ForeignHandleError", "DataCloneError"];

/** What is to be seen of a space. */
function seen() {
  const { workers, objects, bytesInUse } = debug.inspect(space);
  return { bytesInUse, objects: objects.length, held: workers.map(({ holds, waitsFor }) => ({ holds, waitsFor })) };
}

async function errorOf(what: () => unknown, isAsync: boolean): Promise<unknown> {
  try {
    const result = what();
    if (isAsync) expect(result).toBeInstanceOf(Promise);
    await result;
  } catch (error) {
    return error;
  }
  return undefined;
}

describe("arguments", () => {
  test("are known of every public method that has some", () => {
    const known = new Set(Object.keys(PARAMETERS));
    for (const [method, count] of publicMethods) {
      const kinds = parametersOf(method);
      const self = method.startsWith("static ") && !known.has(method) ? 1 : 0;
      expect(kinds?.length, `parameters of ${method}`).toBe(count - self);
      known.delete(method);
    }
    expect([...known]).toEqual([]);
  });

  test.each([...publicMethods.keys()])("of %s are checked before anything is done", async (method) => {
    for (const { on, parameters, make, call } of callsOf(method)) {
      const first = make();
      const look = STATES[kindOf(first)] as ((object: unknown) => unknown) | undefined;
      const state = look?.(first);
      for (const [i, { wrong }] of parameters.entries()) {
        const before = seen();
        for (const value of wrong) {
          const object = make();
          const args = parameters.map((each, j) => (j === i ? value : each.good(object)));
          const shown = `${on} with ${String(typeof value === "object" ? JSON.stringify(value, bigints) : typeof value === "symbol" ? "a symbol" : value)} as parameter ${i}`;
          const error = await errorOf(() => call(object, args), /Async$|^measure(Pool)?$/.test(on));
          expect(error, shown).toBeInstanceOf(Error);
          expect((error as Error).message, shown).toMatch(/^Cannot .+: received .+; expected .+/s);
          expect(ERRORS, `${shown}: ${(error as Error).message}`).toContain((error as Error).name);
          expect(look?.(object), shown).toEqual(state);
          if (object && "free" in object) object.free();
        }
        expect(seen(), `${on} with what is wrong as parameter ${i}`).toEqual(before);
      }
    }
  });
});

function bigints(_: string, value: unknown): unknown {
  return typeof value === "bigint" ? `${value}n` : value instanceof WebAssembly.Memory ? "memory" : value;
}

describe("An error about a wrong argument", () => {
  const mutex = new library.Mutex(space);

  test("names classes by their names, also in a bundle that has shortened these", async () => {
    const { Mutex, Condition, named, SharedSpace } = await import((await bundle(entry, { minify: true })).href);
    const own = new SharedSpace();
    for (const [space, use] of [
      [own, { Mutex, Condition, named }],
      [new library.SharedSpace(), library],
    ]) {
      const [mutex, condition] = [new use.Mutex(space), new use.Condition(space)];
      expect(() => use.Mutex.lock(5)).toThrow("received 5; expected a Mutex");
      expect(() => use.Mutex.lock(condition)).toThrow("received a Condition; expected a Mutex");
      expect(() => mutex.lock(condition)).toThrow("received a Condition; expected an UnlockToken");
      expect(() => condition.wait(space)).toThrow("received a SharedSpace; expected a token");
      expect(() => use.named(5, "a", use.Mutex)).toThrow("received 5; expected a SharedSpace");
      expect(() => condition.notify(mutex.lock())).toThrow("received an UnlockToken; expected a count");
    }
    expect(() => library.Mutex.lock(new Mutex(own))).toThrow("received a Mutex of another copy of the library");
  });
  const use = (value: unknown) => () => mutex.lockAsync(value as never);

  test("calls no getter of it", async () => {
    let calls = 0;
    const get = () => {
      calls++;
      throw new Error("a getter was called");
    };
    class Own {
      get aborted() {
        return get();
      }
      get handle() {
        return get();
      }
    }
    const plain = Object.defineProperty({ a: 1 }, "timout", { get, enumerable: true });
    const named = Object.defineProperty(() => {}, "name", { get });
    const made = Object.defineProperty(new Own(), "constructor", { get });
    await expect(use(new Own())).rejects.toThrow("Cannot lock a Mutex: received an Own; expected options");
    await expect(use(made)).rejects.toThrow("received an Own; expected options");
    await expect(use(named)).rejects.toThrow("received a function; expected options");
    await expect(use({ timeout: plain })).rejects.toThrow("received { a: 1, timout }; expected milliseconds");
    expect(() => library.Mutex.tryLock(new Own() as never)).toThrow("received an Own; expected a Mutex");
    expect(calls).toBe(0);
  });

  test("is such an error where that is a proxy that was revoked", async () => {
    const revoked = (target: object) => {
      const { proxy, revoke } = Proxy.revocable(target, {});
      revoke();
      return proxy;
    };
    await expect(use(revoked({}))).rejects.toThrow("received an object; expected options");
    await expect(use({ signal: revoked({}) })).rejects.toThrow("received an object; expected signal: an AbortSignal");
    await expect(use(revoked(() => {}))).rejects.toThrow("received a function; expected options");
    expect(() => library.Mutex.tryLock(revoked({}) as never)).toThrow("received an object; expected a Mutex");
    expect(() => new library.Mutex(space, revoked({}))).toThrow("received an object; expected options");
  });
});
