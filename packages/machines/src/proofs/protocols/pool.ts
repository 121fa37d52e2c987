import type { Long, Protocol } from "../protocol.js";
import { POLICIES, type Policy } from "./scheduling.js";

/** As kernel/library/proofs/pool.ts has them. */
const MANNERS = { cancels: 1, pins: 2, retries: 4, scarce: 8, endless: 16, returns: 32, grows: 64 };
const OUTCOMES = { value: 1, died: 2, "never begun": 3, rejected: 4, none: 0 };

type Manner = keyof typeof MANNERS;
type Outcome = keyof typeof OUTCOMES;

/** What a processor does: those who submit come first, then those who execute. */
type Does = "submit" | "execute" | "come" | "leave" | "nested" | "grow" | "make";

interface Scene {
  readonly scenario: string;
  readonly does: readonly Does[];
  /** Of each submitter. */
  readonly jobs?: number;
  readonly policy?: Policy;
  /** The processor that is the maker; a thread of its own, if it is left out. */
  readonly maker?: number;
  readonly manners?: readonly Manner[];
  /** What jobs end with, unless their submitter dies. */
  readonly outcomes?: readonly [Outcome, Outcome?];
  readonly mortal?: readonly number[];
  readonly long?: Long;
}

/** Processors that are executors, from the beginning on or later. */
const EXECUTORS: readonly Does[] = ["execute", "come", "leave", "nested", "grow"];

const SCENES: readonly Scene[] = [
  { scenario: "1 job, 1 executor", does: ["submit", "execute"] },
  { scenario: "2 jobs, 1 executor", does: ["submit", "execute"], jobs: 2 },
  { scenario: "1 job, 2 executors", does: ["submit", "execute", "execute"], long: "sc" },
  { scenario: "1 job each of 2, 1 executor", does: ["submit", "submit", "execute"], long: "prove" },
  { scenario: "1 job, and its executor comes", does: ["submit", "come"] },
  {
    scenario: "1 job, taken back",
    does: ["submit", "execute"],
    manners: ["cancels"],
    outcomes: ["value", "never begun"],
  },
  {
    scenario: "1 job, told to stop",
    does: ["submit", "execute"],
    manners: ["cancels", "endless"],
    outcomes: ["value", "never begun"],
  },
  { scenario: "1 job for one executor", does: ["submit", "execute"], manners: ["pins"] },
  {
    scenario: "1 job for one executor, which leaves",
    does: ["submit", "leave"],
    manners: ["pins"],
    outcomes: ["died", "never begun"],
  },
  {
    scenario: "1 job for one executor, taken back",
    does: ["submit", "execute"],
    manners: ["pins", "cancels"],
    outcomes: ["value", "never begun"],
  },
  { scenario: "1 job of an executor", does: ["nested", "execute"] },
  { scenario: "1 job, and nobody is there", does: ["submit", "grow"], maker: 1, manners: ["grows"] },
  {
    scenario: "1 job each of 2, and one record",
    does: ["submit", "submit", "execute"],
    manners: ["scarce"],
    long: "sc",
  },
  { scenario: "1 job, its submitter dying", does: ["submit", "execute"], mortal: [0], long: "sc" },
  {
    scenario: "1 job for one executor, its submitter dying",
    does: ["submit", "execute"],
    manners: ["pins"],
    mortal: [0],
  },
  {
    scenario: "1 job for one executor, which leaves, its submitter dying",
    does: ["submit", "leave"],
    manners: ["pins"],
    mortal: [0],
  },
  {
    scenario: "1 job, taken back, its submitter dying",
    does: ["submit", "execute"],
    manners: ["cancels"],
    mortal: [0],
    long: "sc",
  },
  {
    scenario: "1 job, its executor dying, and coming back",
    does: ["submit", "execute"],
    manners: ["retries", "returns"],
    mortal: [1],
    outcomes: ["value"],
    long: "sc",
  },
  {
    scenario: "1 job, its executor dying, of the maker",
    does: ["submit", "execute"],
    maker: 0,
    manners: ["returns"],
    mortal: [1],
    outcomes: ["value", "died"],
    long: "sc",
  },
  {
    scenario: "1 job for one executor, which leaves, dying",
    does: ["submit", "leave"],
    manners: ["pins"],
    mortal: [1],
    outcomes: ["died", "never begun"],
  },
  {
    scenario: "1 job, the maker dying",
    does: ["submit", "execute", "make"],
    maker: 2,
    mortal: [2],
    outcomes: ["value", "rejected"],
    long: "sc",
  },
  { scenario: "1 job of an executor, which dies", does: ["nested", "execute"], mortal: [0], long: "sc" },
  {
    scenario: "1 job of an executor, the other one dying, and coming back",
    does: ["nested", "execute"],
    manners: ["retries", "returns"],
    mortal: [1],
    long: "sc",
  },
  {
    scenario: "1 job, 2 executors, one dying",
    does: ["submit", "execute", "execute"],
    manners: ["retries"],
    mortal: [1],
    long: "prove",
  },
];

