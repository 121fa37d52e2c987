import { describe, expect, test } from "vitest";
import { checkAll, parallel, X, Y } from "./programs.js";

const acquired = (lock: string) => `(i32.eqz (i32.atomic.rmw.xchg ${lock} (i32.const 1)))`;
const release = (lock: string) => `(i32.atomic.store ${lock} (i32.const 0))`;
const spin = (lock: string) => `(loop $again (br_if $again (i32.eqz ${acquired(lock)})))`;

describe("check with processors that go on for ever", () => {
  test("check finds two that always get into each other's way", async () => {
    const both = (first: string, second: string) => `(loop $retry
      ${spin(first)}
      (if (i32.eqz ${acquired(second)}) (then ${release(first)} (br $retry))))
      ${release(second)} ${release(first)}`;
    const { violation } = await checkAll(parallel([both(X, Y), both(Y, X)]));
    expect(violation!.kind).toBe("livelock");
    expect(violation!.message).toMatch(/^they go on for ever: processor 0 is at 0x\d+ in 0; processor 1 is at/);
  });

  test("check finds nothing wrong with a spin lock, or with a loop that others end", async () => {
    const section = `${spin(X)} (i32.store ${Y} (i32.add (i32.load ${Y}) (i32.const 1))) ${release(X)}`;
    const { violation, ends } = await checkAll(parallel([section + section, section, section]));
    expect(violation).toBeUndefined();
    expect(ends).toBeGreaterThan(0);
  });

  test("check finds a loop that waits for what nobody does", async () => {
    const await_ = `(loop $again (br_if $again (i32.eqz (i32.atomic.load ${X}))))`;
    const { violation } = await checkAll(parallel([await_, `(i32.atomic.store ${Y} (i32.const 1))`]));
    expect(violation!.kind).toBe("livelock");
  });

  test("check finds endless loops that access nothing, or nothing that others do", async () => {
    for (const body of ["(loop $again (br $again))", `(loop $again (drop (i32.load ${Y})) (br $again))`]) {
      const { violation } = await checkAll(parallel([body, `(i32.atomic.store ${X} (i32.const 1))`]));
      expect(violation!.kind, body).toBe("livelock");
    }
  });

  test("check does not call it endless that a wait may time out again and again before others come", async () => {
    const waiter = `(loop $again
      (drop (memory.atomic.wait32 ${X} (i32.const 0) (i64.const 1000)))
      (br_if $again (i32.eqz (i32.atomic.load ${X}))))`;
    const program = parallel([waiter, `(i32.atomic.store ${X} (i32.const 1))`]);
    expect((await checkAll(program, { mode: "states" })).violation).toBeUndefined();
  });

  test("check lets buffered stores reach memory in the end", async () => {
    const waiter = `(loop $again (br_if $again (i32.eqz (i32.load ${X}))))`;
    const program = parallel([
      waiter,
      `(i32.store ${X} (i32.const 1)) ${waiter.replace(X, Y)}`,
      `(i32.store ${Y} (i32.const 1))`,
    ]);
    expect((await checkAll(program, { model: "tso" })).violation).toBeUndefined();
  });
});
