import { describe, expect, test } from "vitest";
import { defaultProcessors } from "#machines/index.js";

describe("defaultProcessors", () => {
  test("defaultProcessors goes by powers of two to the cores, then to twice and four times as many", () => {
    const native = (cores: number) => defaultProcessors({ cores, maximum: 1024 });
    expect(native(1)).toEqual([1, 2, 4]);
    expect(native(2)).toEqual([1, 2, 4, 8]);
    expect(native(6)).toEqual([1, 2, 4, 6, 12, 24]);
    expect(native(384).at(-1), "is what a machine takes").toBe(768);
  });

  test("defaultProcessors ends at a machine whose processors take no turns, and where it is told to", () => {
    expect(defaultProcessors({ cores: 18, maximum: 18 }, 20)).toEqual([1, 2, 4, 8, 16, 18]);
    expect(defaultProcessors({ cores: 64, maximum: 64 }, 20)).toEqual([1, 2, 4, 8, 16]);
  });
});
