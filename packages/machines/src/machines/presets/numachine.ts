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
    "line. A TLB's entry that is missing is written by the kernel, whose own addresses take no translations; the " +
    "instructions' small TLB of their own is left out.",
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
    "20 to 50 cycles a TLB miss, of which a trap in and out takes 20 and leaves the rest to the kernel's code: Liedtke, " +
      "On µ-kernel construction, SOSP 1995, table 1, where the R4000's TLB of 48 entries has tags",
    "Entries of two pages, replaced at random, 8 bits of tags, a kernel in unmapped memory: MIPS R4000 user's manual, as " +
      "copies on the web have it",
    "An interrupt's way: half of a remote reference. Two remote interrupts take 1,300 instructions in Tornado (OSDI 1999, " +
      "section 6.1), which are the kernel's own",
    "Assumed: pages of 4 KB; a trap's 20 cycles in equal parts; of 40 registers one a cycle to keep or load a context, and " +
      "half as many for a call; 5 cycles to change the space, 6 to write a translation, three for each entry to drop " +
      "a space's; 30 to send an interrupt, and its taking, that of a trap",
    "Assumed, because no source was found: a disk with seeks of 1 to 15 ms, 7200 rotations a minute and 0.1 µs a byte; " +
      "100 µs and 1 µs a byte for the console; an Ethernet of 10 Mb/s with 100 µs a frame",
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
  privileged: {
    page: 4096,
    tlb: { entries: 48, ways: 48, pages: 2, replacement: "random" },
    reload: "software",
    spaces: 256,
    trap: { enter: 10, leave: 10 },
    call: { enter: 20, leave: 20 },
    context: { keep: 40, load: 40 },
    setSpace: 5,
    translation: { write: 6, drop: 144 },
    interrupt: { send: 30, way: 185, take: 10 },
    disk: { seek: { least: 150_000, most: 2_250_000 }, rotation: 1_250_000, byte: 15, track: 65_536 },
    console: { latency: 15_000, byte: 150 },
    network: { latency: 15_000, byte: 120 },
  },
};
