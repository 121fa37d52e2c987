import { describe, expect, test } from "vitest";
import { checkAll, parallel, X, Y } from "./programs.js";

const violationOf = async (...bodies: string[]) => (await checkAll(parallel(bodies))).violation;

/** Loops until the word is 1. */
const await_ = (word: string) => `(loop $again (br_if $again (i32.eqz (i32.atomic.load ${word}))))`;

describe("check with data races", () => {
  test("check finds a plain store beside a plain load, and says where both are", async () => {
    const violation = await violationOf(`(i32.store ${X} (i32.const 1))`, `(drop (i32.load ${X}))`);
    expect(violation!.kind).toBe("race");
    expect(violation!.message).toBe(
      "processor 0's plain store of 4 bytes at 0x40 in 0 and processor 1's plain load of 4 bytes at 0x40 in 1 may take place at once",
    );
  });

  test.each([
    ["an atomic store and a plain load", "(i32.atomic.store $ (i32.const 1))", "(drop (i32.load $))"],
    ["a plain store and an atomic load", "(i32.store $ (i32.const 1))", "(drop (i32.atomic.load $))"],
    ["atomic ones of different sizes", "(i64.atomic.store $ (i64.const 1))", "(drop (i32.atomic.load offset=4 $))"],
    ["ones that share a byte", "(i32.store $ (i32.const 1))", "(drop (i32.load8_u offset=3 $))"],
    ["ones that share a byte of two words", "(i32.store offset=3 $ (i32.const 1))", "(drop (i32.load8_u offset=6 $))"],
    ["an atomic addition and a plain load", "(drop (i32.atomic.rmw.add $ (i32.const 1)))", "(drop (i32.load $))"],
    [
      "a wait and a plain store",
      "(drop (memory.atomic.wait32 $ (i32.const 5) (i64.const 0)))",
      "(i32.store $ (i32.const 1))",
    ],
  ])("check finds a race of %s", async (_, first, second) => {
    expect((await violationOf(first.replace("$", X), second.replace("$", X)))?.kind).toBe("race");
  });

  test.each([
    ["atomic ones of one size", "(i32.atomic.store $ (i32.const 1))", "(drop (i32.atomic.load $))"],
    ["plain loads", "(drop (i32.load $))", "(drop (i32.load $))"],
    ["plain and atomic loads of different sizes", "(drop (i64.load $))", "(drop (i32.atomic.load8_u $))"],
    ["bytes that are neighbours in a word", "(i32.store8 $ (i32.const 1))", "(i32.store8 offset=1 $ (i32.const 1))"],
    ["halves of a word", "(i32.store16 $ (i32.const 1))", "(drop (i32.load16_u offset=2 $))"],
  ])("check finds no race of %s", async (_, first, second) => {
    const { violation, races } = await checkAll(parallel([first.replace("$", X), second.replace("$", X)]));
    expect(violation).toBeUndefined();
    expect(races).toBe(first.includes("atomic.store") ? 1 : 0);
  });

  test("check finds no race through a message that is passed by a spin", async () => {
    const sender = `(i32.store ${X} (i32.const 42)) (i32.atomic.store ${Y} (i32.const 1))`;
    expect(await violationOf(sender, `(result i32) ${await_(Y)} (i32.load ${X})`)).toBeUndefined();
    const tooEarly = `(i32.atomic.store ${Y} (i32.const 1)) (i32.store ${X} (i32.const 42))`;
    expect((await violationOf(tooEarly, `(result i32) ${await_(Y)} (i32.load ${X})`))?.kind).toBe("race");
  });

  test("check finds no race where a wake-up or a message orders the accesses", async () => {
    const woken = `(if (i32.eqz (memory.atomic.wait32 ${Y} (i32.const 0) (i64.const 0))) (then (drop (i32.load ${X}))))`;
    const waker = `(i32.store ${X} (i32.const 1)) (drop (memory.atomic.notify ${Y} (i32.const 1)))`;
    expect(await violationOf(woken, waker)).toBeUndefined();
    const receiver = `(drop (call $receive (i32.const 1))) (drop (i32.load ${X}))`;
    expect(
      await violationOf(receiver, `(i32.store ${X} (i32.const 1)) (call $send (i32.const 0) (i32.const 1))`),
    ).toBeUndefined();
  });

  test("check finds a race that only a rare schedule has", async () => {
    // The second processor stores only if it came between two of the first one's additions.
    const add = `(drop (i32.atomic.rmw.add ${Y} (i32.const 1)))`;
    const rare = `(if (i32.eq (i32.atomic.load ${Y}) (i32.const 2)) (then (i32.store ${X} (i32.const 1))))`;
    const violation = await violationOf(`${add} ${add} ${add} (drop (i32.load ${X}))`, rare);
    expect(violation).toMatchObject({ kind: "race", schedule: [0, 0, 1, 0] });
    expect(
      await violationOf(`${add} ${add} ${add} (drop (i32.load ${X}))`, rare.replace("(i32.const 2)", "(i32.const 4)")),
    ).toBeUndefined();
  });

  test("check finds no race with what a compare-and-swap fails to store", async () => {
    const cas = (expected: number) =>
      `(drop (i32.atomic.rmw.cmpxchg ${X} (i32.const ${expected}) (i32.const 5))) (i32.atomic.store ${Y} (i32.const 1))`;
    const later = `${await_(Y)} (i32.store ${X} (i32.const 1))`;
    expect(await violationOf(cas(1), `(drop (i32.load ${X})) ${later}`)).toBeUndefined();
    expect((await violationOf(cas(0), `(drop (i32.load ${X})) ${later}`))?.kind).toBe("race");
  });

  test("check does not look for races under tso, or when told not to", async () => {
    const racy = parallel([`(i32.store ${X} (i32.const 1))`, `(drop (i32.load ${X}))`]);
    for (const options of [{ model: "tso" }, { races: false }] as const) {
      expect(await checkAll(racy, options)).toMatchObject({ violation: undefined, races: 0 });
    }
  });
});
