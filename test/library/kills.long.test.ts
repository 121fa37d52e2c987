// @module-tag long
import { afterEach, describe, expect, test } from "vitest";
import { playPoints, playScenes } from "./kills/play.js";
import { Stage } from "./kills/stage.js";

const DEATHS = 600;
const SEED = 1_000_000;

let stage: Stage;
afterEach(() => stage.close());

describe("The library's objects", () => {
  test(`lose nothing when ${DEATHS} workers die at any instruction, and one at every second that they reach (seeds from ${SEED})`, async () => {
    stage = await Stage.open();
    const coverage = await playScenes(stage, SEED, DEATHS);
    const { died, rest } = await playPoints(stage, coverage, SEED);
    console.log(coverage.table(stage));
    console.log(`Reached by none:\n${coverage.missing(stage).join("\n")}`);
    console.log(`Reached, but none died there:\n${rest.map((point) => stage.describe(point)).join("\n")}`);
    // A point that hundreds of scenes reached once may not be reached again: threads take their time, most of all on a busy
    // computer.
    expect(died.length).toBeGreaterThan(rest.length / 4);
  });
});
