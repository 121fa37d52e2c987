import { describe, expect, test } from "vitest";
import { loadKernel } from "#machines/index.js";
import { busUtilization } from "#machines/published/bus-contention.js";
import { type Network, simulateNetwork } from "#machines/published/closed-network.js";
import { machineRepairThroughput } from "#machines/published/machine-repair.js";

const kernel = await loadKernel();

const PROCESSORS = 32;
/** Tasks in each of the ten batches. */
const COMPLETIONS = 10_000;
/** Where only few per cent matter. */
const FEW = 2_000;

const simulate = (network: Omit<Network, "processors" | "fractions"> & Partial<Network>, completions = COMPLETIONS) =>
  simulateNetwork(kernel, { processors: PROCESSORS, fractions: [0], ...network }, completions, 1);

/** Tasks done by time where `servers` serve one queue: from the probabilities of all states. */
function throughputOf(servers: number, tasks: number, service: number): number {
  const weights = [1];
  for (let present = 1; present <= tasks; present++) {
    weights.push((weights[present - 1]! * (tasks - present + 1) * service) / Math.min(present, servers));
  }
  const rate = weights.reduce((sum, weight, present) => sum + (weight * Math.min(present, servers)) / service, 0);
  return rate / weights.reduce((sum, weight) => sum + weight, 0);
}

describe("machineRepairThroughput", () => {
  test.each([
    [32, 48, 1, 23.994],
    [32, 64, 1, 30.7],
    [32, 128, 1, 32],
    [32, 48, 2, 15.425],
    [1, 2, 1, 0.8],
    [1, 4, 1, 0.9846],
  ])("of %i servers and %i tasks served in %d is %d", (servers, tasks, service, expected) => {
    const throughput = machineRepairThroughput(servers, tasks, service);
    expect(throughput).toBeCloseTo(expected, 3);
    expect(throughput).toBeCloseTo(throughputOf(servers, tasks, service), 9);
  });
});

