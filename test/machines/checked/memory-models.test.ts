import { describe, expect, test } from "vitest";
import { outcomes, parallel, X, Y } from "./programs.js";

const TSO = { model: "tso" } as const;
const ALL = { model: "tso", buffered: "all" } as const;

/** Two processors that each store to one word and load the other. */
const storeBuffering = (store: string, between = "", load = "i32.load") =>
  parallel([
    `(result i32) (${store} ${X} (i32.const 1)) ${between} (${load} ${Y})`,
    `(result i32) (${store} ${Y} (i32.const 1)) ${between} (${load} ${X})`,
  ]);

describe("check with a memory model", () => {
  test("check finds that both stores wait in buffers under tso, and that they cannot under sc", async () => {
    const program = storeBuffering("i32.store");
    expect(await outcomes(program)).toEqual(["0 1", "1 0", "1 1"]);
    expect(await outcomes(program, TSO)).toEqual(["0 0", "0 1", "1 0", "1 1"]);
  });

  test("check has a fence drain the buffer", async () => {
    expect(await outcomes(storeBuffering("i32.store", "(atomic.fence)"), TSO)).not.toContain("0 0");
    expect(await outcomes(storeBuffering("i32.atomic.store", "(atomic.fence)"), ALL)).not.toContain("0 0");
  });

  test("check has a read-modify-write drain the buffer, even of a word that nobody else has", async () => {
    const own = "(i32.shl (call $processor) (i32.const 2))";
    for (const nothing of [`rmw.or ${own} (i32.const 0)`, `rmw.cmpxchg ${own} (i32.const 7) (i32.const 8)`]) {
      const found = await outcomes(storeBuffering("i32.store", `(drop (i32.atomic.${nothing}))`), TSO);
      expect(found, nothing).toEqual(["0 1", "1 0", "1 1"]);
    }
    const atomicStore = `(i32.atomic.store ${own} (i32.const 1))`;
    expect(await outcomes(storeBuffering("i32.store", atomicStore), TSO)).not.toContain("0 0");
    expect(await outcomes(storeBuffering("i32.store", atomicStore), ALL)).toContain("0 0");
  });

  test("check has atomic stores drain the buffer where plain ones wait, and wait where all do", async () => {
    const program = storeBuffering("i32.atomic.store", "", "i32.atomic.load");
    expect(await outcomes(program, TSO)).not.toContain("0 0");
    expect(await outcomes(program, ALL)).toContain("0 0");
  });

  test("check keeps the order of one processor's stores", async () => {
    const program = parallel([
      `(i32.store ${X} (i32.const 1)) (i32.store ${Y} (i32.const 1))`,
      `(result i32 i32) (i32.load ${Y}) (i32.load ${X})`,
    ]);
    expect(await outcomes(program, TSO)).toEqual(["0 0", "0 1", "1 1"]);
  });

  test("check has no store reach others at different times", async () => {
    const reader = (a: string, b: string) => `(result i32 i32) (i32.load ${a}) (i32.load ${b})`;
    const store = (to: string) => `(i32.store ${to} (i32.const 1))`;
    const program = parallel([store(X), store(Y), reader(X, Y), reader(Y, X)]);
    expect(await outcomes(program, TSO)).not.toContain("1 0 1 0");
  });

  test("check has a processor find its own stores before others do", async () => {
    const forwarding = (mine: string, other: string) =>
      `(result i32 i32) (i32.store ${mine} (i32.const 1)) (i32.load ${mine}) (i32.load ${other})`;
    const found = await outcomes(parallel([forwarding(X, Y), forwarding(Y, X)]), TSO);
    expect(found).toEqual(["1 0 1 0", "1 0 1 1", "1 1 1 0", "1 1 1 1"]);
  });

  test("check has a load put together what the buffer and what memory holds", async () => {
    const program = parallel([
      `(result i32) (i32.store8 offset=1 ${X} (i32.const 0xaa)) (i32.store16 offset=1 ${X} (i32.const 0xbbcc)) (i32.load ${X})`,
      `(i32.store ${X} (i32.const 0x11223344))`,
    ]);
    const values = (await outcomes(program, TSO)).map((value) => (Number(value) >>> 0).toString(16)).sort();
    // In the buffer, over nothing or over the other's store; or in memory, where the other's store replaces it.
    expect(values).toEqual(["11223344", "11bbcc44", "bbcc00"]);
  });

  test("check does not end while a store is in a buffer", async () => {
    const program = parallel(
      [`(i32.store ${X} (i32.const 5))`, `(result i32) (i32.load ${X})`],
      `(func (export "final") (result i32) (i32.eq (i32.load ${X}) (i32.const 5)))`,
    );
    expect(await outcomes(program, { ...TSO, final: { entry: "final" } })).toEqual(["0", "5"]);
  });

  test("check has waits and notifications drain the buffer", async () => {
    const program = storeBuffering("i32.store", `(drop (memory.atomic.notify (i32.const 0) (i32.const 1)))`);
    expect(await outcomes(program, TSO)).not.toContain("0 0");
  });
});
