import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type CheckOptions, check } from "#machines/machines/checked/index.js";
import { casesOf } from "../../random-cases.js";
import { entriesOf, parallel } from "./programs.js";

/** Two words that are neighbours, so that one access may have both. */
const [A, B] = ["(i32.const 64)", "(i32.const 68)"] as const;

const load = (at: string) => `(i32.atomic.load ${at})`;
const store = (at: string, value: number) => `(i32.atomic.store ${at} (i32.const ${value}))`;
const is = (at: string, value: number) => `(i32.eq ${load(at)} (i32.const ${value}))`;
const both = (a: number, b: number) => `(i64.const ${a + b * 2 ** 32})`;
const until = (condition: string, body = "") => `(loop $again ${body} (br_if $again (i32.eqz ${condition})))`;
const exchange = (at: string) => `(i32.atomic.rmw.xchg ${at} (i32.const 1))`;
/** Adds something to what the processor returns. */
const note = (found: string) =>
  `(local.set $found (i32.add (i32.mul (local.get $found) (i32.const 5)) (i32.add (i32.const 1) ${found})))`;
const wait = (at: string, value: number, nanoseconds: number) =>
  `(memory.atomic.wait32 ${at} (i32.const ${value}) (i64.const ${nanoseconds}))`;
const notify = (at: string, count: number) => `(memory.atomic.notify ${at} (i32.const ${count}))`;

/** One entry: its loops' labels differ. */
const entryOf = (pieces: readonly string[]) =>
  `(result i32) (local $found i32) (local $both i64)
  ${pieces.map((piece, i) => piece.replaceAll(/\$(again|look)/g, `$$$1${i}`)).join(" ")} (local.get $found)`;

/** A piece of a program that a word and two values make. */
const pieces = (...each: ((at: string, a: number, b: number) => string)[]) =>
  fc
    .tuple(fc.constantFrom(...each), fc.constantFrom(A, B), fc.nat(2), fc.nat(2))
    .map(([piece, at, a, b]) => piece(at, a, b));

const access = pieces(
  store,
  store,
  (_, a, b) => `(i64.atomic.store ${A} ${both(a, b)})`,
  (at) => note(load(at)),
  (at) => note(exchange(at)),
  (at) => note(`(i32.atomic.rmw.add ${at} (i32.const 1))`),
  (at, a, b) => note(`(i32.atomic.rmw.cmpxchg ${at} (i32.const ${a}) (i32.const ${b}))`),
);

const loop = pieces(
  (at, a) => until(is(at, a)),
  (at, a) => until(`(i32.eqz ${is(at, a)})`),
  (_, a, b) => until(`(i64.eq (i64.atomic.load ${A}) ${both(a, b)})`),
  (_, a, b) => until(`(i64.ne (i64.atomic.load ${A}) ${both(a, b)})`),
  (_, a, b) => until(`(i32.and ${is(A, a)} ${is(B, b)})`),
  (_, a, b) => until(`(i32.or ${is(A, a)} ${is(B, b)})`),
  (at) => until(`(i32.eqz ${exchange(at)})`),
  (at) => until(`(i32.eqz (i32.atomic.rmw.cmpxchg ${at} (i32.const 0) (i32.const 1)))`),
  (at) => until(`(i32.eqz ${exchange(at)})`, `(loop $look (br_if $look ${load(at)}))`),
  (at, a) => until(`(i32.eqz ${is(at, a)})`, `(drop ${wait(at, a, -1)})`),
);

const sleep = pieces(
  (at, a) => note(wait(at, a, -1)),
  (at, a) => note(wait(at, a, 1000)),
  (at, a) => store(at, a) + note(notify(at, 1)),
  (at, a) => note(notify(at, a)),
  (_, a) => `(call $send (i32.const ${a % 2}) (i32.const 1))`,
  (_, a) => note(`(call $receive (i32.const ${a % 2}))`),
);

const piece = fc.oneof(
  { arbitrary: access, weight: 6 },
  { arbitrary: loop, weight: 3 },
  { arbitrary: sleep, weight: 2 },
);

const entries = (count: number, most: number) =>
  fc.array(fc.array(piece, { minLength: 1, maxLength: most }).map(entryOf), { minLength: count, maxLength: count });

