import { describe, expect, test } from "vitest";
import {
  type CheckOptions,
  check,
  formatReplay,
  hashOf,
  type Mode,
  parseReplay,
  replay,
} from "#machines/machines/checked/index.js";
import type { Program } from "#machines/program/program.js";
import { checkAll, endsOf, entriesOf, parallel, X, Y, Z } from "./programs.js";

const MODES: readonly Mode[] = ["states", "bounded", "random"];

const set = (word: string, value = 1) => `(i32.atomic.store ${word} (i32.const ${value}))`;
const get = (word: string) => `(i32.atomic.load ${word})`;
const add = (word: string) => `(drop (i32.atomic.rmw.add ${word} (i32.const 1)))`;
const wait = (word: string, value = 0) => `(drop (memory.atomic.wait32 ${word} (i32.const ${value}) (i64.const -1)))`;
const notify = (word: string) => `(drop (memory.atomic.notify ${word} (i32.const 1)))`;
const spin = (word: string) => `(loop $spin (br_if $spin (i32.eqz ${get(word)})))`;

/** Whether two words are set, the first one looked at last. */
const get2 = (first: string, second: string) =>
  `(result i32 i32) (local $second i32) (local.set $second (i32.load ${second})) (i32.load ${first}) (local.get $second)`;

/** A program of `parallel` whose processors are repaired by `repair (param i32)`. */
const mortal = (bodies: readonly string[], repair = "", more = "") =>
  parallel(bodies, `(func (export "repair") (param i32) ${repair}) ${more}`);

const deaths = { entry: "repair" };
const run = (program: Program, options: Partial<CheckOptions> = {}) =>
  checkAll(program, { deaths, mode: "states", ...options });

/** What each processor returned; a dash for those that died. */
const outcomes = (program: Program, options: Partial<CheckOptions> = {}) =>
  endsOf(program, { deaths, mode: "states", ...options }, ({ results }) =>
    results.map((values) => values.join() || "-").join(" "),
  );

/** A word that is 0 or who has it, + 1; whoever finds it taken sleeps there. */
const lock = (processor: number) => `(local $owner i32)
  (loop $again
    (local.set $owner (i32.atomic.rmw.cmpxchg ${X} (i32.const 0) (i32.const ${processor + 1})))
    (if (local.get $owner) (then
      (drop (memory.atomic.wait32 ${X} (local.get $owner) (i64.const -1)))
      (br $again))))`;
const unlock = `${set(X, 0)} ${notify(X)}`;
const FREE = `(drop (i32.atomic.rmw.cmpxchg ${X} (i32.add (local.get 0) (i32.const 1)) (i32.const 0)))`;

