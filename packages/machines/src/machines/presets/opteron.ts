import type { MachineDescription } from "./description.js";

/** 0.5 ns a cycle. */
export const opteron: MachineDescription = {
  name: "opteron",
  title: "16-core Opteron, as Corey had it",
  text:
    "The machine on which Corey was measured (Boyd-Wickizer and others, 2008): four chips of four cores, joined in a " +
    "square, each with its memory. Of three levels of caches the model has one private cache, with the second level's " +
    "size and the first level's hit time (the second level's is 14 cycles). The third level, of 2 MB for a chip's four " +
    "cores in 50 cycles, is left out: what no private cache holds comes from memory. A full-map directory answers in " +
    "three hops where the machine asks all caches by broadcast; lines that other chips' caches hold come out below " +
    "what reading other chips takes. Also left out: the first-level TLB, two of a page table's four levels, the kernel's " +
    "large pages, prefetching and out-of-order execution. Linux 2.6.25, with which Corey was " +
    "compared, tells no spaces apart, and a change drops all but global translations.",
  sources: [
    "Four quad-core Opterons of 2.0 GHz, 64-byte lines, 512 KB 16-way second level; latencies of 3, 14 and 50 cycles " +
      "for the levels, 121 for another core's cache of the chip, 201 for the chip's memory, 255 to 282 for a " +
      "neighbour's, 327 for the far chip's, to which memory, bus, hop and lookup are calibrated: Boyd-Wickizer and " +
      "others, Corey: an operating system for many cores, OSDI 2008, figure 2",
    "A chip's memory controller clears at most 1.7 bytes a cycle, so 38 cycles a line; an uncontended spin lock takes " +
      "11 ns, to which a read-modify-write is calibrated with the kernel's test-and-set, and an MCS lock 26: same paper",
    "Derived from that paper: sending, way and taking of an interrupt, together the 975 cycles by which each core " +
      "lengthens a TLB shootdown (5,092 cycles with 2 cores, 18,742 with 16). How they divide is assumed",
    "TLB of 512 entries for pages of 4 KB: AnandTech's article on the Opteron (anandtech.com/show/3370)",
    "From memory: four ways of that TLB; HyperTransport of 2 bytes a cycle each way, to which headers of 8 bytes are " +
      "added; MOESI; 100 to 150 cycles for a system call's way in and out; 35 to 60 for a walk",
    "Assumed: one cycle an instruction; replacement of the least recently used; the directory's occupancy; pause; 5 µs " +
      "to wake a sleeper; 100 cycles each to keep and load a context, to change the space, to drop translations",
    "Gigabit Ethernet: Corey. Assumed: 20 µs a frame; a disk with seeks of 0.5 to 15 ms, 7200 rotations a minute and " +
      "10 ns a byte; 100 µs and 1 µs a byte for the console",
  ],
  processor: { maximum: 16, megahertz: 2000, cyclesPerInstruction: 1, pause: 10, wake: 10_000 },
  readModifyWrite: {
    instructions: ["exchange", "add", "subtract", "and", "or", "xor", "compare exchange"],
    withoutResult: [],
    at: "cache",
    overhead: 8,
    occupancy: 8,
  },
  architecture: {
    kind: "distributed",
    node: { processors: 4, bus: 2 },
    network: { kind: "mesh", hop: 29, interface: 1, control: 4, word: 8, line: 36 },
    memory: { latency: 197, occupancy: 38 },
    coherence: {
      cache: { size: 524_288, ways: 16, line: 64, hit: 2, protocol: "moesi" },
      hops: 3,
      occupancy: 8,
      lookup: 107,
    },
  },
  privileged: {
    page: 4096,
    tlb: { entries: 512, ways: 4, pages: 1, replacement: "least recently used" },
    reload: { overhead: 35 },
    spaces: 1,
    trap: { enter: 75, leave: 50 },
    call: { enter: 50, leave: 75 },
    context: { keep: 100, load: 100 },
    setSpace: 100,
    translation: { write: 100, drop: 100 },
    interrupt: { send: 150, way: 425, take: 400 },
    disk: { seek: { least: 1_000_000, most: 30_000_000 }, rotation: 16_666_667, byte: 20, track: 524_288 },
    console: { latency: 200_000, byte: 2000 },
    network: { latency: 40_000, byte: 16 },
  },
};