/** Whether processors may be left that cannot go on; if not, what it can end with. */
async function endings(bodies: readonly string[], options: Partial<CheckOptions>) {
  const program = parallel(bodies);
  const ends = new Set<string>();
  const onEnd: CheckOptions["onEnd"] = ({ results, memory }) =>
    void ends.add(`${results.flat().join(" ")}; ${new Int32Array(memory.buffer, 64, 2).join(" ")}`);
  const verdict = await check(program, { entries: entriesOf(program), races: false, onEnd, ...options });
  const { violation, executions, blocked } = verdict;
  const found = violation === undefined ? { stuck: false, ends: [...ends].sort() } : { stuck: true };
  return { found, executions, blocked };
}

describe("check with loops that wait", () => {
  test.each([{ model: "sc" }, { model: "tso", buffered: "all" }] as const)(
    "check finds by executions what it finds by states, and at random no more, under %j",
    async (memory) => {
      const property = fc.asyncProperty(fc.oneof(entries(2, 4), entries(3, 3)), async (bodies) => {
        const byStates = (await endings(bodies, { ...memory, mode: "states" })).found;
        expect((await endings(bodies, { ...memory, mode: "executions" })).found).toEqual(byStates);
        if (byStates.stuck) return;
        const { found } = await endings(bodies, { ...memory, mode: "random", executions: 20 });
        expect({ ...byStates, ends: [...new Set([...byStates.ends!, ...found.ends!])].sort() }).toEqual(byStates);
      });
      await fc.assert(property, { numRuns: casesOf(500) });
    },
  );

  const lock = (at: string) => until(`(i32.eqz ${exchange(at)})`);
  const testAndTestAndSet = until(`(i32.eqz ${exchange(A)})`, `(loop $look (br_if $look ${load(A)}))`);
  const backoff = `(loop $again (if ${exchange(A)}
    (then (local.set $found (i32.or (i32.const 1) (local.get $found))) (br $again))))`;
  const read = `(local.set $both (i64.atomic.load ${A}))`;
  const equal = "(i32.or (i64.eqz (local.get $both)) (i64.eq (local.get $both) (i64.const 0x100000001)))";

  test.each([
    ["a value that comes, goes and comes", [[store(A, 1), store(A, 0), store(A, 1)], [until(is(A, 1))]], 2, 0],
    ["a value that two store", [[store(A, 1)], [store(A, 1)], [until(is(A, 1))]], 4, 0],
    ["values that follow each other", [[store(A, 1), store(A, 2)], [until(load(A))], [until(is(A, 2))]], 2, 0],
    [
      "two words that two others store",
      [[store(A, 1)], [store(B, 1)], [until(`(i32.and ${load(A)} ${load(B)})`)]],
      1,
      3,
    ],
    ["one of two words", [[store(A, 1)], [store(B, 1)], [until(`(i32.or ${load(A)} ${load(B)})`)]], 3, 1],
    [
      "a value of 8 bytes that only one order of two writers makes",
      [[store(A, 1), store(A, 0)], [store(B, 1)], [until(`(i64.eq (i64.atomic.load ${A}) ${both(0, 1)})`)]],
      2,
      4,
    ],
    [
      "8 bytes that are equal before two writers or after both",
      [[store(A, 1)], [store(B, 1)], [until(equal, read)]],
      2,
      2,
    ],
    [
      "a lock",
      [
        [lock(A), store(A, 0)],
        [lock(A), store(A, 0)],
        [lock(A), store(A, 0)],
      ],
      6,
      0,
    ],
    ["a lock that somebody looks at", [[lock(A), store(A, 0)], [lock(A), store(A, 0)], [note(load(A))]], 10, 0],
    [
      "a lock that is looked at before",
      [1, 2, 3].map(() => [testAndTestAndSet, store(A, 0)]),
      // 3! orders; in each the second finds the lock free at one of 2 times, the third at one of 3.
      36,
      42,
    ],
    [
      "a loop whose registers change",
      [
        [backoff, store(A, 0)],
        [backoff, store(A, 0)],
      ],
      4,
      0,
    ],
  ])("check has processors wait for %s", async (_, program, executions, blocked) => {
    const bodies = program.map(entryOf);
    const byExecutions = await endings(bodies, { mode: "executions" });
    expect(byExecutions.found).toEqual((await endings(bodies, { mode: "states" })).found);
    expect(byExecutions).toMatchObject({ executions, blocked });
  });

  test("check finds that all wait for what was there when nobody looked", async () => {
    const bodies = [[until(`(i32.and ${is(A, 1)} ${is(B, 1)})`)], [store(A, 1), store(A, 0), store(B, 1)]].map(entryOf);
    for (const mode of ["executions", "states"] as const)
      expect((await endings(bodies, { mode })).found.stuck).toBe(true);
  });
});
