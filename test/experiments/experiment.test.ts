import { beforeAll, describe, expect, test } from "vitest";
import { type Algorithm, Experiments, type Kernel, loadKernel } from "#machines/index.js";
import { symmetry } from "#machines/machines/presets/symmetry.js";
import { SimulatedMachine } from "#machines/machines/simulated/machine.js";

describe("Experiments.workload", () => {
  let kernel: Kernel;
  let experiments: Experiments;
  beforeAll(async () => {
    kernel = await loadKernel();
    experiments = new Experiments(new SimulatedMachine(symmetry), kernel);
  });
  const algorithm = (name: string): Algorithm => kernel.algorithms.find((candidate) => candidate.name === name)!;
  const mcs = { processors: 4, turns: 20, seed: 1 };

  test("with an empty critical section touches nothing but the lock", async () => {
    const whole = await experiments.workload(algorithm("mcs-swap"), mcs);
    const empty = await experiments.workload(algorithm("mcs-swap"), { ...mcs, empty: true });
    expect(empty.done).toEqual([20, 20, 20, 20]);
    expect(empty.traffic!.networkReferences).toBeLessThan(whole.traffic!.networkReferences);
    expect(empty.elapsed).toBeLessThan(whole.elapsed);
  });

  test("with an empty critical section has its busy cycles twice a turn", async () => {
    const alone = { processors: 1, turns: 50, seed: 1, empty: true };
    const idle = await experiments.workload(algorithm("test-and-set"), alone);
    const busy = await experiments.workload(algorithm("test-and-set"), { ...alone, busy: 100 });
    expect(busy.elapsed - idle.elapsed).toBe(50 * 2 * 100);
  });

  test("delays by the slot that is given", async () => {
    const contended = { processors: 8, turns: 20, seed: 1, empty: true };
    const run = (slot: number) => experiments.workload(algorithm("test-and-set-exponential"), { ...contended, slot });
    const [short, long] = [await run(10), await run(500)];
    expect(short.traffic!.readModifyWrites).toBeGreaterThan(2 * long.traffic!.readModifyWrites);
  });

  test("sees quiescence take longer the more processors wait at a release", async () => {
    const { quiescence } = await experiments.workload(algorithm("test-and-test-and-set"), {
      processors: 10,
      turns: 1,
      busy: 4000,
      seed: 1,
      observed: true,
    });
    const times = quiescence.slice(2);
    expect(times).toHaveLength(8);
    expect(times).toEqual([...times].sort((a, b) => a! - b!));
  });
});
