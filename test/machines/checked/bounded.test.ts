import fc from "fast-check";
import { expect, test } from "vitest";
import type { CheckOptions } from "#machines/machines/checked/index.js";
import type { Program } from "#machines/program/program.js";
import { checkAll, outcomes, parallel, X, Y } from "./programs.js";

const run = (program: Program, preemptions: number, options: Partial<CheckOptions> = {}) =>
  checkAll(program, { mode: "bounded", preemptions, ...options });

const store = (address: string, value: number) => `(i32.atomic.store ${address} (i32.const ${value}))`;
const FAIL = "(call $fail (i32.const 1))";

/** Fails if it finds 1, 2, ... `count` at X, one after the other: each but the first needs two preemptions. */
const climb = (count: number) =>
  parallel([
    Array.from({ length: count }, (_, i) => store(X, i + 1)).join(""),
    Array.from({ length: count }, (_, i) => count - i).reduce(
      (inner, value) => `(if (i32.eq (i32.atomic.load ${X}) (i32.const ${value})) (then ${inner}))`,
      FAIL,
    ),
  ]);

test.each([
  [1, 0],
  [2, 2],
  [3, 4],
  [4, 6],
])("check finds a failure after %i values with %i preemptions and with none less", async (values, preemptions) => {
  const { violation } = await run(climb(values), preemptions);
  expect(violation?.kind).toBe("failure");
  for (let fewer = 0; fewer < preemptions; fewer++) {
    expect((await run(climb(values), fewer)).violation).toBeUndefined();
  }
});

test("check takes 2 preemptions if nobody says how many", async () => {
  expect((await checkAll(climb(2), { mode: "bounded" })).violation?.kind).toBe("failure");
  expect((await checkAll(climb(3), { mode: "bounded" })).violation).toBeUndefined();
});

test.each([
  ["has ended", "", ""],
  [
    "sleeps",
    `(drop (memory.atomic.wait32 ${Y} (i32.const 0) (i64.const -1)))`,
    `(drop (memory.atomic.notify ${Y} (i32.const 1)))`,
  ],
  ["waits for a message", "(drop (call $receive (i32.const 1)))", "(call $send (i32.const 0) (i32.const 0))"],
  ["spins", `(loop $l (br_if $l (i32.eqz (i32.atomic.load ${Y}))))`, store(Y, 1)],
  [
    "spins on two words",
    `(loop $l (br_if $l (i32.eqz (i32.or (i32.atomic.load ${X}) (i32.atomic.load ${Y})))))`,
    store(Y, 1),
  ],
])("check leaves a processor that %s without a preemption", async (_, waits, wakes) => {
  const program = parallel([store(X, 0) + waits + FAIL, wakes]);
  expect((await run(program, 0)).violation?.kind).toBe("failure");
});

test("check finds that all wait", async () => {
  const spins = (address: string) => `(loop $l (br_if $l (i32.eqz (i32.atomic.load ${address}))))`;
  const { violation } = await run(parallel([spins(X) + store(Y, 1), spins(Y) + store(X, 1)]), 0);
  expect(violation).toMatchObject({
    kind: "deadlock",
    message: expect.stringMatching(/0 spins on 0x40.*1 spins on 0x80/),
  });
});

test("check finds all ends of random programs if it may preempt often, and no other ones", async () => {
  const operand = fc.integer({ min: 1, max: 3 }).map((value) => `(i32.const ${value})`);
  const access = fc
    .tuple(fc.constantFrom("load", "store", "rmw.add", "rmw.xchg"), fc.constantFrom(X, Y), operand)
    .map(([kind, address, value]) => {
      const text = `(i32.atomic.${kind} ${address} ${kind === "load" ? "" : value})`;
      return kind === "store" ? text : `(local.set $sum (i32.add (i32.mul (local.get $sum) (i32.const 31)) ${text}))`;
    });
  const body = fc
    .array(access, { minLength: 1, maxLength: 3 })
    .map((accesses) => `(result i32) (local $sum i32) ${accesses.join("")} (local.get $sum)`);
  const programs = fc.array(body, { minLength: 2, maxLength: 3 }).map((bodies) => parallel(bodies));
  let fewer = 0;
  await fc.assert(
    fc.asyncProperty(programs, async (program) => {
      const all = await outcomes(program, { mode: "states" });
      expect(await outcomes(program, { mode: "bounded", preemptions: 9 })).toEqual(all);
      const few = await outcomes(program, { mode: "bounded", preemptions: 1 });
      expect(all).toEqual(expect.arrayContaining(few));
      if (few.length < all.length) fewer++;
    }),
    { numRuns: 100 },
  );
  expect(fewer).toBeGreaterThan(10);
});
