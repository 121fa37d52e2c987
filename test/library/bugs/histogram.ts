import type { PlantedBug } from "./planted-bug.js";

const planted = { protocol: "histogram", file: "histogram.ts", found: "final" } as const;

export const HISTOGRAM_BUGS: readonly PlantedBug[] = [
  {
    ...planted,
    bug: "a record that counts before it is intended",
    from: "  intend(0, count, load<i64>(count) + 1);\n",
    to: "  atomic.store<i64>(count, load<i64>(count) + 1);\n  intend(0, count, load<i64>(count));\n",
    scenario: "2 x 2, 1 dying",
  },
  {
    ...planted,
    bug: "a block that is not cleared after a reset",
    from: "if (load<u32>(B + epoch) != present) clear(B, present);",
    to: "write(B + epoch, present);",
    scenario: "2 x 3",
  },
  {
    ...planted,
    bug: "a reset that the blocks of before count after",
    from: "B != 0 && read(B + epoch) == read(H + epoch) ? B : 0",
    to: "B",
    scenario: "2 x 3",
  },
  {
    ...planted,
    bug: "a block that counts before it is cleared",
    from: "  for (let count = B + counts, end = count + BUCKETS * 8; count < end; count += 8) {",
    to: "  write(B + epoch, present);\n  for (let count = B + counts, end = count + BUCKETS * 8; count < end; count += 8) {",
    scenario: "2 x 2, 1 dying",
  },
];
