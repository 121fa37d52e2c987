import type { Protocol } from "../protocol.js";
import { guardian, OF_POLICIES } from "./policies.js";
import { A_WHILE, FOR_EVER, type Scene, sceneOf, sectionOf } from "./scheduling.js";

/** First come, first served stands for all policies with a central queue. */
const fcfs = "fcfs";

const SCENES: readonly Scene[] = [
  { scenario: "2 for 1 task x 2", policy: fcfs, does: ["run", "run"], tasks: 1, turns: 2 },
  { scenario: "2 for 2 tasks x 2", policy: fcfs, does: ["run", "run"], tasks: 2, turns: 2 },
  { scenario: "2 for 2 tasks, asleep at the guard", policy: fcfs, does: ["run_asleep", "run"], tasks: 2, turns: 1 },
  {
    scenario: "2 for 2 tasks, both asleep at the guard",
    policy: fcfs,
    does: ["run_asleep", "run_asleep"],
    tasks: 2,
    turns: 1,
    long: "sc",
  },
  { scenario: "3 for 2 tasks", policy: fcfs, does: ["run", "run", "run"], tasks: 2, turns: 1, long: "sc" },
  { scenario: "1 for 2 tasks, submitted", policy: fcfs, does: ["run", "submit"], tasks: 2, turns: 1, ready: false },
  {
    scenario: "2 for 1 task, submitted",
    policy: fcfs,
    does: ["run", "run", "submit"],
    tasks: 1,
    turns: 1,
    ready: false,
  },
  {
    scenario: "2 for 2 tasks, submitted",
    policy: fcfs,
    does: ["run", "run", "submit"],
    tasks: 2,
    turns: 1,
    ready: false,
    long: "sc",
  },
  {
    scenario: "1 for 1 task, submitted by one who dies",
    policy: fcfs,
    does: ["run", "submit"],
    tasks: 1,
    turns: 1,
    ready: false,
    mortal: [1],
  },
  {
    scenario: "2 for 1 task, submitted by one who dies",
    policy: fcfs,
    does: ["run", "run", "submit"],
    tasks: 1,
    turns: 1,
    ready: false,
    mortal: [2],
    long: "sc",
  },
  { scenario: "2 for 2 tasks, 1 of them goes", policy: fcfs, does: ["run", "go"], tasks: 2, turns: 1 },
  { scenario: "2 for 2 tasks, 1 of them comes", policy: fcfs, does: ["run", "come"], tasks: 2, turns: 1 },
  {
    scenario: "2 for 2 tasks, 1 of them goes and comes back",
    policy: fcfs,
    does: ["run", "come_back"],
    tasks: 2,
    turns: 1,
  },
  { scenario: "1 for 2 tasks x 2, dying", policy: fcfs, does: ["run"], tasks: 2, turns: 2, mortal: [0] },
  { scenario: "2 for 1 task, one dying", policy: fcfs, does: ["run", "run"], tasks: 1, turns: 1, mortal: [0] },
  {
    scenario: "2 for 2 tasks, one dying",
    policy: fcfs,
    does: ["run", "run"],
    tasks: 2,
    turns: 1,
    mortal: [0],
    long: "sc",
  },
  {
    scenario: "2 for 1 task x 2, one of two dying",
    policy: fcfs,
    does: ["run", "run"],
    tasks: 1,
    turns: 2,
    mortal: [0, 1],
    long: "sc",
  },
  {
    scenario: "1 warm and 1 cold for 1 task x 2, for a while",
    policy: fcfs,
    does: ["run", "run"],
    tasks: 1,
    turns: 2,
    warm: true,
    bound: A_WHILE,
  },
  ...[A_WHILE, FOR_EVER].map(
    (bound): Scene => ({
      scenario: `1 warm and 1 cold for 2 tasks, for ${bound === FOR_EVER ? "ever" : "a while"}`,
      policy: fcfs,
      does: ["run", "run"],
      tasks: 2,
      turns: 1,
      warm: true,
      bound,
    }),
  ),
  {
    scenario: "1 warm and 1 cold for 2 tasks, submitted, for ever",
    policy: fcfs,
    does: ["run", "run", "submit"],
    tasks: 2,
    turns: 1,
    ready: false,
    warm: true,
    bound: FOR_EVER,
    long: "sc",
  },
  {
    scenario: "1 warm that goes and 1 cold for 1 task x 2, for ever",
    policy: fcfs,
    does: ["go", "run"],
    tasks: 1,
    turns: 2,
    warm: true,
    bound: FOR_EVER,
  },
  {
    scenario: "1 warm that dies and 1 cold for 1 task, for ever",
    policy: fcfs,
    does: ["run", "run"],
    tasks: 1,
    turns: 1,
    warm: true,
    bound: FOR_EVER,
    mortal: [0],
  },
];

/** What is not particular to the policy is the queues'. */
const ALONE = OF_POLICIES.filter(
  ({ protocol, scenario }) => protocol === fcfs && scenario.startsWith("one decision after the other"),
).map((claim) => ({ ...claim, protocol: "central-queue" }));

export const CENTRAL_QUEUE: readonly Protocol[] = [
  ...ALONE,
  guardian("central-queue", fcfs),
  sectionOf("central-queue", fcfs, "ask"),
  sectionOf("central-queue", fcfs, "ask", FOR_EVER),
  sectionOf("central-queue", fcfs, "submit"),
  ...SCENES.map((scene) => sceneOf("central-queue", scene)),
];
