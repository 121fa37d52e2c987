import type { MachineDescription } from "./description.js";

/** 6.7 ns a cycle: a cycle of the 40 MHz buses and rings is 3.75 of them. */
export const numachine: MachineDescription = {
  name: "numachine",
  title: "NUMAchine, as Tornado had it",
  text:
    "The multiprocessor of the University of Toronto on which Tornado was measured (Gamsa and others, 1999): four " +
    "stations of four processors on a ring. Load-linked and store-conditional give every read-modify-write, in the " +
    "cache. An owner answers the requester itself, so a line that is dirty elsewhere takes three hops: the station " +
    "that holds it sends it both to the requester and home. The model has one cache of the second level's size with " +
    "the first level's hit time (the second level's is 15 cycles), a full-map directory instead of the two-level one, " +
    "and leaves out the stations' network caches. A message holds the station's bus for the mean of a request and a " +
    "line.",
  sources: [
    "16 processors in 4 stations, 150 MHz R4400, 1 MB direct-mapped second-level cache, 40 MHz 64-bit buses and " +
      "rings; local memory 270 cycles, remote about 370, to which memory and interfaces are calibrated: Gamsa, " +
      "Krieger, Appavoo, Stumm, Tornado, OSDI 1999",
    "128-byte lines, network, coherence: Grbic and others, Design and implementation of the NUMAchine " +
      "multiprocessor, DAC 1998",
    "A link carries 8 bytes in 3.75 cycles (320 MB/s): 4 cycles a hop, 64 a line with its header",
    "Overhead of a read-modify-write: calibrated to 25 cycles for the update of a counter by one processor, its " +
      "loop included, OSDI 1999, figure 1",
    "Assumed: one cycle an instruction, the directory's and the caches' times, 20 µs to wake a sleeper",
  ],
  processor: { maximum: 16, megahertz: 150, cyclesPerInstruction: 1, pause: 1, wake: 3000 },
  readModifyWrite: {
    instructions: ["exchange", "add", "subtract", "and", "or", "xor", "compare exchange"],
    withoutResult: [],
    at: "cache",
    linked: true,
    overhead: 15,
    occupancy: 20,
  },
  architecture: {
    kind: "distributed",
    node: { processors: 4, bus: 32 },
    network: { kind: "ring", hop: 4, interface: 5, control: 8, word: 12, line: 64 },
    memory: { latency: 206, occupancy: 100 },
    coherence: {
      cache: { size: 1_048_576, ways: 1, line: 128, hit: 0, protocol: "mesi" },
      hops: 3,
      occupancy: 40,
      lookup: 40,
    },
  },
};
