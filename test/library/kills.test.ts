import { afterEach, describe, expect, test } from "vitest";
import { casesOf } from "../random-cases.js";
import { playScenes } from "./kills/play.js";
import { Stage } from "./kills/stage.js";

const DEATHS = casesOf(75);
const DEATHS_AT_ANY_MOMENT = casesOf(45);
const SEED = 20261076;

let stage: Stage;
afterEach(() => stage.close());

describe("The library's objects", () => {
  test(`lose nothing when ${DEATHS} workers die at any instruction (seeds from ${SEED})`, async () => {
    stage = await Stage.open();
    const coverage = await playScenes(stage, SEED, DEATHS);
    console.log(coverage.table(stage));
    // Else the harness has stopped to find the points. Half of the deaths on a quiet computer; fewer where threads are late.
    expect(coverage.atPoints).toBeGreaterThan(coverage.deaths / 4);
  });

  test(`lose nothing when ${DEATHS_AT_ANY_MOMENT} workers die at any moment (seeds from ${SEED})`, async () => {
    stage = await Stage.open({ isInstrumented: false });
    await playScenes(stage, SEED, DEATHS_AT_ANY_MOMENT, { anywhen: true });
  });
});
