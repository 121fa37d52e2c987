import type { Long, Protocol } from "../protocol.js";

interface Load {
  /**
   * What processors do: they take permits and give them back, so for a while or at once only, or add and consume them.
   */
  readonly does: readonly ("run" | "impatient" | "signal" | "try" | "asynchronously")[];
  /** How many permits each takes at once; the first who signals adds so many. */
  readonly wants: readonly number[];
  readonly permits: number;
  /** Acquisitions of each. */
  readonly turns: number;
  /** How many die at most. */
  readonly deaths: number;
  /** Whether who has slept goes on as if it had never looked. Default: as if it had lost its patience. */
  readonly patient?: boolean;
  readonly long?: Long;
}

/** kernel/library/semaphore.ts: looks in vain after which a sleeper takes the turn. */
const PATIENCE = 32;

const LOADS: readonly Load[] = [
  { does: ["run", "run"], wants: [1, 1], permits: 1, turns: 2, deaths: 0, long: "sc" },
  { does: ["run", "run"], wants: [1, 1], permits: 1, turns: 1, deaths: 1, long: "sc" },
  { does: ["run", "run"], wants: [1, 1], permits: 1, turns: 1, deaths: 2, long: "sc" },
  { does: ["run", "run"], wants: [1, 1], permits: 1, turns: 2, deaths: 1, long: "prove" },
  { does: ["run", "run"], wants: [2, 1], permits: 2, turns: 1, deaths: 1, long: "sc" },
  { does: ["run", "impatient"], wants: [1, 2], permits: 2, turns: 1, deaths: 1, long: "sc" },
  { does: ["try", "try"], wants: [2, 1], permits: 2, turns: 1, deaths: 0 },
  { does: ["try", "run"], wants: [2, 1], permits: 2, turns: 1, deaths: 1 },
  { does: ["impatient", "impatient", "impatient"], wants: [1, 1, 1], permits: 3, turns: 1, deaths: 1, long: "prove" },
  { does: ["run", "asynchronously"], wants: [1, 1], permits: 1, turns: 1, deaths: 0 },
  { does: ["run", "run", "run"], wants: [2, 1, 1], permits: 2, turns: 1, deaths: 0, long: "prove" },
  { does: ["signal", "impatient", "signal"], wants: [1, 2, 1], permits: 0, turns: 1, deaths: 0, long: "sc" },
  {
    does: ["signal", "impatient", "signal"],
    wants: [1, 2, 1],
    permits: 0,
    turns: 1,
    deaths: 0,
    patient: true,
    long: "sc",
  },
];

/** One sleeps with the turn, another adds a permit and wants one; who sleeps may die. */
function turn(deaths: number): Protocol {
  return {
    protocol: "semaphore",
    scenario: ["the turn", deaths > 0 && "who has it dying"].filter(Boolean).join(", "),
    processors: 2,
    entries: "semaphore_prove_turn",
    init: { entry: "semaphore_prove_init_turn" },
    final: { entry: "semaphore_prove_end" },
    ...(deaths > 0 && { deaths: { entry: "prove_death", processors: [1] }, long: "sc" }),
  };
}

/**
 * One sleeps, another sees to it that it gets a permit; who does may die then, but for one who adds what was not there.
 */
const WAKES: readonly Protocol[] = ["adds a permit", "gives back its permit", "gives up its turn"].map((what, by) => ({
  protocol: "semaphore",
  scenario: `one sleeps, another ${what}${by > 0 ? ", dying" : ""}`,
  processors: 2,
  entries: "semaphore_prove_wake",
  init: { entry: "semaphore_prove_init_wake", arguments: [by] },
  final: { entry: "semaphore_prove_end" },
  ...(by > 0 && { deaths: { entry: "prove_death", processors: [0] } }),
}));

/** One permit fewer than there can be: several add one at once, and one of them does. */
const LIMIT: Protocol = {
  protocol: "semaphore",
  scenario: "the limit",
  processors: 2,
  entries: "semaphore_prove_limit",
  init: { entry: "semaphore_prove_init", arguments: [2 ** 31 - 2, 1, 0, 0, 0, 0] },
  final: { entry: "semaphore_prove_limit_end" },
};

