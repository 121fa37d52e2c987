import { describe, expect, test } from "vitest";
import { check } from "#machines/machines/checked/index.js";
import { assemble, checkAll, endsOf, parallel, X, Y } from "./programs.js";

const count = `(i32.store ${X} (i32.add (i32.load ${X}) (i32.const 1)))`;
const twice = `(func (export "final") (result i32) (i32.eq (i32.load ${X}) (i32.const 2)))`;
const set = (word: string, value: number) => `(i32.atomic.store ${word} (i32.const ${value}))`;

describe("check with properties", () => {
  test("check finds what does not hold at the end by a result of 0, by fail and by a trap", async () => {
    for (const [wrong, message] of [
      ["(result i32) (i32.const 0)", "final returned 0"],
      ["(call $fail (i32.const 3))", "final: fail(Lost)"],
      ["(unreachable)", "final: unreachable in final"],
    ] as const) {
      const more = `(func (export "final") ${wrong}) (global (export "Failure.Lost") i32 (i32.const 3))`;
      const { violation } = await checkAll(parallel([""], more), { final: { entry: "final" } });
      expect(violation).toMatchObject({ kind: "final", message });
    }
  });

  test("check finds that an update is lost, by what is in memory at the end", async () => {
    const options = { final: { entry: "final" }, races: false };
    const { violation } = await checkAll(parallel([count, count], twice), options);
    expect(violation).toMatchObject({ kind: "final", message: "final returned 0" });
    expect(violation!.schedule).toHaveLength(4);
    const added = `(drop (i32.atomic.rmw.add ${X} (i32.const 1)))`;
    expect((await checkAll(parallel([added, added], twice), options)).violation).toBeUndefined();
  });

  test("check tells which places are visited, in init and final, too, and takes no step for it", async () => {
    const visit = (place: number) => `(call $mark (i32.const 0xfffe) (i32.const ${place}))`;
    const never = `(if (i32.eq (i32.load ${X}) (i32.const 7)) (then ${visit(9)}))`;
    const more = `(func (export "init") ${visit(1)}) (func (export "final") ${visit(4)} ${never})`;
    const visited = new Set<number>();
    const options = { init: { entry: "init" }, final: { entry: "final" }, mode: "states" as const };
    const found = await check(parallel([`${visit(2)} ${set(X, 1)}`, `${set(Y, 1)} ${visit(3)}`], more), {
      entries: ["0", "1"],
      ...options,
      visits: { event: 0xfffe, onVisit: (place) => visited.add(place) },
    });
    const plain = await check(parallel([set(X, 1), set(Y, 1)], `(func (export "init")) (func (export "final"))`), {
      entries: ["0", "1"],
      ...options,
    });
    expect([...visited].sort()).toEqual([1, 2, 3, 4]);
    expect([found.states, found.steps]).toEqual([plain.states, plain.steps]);
  });

  test.each([
    ["an invariant", { invariant: { entry: "0" } }],
    ["an order", { order: { arrives: 1, enters: 2 } }],
    ["pauses", { pauses: true }],
    ["visits", { visits: { event: 1, onVisit: () => {} } }],
  ])("check sees %s by states, and refuses executions, which leave steps out", async (what, options) => {
    const program = parallel([`(result i32) (i32.const 1)`]);
    expect((await check(program, { entries: "0", ...options })).states).toBe(1);
    await expect(check(program, { entries: "0", mode: "executions", ...options })).rejects.toThrow(
      `received ${what} and mode executions; expected mode states`,
    );
  });

  test("check finds an invariant that is broken for one step only, even of words that one processor has alone", async () => {
    const program = parallel(
      [`${set(X, 1)} ${set(X, 0)}`, set(Y, 1)],
      `(func (export "never") (result i32) (i32.eqz (i32.load ${X})))
       (func (export "together") (result i32) (i32.le_u (i32.load ${X}) (i32.load ${Y})))
       (func (export "small") (param i32) (result i32) (i32.lt_u (i32.load ${X}) (local.get 0)))`,
    );
    const violationOf = async (entry: string, ...parameters: number[]) =>
      (await checkAll(program, { invariant: { entry, arguments: parameters } })).violation;
    expect(await violationOf("never")).toMatchObject({ kind: "invariant", message: "never returned 0", schedule: [0] });
    expect(await violationOf("together")).toMatchObject({ kind: "invariant", schedule: [0] });
    expect(await violationOf("small", 2)).toBeUndefined();
    expect(await violationOf("small", 1)).toMatchObject({ kind: "invariant" });
  });

  test("check takes back what a property writes", async () => {
    const writes = `(func (export "writes") (result i32) ${count} (i32.le_u (i32.load ${X}) (i32.const 2)))`;
    const program = parallel([set(X, 1), `(drop (i32.atomic.load ${X}))`], writes);
    const options = { invariant: { entry: "writes" }, final: { entry: "writes" } };
    expect((await checkAll(program, options)).violation).toBeUndefined();
  });

  test("check ends a property that does not end, and has it see the memory's size", async () => {
    const spin = parallel([set(X, 1)], '(func (export "spin") (loop $again (br $again)))');
    expect((await checkAll(spin, { final: { entry: "spin" } })).violation).toMatchObject({
      kind: "final",
      message: "spin does not end",
    });
    const size =
      '(func (export "size") (result i32) (i32.and (i32.eq (memory.size) (i32.const 1)) (i32.eq (memory.grow (i32.const 1)) (i32.const -1))))';
    expect((await checkAll(parallel([""], size), { final: { entry: "size" } })).violation).toBeUndefined();
  });

  test("check finds fail, and calls the reason as the program does", async () => {
    const failing = parallel(
      [`(if (i32.atomic.load ${X}) (then (call $fail (i32.const 7))))`, set(X, 1)],
      '(global (export "Failure.Early") i32 (i32.const 7))',
    );
    expect((await checkAll(failing)).violation).toMatchObject({
      kind: "failure",
      message: "processor 0: fail(Early) in 0",
      schedule: [1, 0],
    });
  });

  test("check finds traps and accesses out of bounds, with function and line", async () => {
    for (const [body, message] of [
      ["(unreachable)", "unreachable"],
      ["(drop (i32.load (i32.const 65533)))", "memory access out of bounds"],
      ["(drop (i32.atomic.load (i32.const 2)))", "unaligned atomic"],
      ["(drop (i32.div_u (i32.const 1) (i32.atomic.load (i32.const 64))))", "integer divide by zero"],
    ] as const) {
      const deep = `(func $deep\n;;@ queue.c:12:0\n${body})`;
      const { violation } = await checkAll(parallel(["(call $deep)"], deep));
      expect(violation).toMatchObject({ kind: "trap", message: `processor 0: ${message} in deep (queue.c:12)` });
    }
  });

  test("check executes start functions one after the other, and then init alone", async () => {
    const program = parallel(
      [`(result i32) (i32.atomic.rmw.add ${X} (i32.const 1))`, `(result i32) (i32.atomic.rmw.add ${X} (i32.const 1))`],
      `(start $begin) (global $mine (mut i32) (i32.const 0))
       (func $begin (i32.store ${Y} (i32.add (i32.load ${Y}) (i32.const 1))) (global.set $mine (i32.const 5)))
       (func (export "init") (param i32) (i32.store ${X} (i32.add (local.get 0) (global.get $mine))))`,
    );
    const found = await endsOf(program, { init: { entry: "init", arguments: [100] } }, ({ results, memory }) => {
      return `${results.flat().join(" ")} ${new Int32Array(memory.buffer)[16]}`;
    });
    expect(found).toEqual(["105 106 107", "106 105 107"]);
  });

  const withInit = (body: string) =>
    checkAll(parallel([""], `(func (export "init") ${body})`), { init: { entry: "init" } });

  test.each([
    ["(unreachable)", /init.*unreachable/],
    ["(call $fail (i32.const 3))", /init.*fail\(3\)/],
    [`(drop (memory.atomic.wait32 ${X} (i32.const 0) (i64.const -1)))`, /init.*waits/],
  ])("check refuses an init that is %s", async (body, message) => {
    await expect(withInit(body)).rejects.toThrow(message);
  });

  test("check refuses an init that does not end", { tags: "long" }, async () => {
    await expect(withInit("(loop $again (br $again))")).rejects.toThrow(/init.*not ended/);
  });

  test("check refuses what it cannot check", async () => {
    const program = parallel(["", ""]);
    await expect(check(program, { entries: "0", processors: 11 })).rejects.toThrow(
      /received 11 processors; expected 1 to/,
    );
    await expect(check(program, { entries: ["0", "1"], processors: 3 })).rejects.toThrow(
      /received 2 entries.*expected 3/,
    );
    await expect(check(program, { entries: "2" })).rejects.toThrow(/received no function "2"/);
    await expect(check(assemble('(func (export "f") (param i32))'), { entries: "f" })).rejects.toThrow(
      /received 0 arguments; expected 1/,
    );
  });
});
