import type { MachineDescription } from "./description.js";

/** 62.5 ns a cycle: the bus's cycle of 100 ns is 1.6 of them. */
export const symmetry: MachineDescription = {
  name: "symmetry",
  title: "Sequent Symmetry Model B",
  text:
    "The bus machine of Anderson (1990) and of Mellor-Crummey and Scott (1991): 80386 processors with copy-back " +
    "caches that invalidate each other's lines. Sold with up to 30 processors; 18 took part in the measurements. " +
    "xchg gives fetch_and_store. The other locked instructions do not return the value before, so there is no " +
    "fetch_and_increment and no compare_and_swap; but a locked decrement tells by the flags whether zero is reached, " +
    "which is all that a counting barrier asks, so subtract is listed. An instruction of the model takes half as long " +
    "as an average 80386 one, which does the work of two of them: it addresses memory and computes, or compares and " +
    "branches. The model leaves out instruction misses, the write buffer and the SLIC's separate interrupt bus.",
  sources: [
    "Processors, 64 KB two-way copy-back caches, pipelined 64-bit packet bus of 80 MB/s peak and 53.3 MB/s " +
      "sustained: Lovett and Thakkar, The Symmetry multiprocessor system, ICPP 1988; netlib's machines/sequent2",
    "16 MHz, 18 processors, which instructions return a value: Mellor-Crummey and Scott, ACM TOCS 9(1), 1991",
    "About 2 MIPS, so 8 cycles an 80386 instruction; test_and_set about 1 µs, to which the read-modify-write's overhead " +
      "is calibrated, and for which its line is locked: Anderson, IEEE TPDS 1(1), 1990",
    "Address and line take 3 bus cycles of 100 ns: calibrated to the sustained rate with 16-byte lines",
    "Four memory modules, interleaved by 32 bytes, two lines: Bodin and others, Implementing a parallel C++ runtime " +
      "system for scalable parallel systems, Supercomputing 1993",
    "A read of a line that others read, too, is a transaction of its own: read broadcast, which would spare it, is what " +
      "Anderson (1990) proposes. The bus overlaps transactions (netlib), so these, too",
    "Memory's latency: calibrated to the 1.45 µs that each of 2000 blocks takes longer to be read into a cold cache than " +
      "from a warm one: Squillante and Lazowska, IEEE TPDS 4(2), 1993",
    "Assumed: arbitration of one bus cycle, a cache that supplies a line as fast as memory, a modified line that goes to " +
      "memory in a packet of its own after a read, and not at all where it passes to a writer; 200 µs to wake a sleeper",
  ],
  processor: { maximum: 18, megahertz: 16, cyclesPerInstruction: 4, pause: 4, wake: 3200 },
  readModifyWrite: {
    instructions: ["exchange", "subtract"],
    withoutResult: ["add", "and", "or", "xor"],
    at: "cache",
    overhead: 12,
    occupancy: 12,
  },
  architecture: {
    kind: "bus",
    cache: { size: 65_536, ways: 2, line: 16, hit: 0, protocol: "mesi" },
    bus: { mode: "split", arbitration: 2, address: 2, line: 3, word: 2, cacheToCache: 16, separateWriteBack: true },
    memory: { latency: 16, occupancy: 6, banks: 4 },
  },
};
