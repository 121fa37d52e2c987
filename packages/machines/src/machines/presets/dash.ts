import type { MachineDescription } from "./description.js";

/** 30 ns a cycle. */
export const dash: MachineDescription = {
  name: "dash",
  title: "Stanford DASH",
  text:
    "The first multiprocessor with a distributed directory: 16 clusters of four processors on two meshes. Three hops: " +
    "the home forwards a request for a dirty line, and the owner answers the requester itself; that is the protocol " +
    "of its papers. The model has one cache of the second level's size with the first level's hit time, one mesh " +
    "instead of one for requests and one for replies, and a full-map directory also inside the cluster, where the " +
    "machine snoops. Fetch&Op knows only one up and one down, and the machine executes it at the memory while " +
    "test_and_set works in the cache; the model executes all of them in the cache. Its queue-based locks in the " +
    "directory and its remote access cache are left out.",
  sources: [
    "64 processors as 16 clusters, 33 MHz R3000, 256 KB direct-mapped second-level caches, 16-byte lines, " +
      "invalidations from a full-map directory: Lenoski and others, The Stanford Dash multiprocessor, IEEE Computer " +
      "25(3), 1992",
    "Reads from the own cluster about 30 cycles, from a remote home 100, of a line dirty in a third cluster 130, to " +
      "which memory, interfaces, directory and lookup are calibrated: Lenoski and others, The DASH prototype, IEEE " +
      "TPDS 4(1), 1993",
    "Links of 60 MB/s, so 1.8 bytes a cycle, and about 50 ns a hop: same papers; headers of 8 bytes are assumed",
    "Assumed: one cycle an instruction, 8 cycles more for a read-modify-write, 30 µs to wake a sleeper",
  ],
  processor: { maximum: 64, megahertz: 33, cyclesPerInstruction: 1, pause: 1, wake: 1000 },
  readModifyWrite: {
    instructions: ["exchange", "add", "subtract"],
    withoutResult: [],
    at: "cache",
    overhead: 8,
    occupancy: 8,
  },
  architecture: {
    kind: "distributed",
    node: { processors: 4, bus: 4 },
    network: { kind: "mesh", hop: 2, interface: 13, control: 5, word: 7, line: 13 },
    memory: { latency: 21, occupancy: 12 },
    coherence: {
      cache: { size: 262_144, ways: 1, line: 16, hit: 0, protocol: "msi" },
      hops: 3,
      occupancy: 8,
      lookup: 6,
    },
  },
};