function claim({ does, wants, permits, turns, deaths, patient = false, long }: Load): Protocol {
  return {
    protocol: "semaphore",
    scenario: [
      `${does.map((what, i) => `${what} ${wants[i]}`).join(", ")} of ${permits}`,
      turns > 1 && `${turns} times`,
      patient && "patient",
      deaths && `${deaths} dying`,
    ]
      .filter(Boolean)
      .join(", "),
    processors: does.length,
    ...(does.every((what) => what === "try") && { invariant: { entry: "semaphore_prove_unmarked" } }),
    entries: does.map((what) => `semaphore_prove_${what}`),
    init: {
      entry: "semaphore_prove_init",
      arguments: [permits, turns, wants[0]!, wants[1]!, wants[2] ?? 0, patient ? 0 : PATIENCE],
    },
    final: { entry: "semaphore_prove_end" },
    ...(deaths > 0 && { deaths: { entry: "prove_death", most: deaths } }),
    long,
  };
}

/** One operation, or one move of permits, after the other, to begin with three. */
const ALONE: readonly Protocol[] = [
  {
    scenario: "one operation after the other",
    entries: "semaphore_prove_alone",
    invariant: { entry: "semaphore_prove_guarded" },
  },
  { scenario: "one move after the other", entries: "ledger_prove_alone" },
].map((claim) => ({
  protocol: "semaphore",
  ...claim,
  processors: 1,
  init: { entry: "semaphore_prove_init", arguments: [3, 1, 0, 0, 0, 0] },
}));

/** One does all that can be done, and may die at each step. */
const STEPS: Protocol = {
  protocol: "semaphore",
  scenario: "one operation after the other, dying",
  processors: 1,
  entries: "semaphore_prove_steps",
  init: { entry: "semaphore_prove_steps_init" },
  invariant: { entry: "semaphore_prove_guarded" },
  final: { entry: "semaphore_prove_steps_end" },
  deaths: { entry: "prove_death" },
};

/** Two move a permit to their accounts, and back; one of them may die. Then there are scenes of what is hard. */
const MOVES: readonly Protocol[] = [
  {
    scenario: "two move permits, one dying",
    processors: 2,
    entries: "ledger_prove_run",
    init: { entry: "semaphore_prove_init", arguments: [3, 1, 0, 0, 0, 0] },
    final: { entry: "ledger_prove_end", arguments: [3] },
    deaths: { entry: "ledger_prove_death", most: 1 },
  },
  {
    scenario: "three move permits, who has moved before dying",
    processors: 3,
    entries: "ledger_prove_take",
    init: { entry: "ledger_prove_take_init" },
    final: { entry: "ledger_prove_end", arguments: [4] },
    deaths: { entry: "ledger_prove_death", processors: [2] },
  },
  ...[0, 2].map((seen) => ({
    scenario: `a move after one of who died, ${seen === 0 ? "not witnessed yet" : "witnessed"}`,
    processors: 2,
    entries: "ledger_prove_late",
    init: { entry: "ledger_prove_late_init", arguments: [seen] },
    final: { entry: "ledger_prove_end", arguments: [4] },
  })),
  ...[
    { scenario: "a move is settled, who settles dying", processors: 1, deaths: { entry: "ledger_prove_death" } },
    { scenario: "a move is settled while its semaphore is freed", processors: 2 },
  ].map((claim) => ({
    ...claim,
    entries: "ledger_prove_settle",
    init: { entry: "ledger_prove_settle_init" },
    final: { entry: "ledger_prove_settle_end" },
  })),
].map((claim) => ({ protocol: "semaphore", ...claim }));

export const SEMAPHORE: readonly Protocol[] = [
  ...ALONE,
  STEPS,
  ...MOVES,
  ...[0, 1].map(turn),
  ...WAKES,
  LIMIT,
  ...LOADS.map(claim),
];
