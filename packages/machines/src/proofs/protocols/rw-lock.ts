import type { Long, Protocol } from "../protocol.js";

interface Load {
  /** What processors do: impatient ones write, unless they have to wait long; some only try. */
  readonly does: readonly ("write" | "read" | "impatient" | "try" | "asynchronously" | "twice")[];
  /** Of each who writes or reads. */
  readonly turns: number;
  /** How many die at most. */
  readonly deaths: number;
  /** Whether an heir demands the lock as soon as it has looked in vain. */
  readonly demands?: boolean;
  readonly long?: Long;
}

const LOADS: readonly Load[] = [
  { does: ["write", "read"], turns: 2, deaths: 0 },
  { does: ["write", "read"], turns: 1, deaths: 2, long: "sc" },
  { does: ["write", "read"], turns: 1, deaths: 1, demands: true, long: "sc" },
  { does: ["write", "write"], turns: 1, deaths: 1 },
  { does: ["impatient", "read"], turns: 1, deaths: 1, long: "sc" },
  { does: ["try", "try"], turns: 1, deaths: 0 },
  { does: ["try", "read"], turns: 1, deaths: 1 },
  { does: ["asynchronously", "read"], turns: 1, deaths: 1, long: "sc" },
  { does: ["twice", "read"], turns: 1, deaths: 0 },
  { does: ["asynchronously", "read", "asynchronously"], turns: 1, deaths: 0, long: "sc" },
  { does: ["write", "read", "read"], turns: 1, deaths: 0, long: "sc" },
  { does: ["write", "read", "write"], turns: 1, deaths: 0, demands: true, long: "sc" },
  { does: ["write", "read", "write"], turns: 1, deaths: 1, long: "prove" },
];

const ALONE: readonly Protocol[] = [
  ["a lock that is made", "rw_lock_prove_create"],
  ["writers, one operation after the other", "rw_lock_prove_writing"],
  ["a writer that waits for readers, one operation after the other", "rw_lock_prove_draining"],
  ["readers, one operation after the other", "rw_lock_prove_reading"],
  ["readers that are kept out, one operation after the other", "rw_lock_prove_kept_out"],
  ["deaths, one operation after the other", "rw_lock_prove_repairs"],
].map(([scenario, entry]) => ({
  protocol: "rw-lock",
  scenario: scenario!,
  processors: 1,
  entries: entry!,
  init: { entry: "rw_lock_prove_alone_init", arguments: [] },
}));

/** What slot 1 has done before: kernel/library/proofs/rw-lock.ts. */
const [NOTHING, WRITES, READS, DRAINS, INHERITS] = [0, 1, 2, 3, 4];

/** One does one thing, and may die in it; another writes meanwhile, or later. */
const ONE_THING: readonly Protocol[] = [
  { scenario: "a writer unlocks", before: WRITES, does: "unlocks" },
  { scenario: "a reader unlocks", before: READS, does: "unlocks" },
  { scenario: "who waited for readers gives up", before: DRAINS, does: "gives_up" },
  { scenario: "the heir gives up", before: INHERITS, does: "gives_up" },
  { scenario: "one reads", before: NOTHING, does: "reads" },
  { scenario: "one who slept reads", before: NOTHING, does: "reads_then" },
].map(({ scenario, before, does }) => ({
  protocol: "rw-lock",
  scenario: `${scenario}, dying`,
  processors: 2,
  entries: [`rw_lock_prove_${does}`, "rw_lock_prove_write"],
  init: { entry: "rw_lock_prove_init_before", arguments: [before] },
  final: { entry: "rw_lock_prove_end" },
  deaths: { entry: "prove_death", processors: [0] },
}));

/** Behind the words that kernel/library/proofs/rw-lock.ts keeps. */
const PLACE = 32768 + 128;

/** What JavaScript calls, by itself. */
const CALLED: Protocol = {
  protocol: "rw-lock",
  scenario: "a reader that is the heir gives up, dying",
  processors: 1,
  entries: "rw_lock_give_up_shared",
  arguments: [PLACE],
  init: { entry: "rw_lock_prove_called_init", arguments: [PLACE] },
  final: { entry: "rw_lock_prove_called_end", arguments: [PLACE] },
  deaths: { entry: "prove_death" },
};

const TOGETHER: readonly Protocol[] = LOADS.map(({ does, turns, deaths, demands = false, long }) => ({
  protocol: "rw-lock",
  scenario: [`${does.join(", ")} x ${turns}`, demands && "demanded", deaths && `${deaths} dying`]
    .filter(Boolean)
    .join(", "),
  processors: does.length,
  ...(does.every((what) => what === "try") && { invariant: { entry: "rw_lock_prove_unmarked" } }),
  entries: does.map((what) => `rw_lock_prove_${what}`),
  init: { entry: "rw_lock_prove_init", arguments: [turns, Number(demands)] },
  final: { entry: "rw_lock_prove_end" },
  ...(deaths > 0 && { deaths: { entry: "prove_death", most: deaths } }),
  long,
}));

export const RW_LOCK: readonly Protocol[] = [...ALONE, ...ONE_THING, CALLED, ...TOGETHER];
