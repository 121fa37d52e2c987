import type { MachineDescription } from "./description.js";

/** 125 ns a cycle, also of the switch. */
export const butterfly: MachineDescription = {
  name: "butterfly",
  title: "BBN Butterfly 1",
  text:
    "The machine without caches of Mellor-Crummey and Scott (1991): each node has a processor and a memory, and a " +
    "reference to another's memory crosses four stages of 4 x 4 switches. Built with up to 256 nodes; they used 84. " +
    "fetch_and_clear_then_add and fetch_and_clear_then_xor, which the home's node controller executes in microcode, " +
    "give every read-modify-write but compare_and_swap; they are expensive because the program first sets up a block " +
    "of parameters. The machine's own work on 16 bits; the model's on whole words. Switches queue nothing: a message that " +
    "meets another is given up, and its source sends it again until it meets none.",
  sources: [
    "8 MHz MC68000, 1 MB a node, no caches, log4-depth switch, remote read about 4 µs and five times a local one, " +
      "instructions: Mellor-Crummey and Scott, ACM TOCS 9(1), 1991, section 4; memory, interfaces and hops are " +
      "calibrated to the two reads; of messages that collide in the switch all but one are aborted and sent again",
    "32 Mbit/s a switch path, so 4 bits a cycle; the processor node controller's microcode initiates all messages and " +
      "processes all that come, so that the home's is taken from the first bit of a request to the last of the answer " +
      "(8 and 10 cycles): BBN Laboratories, Butterfly Parallel Processor Overview, 1986",
    "Overhead of a read-modify-write: calibrated to test_and_set's uncontended acquire and release of 34.9 µs " +
      "(same paper, table 1), of which about 15 µs are left after some twelve instructions and two remote references",
    "Assumed: an aborted message is sent again after 2.5 µs on average, what one takes from its first bit at the source " +
      "to its last at the destination (20 cycles); one message has room at a node whose controller serves another",
    "Assumed: 1 µs an instruction (8 cycles); messages of 4 bytes, 5 with data, the longest for which the remote " +
      "read stays at 4 µs; 4 µs of microcode at the home for a read-modify-write; 500 µs to wake a sleeper",
  ],
  processor: { maximum: 84, megahertz: 8, cyclesPerInstruction: 8, pause: 8, wake: 4000 },
  readModifyWrite: {
    instructions: ["exchange", "add", "subtract", "and", "or", "xor"],
    withoutResult: [],
    at: "memory",
    overhead: 123,
    occupancy: 32,
  },
  architecture: {
    kind: "distributed",
    node: { processors: 1, bus: 0, controller: 18 },
    network: { kind: "butterfly", radix: 4, retry: 20, hop: 1, interface: 4, control: 8, word: 10, line: 10 },
    memory: { latency: 6, occupancy: 6 },
  },
};
