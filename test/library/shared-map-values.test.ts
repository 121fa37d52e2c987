import { describe, expect, test } from "vitest";
import { SharedMap, SharedSpace } from "#library/index.js";

describe("SharedMap, of values of few bytes,", () => {
  const space = new SharedSpace({ workers: 2 });

  test("looks at none of their parts without end", () => {
    using map = new SharedMap<string, unknown[]>(space);
    // 2^31 ways lead to the first.
    let shared: unknown[] = [1];
    for (let i = 0; i < 31; i++) shared = [shared, shared];
    map.set("shared", shared);
    expect(map.get("shared")).toHaveLength(2);
    const far: unknown[] = [];
    far[4e9] = "far";
    map.set("far", far);
    expect(map.get("far")![4e9]).toBe("far");
    expect(Object.isFrozen(map.get("far"))).toBe(true);
  });

  test("freezes an array with all that it has", () => {
    using map = new SharedMap<string, object>(space);
    map.set("named", Object.assign([1], { more: { deep: 1 } }));
    expect(map.get("named")).toBe(map.get("named"));
    expect(Object.isFrozen((map.get("named") as { more: object }).more)).toBe(true);
    map.set("map", Object.assign([1], { more: new Map() }));
    expect(map.get("map")).not.toBe(map.get("map"));
  });
});
