import type { Protocol } from "../protocol.js";

interface Load {
  readonly scenario: string;
  /** What each processor does: those who run do it `turns` times. */
  readonly does: readonly ("run" | "awake" | "repair")[];
  readonly turns: number;
  /** The processors of which one dies. */
  readonly mortal?: readonly number[];
}

const LOADS: readonly Load[] = [
  { scenario: "two, one after the other", does: ["run", "run"], turns: 1 },
  { scenario: "two, twice", does: ["run", "run"], turns: 2 },
  { scenario: "one that does not sleep", does: ["run", "awake"], turns: 1 },
  { scenario: "two that do not sleep", does: ["awake", "awake"], turns: 1 },
  { scenario: "one that repairs", does: ["run", "repair"], turns: 1 },
  { scenario: "one, twice, dying", does: ["run"], turns: 2, mortal: [0] },
  { scenario: "two, one dying", does: ["run", "run"], turns: 1, mortal: [0] },
];

const ALONE: Protocol = {
  protocol: "guard",
  scenario: "one step after the other",
  processors: 1,
  entries: "guard_prove_alone",
  init: { entry: "guard_prove_init", arguments: [1] },
};

const SLEEPS: readonly Protocol[] = [false, true].map((contended) => ({
  protocol: "guard",
  scenario: contended ? "one asleep after another" : "one asleep",
  processors: 2,
  entries: "guard_prove_sleep",
  init: { entry: "guard_prove_init_sleep", arguments: [Number(contended)] },
  final: { entry: "guard_prove_end", arguments: [2, 2] },
}));

export const GUARD: readonly Protocol[] = [
  ALONE,
  ...SLEEPS,
  ...LOADS.map(({ scenario, does, turns, mortal }) => {
    const most = turns * does.length;
    return {
      protocol: "guard",
      scenario,
      processors: does.length,
      entries: does.map((what) => `guard_prove_${what}`),
      init: { entry: "guard_prove_init", arguments: [turns] },
      final: { entry: "guard_prove_end", arguments: [mortal ? most - turns : most, most] },
      ...(mortal && { deaths: { entry: "prove_death", processors: mortal } }),
    };
  }),
];
