/** Scenes, one after the other, each with what plays it again where it fails. */
import { expect } from "vitest";
import { type Chosen, plan } from "./plan.js";
import { Coverage } from "./report.js";
import type { Stage } from "./stage.js";

/** `KILLS=seed` or `KILLS=seed@point,point` plays that scene alone, so many times, as threads take their time. */
const TIMES = 20;

/** Plays scenes of seeds from `seed` on, until so many have died; or the one that `KILLS` says. */
export async function playScenes(stage: Stage, seed: number, deaths: number, chosen: Chosen = {}): Promise<Coverage> {
  const coverage = new Coverage();
  const [, again, at] = /^(\d+)(?:@([-,\d]+))?$/.exec(process.env.KILLS ?? "") ?? [];
  if (again !== undefined) {
    const point = at === undefined ? chosen : { ...chosen, at: pointsOf(at) };
    for (let time = 0; time < TIMES; time++) coverage.add(await playScene(stage, Number(again), point));
  }
  for (let next = seed; again === undefined && coverage.deaths < deaths; next++) {
    coverage.add(await playScene(stage, next, chosen));
  }
  return coverage;
}

/** `12,-,7`: - for one that died at none. */
function pointsOf(text: string): (number | undefined)[] {
  return text.split(",").map((point) => (point === "-" ? undefined : Number(point)));
}

export async function playScene(stage: Stage, seed: number, chosen: Chosen) {
  try {
    return await stage.play(plan(seed, chosen));
  } catch (error) {
    const points = chosen.at?.join() ?? stage.stopped;
    const scene = /\d/.test(points) ? `${seed}@${points}` : seed;
    const test = chosen.anywhen ? "moment" : "instruction";
    throw new Error(
      `Again: KILLS=${scene} npx vitest run test/library/kills.test.ts -t ${test}\n${(error as Error).message}`,
    );
  }
}

/**
 * Lets one die at each point of a part that the coverage knows to be reached, if none has died at it: in the scene that
 * reached it first, and if that takes another way now, in the next ones.
 *
 * @returns of these points, those at which somebody died, and those at which none could be made to die
 */
async function playPoints(stage: Stage, coverage: Coverage, seed: number, isOfPart: (point: number) => boolean) {
  const died: number[] = [];
  const rest: number[] = [];
  for (const [point, reached] of stage.reached.entries()) {
    if (reached === 0 || !isOfPart(point)) continue;
    for (let turn = 0; turn < TURNS && !coverage.died.has(point); turn++) {
      coverage.add(await playScene(stage, seed + reached - 1 + turn, { at: [point] }));
    }
    (coverage.died.has(point) ? died : rest).push(point);
  }
  return { died, rest };
}

const TURNS = 2;

/** Deaths of a half, of the seeds from then on. */
export const DEATHS_OF_HALF = 300;
export const SEEDS = [1_000_000, 2_000_000] as const;

/**
 * So many deaths, and one at every fourth point that they reach: of the points with odd numbers, one half or the other. Two
 * files play them, as each takes minutes.
 */
export async function playHalf(stage: Stage, half: 0 | 1): Promise<void> {
  const seed = SEEDS[half];
  const coverage = await playScenes(stage, seed, DEATHS_OF_HALF);
  const { died, rest } = await playPoints(stage, coverage, seed, (point) => point % 4 === 1 + 2 * half);
  console.log(coverage.table(stage));
  console.log(`Reached by none:\n${coverage.missing(stage).join("\n")}`);
  console.log(`Reached, but none died there:\n${rest.map((point) => stage.describe(point)).join("\n")}`);
  // A point that hundreds of scenes reached once may not be reached again: threads take their time, most of all on a busy
  // computer.
  expect(died.length).toBeGreaterThan(rest.length / 6);
}
