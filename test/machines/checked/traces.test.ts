import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Counterexample } from "#machines/machines/checked/counterexamples/counterexample.js";
import type { ExecutionCounts } from "#machines/machines/checked/executions/executions.js";
import { Subtrees } from "#machines/machines/checked/executions/subtrees.js";
import { type CheckOptions, check } from "#machines/machines/checked/index.js";
import { prepare } from "#machines/machines/checked/prepare.js";
import type { Program } from "#machines/program/program.js";
import { casesOf } from "../../random-cases.js";
import { countTraces, type Operation, type Straight, toText } from "./enumerator.js";
import { entriesOf, parallel, X, Y } from "./programs.js";

/** Accesses of one word, or of two at once. */
const operation: fc.Arbitrary<Operation> = fc
  .record({
    kind: fc.constantFrom("load", "store", "rmw", "cas"),
    word: fc.nat(1),
    size: fc.constantFrom(4, 4, 4, 8),
    operator: fc.constantFrom("add", "xchg", "or"),
    value: fc.bigInt({ min: 0n, max: 2n }),
    expected: fc.bigInt({ min: 0n, max: 1n }),
  })
  .map(({ word, ...rest }) => ({ ...rest, atomic: true, address: rest.size === 8 ? 0 : 4 * word }) as Operation);

const processors = (count: number, most: number): fc.Arbitrary<Straight> =>
  fc.array(fc.array(operation, { minLength: 1, maxLength: most }), { minLength: count, maxLength: count });

const programs = fc.oneof(processors(2, 4), processors(3, 3), processors(4, 2));

async function count(bodies: readonly string[], options: Partial<CheckOptions> = {}) {
  const program = parallel(bodies);
  const verdict = await check(program, { entries: entriesOf(program), mode: "executions", ...options });
  expect(verdict.violation).toBeUndefined();
  return { executions: verdict.executions, blocked: verdict.blocked };
}

/** What an exploration that is divided at once counts, and the kind of violation that it finds, if it does. */
async function divided(
  program: Program,
  workers: number,
): Promise<ExecutionCounts & { kind?: string; schedule?: unknown }> {
  const options = { entries: entriesOf(program), races: false };
  const { system, properties } = prepare(program, options);
  const subtrees = new Subtrees(system, properties, {
    threadData: { program, options },
    workers,
    whole: 0,
    patience: 0,
  });
  try {
    for await (const _ of subtrees.explore());
    return subtrees.counts;
  } catch (error) {
    if (!(error instanceof Counterexample)) throw error;
    return { ...subtrees.counts, kind: error.violated.kind, schedule: error.schedule };
  }
}

const add = `(drop (i32.atomic.rmw.add ${X} (i32.const 1)))`;
const load = (word: string) => `(i32.atomic.load ${word})`;
const store = (word: string, value: number) => `(i32.atomic.store ${word} (i32.const ${value}))`;
const until = (condition: string) => `(loop $again (br_if $again (i32.eqz ${condition})))`;
const exchange = `(drop (i32.atomic.rmw.xchg ${X} (i32.const 1)))`;
const addNothing = `(drop (i32.atomic.rmw.add ${X} (i32.const 0)))`;
const compareExchange = (expected: number, value: number) =>
  `(drop (i32.atomic.rmw.cmpxchg ${X} (i32.const ${expected}) (i32.const ${value})))`;
/**
 * Processor 0 looks for the last of n + 1 words that is 0; processor i sets word i to one more than the word before it.
 */
const lastzero = (n: number) => [
  `(local $at i32) (local.set $at (i32.const ${4 * n}))
   (loop $down (if (i32.atomic.load (local.get $at))
     (then (local.set $at (i32.sub (local.get $at) (i32.const 4))) (br $down))))`,
  ...Array.from(
    { length: n },
    (_, i) => `(i32.atomic.store (i32.const ${4 * i + 4})
     (i32.add (i32.const 1) (i32.atomic.load (i32.const ${4 * i}))))`,
  ),
];
const section = `${until(`(i32.eqz (i32.atomic.rmw.xchg ${X} (i32.const 1)))`)} ${store(X, 0)}`;

