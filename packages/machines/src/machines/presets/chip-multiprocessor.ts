import type { MachineDescription } from "./description.js";

/** 1 ns a cycle. */
export const chipMultiprocessor: MachineDescription = {
  name: "chip-multiprocessor",
  title: "Chip multiprocessor with a shared second level",
  text:
    "Simple processors of one chip, whose first-level caches are small and whose second level is shared: what tasks that " +
    "run side by side do to each other is decided there. After the simulated chip of Fedorova et al. (2005). The model has " +
    "one thread a processor; the hardware threads of a core, which share its pipeline and its first level, are left out, " +
    "and so are instruction misses. The second level neither holds all of the first levels' lines nor takes any away.",
  sources: [
    "First level of 8 KB; second level from 48 to 384 KB, of which 192 KB is the middle: Fedorova, Seltzer, Small and " +
      "Nussbaum, Performance of multithreaded chip multiprocessors and implications for operating system design, " +
      "USENIX 2005",
    "Assumed: one cycle an instruction, 64-byte lines, twelve ways, second level in 12 cycles, memory in 120, of which four " +
      "banks serve one request in 30 cycles each; on-chip bus of one address a cycle; 5 µs to wake a sleeper",
  ],
  processor: { maximum: 16, megahertz: 1000, cyclesPerInstruction: 1, pause: 10, wake: 5000 },
  readModifyWrite: {
    instructions: ["exchange", "add", "subtract", "and", "or", "xor", "compare exchange"],
    withoutResult: [],
    at: "cache",
    overhead: 10,
    occupancy: 2,
  },
  architecture: {
    kind: "bus",
    cache: { size: 8192, ways: 4, line: 64, hit: 1, protocol: "mesi" },
    bus: { mode: "split", arbitration: 1, address: 1, line: 2, word: 1, cacheToCache: 12 },
    memory: {
      latency: 120,
      occupancy: 30,
      banks: 4,
      cache: { size: 196_608, ways: 12, latency: 12, occupancy: 1 },
    },
  },
};
