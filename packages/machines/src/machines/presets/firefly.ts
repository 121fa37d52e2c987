import type { MachineDescription } from "./description.js";

/** 100 ns a cycle, that of the MBus. */
export const firefly: MachineDescription = {
  name: "firefly",
  title: "DEC SRC Firefly with CVAX processors",
  text:
    "The multiprocessor workstation of DEC's Systems Research Center: its caches update each other's copies instead " +
    "of invalidating them, by the protocol that has its name. Each operation holds the MBus for four cycles, whether " +
    "memory or another cache answers; the model asks for the bus one cycle before. VAX has interlocked bit " +
    "instructions, which give test_and_set, and an interlocked add that sets the condition codes, which is all that a " +
    "counting barrier asks; exchange and subtract stand for them. So locks that exchange more than a bit run here, " +
    "too, although on VAX they could not. The processor's small on-chip cache of instructions is left out.",
  sources: [
    "One to nine processors, direct-mapped caches with 4-byte lines, Firefly protocol: Thacker, Stewart, " +
      "Satterthwaite, Firefly: a multiprocessor workstation, IEEE Transactions on Computers 37(8), 1988",
    "64 KB a cache on the CVAX boards (16 KB on the MicroVAX ones); MBus of 10 MB/s, so 400 ns for 4 bytes: same " +
      "paper",
    "Assumed: 10 MHz; 8 cycles an instruction, from the CVAX's two and a half to three times the MicroVAX II; 8 more " +
      "for a read-modify-write; 100 µs to wake a sleeper",
  ],
  processor: { maximum: 9, megahertz: 10, cyclesPerInstruction: 8, pause: 8, wake: 1000 },
  readModifyWrite: {
    instructions: ["exchange", "subtract"],
    withoutResult: ["add"],
    at: "cache",
    overhead: 8,
    occupancy: 8,
  },
  architecture: {
    kind: "bus",
    cache: { size: 65_536, ways: 1, line: 4, hit: 0, protocol: "firefly" },
    bus: { mode: "atomic", arbitration: 1, address: 1, line: 1, word: 3, cacheToCache: 2 },
    memory: { latency: 2, occupancy: 2, banks: 1 },
  },
};