describe("simulateNetwork", () => {
  const exact = (value: number) => [0.99 * value, 1.01 * value] as const;

  test.each([48, 64, 128])(
    "of one queue for %i tasks has the exact throughput, without reloads and all cold",
    async (tasks) => {
      for (const [reload, service] of [
        [0, 1],
        [1, 2],
      ] as const) {
        const { throughput } = await simulate({ policy: "fcfs", tasks, reload, fractions: [1] });
        const [least, most] = exact(throughputOf(PROCESSORS, tasks, service));
        expect(throughput.mean).toBeGreaterThan(least);
        expect(throughput.mean).toBeLessThan(most);
      }
    },
  );

  test.each([
    [48, 20.8],
    [64, 25.6],
    [128, 31.508],
  ])("of fixed processors for %i tasks has the exact throughput, %d", async (tasks, expected) => {
    const fewer = Math.floor(tasks / PROCESSORS);
    const more = tasks % PROCESSORS;
    const value = more * throughputOf(1, fewer + 1, 1) + (PROCESSORS - more) * throughputOf(1, fewer, 1);
    expect(value).toBeCloseTo(expected, 3);
    const { throughput } = await simulate({ policy: "fixed-processor", tasks, reload: 0 });
    const [least, most] = exact(value);
    expect(throughput.mean).toBeGreaterThan(least);
    expect(throughput.mean).toBeLessThan(most);
  });

  test.each(kernel.algorithms.filter(({ kind, name }) => kind === "policy" && name !== "fixed-processor"))(
    "keeps what holds of every closed network, with $name",
    async ({ name }) => {
      const tasks = 48;
      const fractions = [0, 0.5, 1];
      const network = { policy: name, parameter: 4, tasks, reload: 0.5, fractions };
      const { throughput, response, secondMoment, reloaded, utilization } = await simulate(network, FEW);
      // Little's law, for the whole circle of a task and for the processors.
      expect(throughput.mean * (response.mean + 1)).toBeCloseTo(tasks, -0.5);
      const service = 1 + 0.5 * reloaded.mean;
      expect((throughput.mean * service) / (utilization.mean * PROCESSORS)).toBeCloseTo(1, 1);
      expect(secondMoment.mean).toBeGreaterThan(response.mean ** 2);
    },
  );

  test("executes a task nowhere but where it was before, when processors pause for ever", async () => {
    // Every reload shows: a processor that has not executed it is all cold, others are all warm.
    const cold = { tasks: 64, reload: 1, fractions: [0], pauses: true };
    for (const policy of ["fcfs", "last-processor", "minimum-intervening", "priority", "work-stealing"]) {
      expect((await simulate({ policy, ...cold }, FEW)).reloaded.mean, policy).toBe(0);
    }
    const limited = { policy: "limited-minimum-intervening", parameter: 4 };
    expect((await simulate({ ...limited, ...cold }, FEW)).reloaded.mean).toBe(0);
    expect((await simulate({ ...limited, ...cold, pauses: false }, FEW)).reloaded.mean).toBeGreaterThan(0);
  });

  test("pausing for ever makes last processor what fixed processor is", async () => {
    const network = { tasks: 64, reload: 1, fractions: [0, 0.01, 0.02] };
    const fixed = await simulate({ policy: "fixed-processor", ...network });
    const last = await simulate({ policy: "last-processor", ...network, pauses: true });
    expect(last.throughput.mean / fixed.throughput.mean).toBeCloseTo(1, 1.5);
  });

  test("first come, first served has no affinity", async () => {
    // A processor executes each of 48 tasks as often, whichever was there before: geometrically many intervene.
    const fractions = Array.from({ length: 48 }, (_, I) => (I < 47 ? 0 : 1));
    const { reloaded } = await simulate({ policy: "fcfs", tasks: 48, reload: 0, fractions });
    expect(reloaded.mean).toBeCloseTo((47 / 48) ** 47, 1);
  });

  test("is a function of the seed", async () => {
    const network = { policy: "minimum-intervening", processors: 4, tasks: 6, reload: 0.5, fractions: [0, 1] };
    const run = (seed: number) => simulateNetwork(kernel, network, 100, seed);
    const first = await run(1);
    expect(await run(1)).toEqual(first);
    expect(await run(2)).not.toEqual(first);
  });

  test("ends when its signal does", async () => {
    const network = { policy: "fcfs", processors: 4, tasks: 6, reload: 0.5, fractions: [0, 1] };
    const signal = AbortSignal.abort(new Error("enough"));
    await expect(simulateNetwork(kernel, network, 100, 1, signal)).rejects.toThrow("enough");
  });
});

describe("busUtilization", () => {
  const network = { policy: "fcfs", processors: 32, tasks: 48, reload: 0.5, fractions: [0.5] };
  /** Processors that are busier when reloads take longer. */
  const busy = (slowdown: number) => 1 - 0.3 / slowdown;
  const estimate = (mean: number) => ({ mean, halfWidth: 0 });
  const run = (reloaded: number, asked: Network[] = []) =>
    busUtilization(network, async (network) => {
      asked.push(network);
      const none = estimate(Number.NaN);
      return {
        throughput: none,
        response: none,
        secondMoment: none,
        reloaded: estimate(reloaded),
        utilization: estimate(busy(network.slowdown!)),
      };
    });

  test("is that of processors whose reloads it makes longer", async () => {
    const asked: Network[] = [];
    const utilization = await run(0.5, asked);
    const reload = 0.5 * 0.5;
    expect(utilization).toBeCloseTo((32 * 0.1 * reload * busy(1 / (1 - utilization))) / (reload + 1), 2);
    expect(asked[0]!.slowdown).toBe(1);
    expect(asked.at(-1)!.slowdown).toBeCloseTo(1 / (1 - utilization), 1);
  });

  test("is 1 where the reloads need more than there is", async () => {
    expect(await run(1)).toBe(1);
  });
});