describe("check with deaths", () => {
  test.each(MODES)("check finds a lock that stays taken when who has it dies, by %s", async (mode) => {
    const program = mortal([lock(0) + unlock, lock(1) + unlock]);
    const { violation } = await run(program, { mode });
    expect(violation).toMatchObject({
      kind: "deadlock",
      message: expect.stringMatching(/nobody is left to wake who sleeps: .*processor \d has died/),
    });
    expect((await check(program, { entries: entriesOf(program), mode, executions: 500 })).violation).toBeUndefined();
  });

  test.each(MODES)("check passes a lock that is freed, and whose next one is woken, by %s", async (mode) => {
    const program = mortal([lock(0) + unlock, lock(1) + unlock, lock(2) + unlock], FREE + notify(X));
    expect((await run(program, { mode, executions: 1000 })).violation).toBeUndefined();
    const both = { ...deaths, most: 2 };
    expect((await run(program, { mode, executions: 1000, deaths: both })).violation).toBeUndefined();
    // Between the store and the notify nobody has it, and yet there is something to repair.
    const hasty = mortal(
      [lock(0) + unlock, lock(1) + unlock],
      `(if (i32.eq ${get(X)} (i32.add (local.get 0) (i32.const 1)))
      (then ${FREE} ${notify(X)}))`,
    );
    expect((await run(hasty, { mode })).violation?.kind).toBe("deadlock");
  });

  test.each(MODES)("check finds a wake-up that dies with the one who was woken, by %s", async (mode) => {
    // Who is woken passes it on.
    const bodies = [wait(X) + notify(X), wait(X) + notify(X), set(X) + notify(X)];
    const sleepers = { ...deaths, processors: [0, 1] };
    const { violation } = await run(mortal(bodies), { mode, deaths: sleepers });
    expect(violation?.kind).toBe("deadlock");
    if (mode === "states") expect(violation!.schedule).toEqual([0, 1, 2, 2, 9]);
    expect(
      (await run(mortal(bodies, notify(X)), { mode, deaths: sleepers, executions: 500 })).violation,
    ).toBeUndefined();
  });

  test("check takes who dies asleep out of the sleepers", async () => {
    const waits = `(result i32) (memory.atomic.wait32 ${X} (i32.const 0) (i64.const -1))`;
    const woken = `(memory.atomic.notify ${X} (i32.const 1))`;
    // Whoever sees the repair is sure of the death.
    const wakes = `(result i32) (if (result i32) ${get(Y)} (then ${woken})
      (else ${set(X)} (drop ${woken}) (i32.const 9)))`;
    const found = await outcomes(mortal([waits, wakes], set(Y)), { deaths: { ...deaths, processors: [0] } });
    expect(found).toEqual(["- 0", "- 9", "0 9", "1 9"]);
  });

  test("check does not take a death that may come for somebody who can go on", async () => {
    const { violation } = await run(mortal([wait(X)], set(X) + notify(X)));
    expect(violation).toMatchObject({ kind: "deadlock", schedule: [0] });
    const other = await run(mortal([wait(X), ""], set(X) + notify(X)), { deaths: { ...deaths, processors: [1] } });
    expect(other.violation).toMatchObject({ kind: "deadlock", schedule: [0] });
  });

  test("check finds a livelock that a death would end, and one that a death begins", async () => {
    const waiting = await run(mortal([spin(X), ""], set(X)), { deaths: { ...deaths, processors: [1] } });
    expect(waiting.violation).toMatchObject({ kind: "livelock", schedule: [0], repeated: 1 });
    const left = await run(mortal([set(X), spin(X)]), { deaths: { ...deaths, processors: [0] } });
    expect(left.violation).toMatchObject({ kind: "livelock", schedule: [6, 1], repeated: 1 });
  });

  test("check lets as many die as it is told, and those it is told", async () => {
    const program = mortal([add(X), add(X), add(X)]);
    const some = (least: number): Partial<CheckOptions> => ({
      onEnd: ({ memory }) => (new Int32Array(memory.buffer)[16]! < least ? "too few" : undefined),
    });
    expect((await run(program, some(2))).violation).toBeUndefined();
    expect((await run(program, some(3))).violation?.schedule).toEqual([0, 1, 11]);
    const two = { ...deaths, most: 2 };
    expect((await run(program, { ...some(1), deaths: two })).violation).toBeUndefined();
    expect((await run(program, { ...some(2), deaths: two })).violation?.schedule).toEqual([0, 10, 11]);
    const last = { ...two, processors: [2] };
    expect((await run(program, { ...some(2), deaths: last })).violation).toBeUndefined();
    expect((await run(program, { ...some(3), deaths: last })).violation?.schedule).toEqual([0, 1, 11]);
  });

  test("check repairs once, on an instance as it was at first, with the processor's number", async () => {
    const global = "(global $own (mut i32) (i32.const 5))";
    const repair = `(i32.atomic.store ${Y} (i32.add (global.get $own) (call $processor)))
      (drop (i32.atomic.rmw.add ${Z} (i32.add (local.get 0) (i32.const 10))))`;
    const program = mortal([add(X), `(global.set $own (i32.const 7)) ${add(X)}`], repair, global);
    const ends = await endsOf(
      program,
      { mode: "states", deaths: { ...deaths, processors: [1], most: 2 } },
      ({ memory }) => [16, 32, 48].map((word) => new Int32Array(memory.buffer)[word]!).join(),
    );
    // The count, what the global was and the processor, and who was repaired, once.
    expect(ends).toEqual(["1,6,11", "2,0,0", "2,6,11"]);
  });

  test("check lets a processor die between two stores that only its repair looks at", async () => {
    const journal = (value: number) => `(i32.store ${Z} (i32.const ${value}))`;
    const program = mortal(
      [`${set(X)} ${journal(1)} ${journal(2)} ${journal(3)} ${set(X)}`],
      `(i32.store ${Y} (i32.load ${Z}))`,
    );
    const ends = await endsOf(program, { mode: "states", deaths }, ({ results, memory }) =>
      [results.length, new Int32Array(memory.buffer)[32]!].join(),
    );
    expect(ends).toEqual(["1,0", "1,1", "1,2", "1,3"]);
  });

  test("check takes what was stored to memory after a death, under total store order", async () => {
    const program = mortal([`(i32.store ${X} (i32.const 1)) (i32.store ${Y} (i32.const 1)) ${add(Z)}`, get2(X, Y)]);
    const ends = await endsOf(
      program,
      { mode: "states", model: "tso", deaths: { ...deaths, processors: [0] } },
      (end) => {
        const words = new Int32Array(end.memory.buffer);
        return `${end.results[1]} ${words[16]}${words[32]}`;
      },
    );
    expect(new Set(ends.map((end) => end.split(" ")[1]))).toEqual(new Set(["00", "10", "11"]));
    expect(ends.filter((end) => end.startsWith("0,1"))).toEqual([]);
  });

  test("check takes who died for one who is not served any more", async () => {
    const arrives = `(call $mark (i32.const 1) (i32.const 0)) ${add(X)}`;
    const enters = "(call $mark (i32.const 2) (i32.const 0))";
    const program = mortal(
      [`${arrives} (drop ${get(Y)}) ${enters} ${set(Z)}`, `${spin(Z)} ${arrives} (drop ${get(Y)}) ${enters}`],
      set(Z) + set(Y),
    );
    const order = { arrives: 1, enters: 2 };
    expect((await run(program, { order, deaths: { ...deaths, processors: [0] } })).violation).toBeUndefined();
  });

  test("check finds a race of a repair with somebody else", async () => {
    const plain = (value: number) => `(i32.store ${Z} (i32.const ${value}))`;
    const published = (value: number) => `(if ${get(X)} (then ${plain(value)}))`;
    const program = mortal([plain(1) + set(X), published(2)], published(3));
    for (const mode of MODES) {
      const { violation } = await run(program, { mode, deaths: { ...deaths, processors: [0] } });
      expect(violation?.kind, mode).toBe("race");
    }
    // What a processor did comes before its repair.
    expect((await run(program, { deaths: { ...deaths, processors: [1] } })).violation).toBeUndefined();
  });
});

