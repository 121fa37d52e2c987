import { describe, expect, test } from "vitest";
import { homes, INTERLEAVED, ownerOf } from "#machines/machines/simulated/memory/placement.js";

const PLACEMENT = { shared: 0x400, local: 0x80 };

describe("ownerOf", () => {
  test("is nobody for the interleaved part, and the processor of a local part for all of its bytes", () => {
    expect([0, 0x3ff, 0x400, 0x47f, 0x480, 0x57f].map((address) => ownerOf(PLACEMENT, address))).toEqual([
      -1, -1, 0, 0, 1, 2,
    ]);
    expect(ownerOf(INTERLEAVED, 2 ** 32 - 1)).toBe(-1);
  });
});

describe("homes", () => {
  test("deals out units in turn, and gives local parts to their owners' nodes", () => {
    const homeOf = homes(PLACEMENT, 3, 0x20, (processor) => processor >> 1);
    expect([0, 0x1f, 0x20, 0x40, 0x60, 0x400, 0x480, 0x500, 0x580, 0x600].map(homeOf)).toEqual([
      0, 0, 1, 2, 0, 0, 0, 1, 1, 2,
    ]);
  });

  test("deals out everything where no module is a processor's own", () => {
    const homeOf = homes(PLACEMENT, 3, 0x80);
    expect([0x380, 0x400, 0x480, 0x500].map(homeOf)).toEqual([1, 2, 0, 1]);
  });
});
