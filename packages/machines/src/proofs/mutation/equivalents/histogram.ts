import type { Equivalents } from "./equivalent.js";

const SHIFT = "const shift = value < 2 << PRECISION ? 0 : 63 - PRECISION - <u32>clz(value);";
const CLEAR = "for (let count = B + counts, end = count + BUCKETS * 8; count < end; count += 8) {";

export const HISTOGRAM: Equivalents = {
  file: "kernel/library/histogram.ts",
  arguments: [
    {
      because:
        "128 has the same bucket in either way: the first of width 1 that there is not, and the first of width 2.",
      mutants: [`${SHIFT} | 128 is 129`, `${SHIFT} | ge is gt`],
    },
    {
      because: "The greater or lesser of two equal numbers is either of them.",
      mutants: [
        "const shift = max(<i32>(bucket >> PRECISION) - 1, 0); | gt is ge",
        "if (B != 0) value = min(value, atomic.load<i64>(B + least)); | lt is le",
        "if (B != 0) value = max(value, atomic.load<i64>(B + most)); | gt is ge",
      ],
    },
    {
      because: "The word gets the value that it has.",
      mutants: [
        "if (value < load<i64>(B + least)) intend(entries++, B + least, value); | lt is le",
        "if (value > load<i64>(B + most)) intend(entries++, B + most, value); | gt is ge",
      ],
    },
    {
      because: "Blocks of 28,672 bytes are the smallest that are large enough for either.",
      mutants: ["B = allocateLines(counts + BUCKETS * 8); | 24704 is 24705"],
    },
    {
      because: "Nobody else reads the block before its address is written, after both.",
      mutants: [
        "store<i64>(B + least, i64.MAX_VALUE); | swapped with what follows",
        "store<i64>(B + most, -1); | swapped with what follows",
      ],
    },
    {
      because:
        "The block is zero but for `least` and `most`, which are those of no records: whether it counts in the present epoch " +
        "makes no difference before it is written to. If its worker dies, the slot's next one clears it.",
      mutants: ["store<u32>(B + epoch, present); | swapped with what follows"],
    },
    {
      because: "Of a slot without a block, B is 0: it is returned as well as 0 is.",
      mutants: ["return B != 0 && read(B + epoch) == read(H + epoch) ? B : 0; | 0 is 1"],
    },
    {
      because: "Both are above all values, and the same f64.",
      mutants: [
        "store<i64>(B + least, i64.MAX_VALUE); | 9223372036854775807 is 9223372036854775806",
        "let value = i64.MAX_VALUE; | 9223372036854775807 is 9223372036854775806",
        "atomic.store<i64>(B + least, i64.MAX_VALUE); | 9223372036854775807 is 9223372036854775806",
      ],
    },
    {
      because: "The word behind the last bucket's is the block's, and 0: nothing is written there.",
      mutants: [`${CLEAR} | 24576 is 24577`, `${CLEAR} | lt is le`],
    },
    {
      because: "The block counts for nothing before its epoch is written, after both.",
      mutants: [
        `${CLEAR} | swapped with what follows`,
        "atomic.store<i64>(B + sum, 0); | swapped with what follows",
        "atomic.store<i64>(B + least, i64.MAX_VALUE); | swapped with what follows",
      ],
    },
  ],
};
