import { beforeAll, describe, expect, test } from "vitest";
import type { TasksOptions } from "#machines/experiments/experiment.js";
import { variantsOf } from "#machines/experiments/kinds/policy.js";
import type { TasksResult } from "#machines/experiments/tasks.js";
import { Experiments, evaluate, findMachine, type Kernel, loadKernel, SimulatedMachine } from "#machines/index.js";

let kernel: Kernel;
const machines = new Map<string, Experiments>();
beforeAll(async () => {
  kernel = await loadKernel();
  for (const name of ["symmetry", "server"]) {
    machines.set(name, new Experiments(new SimulatedMachine(await findMachine(name)), kernel));
  }
});

const KIB = 1024;
const POLICIES = [
  "balance-set",
  "fcfs",
  "fixed-processor",
  "last-processor",
  "limited-minimum-intervening",
  "minimum-intervening",
  "minimum-intervening-plus-queue",
  "priority",
  "work-stealing",
];
const policy = (name: string) => kernel.algorithms.find((algorithm) => algorithm.name === name)!;
const run = (machine: string, name: string, options: TasksOptions) =>
  machines.get(machine)!.tasks(policy(name), { parameter: 4, ...options });
const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;

/** Misses of an execution, whatever their cause. */
function missesOf({ processors, executions }: TasksResult): number {
  const misses = processors!.map(({ readMisses, writeMisses }) => readMisses + writeMisses);
  return misses.reduce((a, b) => a + b, 0) / executions.length;
}

/** More tasks than processors, each with a footprint of which a cache holds all of its processor's. */
const CROWDED = { processors: 4, tasks: 16, work: 20_000, think: 20_000, footprint: 8 * KIB, written: 4, seed: 3 };

