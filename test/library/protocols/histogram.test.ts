import { describeProtocol } from "./describe-protocol.js";

describeProtocol("histogram", [
  {
    bug: "a record that counts before it is intended",
    from: "  intend(0, count, load<i64>(count) + 1);\n",
    to: "  atomic.store<i64>(count, load<i64>(count) + 1);\n  intend(0, count, load<i64>(count));\n",
    scenario: "2 x 2, 1 dying",
    found: "final",
  },
  {
    bug: "a block that is not cleared after a reset",
    from: "if (load<u32>(B + epoch) != present) clear(B, present);",
    to: "write(B + epoch, present);",
    scenario: "2 x 3",
    found: "final",
  },
  {
    bug: "a reset that the blocks of before count after",
    from: "B != 0 && read(B + epoch) == read(H + epoch) ? B : 0",
    to: "B",
    scenario: "2 x 3",
    found: "final",
  },
  {
    bug: "a block that counts before it is cleared",
    from: "  for (let count = B + counts, end = count + BUCKETS * 8; count < end; count += 8) {",
    to: "  write(B + epoch, present);\n  for (let count = B + counts, end = count + BUCKETS * 8; count < end; count += 8) {",
    scenario: "2 x 2, 1 dying",
    found: "final",
  },
]);
