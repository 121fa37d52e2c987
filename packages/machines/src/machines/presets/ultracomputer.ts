import type { MachineDescription } from "./description.js";

/** A cycle is one of the network; the processor takes two of them for an instruction. */
export const ultracomputer: MachineDescription = {
  name: "ultracomputer",
  title: "NYU Ultracomputer",
  text:
    "A dance hall: 4,096 processors on one side of six stages of 4 x 4 switches, 4,096 memory modules on the other, " +
    "as its designers simulated it. The memories execute fetch-and-phi for every associative phi, so fetch_and_store " +
    "too, but not compare_and_swap. The machine would have cached private data and combined requests for the same " +
    "word in the switches; the model does neither, so it shows the hot spots that combining was invented for, and a " +
    "processor that spins always loads the network.",
  sources: [
    "Processors, modules, stages, messages of one packet without and three with data, instruction and memory cycle " +
      "of two network cycles, shortest access of eight instructions: Gottlieb, Grishman, Kruskal, McAuliffe, " +
      "Rudolph, Snir, The NYU Ultracomputer, IEEE Transactions on Computers 32(2), 1983",
    "Memory's latency: calibrated to that shortest access; its two cycles beyond the module's are the interfaces'",
    "Assumed: 20 MHz; one more memory cycle for a read-modify-write; 50 µs to wake a sleeper",
  ],
  processor: { maximum: 4096, megahertz: 20, cyclesPerInstruction: 2, pause: 2, wake: 1000 },
  readModifyWrite: {
    instructions: ["exchange", "add", "subtract", "and", "or", "xor"],
    withoutResult: [],
    at: "memory",
    overhead: 0,
    occupancy: 2,
  },
  architecture: {
    kind: "dance hall",
    modules: 4096,
    network: { kind: "butterfly", radix: 4, hop: 1, interface: 0, control: 1, word: 3, line: 3 },
    memory: { latency: 4, occupancy: 2 },
  },
};
