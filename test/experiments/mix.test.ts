import { describe, expect, test } from "vitest";
import { type MixOptions, runMix } from "#machines/experiments/mix.js";
import type { BusArchitecture } from "#machines/machines/presets/description.js";
import { PRESETS } from "#machines/machines/presets/index.js";
import { SimulatedMachine } from "#machines/machines/simulated/machine.js";
import { loadKernel } from "#machines/program/kernel.js";

const kernel = await loadKernel();
const chip = PRESETS.find(({ name }) => name === "chip-multiprocessor")!;
const LINE = 64;

/** The chip with a second level of so many kilobytes. */
function chipWith(kilobytes: number): SimulatedMachine {
  const architecture = chip.architecture as BusArchitecture;
  const cache = { ...architecture.memory.cache!, size: 1024 * kilobytes };
  return new SimulatedMachine({
    ...chip,
    architecture: { ...architecture, memory: { ...architecture.memory, cache } },
  });
}

const QUANTUM = 60_000;
const options = (kilobytes: number, profiled: boolean): MixOptions => ({
  footprints: [16, 64, 128, 256, 1024, 1536, 512, 384],
  processors: 4,
  executions: 96,
  quantum: QUANTUM,
  parameter: (1024 * kilobytes) / LINE / 2,
  bound: 16 * QUANTUM,
  profiled,
  seed: 7,
});

describe("balance-set, beside first come, first served, on a chip whose processors share a cache", () => {
  test("has fewer misses and gets more done, where not all tasks fit together", async () => {
    const machine = chipWith(96);
    const blind = await runMix(machine, kernel, "fcfs", { ...options(96, false), parameter: 0, bound: 0 });
    const balanced = await runMix(machine, kernel, "balance-set", options(96, true));
    expect(balanced.sharedMissRatio).toBeLessThan(0.75 * blind.sharedMissRatio);
    expect(balanced.referencesPerCycle).toBeGreaterThan(1.1 * blind.referencesPerCycle);
    // First come, first served executes all as often; who gains from a balance set is frugal.
    expect(blind.fairness).toBeGreaterThan(0.99);
    expect(balanced.fairness).toBeLessThan(0.99);
    expect(blind.profiling).toBeLessThan(1e-4);
    expect(balanced.profiling).toBeGreaterThan(0);
  });

  test("takes all in order, and misses nothing, where all fit: a profile is of misses in the shared cache, before the run", async () => {
    // Each is larger than a first level, so that its own cache misses all the time.
    const footprints = [200, 300, 200, 300, 200, 300, 200, 300];
    const { fairness, sharedMissRatio } = await runMix(chipWith(192), kernel, "balance-set", {
      ...{ ...options(192, true), footprints, executions: 48, parameter: 1200, bound: 0 },
    });
    expect(fairness).toBeGreaterThan(0.99);
    expect(sharedMissRatio).toBeLessThan(0.001);
  });

  test("without a profile is the same as it, since nothing demands anything", async () => {
    const machine = chipWith(96);
    const few = { ...options(96, false), executions: 24, bound: 0 };
    const [blind, unprofiled] = [
      await runMix(machine, kernel, "fcfs", few),
      await runMix(machine, kernel, "balance-set", few),
    ];
    expect(unprofiled.fairness).toBe(blind.fairness);
    expect(unprofiled.profiling).toBeLessThan(1e-4);
  });
});
