import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { casesOf } from "../../random-cases.js";
import { checkAll, outcomes, parallel, X, Y } from "./programs.js";

/** Waits at X while it is 0: 0 for woken, 1 for not equal, 2 for timed out. */
const wait = (nanoseconds: number) => `(memory.atomic.wait32 ${X} (i32.const 0) (i64.const ${nanoseconds}))`;
const notify = (count: number) => `(memory.atomic.notify ${X} (i32.const ${count}))`;
const set = `(i32.atomic.store ${X} (i32.const 1))`;

describe("check with processors that wait", () => {
  test("check finds a wait that has nothing to wait for, and one that is woken", async () => {
    expect(await outcomes(parallel([`(result i32) ${wait(-1)}`, `(result i32) ${set} ${notify(1)}`]))).toEqual([
      "0 1",
      "1 0",
    ]);
  });

  test("check lets a wait with a time end by itself, and wakes nobody for nothing", async () => {
    expect(await outcomes(parallel([`(result i32) ${wait(0)}`]))).toEqual(["2"]);
    const timed = parallel([`(result i32) ${wait(1000)}`, `(result i32) ${set} ${notify(1)}`]);
    expect(await outcomes(timed)).toEqual(["0 1", "1 0", "2 0"]);
    const { violation } = await checkAll(parallel([`(drop ${wait(-1)})`, set]));
    expect(violation!.kind).toBe("deadlock");
  });

  test("check wakes as many as are asked for", async () => {
    const waiting = `(result i32) ${wait(-1)}`;
    const all = parallel([waiting, waiting, `(result i32) ${set} ${notify(-1)}`]);
    expect(await outcomes(all)).toEqual(["0 0 2", "0 1 1", "1 0 1", "1 1 0"]);
    const nobody = parallel([waiting, `(drop ${notify(0)})`]);
    expect((await checkAll(nobody)).violation!.message).toContain("processor 0 sleeps at 0x40");
  });

  test("check finds a wake-up that is lost, and says who sleeps where", async () => {
    const consumer = `(if (i32.eqz (i32.atomic.load ${Y})) (then (drop ${wait(-1)})))`;
    const producer = `(i32.atomic.store ${Y} (i32.const 1)) (drop ${notify(1)})`;
    const { violation } = await checkAll(parallel([consumer, producer]));
    expect(violation).toMatchObject({ kind: "deadlock", schedule: [0, 1, 1, 0] });
    expect(violation!.message).toMatch(/processor 0 sleeps at 0x40 in 0; processor 1 has ended$/);
  });

  test("check finds what a processor sees whom one of two wakes, and that neither waker's events before come first", async () => {
    const sleeper = `(result i32) ${wait(-1)} (i32.atomic.store ${Y} (i32.const 1))`;
    const looks = `(result i32) (i32.atomic.load ${Y}) ${set} (drop ${notify(1)})`;
    const ends = await outcomes(parallel([sleeper, looks, `${set} (drop ${notify(1)})`]));
    expect(ends).toEqual(["0 0", "0 1", "1 0", "1 1"]);
  });

  test("check finds the same by states and by executions of random programs that wait and wake", async () => {
    const step = fc.constantFrom(
      wait(1000),
      `(i32.atomic.load ${X})`,
      `(i32.atomic.load ${Y})`,
      `(i32.atomic.rmw.add ${Y} (i32.const 1))`,
      `(i32.atomic.rmw.or ${X} (i32.const 1))`,
      notify(1),
      notify(2),
    );
    const body = fc.array(step, { minLength: 1, maxLength: 3 });
    const property = fc.asyncProperty(fc.array(body, { minLength: 3, maxLength: 3 }), async (bodies) => {
      const program = parallel(bodies.map((steps) => `(result${" i32".repeat(steps.length)}) ${steps.join(" ")}`));
      // Throws where they differ.
      expect(await outcomes(program)).not.toEqual([]);
    });
    await fc.assert(property, { numRuns: casesOf(200) });
  });

  test("check has a notification reach only those who sleep at its address", async () => {
    const elsewhere = `(drop (memory.atomic.notify ${Y} (i32.const 1)))`;
    const { violation } = await checkAll(parallel([`(drop ${wait(-1)})`, elsewhere]));
    expect(violation!.kind).toBe("deadlock");
  });

  test("check delivers messages in order, and waits for them", async () => {
    const receive = "(call $receive (i32.const 0))";
    const program = parallel([
      "(call $send (i32.const 1) (i32.const 7)) (call $send (i32.const 1) (i32.const 8))",
      `(result i32 i32) ${receive} ${receive}`,
    ]);
    expect(await outcomes(program)).toEqual(["7 8"]);
  });

  test("check finds a message that nobody sends, and one to nobody", async () => {
    const { violation } = await checkAll(parallel(["(drop (call $receive (i32.const 1)))", ""]));
    expect(violation!.kind).toBe("deadlock");
    expect(violation!.message).toMatch(/processor 0 is at receive in 0/);
    const nobody = await checkAll(parallel(["(call $send (i32.const 2) (i32.const 1))", ""]));
    expect(nobody.violation!.message).toMatch(/processor 0: cannot send to processor 2; expected 0 to 1/);
  });

  test("check finds two processors that wait for each other", async () => {
    const lock = (a: string) => `(loop $again (br_if $again (i32.atomic.rmw.xchg ${a} (i32.const 1))))`;
    const unlock = (a: string) => `(i32.atomic.store ${a} (i32.const 0))`;
    const both = (a: string, b: string) => `${lock(a)} ${lock(b)} ${unlock(b)} ${unlock(a)}`;
    const { violation } = await checkAll(parallel([both(X, Y), both(Y, X)]));
    expect(violation!.kind).toMatch(/deadlock|livelock/);
    expect((await checkAll(parallel([both(X, Y), both(X, Y)]))).violation).toBeUndefined();
  });
});
