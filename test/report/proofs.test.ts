import { describe, expect, test } from "vitest";
import { loadKernel } from "#machines/program/kernel.js";
import { type Claim, claimsOf } from "#machines/proofs/claim.js";
import type { Protocol } from "#machines/proofs/protocol.js";
import { Prover } from "#machines/proofs/prover.js";
import type { Report, Task } from "#machines/proofs/workers.js";
import { proofRows, proofTable, protocolTable, violationTexts } from "#machines/report/proofs.js";

const kernel = await loadKernel();
const lock = kernel.algorithms.find(({ name }) => name === "test-and-set")!;
const claim: Claim = { ...claimsOf(lock, { processors: 2, turns: 2 })[0]!, property: "order" };
const states: Task<Claim> = { claim, exploration: { model: "sc", mode: "states" } };
const executions: Task<Claim> = { claim, exploration: { model: "sc", mode: "executions" } };
const verdict = await new Prover(kernel).prove(claim, states.exploration);
const explored = {
  tasks: [states, executions],
  reports: new Map<Task, Report>([
    [states, { kind: "explored", verdict }],
    [executions, { kind: "given up" }],
  ]),
};

test("proofTable says what does not hold, and where executions are too many", () => {
  const { columns, rows } = proofTable(explored);
  expect(columns).toEqual(["algorithm", "claim", "load", "states", "executions", "s", "verdict"]);
  expect(rows).toEqual([
    ["test-and-set", "served in order", "2 x 2", String(verdict.states), ">20000", expect.any(String), "order"],
  ]);
});

test("proofTable says so far of what is not explored to the end, and nothing of what is not begun", () => {
  const [, , ...none] = proofTable({ ...explored, reports: new Map() }).rows;
  expect(none).toEqual([]);
  const covered: Report = { kind: "covered", covered: verdict };
  const { rows } = proofTable({ tasks: [states], reports: new Map([[states, covered]]) });
  expect(rows[0]!.at(-1)).toBe("so far");
});

test("violationTexts prints what does not hold, and the way there as landspout check does", () => {
  const [text, ...others] = violationTexts(explored);
  expect(others).toEqual([]);
  const [what, title, ...table] = text!.split("\n");
  expect(what).toBe("test-and-set, 2 x 2, states: served in order");
  expect(title).toMatch(
    /^Not first come, first served: processor \d enters before processor \d, which came before it$/,
  );
  expect(table.at(1)).toMatch(/^step {2}processor {2}function +line +access +why this processor$/);
  expect(table).toHaveLength(3 + verdict.violation!.steps.length);
});

test("proofRows says of each exploration what it covered", () => {
  const [first, second] = proofRows(explored);
  expect(first).toMatchObject({ algorithm: "test-and-set", mode: "states", states: verdict.states, complete: true });
  expect(second).toMatchObject({ mode: "executions", executions: 0, complete: false, violation: null });
});

describe("a claim about a protocol", () => {
  const protocol: Protocol = {
    protocol: "mutex",
    scenario: "2 x 1, 1 dying",
    processors: 2,
    entries: "run",
    init: { entry: "init" },
    deaths: { entry: "repair" },
  };
  const task: Task<Protocol> = { claim: protocol, exploration: states.exploration };
  const asked = { tasks: [task], reports: new Map<Task, Report>([[task, { kind: "explored", verdict }]]) };

  test("protocolTable says how many die, and what does not hold", () => {
    expect(protocolTable(asked).columns).toEqual([
      "protocol",
      "scenario",
      "processors",
      "deaths",
      "states",
      "s",
      "verdict",
    ]);
    const counts = [String(verdict.states), expect.any(String), "order"];
    expect(protocolTable(asked).rows).toEqual([["mutex", "2 x 1, 1 dying", "2", "1", ...counts]]);
  });

  test("violationTexts and proofRows name its scenario", () => {
    expect(violationTexts(asked)[0]).toMatch(/^mutex, states: 2 x 1, 1 dying\nNot first come, first served/);
    const row = { protocol: "mutex", scenario: "2 x 1, 1 dying", processors: 2, deaths: 1, states: verdict.states };
    expect(proofRows(asked)).toEqual([expect.objectContaining(row)]);
  });
});
