import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { SharedSpace } from "#library/index.js";
import { casesOf } from "../random-cases.js";
import { Crew } from "./programs/crew.js";
import { isLinearizable, type Operation } from "./programs/history.js";
import { show, wrongIn } from "./programs/models.js";
import type { Scene } from "./programs/player.js";
import { programs } from "./programs/steps.js";

const RUNS = casesOf(400);
const space = new SharedSpace();
const crew = new Crew(space);

afterAll(() => crew.dismiss());

/** What the objects hold in the end is what their histories say. */
function check(history: Operation[], scene: Scene): void {
  const count = (object: string, ...names: string[]) =>
    history.filter((operation) => operation.object === object && names.includes(String(operation.name))).length;
  expect(wrongIn(history)).toEqual([]);
  const records = history.filter(({ name }) => name === "record").map(({ argument }) => argument);
  const { count: recorded, sum, min, max } = scene.histogram.snapshot();
  expect([recorded, sum]).toEqual([records.length, records.reduce((a, b) => a + b, 0)]);
  if (recorded > 0) expect([min, max]).toEqual([Math.min(...records), Math.max(...records)]);
  expect(scene.counter.exact()).toBe(count("counter", "add"));
  for (const once of [0, 1] as const) {
    const calls = history.filter(({ object, result }) => object === `once ${once}` && result !== "found done");
    expect(scene.words.onces[once][0], show(history)).toBe(calls.length);
  }
}

describe("The library's objects", () => {
  test("do what sequential ones do in some order that respects time, whatever workers do with them at once", async () => {
    const property = fc.asyncProperty(programs, (program) => crew.play(program, check));
    // The program that failed is worth more than a smaller one that may fail another time.
    await fc.assert(property, { numRuns: RUNS, endOnFailure: true });
  });
});

describe("isLinearizable", () => {
  /** A counter that tells what it was when it was added to. */
  const counter = {
    start: 0,
    step: (count: number, { result }: Operation) => (result === count ? count + 1 : undefined),
  };
  const add = (worker: number, begin: number, end: number, result: number): Operation => ({
    worker,
    object: "counter",
    name: "add",
    argument: 0,
    result,
    begin,
    end,
  });

  test("finds an order of operations that overlap, and keeps those apart that do not", () => {
    expect(isLinearizable([add(0, 0, 3, 1), add(1, 1, 2, 0), add(0, 4, 5, 2)], counter)).toBe(true);
    expect(isLinearizable([add(0, 0, 1, 1), add(1, 2, 3, 0)], counter)).toBe(false);
  });

  test("rejects results that no order gives", () => {
    expect(isLinearizable([add(0, 0, 3, 0), add(1, 1, 2, 0)], counter)).toBe(false);
  });
});
