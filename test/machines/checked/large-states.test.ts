import { describe, expect, test } from "vitest";
import { checkAll, parallel, X } from "./programs.js";

/** More words than a processor's state has in most programs: each local variable takes two. */
const LOCALS = 400;

describe("check, of processors with large states,", () => {
  test("keeps all of what they hold over an access", async () => {
    const locals = Array.from({ length: LOCALS }, (_, i) => i);
    const declared = locals.map(() => "(local i32)").join(" ");
    // What was read is not known before the run, and is needed after the next access.
    const read = locals.map((i) => `(local.set ${i} (i32.add (i32.load ${X}) (i32.const ${i})))`).join("\n");
    const sum = locals.reduce((text, i) => `(i32.add ${text} (local.get ${i}))`, "(i32.const 0)");
    const expected = (LOCALS * (LOCALS - 1)) / 2;
    const body = `${declared} ${read} (drop (i32.atomic.rmw.add (i32.const 512) (i32.const 1)))
      (if (i32.ne ${sum} (i32.const ${expected})) (then (call $fail (i32.const 1))))`;
    const { violation, ends } = await checkAll(parallel([body, body]), { mode: "states" });
    expect(violation).toBeUndefined();
    expect(ends).toBeGreaterThan(0);
  });
});
