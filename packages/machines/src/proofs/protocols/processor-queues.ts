import type { Protocol } from "../protocol.js";
import { guardian, OF_POLICIES } from "./policies.js";
import { A_WHILE, FOR_EVER, type Policy, type Scene, sceneOf, sectionOf } from "./scheduling.js";

/** Stealing is what a queue for each processor makes hard; with a fixed processor there is none. */
const stealing: Policy = "work-stealing";
const fixed: Policy = "fixed-processor";

const SCENES: readonly Scene[] = [
  { scenario: "2 for 1 task x 2", policy: stealing, does: ["run", "run"], tasks: 1, turns: 2 },
  { scenario: "2 for 2 tasks x 2", policy: stealing, does: ["run", "run"], tasks: 2, turns: 2 },
  {
    scenario: "2 for 2 tasks, all in one queue",
    policy: stealing,
    does: ["run", "run"],
    tasks: 2,
    turns: 1,
    warm: true,
  },
  {
    scenario: "2 for 3 tasks, all in one queue",
    policy: stealing,
    does: ["run", "run"],
    tasks: 3,
    turns: 1,
    warm: true,
  },
  {
    scenario: "2 for 2 tasks, asleep at the guard",
    policy: stealing,
    does: ["run_asleep", "run_asleep"],
    tasks: 2,
    turns: 1,
    warm: true,
  },
  {
    scenario: "3 for 2 tasks, all in one queue",
    policy: stealing,
    does: ["run", "run", "run"],
    tasks: 2,
    turns: 1,
    warm: true,
    long: "sc",
  },
  ...([stealing, fixed] as const).flatMap((policy): Scene[] => {
    const of = policy === fixed ? "fixed: " : "";
    return [
      {
        scenario: `${of}1 for 2 tasks, submitted`,
        policy,
        does: ["run", "submit"],
        tasks: 2,
        turns: 1,
        ready: false,
      },
      {
        scenario: `${of}2 for 1 task, submitted`,
        policy,
        does: ["run", "run", "submit"],
        tasks: 1,
        turns: 1,
        ready: false,
      },
      {
        scenario: `${of}1 for 1 task, submitted by one who dies`,
        policy,
        does: ["run", "submit"],
        tasks: 1,
        turns: 1,
        ready: false,
        mortal: [1],
      },
      { scenario: `${of}2 for 2 tasks, 1 of them goes`, policy, does: ["run", "go"], tasks: 2, turns: 1 },
      {
        scenario: `${of}2 for 1 task, submitted, 1 of them comes`,
        policy,
        does: ["run", "come", "submit"],
        tasks: 1,
        turns: 1,
        ready: false,
        long: "sc",
      },
      {
        scenario: `${of}1 that comes for 1 task, submitted`,
        policy,
        does: ["come", "submit"],
        tasks: 1,
        turns: 1,
        ready: false,
      },
      {
        scenario: `${of}1 that comes for 1 task of another, submitted`,
        policy,
        does: ["submit", "come"],
        tasks: 1,
        turns: 1,
        ready: false,
      },
      {
        scenario: `${of}2 for 1 task, submitted, 1 of them goes and comes back`,
        policy,
        does: ["come_back", "run", "submit"],
        tasks: 1,
        turns: 1,
        ready: false,
        long: "sc",
      },
      {
        scenario: `${of}2 for 2 tasks, 1 of them goes and comes back`,
        policy,
        does: ["come_back", "run"],
        tasks: 2,
        turns: 1,
      },
      { scenario: `${of}1 for 2 tasks x 2, dying`, policy, does: ["run"], tasks: 2, turns: 2, mortal: [0] },
      {
        scenario: `${of}2 for 1 task, one dying`,
        policy,
        does: ["run", "run"],
        tasks: 1,
        turns: 1,
        mortal: [0],
        ...(policy === stealing && { long: "sc" }),
      },
      {
        scenario: `${of}2 for 2 tasks, one dying`,
        policy,
        does: ["run", "run"],
        tasks: 2,
        turns: 1,
        mortal: [0],
        long: "sc",
      },
    ];
  }),
  {
    scenario: "2 for 1 task, the thief dying",
    policy: stealing,
    does: ["run", "run"],
    tasks: 1,
    turns: 1,
    warm: true,
    mortal: [1],
  },
  ...[A_WHILE, FOR_EVER].map(
    (bound): Scene => ({
      scenario: `1 warm and 1 cold for 2 tasks, for ${bound === FOR_EVER ? "ever" : "a while"}`,
      policy: stealing,
      does: ["run", "run"],
      tasks: 2,
      turns: 1,
      warm: true,
      bound,
    }),
  ),
  {
    scenario: "1 warm and 1 cold for 1 task, submitted, for a while",
    policy: stealing,
    does: ["run", "run", "submit"],
    tasks: 1,
    turns: 1,
    ready: false,
    warm: true,
    bound: A_WHILE,
  },
  {
    scenario: "1 warm that goes and 1 cold for 1 task x 2, for ever",
    policy: stealing,
    does: ["go", "run"],
    tasks: 1,
    turns: 2,
    warm: true,
    bound: FOR_EVER,
  },
  {
    scenario: "1 warm that dies and 1 cold for 1 task, for ever",
    policy: stealing,
    does: ["run", "run"],
    tasks: 1,
    turns: 1,
    warm: true,
    bound: FOR_EVER,
    mortal: [0],
    long: "sc",
  },
];

/** What is not particular to the policy is the queues'. */
const ALONE = OF_POLICIES.filter(
  ({ protocol, scenario }) => protocol === stealing && scenario.startsWith("one decision after the other"),
).map((claim) => ({ ...claim, protocol: "processor-queues" }));

export const PROCESSOR_QUEUES: readonly Protocol[] = [
  ...ALONE,
  guardian("processor-queues", stealing),
  sectionOf("processor-queues", stealing, "ask"),
  sectionOf("processor-queues", stealing, "ask", FOR_EVER),
  sectionOf("processor-queues", stealing, "submit"),
  ...SCENES.map((scene) => sceneOf("processor-queues", scene)),
];
