// @module-tag long
import { afterEach, describe, expect, test } from "vitest";
import { playScenes } from "./kills/play.js";
import { Stage } from "./kills/stage.js";

const DEATHS = 300;
const SEED = 1_000_000;

let stage: Stage;
afterEach(() => stage.close());

describe("The library's objects", () => {
  test(`lose nothing when ${DEATHS} workers die at any moment (seeds from ${SEED})`, async () => {
    stage = await Stage.open({ isInstrumented: false });
    const { deaths } = await playScenes(stage, SEED, DEATHS, { anywhen: true });
    expect(deaths).toBeGreaterThanOrEqual(DEATHS);
  });
});
