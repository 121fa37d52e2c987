import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { call } from "#machines/experiments/kernel-host.js";
import { UnavailableError } from "#machines/machines/machine.js";
import type { MachineDescription } from "#machines/machines/presets/description.js";
import { PRESETS } from "#machines/machines/presets/index.js";
import { PROTOCOLS } from "#machines/machines/simulated/memory/protocols/index.js";
import { loadKernel } from "#machines/program/kernel.js";
import { ALL_CASES, casesOf } from "../../random-cases.js";
import { KernelRuns, preset } from "./kernel-runs.js";

const kernel = await loadKernel();
const runs = new KernelRuns(kernel);
/** Policies run on the machines that are lent what they lack: test/experiments/tasks.test.ts. */
const workloads = kernel.algorithms.filter(({ kind }) => kind !== "policy");
const PROCESSORS = ALL_CASES ? [1, 2, 3, 5, 8] : [1, 2, 5];

/** What the machines of the papers lack, and so do not run. */
const LACKING: Readonly<Record<string, readonly string[]>> = {
  symmetry: ["compare_and_swap", "fetch_and_increment", "messages"],
  "chip-multiprocessor": ["messages"],
  firefly: ["compare_and_swap", "fetch_and_increment", "fetch_and_decrement", "messages"],
  "firefly-cvax": ["compare_and_swap", "fetch_and_increment", "fetch_and_decrement", "messages"],
  butterfly: ["compare_and_swap", "messages"],
  dash: ["compare_and_swap", "messages"],
  numachine: ["messages"],
  origin: ["messages"],
  opteron: ["messages"],
  server: ["messages"],
  ultracomputer: ["compare_and_swap", "messages"],
  cluster: ["shared memory", "compare_and_swap", "fetch_and_increment", "fetch_and_decrement"],
};

describe.each(PRESETS.map((description) => [description.name, description] as const))("%s", (name, description) => {
  it.each(workloads.map((algorithm) => [algorithm.name, algorithm] as const))(
    "runs %s rightly, or says what it lacks",
    async (algorithm, { kind }) => {
      for (const processors of PROCESSORS.filter((count) => count <= description.processor.maximum)) {
        const turns = 12;
        const observed = kind === "barrier" && name !== "cluster";
        const load = { algorithm, processors, turns, observed, think: 50, busy: 20 };
        try {
          const { run, host, experiment } = await runs.run(description, load);
          for (let processor = 0; processor < processors; processor++) {
            expect(host.experiment_done(experiment, processor)).toBe(turns);
          }
          if (kind === "lock") expect(host.experiment_protected(experiment)).toBe(turns * processors);
          for (const { hits, readMisses, writeMisses, references } of run.processors) {
            expect(description.architecture.kind !== "bus" || hits + readMisses + writeMisses === references).toBe(
              true,
            );
          }
        } catch (error) {
          if (!(error instanceof UnavailableError)) throw error;
          expect(LACKING[name]).toContain(error.needs);
          // What a clustered counter refers to first is its processor's own.
          if (name === "cluster" && processors > 1 && !algorithm.startsWith("clustered")) {
            expect(error.needs).toBe("shared memory");
          }
        }
      }
    },
  );
});

/** Machines with caches of every sort. */
const CACHED: readonly MachineDescription[] = [
  preset("symmetry"),
  preset("dash"),
  preset("numachine"),
  preset("server"),
]
  .flatMap((description): MachineDescription[] => {
    const { architecture } = description;
    if (architecture.kind === "bus") {
      const variant = (protocol: string, mode: "atomic" | "split"): MachineDescription => ({
        ...description,
        name: `${protocol} on an ${mode} bus`,
        architecture: {
          ...architecture,
          cache: { ...architecture.cache, protocol },
          bus: { ...architecture.bus, mode },
        },
      });
      return PROTOCOLS.flatMap(({ name: protocol }) => [variant(protocol, "atomic"), variant(protocol, "split")]);
    }
    if (architecture.kind !== "distributed" || architecture.coherence === undefined) return [];
    const { coherence } = architecture;
    const others = description.name === "dash" ? ["msi-upgrade", "mosi", "moesi"] : [];
    return [coherence.cache.protocol, ...others].flatMap((protocol) =>
      ([3, 4] as const).map((hops) => ({
        ...description,
        name: `${description.name}, ${protocol}, with ${hops} hops`,
        architecture: {
          ...architecture,
          coherence: { ...coherence, hops, cache: { ...coherence.cache, protocol } },
        },
      })),
    );
  })
  .flatMap((description) => {
    const { linked: _, ...atOnce } = description.readModifyWrite;
    const name = `${description.name}, load-linked and store-conditional`;
    return [
      { ...description, readModifyWrite: atOnce },
      { ...description, name, readModifyWrite: { ...atOnce, linked: true as const } },
    ];
  })
  .map((description) => ({
    ...description,
    readModifyWrite: {
      ...description.readModifyWrite,
      instructions: ["exchange", "add", "subtract", "and", "or", "compare exchange"],
    },
  }));

const load = fc.record({
  description: fc.constantFrom(...CACHED),
  algorithm: fc.constantFrom(...kernel.algorithms.filter((a) => a.communicates !== "messages").map(({ name }) => name)),
  processors: fc.integer({ min: 1, max: 12 }),
  turns: fc.integer({ min: 1, max: 12 }),
  busy: fc.constantFrom(0, 1, 100, 3000),
  think: fc.constantFrom(0, 7, 1000),
  seed: fc.nat(),
});

describe("SimulatedMachine", () => {
  it("measures the same whether spinning processors are parked or simulated", async () => {
    await fc.assert(
      fc.asyncProperty(load, async ({ description, ...rest }) => {
        const { run: parked } = await runs.run(description, rest);
        const { run: simulated } = await runs.run(description, rest, { parking: false });
        expect(parked.durations).toEqual(simulated.durations);
        expect(parked.processors).toEqual(simulated.processors);
        expect(parked.links).toEqual(simulated.links);
      }),
      { numRuns: casesOf(200) },
    );
  });

  it.each(CACHED.map((description) => [description.name, description] as const))(
    "loses no update of a counter: %s",
    async (_, description) => {
      for (const processors of [1, 2, 7, 12]) {
        const load = { algorithm: "array", processors, turns: 40 };
        const { host, experiment } = await runs.run(description, load);
        expect(call(host, "array", "exact", host.experiment_object(experiment))).toBe(BigInt(40 * processors));
      }
    },
  );

  it("is a function of its seed", async () => {
    const once = (seed: number) =>
      runs.run(preset("dash"), { algorithm: "mcs-swap", processors: 8, turns: 20, think: 100, seed });
    const [first, again, other] = [await once(1), await once(1), await once(2)];
    expect(again.run.processors).toEqual(first.run.processors);
    expect(again.run.links).toEqual(first.run.links);
    expect(other.run.durations).not.toEqual(first.run.durations);
  });
});
