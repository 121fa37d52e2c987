import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { CheckOptions, Verdict, Violation } from "#machines/machines/checked/index.js";
import { racing } from "#machines/machines/checked/properties/races.js";
import { load } from "#machines/machines/checked/system/loading.js";
import { System } from "#machines/machines/checked/system/system.js";
import { createMemory, type Program } from "#machines/program/program.js";
import { casesOf } from "../../random-cases.js";
import { checkAll, entriesOf, parallel, X, Y, Z } from "./programs.js";

const run = (program: Program, options: Partial<CheckOptions> = {}) =>
  checkAll(program, { mode: "random", ...options });

const times = (count: number, body: string) => Array.from({ length: count }, () => body);

/** Adds one to X in two steps. */
const INCREMENT = `(i32.atomic.store ${X} (i32.add (i32.atomic.load ${X}) (i32.const 1)))`;
/** Spins until a word is not 0. */
const await_ = (address: string) => `(loop $wait (br_if $wait (i32.eqz (i32.atomic.load ${address}))))`;
const fetchAndAdd = (address: string) => `(i32.atomic.rmw.add ${address} (i32.const 1))`;

/** How often another processor takes a step than the one before. */
function switches({ violation }: Verdict): number {
  const { schedule } = violation!;
  return schedule.filter((transition, i) => i > 0 && transition !== schedule[i - 1]).length;
}

/** A program's system after the schedule of a violation. */
function follow(program: Program, { schedule, shared }: Violation): System {
  const calls = entriesOf(program).map((entry) => ({ entry }));
  const options = {
    calls,
    init: undefined,
    deaths: undefined,
    memory: undefined,
    model: "sc",
    buffered: "plain",
  } as const;
  const system = new System(load(program, options));
  for (const address of shared) system.cells.shareCell(system.cells.ofWord(address >>> 2));
  system.reset();
  for (const transition of schedule) {
    expect(system.isEnabled(transition)).toBe(true);
    system.execute(transition);
  }
  return system;
}

/** A final predicate: the count at X is as many as there are processors. */
const complete = (program: Program): Partial<CheckOptions> => ({
  onEnd({ memory }) {
    const count = new Int32Array(memory.buffer)[16]!;
    return count === entriesOf(program).length ? undefined : `the count is ${count}`;
  },
});

