import type { MachineDescription } from "./description.js";

/** 80 ns a cycle: an operation of the MBus takes five. */
export const fireflyCvax: MachineDescription = {
  name: "firefly-cvax",
  title: "DEC SRC Firefly, as LRPC had it",
  text:
    "The Firefly on which lightweight remote procedure calls were measured (Bershad and others, 1990): four C-VAX " +
    "processors, and a MicroVAX II for input and output. The preset firefly is the machine of 1988 with its bus's " +
    "cycle; this one has the processor's, so that what a kernel takes has its published times. The fifth processor is " +
    "a C-VAX here, and devices need none. VAX's linear page tables, which are themselves mapped, stand as tables of " +
    "two levels: a miss never causes a second one. What firefly's text says of the bus and of VAX's interlocked " +
    "instructions holds here, too.",
  sources: [
    "C-VAX of 12.5 MHz, to which cycles of LRPC are reckoned: Liedtke, On µ-kernel construction, SOSP 1995, table 2",
    "Four C-VAX and a MicroVAX II; a trap in and out 18 µs; a context switch 33 µs with its TLB misses; 43 misses a " +
      "null call, of 0.9 µs each: Bershad, Anderson, Lazowska, Levy, Lightweight remote procedure call, ACM TOCS " +
      "8(1), 1990",
    "Derived from these: half of 18 µs each for a trap in and out, the same for a call, whose return is the second " +
      "trap; to change the space, half of 66 µs without 43 misses; a miss, 11 cycles where its tables are cached",
    "64 KB direct-mapped caches with 4-byte lines, MBus operations of 400 ns: as firefly",
    "From memory, of papers on the C-VAX chip: TLB of 28 entries, fully associative, replaced if not last used; pages " +
      "of 512 bytes",
    "From memory: 28.3 µs a context switch by Anderson, Levy, Bershad and Lazowska, ASPLOS 1991, to which keeping and " +
      "loading registers are calibrated, together with a change of the space",
    "An interrupt's sending: 10 µs of a MicroVAX II, estimated by Schroeder and Burrows, Performance of Firefly RPC, " +
      "SOSP 1989, by the ratio of 2.02 of a local call's times (937 and 464 µs)",
    "Assumed: 5 cycles an instruction; 10 more for a read-modify-write; 100 µs to wake a sleeper; an interrupt's way of " +
      "1 µs, and its taking, that of a trap; 10 cycles to drop translations",
    "Assumed, because no source was found: a disk with seeks of 5 to 50 ms, 3600 rotations a minute and 1 µs a byte; " +
      "100 µs and 1 µs a byte for the console; an Ethernet of 10 Mb/s with 100 µs a frame",
  ],
  processor: { maximum: 5, megahertz: 12.5, cyclesPerInstruction: 5, pause: 5, wake: 1250 },
  readModifyWrite: {
    instructions: ["exchange", "subtract"],
    withoutResult: ["add"],
    at: "cache",
    overhead: 10,
    occupancy: 10,
  },
  architecture: {
    kind: "bus",
    cache: { size: 65_536, ways: 1, line: 4, hit: 0, protocol: "firefly" },
    bus: { mode: "atomic", arbitration: 1, address: 1, line: 1, word: 4, cacheToCache: 3 },
    memory: { latency: 3, occupancy: 3, banks: 1 },
  },
  privileged: {
    page: 512,
    tlb: { entries: 28, ways: 28, pages: 1, replacement: "not last used" },
    reload: { overhead: 11 },
    spaces: 1,
    mappedKernel: { miss: 11 },
    trap: { enter: 112, leave: 113 },
    call: { enter: 113, leave: 112 },
    context: { keep: 90, load: 93 },
    setSpace: 171,
    translation: { write: 10, drop: 10 },
    interrupt: { send: 62, way: 12, take: 112 },
    disk: { seek: { least: 62_500, most: 625_000 }, rotation: 208_333, byte: 12, track: 16_384 },
    console: { latency: 1250, byte: 12 },
    network: { latency: 1250, byte: 10 },
  },
};
