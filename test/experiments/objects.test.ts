import { describe, expect, test } from "vitest";
import { QUICK } from "#machines/experiments/effort.js";
import { type Metric, select } from "#machines/experiments/measurement.js";
import { evaluate, findMachine, loadKernel, SimulatedMachine } from "#machines/index.js";

const kernel = await loadKernel();
const MOST = 16;

/** Costs in the text of Gamsa et al., Tornado, OSDI 1999, in instructions, of which NUMAchine executes one a cycle. */
const PUBLISHED = { miss: 150, createAndDestroy: 300, reclaim: 270 };
/** What ours may differ by, as a factor. */
const ABOUT = 2;

describe("evaluate, of objects", () => {
  test.each(["numachine", "server", "dash"])("finds on %s what Tornado's figures show", async (name) => {
    const machine = new SimulatedMachine(await findMachine(name));
    const algorithms = kernel.algorithms.filter(({ kind }) => kind === "object");
    // So long that the first uses, which miss, weigh nothing.
    const effort = { ...QUICK, cycles: { ...QUICK.cycles, duration: 40_000 } };
    const rows = await evaluate([machine], kernel, { effort, seed: 1, processors: [1, MOST], algorithms });
    await machine.close();
    const value = (algorithm: string, metric: Metric, processors: number) =>
      select(rows, { algorithm, metric, processors })[0]!;
    for (const existence of ["token", "epochs"]) {
      const of = (metric: Metric, processors = MOST) => value(existence, metric, processors);
      // Nobody waits for anybody: an operation, and each step of an object's life, takes 16 what it takes one.
      for (const metric of ["useTime", "callTime", "operationTime", "missTime", "createTime", "destroyTime"] as const) {
        expect(of(metric), metric).toBeLessThan(1.25 * of(metric, 1));
      }
      expect(of("callTime")).toBeLessThan(of("operationTime"));
      expect(of("roundTrip")).toBeGreaterThan(of("reclaimTime"));
      if (name !== "numachine") continue;
      expectAbout(of("missTime"), PUBLISHED.miss);
      expectAbout(of("createTime") + of("destroyTime"), PUBLISHED.createAndDestroy);
      expectAbout(of("reclaimTime"), PUBLISHED.reclaim);
    }
    // The hierarchy's upper lock is everybody's.
    expect(value("hierarchical-locks", "useTime", 1)).toBeLessThan(2 * value("token", "useTime", 1));
    expect(value("hierarchical-locks", "useTime", MOST)).toBeGreaterThan(20 * value("token", "useTime", MOST));
  });
});

function expectAbout(value: number, published: number): void {
  expect(value).toBeGreaterThan(published / ABOUT);
  expect(value).toBeLessThan(published * ABOUT);
}
