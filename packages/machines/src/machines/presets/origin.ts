import type { MachineDescription } from "./description.js";

/** 5.13 ns a cycle. */
export const origin: MachineDescription = {
  name: "origin",
  title: "SGI Origin 2000, as Cellular Disco had it",
  text:
    "The machine on which Cellular Disco was measured (Govil and others, 1999): 16 nodes of two R10000 and a part of " +
    "the memory. Two nodes share a router, and the routers are a cube; the model has a mesh of the 16 nodes, whose " +
    "mean of hops, 2.7, is that of the routers on the way. It has one cache of the second level's size with the first " +
    "level's hit time (the second level's is 11 cycles) and a full-map directory of processors, not of nodes. " +
    "Load-linked and store-conditional give every read-modify-write. Out-of-order execution is left out, and so is what " +
    "a trap waits for because of it. The kernel's own addresses take no translations; the machine's mapped supervisor " +
    "mode, in which guests of a monitor ran, is left out.",
  sources: [
    "32 R10000 of 195 MHz, 4 MB second-level caches with 128-byte lines; all lines of one, half of them remote, loaded " +
      "again in 8 ms, so 490 ns or 95 cycles a miss, to which memory, bus and interfaces are calibrated: Govil, " +
      "Teodosiu, Huang, Rosenblum, Cellular Disco, SOSP 1999",
    "58 ns for the second level, 8 ns for the first: lmbench's published results, R10000 of 195 MHz",
    "From memory, Laudon and Lenoski, The SGI Origin, ISCA 1997: 310 ns from the own node's memory, 773 ns from a remote " +
      "one with 32 processors, on average. The model has 308 and 725",
    "41 ns a router, 0.78 GB/s each way of a link, so 4 bytes a cycle, to which headers of 16 bytes are added: course " +
      "notes on the machine (NPTEL, lecture 30)",
    "TLB of 64 entries of two pages, replaced at random: MIPS R10000 user's manual, as copies on the web have it",
    "From memory: two ways of the second level; 256 address spaces; pages of 16 KB under IRIX 6.4; 25 to 70 cycles a TLB " +
      "reload in practice, for which a trap leaves the kernel's code some room",
    "An interprocessor call of 128 bytes, and its answer, take 16 µs, 1,560 cycles each way: Cellular Disco. Assumed: 600 " +
      "of these are the interrupt's, and the rest the misses and the code of the monitor",
    "Assumed: one cycle an instruction, 8 more for a read-modify-write, a node's bus, the directory's and the caches' " +
      "times, 20 µs to wake a sleeper; 20 cycles into a trap and 10 out of it; of 40 registers one a cycle to keep or " +
      "load a context, and half as many for a call",
    "Assumed, because no source was found: a disk with seeks of 1 to 15 ms, 7200 rotations a minute and 0.1 µs a byte; " +
      "100 µs and 1 µs a byte for the console; an Ethernet of 100 Mb/s with 100 µs a frame",
  ],
  processor: { maximum: 32, megahertz: 195, cyclesPerInstruction: 1, pause: 1, wake: 3900 },
  readModifyWrite: {
    instructions: ["exchange", "add", "subtract", "and", "or", "xor", "compare exchange"],
    withoutResult: [],
    at: "cache",
    linked: true,
    overhead: 8,
    occupancy: 20,
  },
  architecture: {
    kind: "distributed",
    node: { processors: 2, bus: 8 },
    network: { kind: "mesh", hop: 10, interface: 3, control: 4, word: 6, line: 36 },
    memory: { latency: 44, occupancy: 32 },
    coherence: {
      cache: { size: 4_194_304, ways: 2, line: 128, hit: 1, protocol: "mesi" },
      hops: 3,
      occupancy: 20,
      lookup: 30,
    },
  },
  privileged: {
    page: 16_384,
    tlb: { entries: 64, ways: 64, pages: 2, replacement: "random" },
    reload: "software",
    spaces: 256,
    trap: { enter: 20, leave: 10 },
    call: { enter: 20, leave: 20 },
    context: { keep: 40, load: 40 },
    setSpace: 5,
    translation: { write: 6, drop: 200 },
    interrupt: { send: 100, way: 400, take: 100 },
    disk: { seek: { least: 195_000, most: 2_925_000 }, rotation: 1_625_000, byte: 20, track: 65_536 },
    console: { latency: 19_500, byte: 195 },
    network: { latency: 19_500, byte: 16 },
  },
};