describe("check by executions", () => {
  test("check takes exactly one execution of each trace", async () => {
    const property = fc.asyncProperty(programs, async (straight) => {
      const { executions } = await count(straight.map(toText), { races: false });
      expect(executions).toBe(countTraces(straight));
    });
    await fc.assert(property, { numRuns: casesOf(300) });
  });

  test("check takes each of them once where they are explored in parts", async () => {
    const property = fc.asyncProperty(programs, async (straight) => {
      expect((await divided(parallel(straight.map(toText)), 1)).executions).toBe(countTraces(straight));
    });
    await fc.assert(property, { numRuns: 100 });
  });

  test("check counts the same however many threads explore the parts", async () => {
    const other = section.replaceAll(X, Y);
    const adders = parallel([add + add + add + other, add + add + add, add + add + other]);
    const alone = await divided(adders, 1);
    expect(alone.executions).toBe(560 * 2);
    for (const workers of [2, 3]) expect(await divided(adders, workers)).toEqual(alone);
  });

  test("check finds the violation of the first part however many threads explore them", async () => {
    const three = `(if (i32.eq ${load(X)} (i32.const 3)) (then (call $fail (i32.const 1))))`;
    const adders = parallel([add + add + add + three, add + add + three, add + add]);
    const alone = await divided(adders, 1);
    expect(alone.kind).toBe("failure");
    for (const workers of [2, 3]) expect(await divided(adders, workers)).toEqual(alone);
  });

  test.each([
    ["4 writers of a word", [1, 2, 3, 4].map((value) => store(X, value)), 24],
    ["5 who add to a word", [add, add, add, add, add], 120],
    ["4 who exchange one value", [exchange, exchange, exchange, exchange], 24],
    ["4 who add nothing", [addNothing, addNothing, addNothing, addNothing], 24],
    ["4 of whom the first exchanges", [0, 0, 0, 0].map(() => compareExchange(0, 1)), 4],
    ["4 who compare and exchange what is there", [0, 0, 0, 0].map(() => compareExchange(0, 0)), 24],
    ["4 writers of one value", [1, 1, 1, 1].map((value) => store(X, value)), 24],
    ["4 readers beside a writer", [store(X, 1), ...[1, 2, 3, 4].map(() => `(drop ${load(X)})`)], 16],
    ["4 who await a writer", [store(X, 1), ...[1, 2, 3, 4].map(() => until(load(X)))], 1],
    ["processors that share nothing", [store(X, 1) + store(X, 2), store(Y, 1) + store(Y, 2)], 1],
    ["two of each", [add + add, add + add], 6],
    ["a lock that 3 acquire", [section, section, section], 6],
    ["a lock that 2 acquire 3 times", [section + section + section, section + section + section].map(named), 20],
  ])("check counts the traces of %s", async (_, bodies, executions) => {
    expect(await count(bodies)).toEqual({ executions, blocked: 0 });
    expect((await divided(parallel(bodies), 1)).executions).toBe(executions);
  });

  // Abdulla, Aronis, Jonsson & Sagonas, POPL 2014, table 2: 2^(n - 2) (n + 3).
  test.each([
    [5, 64],
    [9, 1536],
  ])("check counts the traces of lastzero(%i)", async (n, executions) => {
    expect((await count(lastzero(n))).executions).toBe(executions);
  });

  test("check counts orders in which stores leave their buffers, and not those in which they enter", async () => {
    const writers = [1, 2, 3, 4].map((value) => store(X, value));
    const both = [`${store(X, 1)} (drop ${load(Y)})`, `${store(Y, 1)} (drop ${load(X)})`];
    expect(await count(writers, { model: "tso", buffered: "all" })).toEqual({ executions: 24, blocked: 0 });
    expect(await count(both, { model: "tso", buffered: "all" })).toEqual({ executions: 4, blocked: 0 });
  });
});

/** Loops whose labels differ. */
function named(body: string): string {
  let labels = 0;
  return body.replaceAll(/loop \$again \(br_if \$again/g, () => `loop $l${labels} (br_if $l${labels++}`);
}
