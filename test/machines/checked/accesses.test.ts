import { describe, expect, test } from "vitest";
import { checkAll, outcomes, parallel, X, Y, Z } from "./programs.js";

describe("check", () => {
  test("check finds accesses of 8 bytes whole, aligned or not", async () => {
    for (const place of [64, 61, 60]) {
      const at = `(i32.const ${place})`;
      const found = await outcomes(
        parallel([`(i64.store ${at} (i64.const 0x1122334455667788))`, `(result i64) (i64.load ${at})`]),
      );
      expect(found, String(place)).toEqual(["0", "1234605616436508552"]);
    }
  });

  test("check takes back a store that concerns three words", async () => {
    const store = (value: string) => `(i64.store offset=2 ${X} (i64.const ${value}))`;
    const found = await outcomes(
      parallel([
        store("0x0101010101010101"),
        store("0x0202020202020202"),
        `(result i64 i64) (i64.load ${X}) (i64.load offset=8 ${X})`,
      ]),
    );
    const seen = ["0 0", "72340172838076416 257", "144680345676152832 514"];
    expect(found.every((pair) => pair.split(" ").length === 2)).toBe(true);
    expect(found).toEqual(expect.arrayContaining(seen));
  });

  test("check notices late that a word is shared, and begins again", async () => {
    // Whether the second one touches Z is known when it finds 3 at X.
    const add = `(drop (i32.atomic.rmw.add ${X} (i32.const 1)))`;
    const other = `(if (i32.eq (i32.atomic.load ${X}) (i32.const 3)) (then (i32.atomic.store ${Z} (i32.const 9))))`;
    const first = `(result i32 i32) (i32.atomic.load ${Z}) ${add} ${add} ${add} (i32.atomic.load ${Z})`;
    expect(await outcomes(parallel([first, other]))).toEqual(["0 0", "0 9"]);
  });

  test("check has a program's growth of memory fail, which it may", async () => {
    expect(await outcomes(parallel(["(result i32 i32) (memory.grow (i32.const 1)) (memory.size)"]))).toEqual(["-1 1"]);
  });

  test("check keeps globals, and what a processor knows of itself, apart", async () => {
    const body =
      "(result i32 i32) (global.set $g (i32.add (global.get $g) (call $processor))) (global.get $g) (call $processor)";
    expect(await outcomes(parallel([body, body], "(global $g (mut i32) (i32.const 10))"))).toEqual(["10 0 11 1"]);
  });

  test("check takes 10 processors, whose own work is one way, and whose common work is all orders", async () => {
    const own = "(i32.store (i32.shl (call $processor) (i32.const 6)) (i32.const 1))";
    const alone = await checkAll(parallel(new Array(10).fill(own)));
    expect(alone).toMatchObject({ violation: undefined, states: 1, steps: 0, ends: 1 });
    const added = `(drop (i32.atomic.rmw.add ${Y} (i32.const 1)))`;
    // A state is a set of processors that have added.
    expect(await checkAll(parallel(new Array(10).fill(added)), { mode: "states" })).toMatchObject({
      violation: undefined,
      states: 1024,
      steps: 5120,
      ends: 1,
    });
  });

  test("check says the same of the same program, violation included", async () => {
    const count = `(i32.store ${X} (i32.add (i32.load ${X}) (i32.const 1)))`;
    const program = parallel(
      [count + count, count, count],
      `(func (export "final") (result i32) (i32.eq (i32.load ${X}) (i32.const 4)))`,
    );
    const options = { races: false, final: { entry: "final" } };
    const [{ seconds: _, ...first }, { seconds: __, ...second }] = [
      await checkAll(program, options),
      await checkAll(program, options),
    ];
    expect(first.violation).toBeDefined();
    expect(second).toEqual(first);
  });

  test("check gives way to other work and ends when it is told to", async () => {
    const counting = `(local $i i32) (loop $again (drop (i32.atomic.rmw.add ${X} (i32.const 1))) (br $again))`;
    const stop = new AbortController();
    let last = 0;
    const checked = checkAll(parallel([counting, counting]), {
      signal: stop.signal,
      progress({ states }) {
        expect(states).toBeGreaterThanOrEqual(last);
        last = states;
        if (states > 10_000) stop.abort(new Error("enough"));
      },
    });
    await expect(checked).rejects.toThrow("enough");
  });
});
