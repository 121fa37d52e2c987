import type { Protocol } from "../protocol.js";
import { type Load, spinLock } from "./spin-lock.js";

/** What the lock is at first: kernel/library/proofs/mcs-lock.ts says it. */
const SCENES = { free: 0, broken: 1, leaving: 2, owned: 3, stuck: 4, stale: 5, dead: 6 } as const;
type Scene = keyof typeof SCENES;

/** Some only try. One releases what it owns at first, repairs it, or ends in good order as its owner. */
const LOADS: readonly (Load & { readonly scene?: Scene })[] = [
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

const FREED: readonly Protocol[] = (["owned", "stuck"] as const).map((scene) => ({
  protocol: "mcs-lock",
  scenario: `freed while one waits, ${scene}`,
  processors: 2,
  entries: ["mcs_lock_prove_wait_freed", "mcs_lock_prove_free"],
  init: { entry: "mcs_lock_prove_init_freed", arguments: [SCENES[scene]] },
}));

const QUEUES = spinLock({
  protocol: "mcs-lock",
  loads: LOADS,
  init: (turns, scene = "free", strict, forced) => [turns, SCENES[scene as Scene], Number(strict), Number(forced)],
});

export const MCS_LOCK: readonly Protocol[] = [...QUEUES, ...FREED];