describe("check of a history with deaths", () => {
  const SPECIFICATION = `(func (export "specification") (param i32 i32) (result i32)
    (if (result i32) (local.get 0) (then (i32.load ${X}))
      (else (i32.store ${X} (i32.add (i32.load ${X}) (i32.const 1))) (i32.const 0))))`;
  const invoke = (operation: number) => `(call $invoke (i32.const ${operation}) (i32.const 0))`;
  const answer = (result: string) => `(call $result ${result})`;
  const increment = `${invoke(0)} ${add(X)} ${answer("(i32.const 0)")}`;
  const read = `${invoke(1)} ${answer(get(X))}`;
  const specified = { specification: "specification", deaths: { ...deaths, processors: [0] } };

  test.each(MODES)("check takes an operation that a death cuts off as done or as not done, by %s", async (mode) => {
    const program = mortal([increment, read + read], "", SPECIFICATION);
    expect((await run(program, { ...specified, mode, executions: 500 })).violation).toBeUndefined();
    const done = mortal([increment, read], add(X), SPECIFICATION);
    // It died after its addition, and its repair adds again.
    expect((await run(done, { ...specified, mode })).violation?.kind).toBe("history");
  });

  test("check finds a repair that takes back what had returned", async () => {
    const undo = `(if ${get(Y)} (then ${set(X, 0)}))`;
    const late = mortal([`${set(Y)} ${increment} ${set(Y, 0)}`, read], undo, SPECIFICATION);
    expect((await run(late, specified)).violation).toMatchObject({
      kind: "history",
      message: expect.stringContaining("processor 0: 0(0) -> 0; processor 1: 1(0) -> 0"),
    });
    const inTime = `${set(Y)} ${invoke(0)} ${add(X)} ${set(Y, 0)} ${answer("(i32.const 0)")}`;
    expect((await run(mortal([inTime, read], undo, SPECIFICATION), specified)).violation).toBeUndefined();
  });

  test("check lets a repair return from what its processor was about", async () => {
    const finish = `(if ${get(X)} (then ${answer("(i32.const 0)")}))`;
    const program = mortal([invoke(0) + add(X), read], finish, SPECIFICATION);
    expect((await run(program, specified)).violation).toBeUndefined();
  });
});

