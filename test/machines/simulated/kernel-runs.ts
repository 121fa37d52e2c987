/** Runs of the kernel's workloads on simulated machines, prepared and read as the experiments do. */
import { call, hostInstance } from "#machines/experiments/kernel-host.js";
import type { MachineDescription } from "#machines/machines/presets/description.js";
import { PRESETS } from "#machines/machines/presets/index.js";
import { SimulatedMachine, type SimulatedRun, type SimulatedRunOptions } from "#machines/machines/simulated/machine.js";
import { entryPrefix, type Kernel, type KernelExports } from "#machines/program/kernel.js";
import { createMemory } from "#machines/program/program.js";

export interface KernelLoad {
  readonly algorithm: string;
  readonly processors: number;
  readonly turns: number;
  readonly busy?: number;
  readonly think?: number;
  readonly observed?: boolean;
  readonly seed?: number;
}

export interface KernelRun {
  readonly run: SimulatedRun;
  readonly host: KernelExports;
  readonly experiment: number;
}

export function preset(name: string): MachineDescription {
  const found = PRESETS.find((machine) => machine.name === name);
  if (found === undefined) throw new Error(`no preset ${name}`);
  return found;
}

/** Boots, prepares and runs on a new machine, in a memory that is used again. */
export class KernelRuns {
  readonly #kernel: Kernel;
  readonly #memory: WebAssembly.Memory;
  readonly #host: KernelExports;

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
    this.#memory = createMemory(kernel);
    this.#host = hostInstance(kernel, this.#memory);
  }

  async run(
    description: MachineDescription,
    { algorithm, processors, turns, busy = 0, think = 0, observed = false, seed = 1 }: KernelLoad,
    options: Partial<SimulatedRunOptions> = {},
  ): Promise<KernelRun> {
    const host = this.#host;
    host.boot(processors);
    const experiment = call(host, algorithm, "prepare", processors, turns, busy, think, observed ? 1 : 0, seed);
    const run = await new SimulatedMachine(description).run(this.#kernel, `${entryPrefix(algorithm)}_run`, {
      processors,
      arguments: [experiment],
      memory: this.#memory,
      seed,
      cycles: 1e9,
      ...options,
    });
    return { run, host, experiment };
  }
}
