import { describe, expect, test } from "vitest";
import { loadKernel } from "#machines/program/kernel.js";
import { type Multiprogramming, simulateUtilization } from "#machines/published/multiprogramming.js";

const kernel = await loadKernel();

const model: Multiprogramming = {
  scheduling: "priority",
  blocks: false,
  processors: 4,
  applications: 2,
  quantum: 400,
  computation: 9,
  criticalSection: 1,
  sections: 10,
  switching: 40,
};
const TICKS = 40_000;

const utilization = (options: Partial<Multiprogramming>, seed = 1) =>
  simulateUtilization(kernel, { ...model, ...options }, TICKS, seed);

describe("simulateUtilization", () => {
  test("is a function of the seed", async () => {
    const [first, again, other] = [await utilization({}), await utilization({}), await utilization({}, 2)];
    expect(again).toBe(first);
    expect(other).not.toBe(first);
  });

  test.each(["priority", "gang", "batch", "process control"] as const)(
    "is 1 under %s where nobody has to wait and nothing is switched",
    async (scheduling) => {
      expect(await utilization({ scheduling, processors: 1, applications: 1 })).toBe(1);
    },
  );

  test("is 1 under process control with an application for each processor", async () => {
    expect(await utilization({ scheduling: "process control", applications: 4 })).toBe(1);
  });

  test("of gangs is that of a batch, less the switches", async () => {
    const batch = await utilization({ scheduling: "batch" });
    const gang = await utilization({ scheduling: "gang" });
    expect(gang / batch).toBeGreaterThan(1 - model.switching / model.quantum - 0.02);
    expect(gang / batch).toBeLessThan(1 - model.switching / model.quantum + 0.02);
  });

  test("of who blocks is what is left of a switch at each wait, of who spins what is left of the others' quanta", async () => {
    const [spinning, blocking] = [await utilization({}), await utilization({ blocks: true })];
    expect(blocking).toBeGreaterThan(spinning);
    expect(await utilization({ blocks: true, switching: 0 })).toBeGreaterThan(blocking);
    expect(await utilization({ applications: 4 })).toBeLessThan(spinning);
  });

  test("ends with the signal's reason", async () => {
    const reason = new Error("enough");
    await expect(simulateUtilization(kernel, model, TICKS, 1, AbortSignal.abort(reason))).rejects.toBe(reason);
  });
});
