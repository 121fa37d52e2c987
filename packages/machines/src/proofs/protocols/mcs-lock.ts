import { FIFO, type Long, type Protocol } from "../protocol.js";

/** What the lock is at first: kernel/library/proofs/mcs-lock.ts says it. */
const SCENES = { free: 0, broken: 1, leaving: 2, owned: 3, stuck: 4, stale: 5, dead: 6 } as const;
type Scene = keyof typeof SCENES;

interface Load {
  /** What processors do: some only try. One releases what it owns at first, repairs it, or ends in good order as its owner. */
  readonly does: readonly ("run" | "try" | "release" | "repair_owner" | "resign")[];
  /** Acquisitions of each who runs. */
  readonly turns: number;
  /** How many die at most. */
  readonly deaths: number;
  readonly scene?: Scene;
  readonly long?: Long;
  /** Whether they are served in the order in which they got in line. */
  readonly ordered?: boolean;
}

const LOADS: readonly Load[] = [
  { does: ["run", "run"], turns: 3, deaths: 0, ordered: true },
  { does: ["run", "run", "run"], turns: 2, deaths: 0, ordered: true },
  { does: ["run"], turns: 2, deaths: 1 },
  { does: ["try"], turns: 1, deaths: 1 },
  { does: ["resign"], turns: 1, deaths: 1 },
  { does: ["try", "try"], turns: 1, deaths: 0 },
  { does: ["run", "run"], turns: 1, deaths: 0, scene: "broken" },
  { does: ["release", "run"], turns: 1, deaths: 0, scene: "leaving" },
  { does: ["release", "try"], turns: 1, deaths: 0, scene: "stale" },
  { does: ["repair_owner", "run"], turns: 1, deaths: 0, scene: "dead" },
  { does: ["run", "run"], turns: 1, deaths: 1 },
  { does: ["run", "run"], turns: 1, deaths: 2 },
  { does: ["run", "try"], turns: 1, deaths: 1 },
  { does: ["run", "run", "try"], turns: 1, deaths: 0 },
  { does: ["run", "run", "run"], turns: 1, deaths: 1, long: "prove" },
];

const initial = (turns: number, scene: Scene, strict: boolean, forced: boolean) => ({
  entry: "mcs_lock_prove_init",
  arguments: [turns, SCENES[scene], Number(strict), Number(forced)],
});

const QUEUES: readonly Protocol[] = LOADS.map(({ does, turns, deaths, scene = "free", ordered = false, long }) => ({
  protocol: "mcs-lock",
  scenario: [
    `${does.join(", ").replace("_", " ")} x ${turns}`,
    scene !== "free" && scene,
    ordered && "in order",
    deaths && `${deaths} dying`,
  ]
    .filter(Boolean)
    .join(", "),
  processors: does.length,
  entries: does.map((what) => `mcs_lock_prove_${what}`),
  init: initial(turns, scene, false, false),
  final: { entry: "mcs_lock_prove_end" },
  ...(deaths > 0 && { deaths: { entry: "prove_death", most: deaths } }),
  ...(ordered && { order: FIFO }),
  long,
}));

/** One processor acts for two workers. */
const ALONE: readonly Protocol[] = ["alone", "repair"].map((entry) => ({
  protocol: "mcs-lock",
  scenario: entry === "alone" ? "one operation after the other" : "one death after the other",
  processors: 1,
  entries: `mcs_lock_prove_${entry}`,
  init: initial(1, "free", false, false),
  final: { entry: "mcs_lock_prove_end" },
}));

const CREATED: readonly Protocol[] = [true, false].map((strict) => ({
  protocol: "mcs-lock",
  scenario: strict ? "strict ones until the space is full" : "forced ones until the space is full",
  processors: 1,
  entries: "mcs_lock_prove_create",
  arguments: [Number(strict), Number(!strict)],
  init: initial(1, "free", strict, !strict),
}));

const FREED: readonly Protocol[] = (["owned", "stuck"] as const).map((scene) => ({
  protocol: "mcs-lock",
  scenario: `freed while one waits, ${scene}`,
  processors: 2,
  entries: ["mcs_lock_prove_wait_freed", "mcs_lock_prove_free"],
  init: { entry: "mcs_lock_prove_init_freed", arguments: [SCENES[scene]] },
}));

export const MCS_LOCK: readonly Protocol[] = [...ALONE, ...CREATED, ...FREED, ...QUEUES];
