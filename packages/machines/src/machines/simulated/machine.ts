import type { Value } from "../../processor/processors.js";
import { isParallel, type Program, unparallelMemory } from "../../program/program.js";
import type { Communication, Machine, Result, Run, RunOptions } from "../machine.js";
import type { LinkMeasures, ProcessorMeasures } from "../measures.js";
import type { MachineDescription } from "../presets/description.js";
import { Event } from "./events.js";
import { loadContexts } from "./loading.js";
import { measureLinks, measureProcessor } from "./measures.js";
import { cacheBytesOf, homesOf } from "./memory/architecture.js";
import { LINK_KEY } from "./memory/memory-system.js";
import { INTERLEAVED } from "./memory/placement.js";
import { lackingOf, withEveryInstruction } from "./processors/lacking-instructions.js";
import { simulate, UnfinishedError } from "./simulate.js";
import { Simulation } from "./simulation.js";

export interface SimulatedRunOptions extends RunOptions {
  /** The most cycles. Default: no limit. */
  readonly cycles?: number;
  /**
   * Whether a processor that spins on unchanged lines of its cache is not simulated meanwhile. Default: true; without
   * it a run has the same cycles and counts, and takes longer.
   */
  readonly parking?: boolean;
  /** Called some times a second with the cycles so far. */
  readonly progress?: (cycles: number) => void;
}

export interface SimulatedRun extends Run {
  readonly processors: readonly ProcessorMeasures[];
  readonly links: readonly LinkMeasures[];
}

/**
 * A multiprocessor as its description says, in simulated cycles. A run is a function of program, memory, description,
 * options and seed. It is simulated in the calling thread, where other work gets its turn every 50 ms; several runs at
 * a time take turns.
 */
export class SimulatedMachine implements Machine {
  readonly name: string;
  readonly title: string;
  readonly unit = "cycles";
  readonly communication: Communication;
  readonly maximum: number;
  readonly cores: number;
  readonly pinned = true;
  readonly observes = true;
  readonly nanoseconds: number;
  readonly cacheBytes: number;
  readonly lacks: readonly string[];
  readonly description: MachineDescription;

  constructor(description: MachineDescription) {
    this.description = description;
    this.name = description.name;
    this.title = `${description.title}, ${description.processor.megahertz} MHz`;
    this.communication = description.architecture.kind === "cluster" ? "messages" : "shared memory";
    this.maximum = description.processor.maximum;
    this.cores = this.maximum;
    this.nanoseconds = 1000 / description.processor.megahertz;
    this.cacheBytes = cacheBytesOf(description);
    this.lacks = lackingOf(description);
  }

  homes(): (address: number) => number {
    return homesOf(this.description, INTERLEAVED);
  }

  /** Holds nothing: what a run needs goes with it. */
  async close(): Promise<void> {}

  /**
   * Executes an entry point of the program on every processor.
   *
   * @throws {RangeError} if the machine has not that many processors, or their caches and contexts take more than 4 GiB
   * @throws {UnavailableError} if the program needs what the machine lacks
   * @throws {UnfinishedError} if the run has not ended after `cycles`, or cannot end because every processor waits
   * @throws {Error} if the program cannot be loaded, or a processor fails, by a trap or `fail`, with its function and
   * line
   */
  async run(program: Program, entry: string, options: SimulatedRunOptions): Promise<SimulatedRun> {
    const { processors: count, bystanders = [], timeLimit, cycles = Number.POSITIVE_INFINITY } = options;
    const description = options.lends ? withEveryInstruction(this.description) : this.description;
    const most = this.maximum - bystanders.length;
    if (!Number.isInteger(count) || count < 1 || count > most) {
      throw new RangeError(`Cannot run ${entry} on ${this.name}: received ${count} processors; expected 1 to ${most}`);
    }
    if (count > 1 && !isParallel(program)) {
      throw new Error(
        `Cannot run ${entry} of ${program.name}: received ${count} processors and ${unparallelMemory(program)}; expected 1, or a module that imports a shared memory`,
      );
    }
    options.signal?.throwIfAborted();
    const loaded = loadContexts(program, entry, options, description.processor.pause);
    const simulation = new Simulation({
      ...loaded,
      description,
      participants: count,
      seed: options.seed ?? 0,
      parking: options.parking ?? true,
      onMark: options.onMark,
      onReference: options.onReference,
      cycles,
    });
    if (timeLimit !== undefined) {
      simulation.events.disturb(new Event(LINK_KEY), timeLimit.duration, (now) => {
        simulation.settle(now);
        timeLimit.stop(now);
      });
    }
    const unfinished = (why: string) => {
      const places = simulation.processors.map(({ index }) => `processor ${index} ${simulation.placeOf(index)}`);
      return new UnfinishedError(`Cannot finish ${entry} of ${program.name}: ${why}:\n  ${places.join("\n  ")}`);
    };
    const cutOff = () => unfinished(`it has not ended after ${cycles} cycles`);
    await simulate(simulation, cycles, options, (why) => {
      if (why === "stuck") return unfinished("every processor waits for what no other will do");
      simulation.settle(cycles);
      return cutOff();
    });
    const participants = simulation.processors.slice(0, count);
    const durations = participants.map(({ ended }) => ended!);
    const elapsed = Math.max(...durations);
    // What a processor computes after its last access takes no event.
    if (elapsed > cycles) throw cutOff();
    return {
      results: participants.map(({ index }) => resultOf(loaded.contexts.results(index))),
      memory: loaded.guest.memory,
      durations,
      elapsed,
      end: elapsed,
      cutOff: [],
      processors: participants.map((processor) => measureProcessor(processor, simulation.memory)),
      links: measureLinks(simulation),
    };
  }
}

/** References are machines' own affair: they are numbers of functions, or null. */
function resultOf(values: readonly Value[]): Result {
  const results = values as readonly (number | bigint)[];
  return results.length > 1 ? results : results[0];
}
