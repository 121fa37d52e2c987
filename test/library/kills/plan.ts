/** What happens in a scene: a function of its seed, but for what the threads' timing makes of it. */
import { Random } from "#dist/machines/random.js";
import type { End } from "./actress.js";
import type { Fate, Life } from "./fate.js";
import { repertoire } from "./steps.js";

/**
 * What the main thread does while others work: wait for events, compute, or block, until it ends its victims and after it.
 * `takes part`: it uses the same objects, and blocks on what victims hold, who are another thread's.
 */
const MAINS = ["idle", "busy", "takes part"] as const;
export type Main = (typeof MAINS)[number];

export interface Victim {
  readonly life: Life & { readonly fate: Fate };
  readonly end: End;
}

export interface Plan {
  readonly seed: number;
  readonly main: Main;
  readonly victims: readonly Victim[];
  readonly survivors: readonly Life[];
  readonly repertoire: readonly number[];
  readonly steps: number;
  readonly meetings: number;
  /** Whether a worker that comes after the deaths uses everything, too. */
  readonly fresh: boolean;
}

export const SURVIVORS = 2;
export const MOST_VICTIMS = 3;
const STEPS = 24;
const MEETINGS = 2;
/** Points that nobody passes. */
const NEVER = 2 ** 31;

export interface Chosen {
  /** The point where the first victim dies, and no other does. */
  readonly at?: number;
  /** Victims die at any moment, at no point. */
  readonly anywhen?: boolean;
}

export function plan(seed: number, { at, anywhen = false }: Chosen = {}): Plan {
  const random = new Random(seed);
  const life = (): Life => ({ seed: random.below(2 ** 31), pauseEvery: 20 * 10 ** random.below(3) });
  const main = MAINS[random.below(MAINS.length)]!;
  const victims = Array.from({ length: 1 + random.below(MOST_VICTIMS) }, () => ({
    life: { ...life(), fate: fate(random) },
    end: {
      stands: random.below(3) * random.below(8),
      patience: anywhen ? random.below(60) : 50 + random.below(200),
    },
  }));
  const survivors = Array.from({ length: SURVIVORS }, life);
  const common = {
    seed,
    main,
    survivors,
    repertoire: repertoire(random),
    steps: STEPS,
    meetings: MEETINGS,
    fresh: random.below(4) === 0,
  };
  if (anywhen)
    return { ...common, victims: victims.map((victim) => dying(victim, { how: "terminated", after: NEVER })) };
  if (at === undefined) return { ...common, victims };
  return { ...common, victims: [dying(victims[0]!, { how: "terminated", after: 0, at })] };
}

function dying({ life, end }: Victim, fate: Fate): Victim {
  return { life: { ...life, fate }, end };
}

function fate(random: Random): Fate {
  const after = random.below([20, 200, 1000, 4000][random.below(4)]!);
  const kind = random.below(20);
  if (kind === 0) return { how: "memory", after };
  if (kind < 3) return { how: "throws", after };
  if (kind < 5) return { how: "exits", after };
  if (kind < 7) return { how: "exits", after, exit: random.below(60) };
  return { how: "terminated", after };
}
