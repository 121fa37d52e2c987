import { expect, test } from "vitest";
import { COLD, WARM } from "#library/pool/layout.js";
import { ReloadCosts } from "#library/pool/reload-costs.js";

/** The last answer after so many tasks, each of which says how it ran. */
function learned(costs: ReloadCosts, tasks: number, ran: (i: number) => [name: string, flags: number, ran: number]) {
  let last: number | undefined;
  for (let i = 0; i < tasks; i++) last = costs.note(...ran(i)) ?? last;
  return last;
}

test("ReloadCosts answers with how much longer tasks run where they are cold, now and then", () => {
  const costs = new ReloadCosts();
  for (let i = 1; i < 64; i++) expect(costs.note("task", i % 2 ? WARM : COLD, i % 2 ? 100 : 1100)).toBeUndefined();
  expect(costs.note("task", COLD, 1100)).toBe(1000);
  expect(costs.note("task", COLD, 1100)).toBeUndefined();
});

test("ReloadCosts knows nothing of tasks that it has not seen both ways, or that have no key", () => {
  expect(learned(new ReloadCosts(), 64, () => ["task", WARM, 100])).toBe(0);
  expect(learned(new ReloadCosts(), 64, () => ["task", COLD, 100])).toBe(0);
  expect(learned(new ReloadCosts(), 1000, () => ["task", 0, 100])).toBeUndefined();
});

test("ReloadCosts weighs tasks by how often they are executed, and is never below 0", () => {
  const mixed = learned(new ReloadCosts(), 640, (i) => {
    const isRare = i % 8 >= 6;
    return [isRare ? "rare" : "often", i % 2 ? WARM : COLD, isRare && i % 2 === 0 ? 4000 : 0];
  });
  expect(mixed).toBe(1000);
  expect(learned(new ReloadCosts(), 64, (i) => ["task", i % 2 ? WARM : COLD, i % 2 ? 500 : 100])).toBe(0);
});

test("ReloadCosts forgets how long tasks ran once, and never makes anybody wait for more than a second", () => {
  const costs = new ReloadCosts();
  expect(learned(costs, 128, (i) => ["task", i % 2 ? WARM : COLD, i % 2 ? 0 : 60_000_000])).toBe(1_000_000);
  expect(learned(costs, 1280, (i) => ["task", i % 2 ? WARM : COLD, i % 2 ? 0 : 10])).toBe(10);
});
