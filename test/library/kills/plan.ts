/** What happens in a scene: a function of its seed, but for what the threads' timing makes of it. */
import { Random } from "#machines/machines/random.js";
import type { End } from "./actress.js";
import { DRILLS } from "./drills.js";
import type { Fate, Life } from "./fate.js";
import { repertoire } from "./repertoire.js";

/**
 * What the main thread does while others work: wait for events, compute, or block, from before it ends a victim until after
 * it. `takes part`: it uses the same objects, and blocks on what victims hold, who are another thread's.
 */
const MAINS = ["idle", "busy", "blocked", "takes part"] as const;
export type Main = (typeof MAINS)[number];

export interface Victim {
  readonly life: Life & { readonly fate: Fate };
  readonly end: End;
}

/** Those who work at the same time: the survivors, who are in every wave, and those who die in this one. */
export interface Wave {
  readonly survivors: readonly Life[];
  readonly victims: readonly Victim[];
}

export interface Plan {
  readonly seed: number;
  readonly main: Main;
  readonly waves: readonly Wave[];
  /** Numbers of the kinds of steps that survivors make, and victims. */
  readonly survivors: readonly number[];
  readonly victims: readonly number[];
  /** Steps of a survivor in a wave. */
  readonly steps: number;
  /** How often survivors meet the others; absent: nobody meets. */
  readonly meetings?: number;
  /** Whether a worker that comes after the deaths uses everything, too. */
  readonly fresh: boolean;
  /** The number of a drill; absent: main helps whoever waits. */
  readonly drill?: number;
}

export const SURVIVORS = 2;
/** In a wave. */
export const MOST_VICTIMS = 3;
const STEPS = 24;
const MEETINGS = 2;
/** Of so many scenes one is a drill, with as many victims as the others together. */
const DRILL_EVERY = 12;
export const WAVES = 8;
const STEPS_IN_WAVE = 8;
/** Points that nobody passes. */
const NEVER = 2 ** 31;

export interface Chosen {
  /** The point where the first victim dies, and no other does; or of several, where each does, if known. */
  readonly at?: readonly (number | undefined)[];
  /** Victims die at any moment, at no point. */
  readonly anywhen?: boolean;
}

export function plan(seed: number, chosen: Chosen = {}): Plan {
  const random = new Random(seed);
  const main = MAINS[random.below(MAINS.length)]!;
  const common = { seed, main, fresh: random.below(4) === 0 };
  if (seed % DRILL_EVERY === 0) {
    const drill = (seed / DRILL_EVERY) % DRILLS.length;
    const { survivors, victims } = DRILLS[drill]!;
    const waves = Array.from({ length: WAVES }, () => wave(random, main, MOST_VICTIMS, SHORT));
    return { ...common, drill, survivors, victims, steps: STEPS_IN_WAVE, waves: changed(waves, chosen) };
  }
  const steps = repertoire(random);
  const waves = [wave(random, main, 1 + random.below(MOST_VICTIMS), LONG)];
  const times = { steps: STEPS, meetings: MEETINGS };
  return { ...common, ...times, survivors: steps, victims: steps, waves: changed(waves, chosen) };
}

/** Most points that a victim passes before it may die, of which one is taken. */
const LONG = [20, 200, 1000, 4000];
const SHORT = [20, 100, 300, 1000];

function wave(random: Random, main: Main, victims: number, most: readonly number[]): Wave {
  const life = (): Life => ({ seed: random.below(2 ** 31), pauseEvery: 20 * 10 ** random.below(3) });
  return {
    survivors: Array.from({ length: SURVIVORS }, life),
    victims: Array.from({ length: victims }, () => ({
      life: { ...life(), fate: fate(random, most) },
      end: {
        stands: random.below(3) * random.below(8),
        patience: 50 + random.below(200),
        ...(main === "blocked" && { blocks: random.below(80) }),
      },
    })),
  };
}

function changed(waves: readonly Wave[], { at, anywhen = false }: Chosen): readonly Wave[] {
  if (anywhen) {
    const each = (victim: Victim): Victim => {
      const end = { ...victim.end, patience: victim.end.patience % 60 };
      return { ...dying(victim, { how: "terminated", from: "attach", after: NEVER }), end };
    };
    return waves.map((wave) => ({ ...wave, victims: wave.victims.map(each) }));
  }
  if (at === undefined) return waves;
  const [first] = waves;
  if (at.length === 1) {
    const only = dying(first!.victims[0]!, { how: "terminated", from: "attach", after: 0, at: at[0]! });
    return [{ ...first!, victims: [only] }];
  }
  const again = (victim: Victim, point: number | undefined) =>
    point === undefined ? victim : dying(victim, { ...victim.life.fate, at: point });
  return waves.map((wave, number) => ({
    ...wave,
    victims: wave.victims.map((victim, i) => again(victim, at[number * MOST_VICTIMS + i])),
  }));
}

function dying({ life, end }: Victim, fate: Fate): Victim {
  return { life: { ...life, fate }, end };
}

function fate(random: Random, most: readonly number[]): Fate {
  const after = random.below(most[random.below(most.length)]!);
  const from = random.below(6) === 0 ? "attach" : "steps";
  const kind = random.below(20);
  if (kind === 0) return { how: "memory", from, after };
  if (kind === 1) return { how: "throws", from, after };
  if (kind === 2) return { how: "exits", from, after };
  if (kind === 3) return { how: "exits", from, after, exit: random.below(60) };
  return { how: "terminated", from, after, spreads: true };
}
