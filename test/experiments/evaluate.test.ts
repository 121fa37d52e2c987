import { beforeAll, describe, expect, test } from "vitest";
import { call, hostInstance } from "#machines/experiments/kernel-host.js";
import {
  type Efforts,
  type EvaluationStep,
  Experiments,
  evaluate,
  findMachine,
  type Kernel,
  loadKernel,
  type Measurement,
  type Metric,
  SimulatedMachine,
  select,
} from "#machines/index.js";
import { createMemory } from "#machines/program/program.js";

const effort = { repetitions: 1, duration: 15_000, operations: 50, episodes: 5, executions: 2, processors: 20 };
const EFFORT: Efforts = { ns: effort, cycles: effort };

let kernel: Kernel;
beforeAll(async () => {
  kernel = await loadKernel();
});

const named = (...names: readonly string[]) => kernel.algorithms.filter(({ name }) => names.includes(name));
const simulated = async (name: string) => new SimulatedMachine(await findMachine(name));

async function rowsOf(machine: string, algorithms: readonly string[], processors: readonly number[], seed = 1) {
  return evaluate([await simulated(machine)], kernel, {
    ...{ effort: EFFORT, seed, processors },
    algorithms: named(...algorithms),
  });
}

test("the library's mutex has room for as many processors as it says, and for no more", () => {
  const { name, most } = named("library-mutex")[0]!;
  const host = hostInstance(kernel, createMemory(kernel));
  const prepare = (processors: number) => {
    host.boot(processors);
    return call(host, name, "prepare", processors, 1, 0, 0, 0, 1);
  };
  expect(prepare(Number(most))).toBeGreaterThan(0);
  expect(() => prepare(Number(most) + 1)).toThrow("OutOfSharedMemory");
});

/** The one value of a metric. */
function measured(rows: readonly Measurement[], algorithm: string, metric: Metric, processors = 8): number {
  const values = select(rows, { algorithm, metric, processors });
  expect(values, `${algorithm} ${metric}`).toHaveLength(1);
  return values[0]!;
}

