import { afterEach, describe, test } from "vitest";
import { plan } from "./kills/plan.js";
import { Coverage } from "./kills/report.js";
import { Stage } from "./kills/stage.js";

const DEATHS = 300;
const SEED = 20261129;
/** `KILLS=seed` or `KILLS=seed@point` plays that scene alone, again and again. */
const [, seed, at] = /^(\d+)(?:@(\d+))?$/.exec(process.env.KILLS ?? "") ?? [];
const TIMES = 20;

let stage: Stage;
afterEach(() => stage.close());

/** Plays one, and says how to play it again where it fails. */
async function play(...[seed, options = {}]: Parameters<typeof plan>) {
  try {
    return await stage.play(plan(seed, options));
  } catch (error) {
    const scene = options.at === undefined ? seed : `${seed}@${options.at}`;
    throw new Error(
      `Again: KILLS=${scene} npx vitest run test/library/kills.test.ts -t ${options.anywhen ? "moment" : "instruction"}\n${(error as Error).message}`,
    );
  }
}

describe("All objects lose nothing", () => {
  test(`when ${DEATHS} workers die at any instruction (seeds from ${SEED})`, async () => {
    stage = await Stage.open();
    const coverage = new Coverage();
    if (seed !== undefined) {
      for (let time = 0; time < TIMES; time++) await play(Number(seed), at === undefined ? {} : { at: Number(at) });
      return;
    }
    for (let seed = SEED; coverage.deaths < DEATHS; seed++) coverage.add(await play(seed));
    console.log(coverage.table(stage));
  });

  test(`when ${DEATHS} workers die at any moment (seeds from ${SEED})`, async () => {
    stage = await Stage.open({ isInstrumented: false });
    if (seed !== undefined) {
      for (let time = 0; time < TIMES; time++) await play(Number(seed), { anywhen: true });
      return;
    }
    for (let seed = SEED, deaths = 0; deaths < DEATHS; seed++) deaths += (await play(seed, { anywhen: true })).length;
  });
});