describe("check at random", () => {
  test("check takes as many executions as it is told, with each end", async () => {
    const program = parallel(times(3, INCREMENT));
    const ends = new Set<number>();
    const { executions, blocked, violation, steps, depth } = await run(program, {
      executions: 300,
      onEnd: ({ memory }) => void ends.add(new Int32Array(memory.buffer)[16]!),
    });
    expect({ executions, blocked, violation, steps, depth, ends: [...ends].sort() }).toEqual({
      executions: 300,
      blocked: 0,
      violation: undefined,
      steps: 300 * 6,
      depth: 6,
      ends: [1, 2, 3],
    });
  });

  test("check does the same again with the same seed", async () => {
    const program = parallel(times(8, INCREMENT));
    const again = async (seed: number) => {
      const { seconds, ...verdict } = await run(program, { seed, ...complete(program) });
      expect(verdict.violation?.kind).toBe("final");
      return verdict;
    };
    expect(await again(5)).toEqual(await again(5));
    expect(await again(6)).not.toEqual(await again(5));
  });

  test("check finds an increment that is lost among 64 processors, and needs 2 of them to show it", async () => {
    const program = parallel(times(64, INCREMENT));
    const verdict = await run(program, complete(program));
    // One that goes on after it was interrupted, and each other one in a row.
    expect(verdict.violation?.kind).toBe("final");
    expect(switches(verdict)).toBe(64);
  });

  test("check finds a bug that 5 ordered pairs of steps are needed for", async () => {
    // Somebody sees 1, 2 and 3 at X, each between two steps of the other.
    const program = parallel([
      [1, 2, 3].map((value) => `(i32.atomic.store ${X} (i32.const ${value}))`).join(""),
      `(if (i32.eq (i32.atomic.load ${X}) (i32.const 1)) (then
         (if (i32.eq (i32.atomic.load ${X}) (i32.const 2)) (then
           (if (i32.eq (i32.atomic.load ${X}) (i32.const 3)) (then (call $fail (i32.const 9))))))))`,
    ]);
    expect((await run(program, { depth: 1 })).violation).toBeUndefined();
    const { violation } = await run(program, { depth: 5 });
    expect(violation).toMatchObject({ kind: "failure", schedule: [0, 1, 0, 1, 0, 1] });
  });

  test("check finds processors that wait for each other, and none that wait in turn", async () => {
    const locks = (first: string, second: string) =>
      [first, second]
        .map((lock) => `(loop $busy (br_if $busy (i32.atomic.rmw.xchg ${lock} (i32.const 1))))`)
        .concat([second, first].map((lock) => `(i32.atomic.store ${lock} (i32.const 0))`))
        .join("");
    expect((await run(parallel([locks(X, Y), locks(X, Y), locks(X, Y)]))).violation).toBeUndefined();
    const verdict = await run(parallel([locks(X, Y), locks(X, Y), locks(Y, X)]));
    expect(verdict.violation).toMatchObject({ kind: "deadlock", message: expect.stringContaining("spins on 0x40") });
    expect(switches(verdict)).toBe(1);
  });

  test("check finds a lost wake-up", async () => {
    const program = parallel([
      `(if (i32.eqz (i32.atomic.load ${X})) (then (drop (memory.atomic.wait32 ${Y} (i32.const 0) (i64.const -1)))))`,
      `(i32.atomic.store ${X} (i32.const 1)) (drop (memory.atomic.notify ${Y} (i32.const 1)))`,
    ]);
    expect((await run(program)).violation).toMatchObject({
      kind: "deadlock",
      message: expect.stringContaining("processor 0 sleeps at 0x80"),
      schedule: [0, 1, 1, 0],
    });
  });

  test("check brings 64 processors through a barrier at which all spin", async () => {
    const arrive = `(if (i32.eq ${fetchAndAdd(X)} (i32.const 63))
      (then (i32.atomic.store ${Y} (i32.const 1))) (else ${await_(Y)}))`;
    const { executions, blocked, violation } = await run(parallel(times(64, arrive)), { executions: 50 });
    expect({ executions, blocked, violation }).toEqual({ executions: 50, blocked: 0, violation: undefined });
  });

  test("check passes a message around 64 processors", async () => {
    const program = parallel(
      times(64, "").map((_, p) => {
        const pass = `(call $send (i32.const ${(p + 1) % 64}) (i32.const ${p}))`;
        const take = `(drop (call $receive (i32.const ${(p + 63) % 64})))`;
        return p === 0 ? pass + take : take + pass;
      }),
    );
    const { violation, depth } = await run(program, { executions: 20 });
    expect({ violation, depth }).toEqual({ violation: undefined, depth: 128 });
  });

  test("check lets others go on where one always tries again", async () => {
    // It counts its attempts in a word of its own: no two of them are the same.
    const program = parallel([
      `(loop $again (drop ${fetchAndAdd(Z)}) (br_if $again (i32.eqz (i32.atomic.load ${X}))))`,
      `(i32.atomic.store ${X} (i32.const 1))`,
    ]);
    const { executions, blocked, violation } = await run(program, { executions: 50 });
    expect({ executions, blocked, violation }).toEqual({ executions: 50, blocked: 0, violation: undefined });
  });

  test("check gives executions up that do not end", async () => {
    const endless = parallel(times(2, `(loop $again (drop ${fetchAndAdd(X)}) (br $again))`));
    const { executions, blocked } = await run(endless, { executions: 2 });
    expect({ executions, blocked }).toEqual({ executions: 0, blocked: 2 });
  });

  test("check finds an invariant that is broken for one step", async () => {
    const both = `(func (export "both") (result i32) (i32.eq (i32.load ${X}) (i32.load ${Y})))`;
    const program = parallel([`(i32.atomic.store ${X} (i32.const 1)) (i32.atomic.store ${Y} (i32.const 1))`, ""], both);
    const { violation } = await run(program, { invariant: { entry: "both" } });
    expect(violation).toMatchObject({ kind: "invariant", message: "both returned 0", schedule: [0] });
  });

  test("check finds what store buffers do", async () => {
    const flag = (mine: string, other: string) => `(result i32) (i32.store ${mine} (i32.const 1)) (i32.load ${other})`;
    const program = parallel([flag(X, Y), flag(Y, X)]);
    const onEnd: CheckOptions["onEnd"] = ({ results }) => (results.flat().some(Number) ? undefined : "both saw 0");
    expect((await run(program, { races: false, onEnd })).violation).toBeUndefined();
    expect((await run(program, { model: "tso", onEnd })).violation?.message).toBe("both saw 0");
  });

  test("check says what it cannot do", async () => {
    await expect(run(parallel([""]), { executions: 0 })).rejects.toThrow(/received executions 0; expected a whole/);
    await expect(run(parallel([""]), { depth: 1.5 })).rejects.toThrow(/received depth 1.5; expected a whole number/);
    await expect(run(parallel([""]), { depth: 1001 })).rejects.toThrow(/expected a whole number from 1 to 1000$/);
    await expect(run(parallel([""]), { workers: 0 })).rejects.toThrow(/received workers 0; expected a whole number/);
    await expect(run(parallel([""]), { mode: "some" as "random" })).rejects.toThrow(
      /received mode "some"; expected exec/,
    );
    const signal = AbortSignal.abort(new Error("given up before"));
    await expect(run(parallel([""]), { signal })).rejects.toThrow("given up before");
  });

  test("check says how many processors it takes", async () => {
    const memory = createMemory(parallel([""]));
    await expect(run(parallel([""]), { entries: "0", processors: 65, memory })).rejects.toThrow(/expected 1 to 64/);
    await expect(run(parallel([""]), { entries: "0", processors: 11, mode: "states", memory })).rejects.toThrow(
      /1 to 10/,
    );
  });
});

