import type { MachineDescription } from "./description.js";

/** 0.48 ns a cycle. */
export const server: MachineDescription = {
  name: "server",
  title: "Two-socket Xeon Platinum 8176",
  text:
    "A current server: two sockets of 28 cores. Three hops: the home socket's agent forwards a request, and the core " +
    "that owns the line sends it to the requester. Every read-modify-write works in the core's cache. The memory of " +
    "the model is the socket's last-level cache: what synchronizes never leaves it, so main memory is left out. So " +
    "are the second hardware thread of a core, out-of-order execution, the store buffer and MESIF's forwarder; the " +
    "private cache has the second level's size and the first level's hit time.",
  sources: [
    "28 cores of 2.1 GHz; read-modify-write in the own cache 7.0 ns, of a line of another core of the socket " +
      "47.5 ns, of another socket 148.8 ns, to which overhead, lookup and interfaces are calibrated: McKenney, " +
      "Is parallel programming hard (perfbook), measured on eight sockets",
    "1 MB 16-way second level; last level 50 to 70 cycles; pause about 140 cycles: Intel 64 and IA-32 architectures " +
      "optimization reference manual, Skylake server",
    "Three UPI links of 20.8 GB/s each way, 30 bytes a cycle together: Intel's data sheet",
    "Assumed: one cycle an instruction, the directory's occupancy, 5 µs to wake a sleeper",
  ],
  processor: { maximum: 56, megahertz: 2100, cyclesPerInstruction: 1, pause: 140, wake: 10_500 },
  readModifyWrite: {
    instructions: ["exchange", "add", "subtract", "and", "or", "xor", "compare exchange"],
    withoutResult: [],
    at: "cache",
    overhead: 10,
    occupancy: 10,
  },
  architecture: {
    kind: "distributed",
    node: { processors: 28, bus: 2 },
    network: { kind: "crossbar", hop: 2, interface: 50, control: 1, word: 1, line: 3 },
    memory: { latency: 60, occupancy: 4 },
    coherence: {
      cache: { size: 1_048_576, ways: 16, line: 64, hit: 4, protocol: "mesi" },
      hops: 3,
      occupancy: 8,
      lookup: 74,
    },
  },
};
