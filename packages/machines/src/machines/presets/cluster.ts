import type { MachineDescription } from "./description.js";

/** 30 ns a cycle. */
export const cluster: MachineDescription = {
  name: "cluster",
  title: "Thinking Machines CM-5 with active messages",
  text:
    "A message-passing cluster: 1,024 SPARC processors, each with a memory that only it reaches, on a fat tree. The " +
    "times are those of active messages of one packet, the thinnest software that was measured on it. The model's " +
    "butterfly stands for the 4-ary fat tree: one of its stages for a level up and down, and one path between two " +
    "processors where the tree has several.",
  sources: [
    "33 MHz SPARC; 1.6 µs to send and 1.7 µs to receive: von Eicken, Culler, Goldstein, Schauser, Active messages, " +
      "ISCA 1992",
    "1,024 processors, on average 9.3 hops of 8 network cycles of 25 ns, 40 of them for a packet of 160 bits, 6.15 µs " +
      "in all: Culler and others, LogP, PPoPP 1993, table 1; hop and interfaces are calibrated to it",
    "ldstub and swap: The SPARC architecture manual, version 7",
    "Assumed: one cycle an instruction, one more a memory reference, 30 µs to wake a sleeper",
  ],
  processor: { maximum: 1024, megahertz: 33, cyclesPerInstruction: 1, pause: 1, wake: 1000 },
  readModifyWrite: { instructions: ["exchange"], withoutResult: [], at: "cache", overhead: 3, occupancy: 0 },
  architecture: {
    kind: "cluster",
    network: { kind: "butterfly", radix: 4, hop: 12, interface: 16, control: 33, word: 33, line: 33 },
    memory: { latency: 1 },
    messages: { send: 53, receive: 56 },
  },
};
