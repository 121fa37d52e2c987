import fc from "fast-check";
import { expect, test } from "vitest";
import { call, hostInstance } from "#machines/experiments/kernel-host.js";
import type { MachineDescription } from "#machines/machines/presets/description.js";
import { loadContexts } from "#machines/machines/simulated/loading.js";
import { INVALID } from "#machines/machines/simulated/memory/protocols/tables.js";
import { Simulation } from "#machines/machines/simulated/simulation.js";
import { entryPrefix, loadKernel } from "#machines/program/kernel.js";
import { createMemory } from "#machines/program/program.js";
import { preset } from "./kernel-runs.js";

const kernel = await loadKernel();
const memory = createMemory(kernel);
const host = hostInstance(kernel, memory);

interface Load {
  readonly machine: string;
  readonly algorithm: string;
  readonly processors: number;
  readonly turns: number;
  readonly busy: number;
  readonly think: number;
  readonly seed: number;
}

/** Machines with caches and, so that every algorithm runs on them, all instructions. */
function describeMachine(name: string): MachineDescription {
  const description = preset(name);
  const instructions = ["exchange", "add", "subtract", "and", "or", "compare exchange"] as const;
  return { ...description, readModifyWrite: { ...description.readModifyWrite, instructions, withoutResult: [] } };
}

/** All that a run measured, as it is or with a change to the simulation. */
function measure(load: Load, change: (simulation: Simulation) => void = () => {}): unknown {
  const { machine, algorithm, processors, turns, busy, think, seed } = load;
  host.boot(processors);
  const experiment = call(host, algorithm, "prepare", processors, turns, busy, think, 0, seed);
  const description = describeMachine(machine);
  const options = { processors, arguments: [experiment], memory };
  const simulation = new Simulation({
    ...loadContexts(kernel, `${entryPrefix(algorithm)}_run`, options, description.processor.pause),
    description,
    participants: processors,
    seed,
    parking: true,
    onMark: undefined,
    onReference: undefined,
    cycles: 1e9,
  });
  change(simulation);
  while (simulation.running) simulation.happen(1);
  return {
    counts: simulation.memory.counts(),
    links: simulation.memory.links(),
    processors: simulation.processors.map(({ ended, instructions, stallCycles }) => [ended, instructions, stallCycles]),
  };
}

const neverAhead = ({ memory }: Simulation) => void Object.defineProperty(memory, "notice", { value: 0 });
/** The runner finds no reference that hits. */
const withoutRunner = ({ runner }: Simulation) => void runner.silent.fill(INVALID);

test.each([
  ["processors go ahead of events with references that hit", neverAhead],
  ["the runner executes references that hit", withoutRunner],
])("Simulation measures the same whether %s or not", (_, change) => {
  const load = fc.record({
    machine: fc.constantFrom("symmetry", "firefly", "dash", "numachine", "server"),
    algorithm: fc.constantFrom(
      ...kernel.algorithms.filter(({ communicates }) => communicates === undefined).map(({ name }) => name),
    ),
    processors: fc.integer({ min: 2, max: 9 }),
    turns: fc.integer({ min: 1, max: 12 }),
    busy: fc.constantFrom(0, 1, 100),
    think: fc.constantFrom(0, 7, 1000),
    seed: fc.nat(),
  });
  fc.assert(
    fc.property(load, (each) => {
      expect(measure(each)).toEqual(measure(each, change));
    }),
    { numRuns: 80 },
  );
});