describe("the way to a violation with deaths", () => {
  const program = mortal(
    [0, 1].map((processor) => `${lock(processor)} ${add(Y)} ${unlock}`),
    add(Y),
  );
  const options = { entries: entriesOf(program), deaths: { ...deaths, processors: [0], most: 2 } };

  test("check names one of the shortest, in which it says who dies and who repairs", async () => {
    const { violation } = await check(program, options);
    const lines = violation!.steps.map(({ processor, access, reason }) => `${processor}: ${access}; ${reason}`);
    expect(lines).toEqual([
      "0: compare_and_swap32 0x40, 0, 1 -> 0; begins",
      "1: compare_and_swap32 0x40, 0, 2 -> 1; preempts processor 0 before its fetch_and_add32 0x80, 1",
      "1: wait 0x40, 1 -> sleeps; goes on",
      "0: dies before its fetch_and_add32 0x80, 1; it may die at any time",
      "0: fetch_and_add32 0x80, 1 -> 0; begins its repair",
    ]);
    expect(violation!.message).toMatch(/processor 0 has died; processor 1 sleeps at 0x40 in 1$/);
  });

  test("replay follows a text that says who may die", async () => {
    const { violation } = await check(program, options);
    const text = formatReplay({ module: "lock.wasm", hash: await hashOf(program), options, way: violation! });
    expect(text).toContain("&deaths=repair&mortal=0&most-deaths=2&");
    expect(text).toMatch(/&schedule=0,1\*2,6,0$/);
    const { options: read, way } = parseReplay(text);
    expect(read).toEqual(options);
    expect(replay(program, read, way)).toEqual(violation);
    const nobody = { entries: options.entries };
    expect(() => replay(program, nobody, way)).toThrow(/received transition 6; expected one of 0, which are possible/);
    const late = { ...way, schedule: [6, 6] };
    expect(() => replay(program, read, late)).toThrow(
      "Cannot replay step 2: received transition 6; expected one of 0, 1",
    );
  });

  test("check shortens random schedules to the death that matters", async () => {
    const { violation } = await check(program, { ...options, mode: "random" });
    expect(violation!.schedule.filter((transition) => transition >= 6)).toEqual([6]);
  });
});

describe("check asked for deaths that it cannot explore", () => {
  const program = mortal([add(X), add(X)], "", '(func (export "all"))');
  test.each<[Partial<CheckOptions>, RegExp]>([
    [{ mode: "executions" }, /received deaths and mode executions; expected mode states/],
    [{ deaths: { ...deaths, processors: [2] } }, /received deaths of processors "2"; expected some of 0 to 1/],
    [{ deaths: { ...deaths, processors: [] } }, /received deaths of processors ""; expected some of 0 to 1/],
    [{ deaths: { ...deaths, most: 0 } }, /received at most 0 deaths; expected a whole number from 1 on/],
    [{ deaths: { entry: "none" } }, /none/],
    [{ deaths: { entry: "all" } }, /received 1 arguments; expected 0/],
  ])("check refuses %j", async (options, message) => {
    await expect(check(program, { entries: ["0", "1"], deaths, ...options })).rejects.toThrow(message);
  });
});
