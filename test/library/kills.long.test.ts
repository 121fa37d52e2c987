// @module-tag long
import { afterEach, describe, test } from "vitest";
import { DEATHS_OF_HALF, playHalf, SEEDS } from "./kills/play.js";
import { Stage } from "./kills/stage.js";

let stage: Stage;
afterEach(() => stage.close());

describe("The library's objects", () => {
  test(`lose nothing when ${DEATHS_OF_HALF} workers die at any instruction, and one at every fourth that they reach (seeds from ${SEEDS[0]})`, async () => {
    stage = await Stage.open();
    await playHalf(stage, 0);
  });
});