describe("evaluate", () => {
  test("evaluate tells locks that spin on the network, on a shared line and on one of their own apart", async () => {
    const rows = await rowsOf("dash", ["test-and-set", "ticket", "mcs-swap"], [8]);
    const growth = (algorithm: string) => measured(rows, algorithm, "waitingGrowth");
    expect(growth("test-and-set")).toBeGreaterThan(1);
    for (const cached of ["ticket", "mcs-swap"]) expect(Math.abs(growth(cached))).toBeLessThan(0.1);
    // Each release takes a line away: from all who wait, or from the next alone.
    expect(measured(rows, "ticket", "disturbed")).toBeGreaterThan(0.9);
    expect(measured(rows, "mcs-swap", "disturbed")).toBeLessThan(0.2);
  });

  test("evaluate tells waiting that looks from waiting that writes, whichever the random delays", async () => {
    for (const seed of [1, 2, 3]) {
      const rows = await rowsOf("symmetry", ["static-delay-between-references", "test-and-set-linear"], [18], seed);
      expect(measured(rows, "static-delay-between-references", "waitingGrowth", 18)).toBeLessThan(0.3);
      expect(measured(rows, "test-and-set-linear", "waitingGrowth", 18)).toBeGreaterThan(0.3);
    }
  });

  test("evaluate finds no private place to spin where nothing is cached and no memory is near", async () => {
    const rows = await rowsOf("ultracomputer", ["mcs-swap"], [4]);
    expect(measured(rows, "mcs-swap", "waitingGrowth", 4)).toBeGreaterThan(1);
    expect(select(rows, { metric: "invalidations" })).toEqual([0]);
  });

  test("evaluate counts read-modify-writes for each critical section, and who overtakes whom", async () => {
    const rows = await rowsOf("dash", ["ticket", "test-and-set"], [8]);
    expect(measured(rows, "ticket", "readModifyWrites")).toBeCloseTo(1, 1);
    expect(measured(rows, "test-and-set", "readModifyWrites")).toBeGreaterThan(2);
    expect(measured(rows, "ticket", "overtaken")).toBe(0);
    expect(measured(rows, "test-and-set", "overtaken")).toBeGreaterThan(0);
  });

  test("evaluate sees a bystander held up at a busy lock's home, and not elsewhere", async () => {
    const rows = await rowsOf("ultracomputer", ["test-and-set", "mcs-swap"], [16]);
    expect(measured(rows, "test-and-set", "bystanderAtHome", 16)).toBeGreaterThan(1.5);
    expect(measured(rows, "test-and-set", "bystanderElsewhere", 16)).toBeLessThan(1.05);
    expect(measured(rows, "mcs-swap", "bystanderAtHome", 16)).toBeLessThan(1.1);
  });

  test("evaluate has no bystanders where all processors take part", async () => {
    const rows = await rowsOf("symmetry", ["clh"], [17]);
    expect(select(rows, { metric: "waitingReferences" })).toHaveLength(1);
    expect(select(rows, { metric: "bystanderAtHome" })).toEqual([]);
  });

  test("evaluate says what an algorithm needs that the machine lacks, and goes on", async () => {
    const rows = await rowsOf("symmetry", ["ticket", "mcs", "clh"], [2]);
    const lacking = rows.filter(({ metric }) => metric === "unavailable");
    expect(lacking.map(({ algorithm, detail }) => [algorithm, detail])).toEqual([
      ["mcs", "compare_and_swap"],
      ["ticket", "fetch_and_increment"],
    ]);
    expect(measured(rows, "clh", "passingTime", 2)).toBeGreaterThan(0);
  });

  test("evaluate sends on a cluster as many messages as the barriers' papers say", async () => {
    const rows = await rowsOf("cluster", ["dissemination-messages", "tournament-messages", "mcs-tree"], [8]);
    expect(new Set(rows.map(({ algorithm }) => algorithm))).toEqual(
      new Set(["dissemination-messages", "tournament-messages"]),
    );
    expect(measured(rows, "dissemination-messages", "networkReferences")).toBe(8 * 3);
    expect(measured(rows, "tournament-messages", "networkReferences")).toBe(2 * 7);
  });

  test("evaluate names the link that is held longest", async () => {
    const rows = await rowsOf("symmetry", ["test-and-set", "clh"], [16]);
    const links = rows.filter(({ metric }) => metric === "utilization");
    expect(links).toHaveLength(2);
    for (const { detail, value } of links) {
      expect(detail).toMatch(/^(bus|memory bank \d+)$/);
      // 16 processors leave a bus little rest, whichever of the locks they want.
      expect(value).toBeGreaterThan(0.1);
      expect(value).toBeLessThanOrEqual(1);
    }
    const references = (lock: string) => measured(rows, lock, "networkReferences", 16);
    expect(references("test-and-set")).toBeGreaterThan(2 * references("clh"));
  });

  test("evaluate goes through machines one after the other, and says where it is", async () => {
    const steps: EvaluationStep[] = [];
    await evaluate([await simulated("dash"), await simulated("symmetry")], kernel, {
      ...{ effort: EFFORT, seed: 1, processors: [1, 2], algorithms: named("shared") },
      progress: (step) => void steps.push(step),
    });
    expect(steps.map(({ done, total, machine, processors }) => [done, total, machine, processors])).toEqual([
      [0, 4, "dash", 1],
      [1, 4, "dash", 2],
      [2, 4, "symmetry", 1],
      [3, 4, "symmetry", 2],
    ]);
  });

  test("evaluate ends with the signal's reason", async () => {
    const reason = new Error("enough");
    const signal = AbortSignal.abort(reason);
    const options = { effort: EFFORT, seed: 1, processors: [2], algorithms: named("clh"), signal };
    await expect(evaluate([await simulated("dash")], kernel, options)).rejects.toBe(reason);
  });
});

describe("Experiments.workload", () => {
  test("Experiments.workload runs for a number of turns, or until the time is over", async () => {
    const experiments = new Experiments(await simulated("dash"), kernel);
    const [lock] = named("ticket");
    const turns = await experiments.workload(lock!, { processors: 3, turns: 7, seed: 1 });
    expect(turns.done).toEqual([7, 7, 7]);
    const time = await experiments.workload(lock!, { processors: 3, duration: 5000, seed: 1 });
    expect(time.elapsed).toBeGreaterThan(5000);
    expect(time.elapsed).toBeLessThan(7000);
    const both = await experiments.workload(lock!, { processors: 3, duration: 1e9, turns: 2, seed: 1 });
    expect(both.done).toEqual([2, 2, 2]);
  });

  test("Experiments.workload is a function of the seed on a simulated machine", async () => {
    const run = async (seed: number) => {
      const experiments = new Experiments(await simulated("symmetry"), kernel);
      return experiments.workload(named("backoff-after-release")[0]!, { processors: 6, turns: 20, think: 100, seed });
    };
    expect(await run(1)).toEqual(await run(1));
    expect((await run(1)).elapsed).not.toBe((await run(2)).elapsed);
  });
});