function sceneOf(scene: Scene): Protocol {
  const { scenario, does, jobs = 1, policy = "fcfs", maker, manners = [], outcomes = ["value"], mortal, long } = scene;
  const submitting = does.filter((what) => what === "submit").length;
  const first = does.findIndex((what) => EXECUTORS.includes(what));
  const present = does.filter((what) => EXECUTORS.includes(what) && what !== "come" && what !== "grow").length;
  const how = manners.reduce((sum, manner) => sum + MANNERS[manner], 0);
  const [outcome, other = outcome] = outcomes;
  const isOutcomeLost = mortal?.some((p) => p < submitting || does[p] === "nested");
  return {
    protocol: "pool",
    scenario,
    processors: does.length,
    entries: does.map((what) => `pool_prove_${what}`),
    init: {
      entry: "pool_prove_init",
      arguments: [POLICIES.indexOf(policy), submitting, first, present, jobs, maker ?? does.length, how],
    },
    final: isOutcomeLost
      ? { entry: "pool_prove_end" }
      : { entry: "pool_prove_end_all", arguments: [OUTCOMES[outcome], OUTCOMES[other]] },
    ...(mortal && { deaths: { entry: "pool_prove_death", processors: mortal } }),
    long,
  };
}

/** A worker had a job of the maker's, and died; the guardian is cut off anywhere, and begins again. */
const CUT_OFF: Protocol = {
  protocol: "pool",
  scenario: "a repair that is cut off, and done again",
  processors: 2,
  entries: ["pool_prove_guardian", "pool_prove_await"],
  init: { entry: "pool_prove_init_dead", arguments: [POLICIES.indexOf("fcfs")] },
  final: { entry: "pool_prove_end_all", arguments: [OUTCOMES.died, OUTCOMES.died] },
  deaths: { entry: "pool_prove_cut_off", processors: [0] },
};

/** One thread acts for all. */
const ALONE: readonly Protocol[] = (
  [
    ["where its words are", "layout", 96, "priority"],
    ["one job after the other", "life", 32],
    ["who is told of what", "told", 96],
    ["what is taken back, told, and pinned", "cancelled", 32],
    ["idle executors, and mail", "idle", 32],
    ["keys that are warm", "warm", 32],
    ["jobs that are stolen", "stolen", 32, "work-stealing"],
    ["how it is closed", "closed", 32],
    ["what a dead worker leaves", "dead", 32],
    ["a job that a dead executor had just been given", "named", 32],
    ["room for pools of every size", "room", 32],
  ] as [string, string, number, Policy?][]
).map(([scenario, does, records, policy = "fcfs"]) => ({
  protocol: "pool",
  scenario,
  processors: 1,
  entries: `pool_prove_${does}`,
  init: { entry: "pool_prove_init_alone", arguments: [POLICIES.indexOf(policy), records, 3] },
  ...(does === "room" && { long: "sc" as const }),
}));

export const POOL: readonly Protocol[] = [...ALONE, CUT_OFF, ...SCENES.map(sceneOf)];
