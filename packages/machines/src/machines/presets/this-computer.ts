import type { MachineDescription } from "./description.js";

export const THIS_COMPUTER = "this-computer";

/** What was measured of a computer, in nanoseconds. */
export interface ComputerFigures {
  /** The processor's model, as the operating system names it. */
  readonly cpu: string;
  /** Processors that execute at the same time. */
  readonly cores: number;
  /** How it was measured: rounds, whether threads were pinned. */
  readonly conditions: string;
  /** An instruction that needs the result of the one before: a cycle. */
  readonly instruction: number;
  /** A load from the nearest cache, and one that the private caches miss; each needs the one before. */
  readonly hit: number;
  readonly miss: number;
  /** A read-modify-write of a line that the processor's own cache holds. */
  readonly readModifyWrite: number;
  /**
   * From one processor's read-modify-write of a line to the next one's, of another processor that tries all the time.
   * Absent: there is no second core to measure it with.
   */
  readonly handOff?: number;
  readonly pause: number;
  /** From a notify until the processor that slept has executed one of its own. */
  readonly wake: number;
}

/**
 * Nanoseconds from one core's compare_and_swap of a line to another's in one socket: McKenney, Is parallel programming
 * hard (perfbook), Xeon Platinum 8176.
 */
const ASSUMED_HAND_OFF = 47.5;

/** Processors of the model, so that curves go on where the computer's cores end. */
const MINIMUM_PROCESSORS = 64;
const MAXIMUM_PROCESSORS = 4096;
const MAXIMUM_MEGAHERTZ = 100_000;
const MAXIMUM_CYCLES = 1_000_000;

/** Cycles; assumed. */
const DIRECTORY_OCCUPANCY = 4;
const MEMORY_OCCUPANCY = 4;
const LINE_ON_LINK = 2;

/** Instructions of register code in a turn of a counted loop around one reference, that reference's included. */
const LOOP = 4;

/**
 * The model of a computer whose base costs are those figures. Figures that no machine can have together, such as a
 * hand-off that is shorter than a read-modify-write in the own cache, are met as nearly as they can be.
 */
export function describeComputer(figures: ComputerFigures): MachineDescription {
  const { cpu, cores, conditions, handOff = ASSUMED_HAND_OFF } = figures;
  const megahertz = Math.min(Math.round(1000 / figures.instruction) || 1, MAXIMUM_MEGAHERTZ);
  const cycles = (nanoseconds: number, minimum = 0) =>
    Math.min(Math.max(Math.round((nanoseconds * megahertz) / 1000), minimum), MAXIMUM_CYCLES);
  const hit = Math.max(cycles(figures.hit) - LOOP, 0);
  const overhead = Math.max(cycles(figures.readModifyWrite) - LOOP - hit, 0);
  const read = Math.max(cycles(figures.miss) - LOOP, 1);
  // Of two processors that contend for a line, one's request is at the home when the other's is served. From there: the
  // directory, a crossing to the owner, its look-up, a crossing back and one to the requester, whose operation then
  // keeps the line. A read of memory has two crossings. They take a quarter of the way where that leaves enough to both.
  const way = Math.max(cycles(handOff) - DIRECTORY_OCCUPANCY - overhead, 0);
  const atEnds = Math.floor(Math.min(way / 4, (read - 1) / 2) / 2);
  const crossing = 2 * atEnds;
  const latency = read - 2 * crossing;
  const maximum = Math.min(Math.max(MINIMUM_PROCESSORS, cores), MAXIMUM_PROCESSORS);
  const ns = (value: number) => `${Number(value.toPrecision(3))} ns`;
  return {
    name: THIS_COMPUTER,
    title: `Model of this computer, ${cpu}`,
    text:
      `The computer that measured it, which has ${cores} ${cores === 1 ? "core" : "cores"}: its base costs are measured, ` +
      `and what happens on more processors than that, up to ${maximum}, is extrapolation. The model is a chip whose ` +
      "last-level cache lies in slices that are equally far from every core and keep a directory of the private " +
      "caches; the memory is those slices, and a crossbar stands for the chip's mesh or rings. Left out are main " +
      "memory where the last-level cache hides it, other sockets, out-of-order execution, the store buffer, second " +
      "hardware threads, and everything else that runs on the computer.",
    sources: [
      `Measured, ${conditions}: an instruction ${ns(figures.instruction)}, a load that hits ${ns(figures.hit)}, one ` +
        `that misses ${ns(figures.miss)}, a read-modify-write in the own cache ${ns(figures.readModifyWrite)}, pause ` +
        `${ns(figures.pause)}, to wake a sleeper ${ns(figures.wake)}`,
      figures.handOff === undefined
        ? `Assumed, because one core cannot measure it: ${ns(handOff)} from one core's read-modify-write of a line to ` +
          "the next one's: McKenney, Is parallel programming hard (perfbook), for two cores of a socket"
        : `Measured, ${conditions}: ${ns(handOff)} from one core's read-modify-write of a line to the next one's`,
      "Calibrated: interfaces, look-up and memory, so that hand-off and miss take together what was measured; how they " +
        "share it is assumed",
      "Assumed: MESI, a directory that answers by the home, private caches of 1 MiB in 16 ways and lines of 64 bytes, " +
        `${DIRECTORY_OCCUPANCY} cycles of the directory and ${MEMORY_OCCUPANCY} of a slice a request, ${LINE_ON_LINK} ` +
        "cycles of a link a line; a read-modify-write keeps its line from others while its processor executes it",
    ],
    processor: {
      maximum,
      megahertz,
      cyclesPerInstruction: 1,
      pause: cycles(figures.pause),
      wake: cycles(figures.wake),
    },
    readModifyWrite: {
      instructions: ["exchange", "add", "subtract", "and", "or", "xor", "compare exchange"],
      withoutResult: [],
      at: "cache",
      overhead,
      occupancy: overhead,
    },
    architecture: {
      kind: "dance hall",
      modules: maximum,
      network: { kind: "crossbar", hop: 0, interface: atEnds, control: 1, word: 1, line: LINE_ON_LINK },
      memory: { latency, occupancy: Math.min(MEMORY_OCCUPANCY, latency) },
      coherence: {
        cache: { size: 1_048_576, ways: 16, line: 64, hit, protocol: "mesi" },
        hops: 4,
        occupancy: DIRECTORY_OCCUPANCY,
        lookup: way - 3 * crossing,
      },
    },
  };
}
