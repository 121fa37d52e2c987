/** Scenes, one after the other, each with what plays it again where it fails. */
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
 * Lets one die at every second point that the coverage knows to be reached, if none has died at it: in the scene that
 * reached it first, and if that takes another way now, in the next ones.
 *
 * @returns of these points, those at which somebody died, and those at which none could be made to die
 */
export async function playPoints(stage: Stage, coverage: Coverage, seed: number) {
  const died: number[] = [];
  const rest: number[] = [];
  for (const [point, reached] of [...stage.reached.entries()].filter(([, reached]) => reached !== 0).filter(isSecond)) {
    for (let turn = 0; turn < TURNS && !coverage.died.has(point); turn++) {
      coverage.add(await playScene(stage, seed + reached - 1 + turn, { at: [point] }));
    }
    (coverage.died.has(point) ? died : rest).push(point);
  }
  return { died, rest };
}

const isSecond = (_: unknown, i: number): boolean => i % 2 === 1;

const TURNS = 2;
