import { expect, test } from "vitest";
import { Cells } from "#machines/machines/checked/system/cells.js";

test("Cells.load finds what memory holds, in words that nobody accessed before", () => {
  const words = Int32Array.from({ length: 300 }, (_, i) => i + 1);
  const cells = new Cells(2, words.buffer);
  for (const [i, word] of words.entries()) {
    if (i % 3 === 0) cells.load(4 * i + 2, 1);
    else cells.load(4 * i, 4);
    expect(cells.low).toBe(i % 3 === 0 ? 0 : word);
  }
});

test("Cells.fresh begins anew, with the same words shared", () => {
  const cells = new Cells(2, new ArrayBuffer(64));
  cells.shareCell(cells.ofWord(3));
  cells.store(12, 4, 7, 0);
  cells.touch(0, 16, 4, true);
  const fresh = cells.fresh();
  fresh.load(12, 4);
  expect(fresh.low).toBe(0);
  expect(fresh.sharedAddresses()).toEqual([12]);
  // The other processor's write is not known.
  fresh.touch(1, 16, 4, true);
});