describe("Experiments.tasks", () => {
  test("Experiments.tasks knows every policy of the kernel", () => {
    const known = kernel.algorithms.filter(({ kind }) => kind === "policy").map(({ name }) => name);
    expect(known.sort()).toEqual(POLICIES);
  });

  test.each(POLICIES)("Experiments.tasks executes each task as often as it is asked to: %s", async (name) => {
    for (const bound of [0, 5000]) {
      const { executions, processors } = await run("server", name, {
        ...{ processors: 3, tasks: 8, turns: 6, work: 500, think: 2000, footprint: KIB, written: 8, seed: 1, bound },
      });
      const turns = new Map<number, number>();
      for (const { task } of executions) turns.set(task, (turns.get(task) ?? 0) + 1);
      expect([...turns].sort(([a], [b]) => a - b)).toEqual(Array.from({ length: 8 }, (_, task) => [task, 6]));
      // A task is executed by one processor at a time: its executions do not overlap.
      for (let task = 0; task < 8; task++) {
        const mine = executions.filter((each) => each.task === task).sort((a, b) => a.end - b.end);
        mine.slice(1).forEach(({ end, time }, i) => void expect(end - time).toBeGreaterThan(mine[i]!.end - 64));
      }
      expect(processors).toHaveLength(3);
    }
  });

  test("Experiments.tasks is a function of the seed, and tasks do the same under every policy", async () => {
    const options = { processors: 4, tasks: 6, turns: 10, work: 1000, think: 1000, footprint: KIB, written: 4 };
    const first = await run("server", "work-stealing", { ...options, seed: 5 });
    expect(await run("server", "work-stealing", { ...options, seed: 5 })).toEqual(first);
    expect((await run("server", "work-stealing", { ...options, seed: 6 })).elapsed).not.toBe(first.elapsed);
    const workOf = ({ executions }: TasksResult) =>
      executions.map(({ task, work }) => `${task} ${work}`).sort((a, b) => a.localeCompare(b));
    expect(workOf(await run("server", "fcfs", { ...options, seed: 5 }))).toEqual(workOf(first));
  });

  test("Experiments.tasks counts a response from when its task is due, and what it takes to ask and to make ready as deciding", async () => {
    const [tasks, turns] = [8, 20];
    const { elapsed, executions, deciding } = await run("server", "work-stealing", {
      ...{ processors: 1, tasks, turns, work: 2000, think: 0, footprint: 0, written: 0, seed: 4 },
    });
    // Nobody thinks: each task is due again at its end, so that its responses fill the time (Little's law).
    const responses = executions.reduce((sum, { response }) => sum + response, 0);
    expect(responses / (tasks * elapsed)).toBeGreaterThan(0.95);
    expect(responses / (tasks * elapsed)).toBeLessThan(1.01);
    const executing = executions.reduce((sum, { time }) => sum + time, 0);
    expect((executing + deciding) / elapsed).toBeGreaterThan(0.85);
    expect((executing + deciding) / elapsed).toBeLessThan(1.01);
    expect(executing / elapsed).toBeLessThan(0.8);
  });

  test("Experiments.tasks draws exponentially distributed work", async () => {
    const { executions } = await run("server", "fcfs", {
      ...{ processors: 2, tasks: 40, turns: 50, work: 1000, think: 0, footprint: 0, written: 0, seed: 2 },
    });
    const work = executions.map((execution) => execution.work);
    expect(mean(work)).toBeGreaterThan(950);
    expect(mean(work)).toBeLessThan(1050);
    // Its second moment is twice the square of the mean.
    expect(mean(work.map((value) => (value / 1000) ** 2))).toBeGreaterThan(1.7);
    expect(mean(work.map((value) => (value / 1000) ** 2))).toBeLessThan(2.3);
    expect(work.filter((value) => value > 1000).length / work.length).toBeCloseTo(Math.exp(-1), 1);
  });

  test("Experiments.tasks reaches the throughput of as many servers with queues of their own", async () => {
    // Two processors with two tasks each, D = Z: the machine repair model M/M/1 with 2 tasks has 0.8 of a processor.
    const { executions, elapsed } = await run("server", "fixed-processor", {
      ...{ processors: 2, tasks: 4, work: 100_000, think: 100_000, footprint: 0, written: 0, seed: 1 },
      duration: 60_000_000,
    });
    expect((executions.length / elapsed) * 100_000).toBeGreaterThan(2 * 0.8 * 0.93);
    expect((executions.length / elapsed) * 100_000).toBeLessThan(2 * 0.8 * 1.07);
  });

  test("Experiments.tasks: affinity saves most misses, and with them time", async () => {
    const duration = 2_000_000;
    const fcfs = await run("server", "fcfs", { ...CROWDED, duration });
    for (const name of ["fixed-processor", "last-processor", "minimum-intervening", "work-stealing"]) {
      const other = await run("server", name, { ...CROWDED, duration });
      expect(missesOf(other), name).toBeLessThan(0.6 * missesOf(fcfs));
      expect(other.executions.length / other.elapsed, name).toBeGreaterThan(
        1.1 * (fcfs.executions.length / fcfs.elapsed),
      );
    }
    const stays = await run("server", "fixed-processor", { ...CROWDED, duration });
    expect(stays.executions.filter(({ elsewhere }) => elsewhere)).toEqual([]);
    expect(fcfs.executions.filter(({ elsewhere }) => elsewhere).length).toBeGreaterThan(0.5 * fcfs.executions.length);
  });

  test("Experiments.tasks: reload time grows with the tasks that intervene, and with the footprint", async () => {
    const timeOf = async (footprint: number, intervening: number) => {
      const tasks = intervening + 1;
      const { executions } = await run("symmetry", "fcfs", {
        ...{ processors: 1, tasks, turns: 2, work: 0, think: 0, footprint, written: 4, seed: 1 },
      });
      const again = executions.slice(tasks);
      expect(new Set(again.map((execution) => execution.intervening))).toEqual(new Set([intervening]));
      return mean(again.map(({ time }) => time));
    };
    const reloads = async (footprint: number) => {
      const warm = await timeOf(footprint, 0);
      return [await timeOf(footprint, 1), await timeOf(footprint, 4), await timeOf(footprint, 16)].map(
        (time) => time - warm,
      );
    };
    const [small, large] = [await reloads(8 * KIB), await reloads(16 * KIB)];
    for (const [one, some, many] of [small, large]) {
      expect(some).toBeGreaterThan(1.5 * one!);
      expect(many).toBeGreaterThan(1.2 * some!);
    }
    small.forEach((time, i) => void expect(large[i]).toBeGreaterThan(1.5 * time));
  });
});

test("variantsOf has a policy with each parameter of its head, and procrastinating where that is measured", () => {
  const names = (name: string) => variantsOf(policy(name)).map((variant) => variant.name);
  expect(names("fixed-processor")).toEqual(["fixed-processor"]);
  expect(names("priority")).toEqual(["priority(0)", "priority(4)"]);
  expect(names("last-processor")).toEqual(["last-processor", "last-processor(waits)"]);
  expect(names("limited-minimum-intervening")).toEqual(
    [2, 4, 8].flatMap((some) => [
      `limited-minimum-intervening(${some})`,
      `limited-minimum-intervening(${some}, waits)`,
    ]),
  );
});

test("evaluate measures policies also where the machine lacks what guards need, and says so", async () => {
  const effort = { repetitions: 1, duration: 1, operations: 1, executions: 1, processors: 20 };
  const rows = await evaluate([new SimulatedMachine(await findMachine("symmetry"))], kernel, {
    ...{ effort: { ns: effort, cycles: effort }, seed: 1, processors: [2], algorithms: [policy("priority")] },
  });
  expect(rows.filter(({ metric }) => metric === "lent").map(({ detail }) => detail)).toEqual([
    "fetch_and_increment, fetch_and_and, fetch_and_or, fetch_and_xor, compare_and_swap",
  ]);
  const throughput = rows.filter(({ metric }) => metric === "throughput");
  expect(throughput.map(({ algorithm, tasks, processors }) => [algorithm, tasks, processors])).toEqual([
    ["priority(0)", 8, 2],
    ["priority(4)", 8, 2],
  ]);
  for (const { value } of throughput) expect(value).toBeGreaterThan(0);
});
