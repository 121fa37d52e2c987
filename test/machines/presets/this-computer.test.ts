import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { hostInstance } from "#machines/experiments/kernel-host.js";
import { parseMachine } from "#machines/machines/presets/find.js";
import { type ComputerFigures, describeComputer } from "#machines/machines/presets/this-computer.js";
import { SimulatedMachine } from "#machines/machines/simulated/machine.js";
import { type Kernel, loadKernel } from "#machines/program/kernel.js";
import { createMemory } from "#machines/program/program.js";

/** A server's: 3.3 GHz. */
const FIGURES: Required<ComputerFigures> = {
  cpu: "a chip",
  cores: 2,
  conditions: "medians of 11 rounds, threads pinned",
  instruction: 0.3,
  hit: 1.5,
  miss: 85,
  readModifyWrite: 9.5,
  handOff: 110,
  pause: 70,
  wake: 20_000,
};
const PAGE = 65536;
/** Between the words of a chase: more than the line, and more words than the cache has lines. */
const STRIDE = 128;
const WORDS = 40_000;

describe("describeComputer", () => {
  test("makes a machine of whatever is measured", () => {
    const nanoseconds = fc.double({ min: 1e-6, max: 1e9, noNaN: true });
    const figures = fc.record(
      {
        cpu: fc.string(),
        cores: fc.integer({ min: 1, max: 100_000 }),
        conditions: fc.constant("medians"),
        instruction: nanoseconds,
        hit: nanoseconds,
        miss: nanoseconds,
        readModifyWrite: nanoseconds,
        handOff: nanoseconds,
        pause: nanoseconds,
        wake: nanoseconds,
      },
      {
        requiredKeys: ["cpu", "cores", "conditions", "instruction", "hit", "miss", "readModifyWrite", "pause", "wake"],
      },
    );
    fc.assert(
      fc.property(figures, (measured) => {
        const machine = describeComputer(measured);
        expect(parseMachine("measured.json", JSON.stringify(machine))).toEqual(machine);
      }),
    );
  });

  test("has more processors than small computers have cores, and all of a large one's", () => {
    expect([1, 2, 64, 192].map((cores) => describeComputer({ ...FIGURES, cores }).processor.maximum)).toEqual([
      64, 64, 64, 192,
    ]);
  });

  test("says of the hand-off whether it was measured", () => {
    expect(describeComputer(FIGURES).sources.filter((source) => source.includes("110 ns"))).toEqual([
      expect.stringMatching(/^Measured, medians of 11 rounds, threads pinned: 110 ns/),
    ]);
    const { handOff: _, ...alone } = FIGURES;
    expect(describeComputer({ ...alone, cores: 1 }).sources).toContainEqual(
      expect.stringMatching(/^Assumed, because one core cannot measure it: 47\.5 ns/),
    );
  });
});

describe("the probes on the machine that describeComputer makes", () => {
  let kernel: Kernel;
  beforeAll(async () => {
    kernel = await loadKernel();
  });

  test.each<[what: string, different: Partial<ComputerFigures>]>([
    ["a server", {}],
    ["cores that share a near cache", { handOff: 25, miss: 15 }],
    ["cores that are far from each other and near to memory", { handOff: 400, miss: 60 }],
    ["cores that are near to each other and far from memory", { handOff: 40, miss: 300 }],
    ["a slow clock", { instruction: 1.2, hit: 5, readModifyWrite: 25, handOff: 200, miss: 300 }],
  ])("take what they were measured to take: %s", async (_, different) => {
    const figures = { ...FIGURES, ...different };
    const description = describeComputer(figures);
    const machine = new SimulatedMachine(description);
    const memory = createMemory(kernel);
    const host = hostInstance(kernel, memory);
    host.boot(2);
    const chase = memory.grow(Math.ceil((WORDS * STRIDE) / PAGE)) * PAGE;
    const words = new Uint32Array(memory.buffer);
    for (let word = 0; word < WORDS; word++) words[(chase + word * STRIDE) / 4] = chase + ((word + 1) % WORDS) * STRIDE;
    const own = host.shared(4);
    words[own / 4] = own;
    /** Nanoseconds by `operations` operations. */
    const time = async (operations: number, entry: string, processors: number, parameters: number[]) => {
      const { elapsed } = await machine.run(kernel, entry, { processors, arguments: parameters, memory, cycles: 1e9 });
      return (elapsed * 1000) / description.processor.megahertz / operations;
    };
    const simulated = {
      handOff: await time(400, "probe_round_trips", 2, [host.shared(4), 200]),
      hit: await time(20_000, "probe_chase", 1, [own, 20_000]),
      miss: await time(WORDS, "probe_chase", 1, [chase, WORDS]),
      readModifyWrite: await time(2000, "probe_read_modify_writes", 1, [host.shared(4), 2000]),
      pause: await time(2000, "probe_pauses", 1, [2000]),
      wake: await time(200, "probe_wakes", 2, [host.shared(4), 100]),
    };
    for (const [figure, value] of Object.entries(simulated)) {
      const ratio = value / figures[figure as keyof typeof simulated];
      expect(ratio, figure).toBeGreaterThan(0.9);
      expect(ratio, figure).toBeLessThan(1.1);
    }
  });
});
