/** Which kinds of steps workers make in a scene. */
import type { Random } from "#machines/machines/random.js";
import { STEPS } from "./steps.js";

/** Steps that work on the same objects, by their names: where all do few of them, they meet more often. */
const THEMES = [
  /(mutex|strict)|both/,
  /rwLock|read/,
  /(ticket|mcs)Lock/,
  /permits/,
  /signal/,
  /put|get/,
  /event/,
  /once/,
  /values/,
  /bytes/,
  /latch/,
  /cache/,
  /own|name|borrow|count|replace|tally/,
];

/** Numbers of the steps that are made in a scene: all of them, or those of one theme or two. */
export function repertoire(random: Random): number[] {
  const chosen = Array.from({ length: random.below(3) }, () => THEMES[random.below(THEMES.length)]!);
  const all = STEPS.map((_, which) => which);
  return chosen.length === 0 ? all : all.filter((which) => chosen.some((theme) => theme.test(STEPS[which]![0])));
}
