/**
 * Random executions that look for words that are shared. An exploration that finds one more begins again, so each word
 * that they find spares a beginning. They prove nothing, and what they miss the exploration finds.
 */
import { Random } from "../../random.js";
import { Violated } from "../properties/violation.js";
import { NewlyShared } from "../system/cells.js";
import type { System } from "../system/system.js";

/** One step in so many is a death, where one is possible. */
const DEATHS = 64;
/** Mean steps of a processor in a row, one of these for each execution: some words are shared only where few take turns. */
const PATIENCE = [1, 8, 64];
/** Steps after which an execution is given up: it may have no end. */
const LONGEST = 2000;

/**
 * Takes so many steps. The words that turned out to be shared are so from now on; a violation is left to the exploration,
 * which finds a shorter way to it. The system is in any state afterwards.
 */
export function lookForShared(system: System, steps: number): void {
  const random = new Random(1);
  let left = steps;
  while (left > 0) {
    try {
      system.reset();
      left--;
      const end = Math.max(0, left - LONGEST);
      for (const transition of execution(system, random)) {
        if (left-- === end) break;
        system.execute(transition);
        system.cells.commit();
      }
    } catch (error) {
      if (!(error instanceof NewlyShared) && !(error instanceof Violated)) throw error;
      left--;
    }
  }
}

/** Transitions, each to be taken before the next one is asked for. */
function* execution(system: System, random: Random): Generator<number> {
  const patience = PATIENCE[random.below(PATIENCE.length)]!;
  let last: number | undefined;
  while (true) {
    const goesOn = last !== undefined && random.below(patience) !== 0 && system.isEnabled(last);
    if (!goesOn) last = choose(system, random);
    if (last === undefined) return;
    yield last;
  }
}

/** A transition that is enabled; undefined if there is none, or none but deaths. */
function choose(system: System, random: Random): number | undefined {
  const { firstDeath, count } = system.transitions;
  if (count > firstDeath && random.below(DEATHS) === 0) {
    const death = enabled(system, random, firstDeath, count - firstDeath);
    if (death !== undefined) return death;
  }
  return enabled(system, random, 0, firstDeath);
}

/** One of so many transitions that is enabled. */
function enabled(system: System, random: Random, first: number, count: number): number | undefined {
  const begin = random.below(count);
  for (let i = 0; i < count; i++) {
    const transition = first + ((begin + i) % count);
    if (system.isEnabled(transition)) return transition;
  }
  return undefined;
}