describe("check for races at random", () => {
  const WRITE = `(i32.store ${Z} (i32.const 7))`;
  const READ = `(drop (i32.load ${Z}))`;
  const SIGNAL = `(i32.atomic.store ${X} (i32.const 1))`;

  test("check finds two accesses that are far apart in every execution", async () => {
    // The second processor waits for the first one's signal, which comes before its access.
    const work = `(drop ${fetchAndAdd(Y)})`.repeat(20);
    const bodies = [SIGNAL + WRITE, await_(X) + work + READ, `(drop ${fetchAndAdd(Y)})`];
    const { violation } = await run(parallel(bodies), { executions: 20, depth: 1 });
    expect(violation).toMatchObject({
      kind: "race",
      message: expect.stringContaining("may take place at once"),
      // Both accesses are next.
      schedule: [0, ...new Array(21).fill(1)],
    });
  });

  test("check takes a compare-and-swap that fails as a load", async () => {
    const swap = (expected: number) => `(drop (i32.atomic.rmw.cmpxchg ${Z} (i32.const ${expected}) (i32.const 6)))`;
    expect((await run(parallel([READ, swap(5)]))).violation).toBeUndefined();
    expect((await run(parallel([READ, swap(0)]))).violation?.kind).toBe("race");
  });

  test.each<[string, readonly string[]]>([
    ["a word that is read until it changes", [WRITE + SIGNAL, await_(X) + READ]],
    [
      "a word that a third processor passes on",
      [WRITE + SIGNAL, `${await_(X)}(drop ${fetchAndAdd(Y)})`, await_(Y) + READ],
    ],
    [
      "a read-modify-write between",
      [
        `${WRITE}(drop ${fetchAndAdd(X)})`,
        `(drop ${fetchAndAdd(X)})`,
        `(loop $l (br_if $l (i32.ne (i32.atomic.load ${X}) (i32.const 2))))${READ}`,
      ],
    ],
    ["a message", [`${WRITE}(call $send (i32.const 1) (i32.const 0))`, `(drop (call $receive (i32.const 0)))${READ}`]],
    [
      "being woken",
      [
        `(loop $l (br_if $l (i32.eqz (memory.atomic.notify ${Y} (i32.const 1)))))${WRITE}(drop ${fetchAndAdd(X)})`,
        `${WRITE}(drop (memory.atomic.wait32 ${Y} (i32.const 0) (i64.const -1)))${await_(X)}${READ}`,
      ],
    ],
  ])("check takes as ordered what %s orders", async (_, bodies) => {
    expect((await run(parallel(bodies), { executions: 300 })).violation).toBeUndefined();
  });

  test.each<[string, readonly string[]]>([
    ["a word that is read once", [WRITE + SIGNAL, `(drop (i32.atomic.load ${X}))${READ}`]],
    [
      "a store that another overwrites",
      [
        WRITE + SIGNAL,
        `(i32.atomic.store ${X} (i32.const 2))`,
        `(if (i32.eq (i32.atomic.load ${X}) (i32.const 2)) (then ${READ}))`,
      ],
    ],
    ["an atomic access of other bytes", [`${WRITE}(i32.atomic.store8 ${X} (i32.const 1))`, await_(X) + READ]],
    [
      "the sender after its message",
      [`(call $send (i32.const 1) (i32.const 0))${WRITE}`, `(drop (call $receive (i32.const 0)))${READ}`],
    ],
    [
      "whoever wakes, after that",
      [
        `(loop $l (br_if $l (i32.eqz (memory.atomic.notify ${Y} (i32.const 1)))))${WRITE}`,
        `(drop (memory.atomic.wait32 ${Y} (i32.const 0) (i64.const -1)))${READ}`,
      ],
    ],
  ])("check does not take as ordered what %s does not order", async (_, bodies) => {
    expect((await run(parallel(bodies), { executions: 300 })).violation?.kind).toBe("race");
  });

  /** Accesses of two words, one of them under a condition. */
  const access = fc
    .record({
      word: fc.constantFrom(X, Y),
      kind: fc.constantFrom("load", "store", "atomic.load", "atomic.store", "atomic.rmw.add", "await"),
      size: fc.constantFrom("", "8"),
      value: fc.integer({ min: 1, max: 2 }),
      guard: fc.option(fc.constantFrom(X, Y), { nil: undefined }),
    })
    .map(({ word, kind, size, value, guard }) => {
      if (kind === "await") return await_(word);
      const stores = kind.endsWith("store");
      const name = `i32.${kind}${kind.includes("rmw") ? "" : stores || size === "" ? size : `${size}_u`}`;
      const text = kind.includes("load") ? `(drop (${name} ${word}))` : `(${name} ${word} (i32.const ${value}))`;
      const access = kind.includes("rmw") ? `(drop ${text})` : text;
      return guard === undefined ? access : `(if (i32.atomic.load ${guard}) (then ${access}))`;
    });
  const bodies = fc.array(fc.array(access, { minLength: 1, maxLength: 3 }), { minLength: 2, maxLength: 3 });

  test("check finds a race exactly in the programs in which two accesses that race can be neighbours", async () => {
    let races = 0;
    await fc.assert(
      fc.asyncProperty(bodies, async (lists) => {
        const program = parallel(lists.map((accesses) => accesses.join("")));
        const states = (await checkAll(program, { mode: "states" })).violation?.kind;
        // A violation of another kind may come first.
        fc.pre(states === "race" || states === undefined);
        const { violation } = await run(program, { executions: 400, depth: 4 });
        // A program that races may have a deadlock, too.
        fc.pre(states === undefined || violation?.kind !== "deadlock");
        expect(violation?.kind).toBe(states);
        if (violation === undefined) return;
        const system = follow(program, violation);
        expect(() => racing(system)).toThrow("may take place at once");
        races++;
      }),
      { numRuns: casesOf(150) },
    );
    expect(races).toBeGreaterThan(casesOf(30));
    expect(races).toBeLessThan(casesOf(120));
  });
});
