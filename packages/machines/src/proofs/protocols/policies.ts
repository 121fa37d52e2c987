/** What is claimed of each scheduling policy: its own decisions, on queues that have claims of their own. */
import type { Protocol } from "../protocol.js";
import { A_WHILE, FOR_EVER, POLICIES, type Policy, sceneOf } from "./scheduling.js";

const SCENES: readonly Protocol[] = POLICIES.flatMap((policy) => [
  sceneOf(policy, { scenario: "1 for 2 tasks x 2, dying", policy, does: ["run"], tasks: 2, turns: 2, mortal: [0] }),
  sceneOf(policy, { scenario: "2 for 2 tasks", policy, does: ["run", "run"], tasks: 2, turns: 1 }),
  sceneOf(policy, { scenario: "2 for 1 task x 2", policy, does: ["run", "run"], tasks: 1, turns: 2 }),
  sceneOf(policy, {
    scenario: "2 for 1 task, 1 of them goes and comes back",
    policy,
    does: ["come_back", "run"],
    tasks: 1,
    turns: 1,
  }),
  sceneOf(policy, {
    scenario: "1 warm and 1 cold for 1 task, submitted, for a while",
    policy,
    does: ["run", "run", "submit"],
    tasks: 1,
    turns: 1,
    ready: false,
    warm: true,
    bound: A_WHILE,
  }),
]);

interface Decisions {
  readonly policy: Policy;
  readonly processors?: number;
  readonly tasks?: number;
  readonly parameter?: number;
  readonly bound?: number;
  /** Of what its entry is called beside the policy's name. */
  readonly as?: "patient" | "ageing" | "all" | "bases";
}

/** One thread asks for all processors. */
const DECISIONS: readonly Decisions[] = [
  { policy: "fcfs" },
  { policy: "fcfs", as: "patient", bound: 10 },
  { policy: "last-processor" },
  { policy: "last-processor", as: "patient", bound: FOR_EVER },
  { policy: "minimum-intervening" },
  { policy: "minimum-intervening", as: "all", processors: 10 },
  { policy: "limited-minimum-intervening", parameter: 2 },
  { policy: "limited-minimum-intervening", as: "patient", parameter: 2, bound: FOR_EVER },
  { policy: "priority" },
  { policy: "priority", as: "ageing", parameter: 4 },
  { policy: "priority", as: "patient", bound: FOR_EVER },
  { policy: "balance-set", tasks: 9, parameter: 5 },
  { policy: "balance-set", as: "patient", parameter: 5, bound: 10 },
  { policy: "fixed-processor" },
  { policy: "fixed-processor", as: "patient", bound: FOR_EVER },
  { policy: "fixed-processor", as: "bases", parameter: 4 },
  { policy: "minimum-intervening-plus-queue", processors: 3, tasks: 9, parameter: 2 },
  { policy: "minimum-intervening-plus-queue", as: "patient", parameter: 2, bound: FOR_EVER },
  { policy: "minimum-intervening-plus-queue", as: "bases", parameter: 2 },
  { policy: "work-stealing", tasks: 9 },
  { policy: "work-stealing", as: "all", processors: 3, tasks: 5 },
  { policy: "work-stealing", as: "patient", bound: FOR_EVER },
  { policy: "work-stealing", as: "bases", tasks: 9, parameter: 4 },
];

const NAMES = {
  patient: "one decision after the other, of those who decline",
  ageing: "one decision after the other, with ageing",
  all: "one decision after the other, of more or fewer processors",
  bases: "one decision after the other, of tasks with bases",
};

const ALONE: readonly Protocol[] = DECISIONS.map(
  ({ policy, processors = 4, tasks = 6, parameter = 0, bound = 0, as }) => ({
    protocol: policy,
    scenario: as ? NAMES[as] : "one decision after the other",
    processors: 1,
    entries: ["policies_prove", policy.replaceAll("-", "_"), as].filter(Boolean).join("_"),
    init: { entry: "policies_prove_init", arguments: [POLICIES.indexOf(policy), processors, tasks, parameter, bound] },
  }),
);

/** Somebody is in a section that the guardian has to get into. */
export function guardian(protocol: string, policy: Policy): Protocol {
  return {
    protocol,
    scenario: "the guardian, while somebody is in the section",
    processors: 1,
    entries: "policies_prove_guardian",
    init: { entry: "policies_prove_init", arguments: [POLICIES.indexOf(policy), 4, 1, 0, 0] },
  };
}

/** How often a task that waits is overtaken at most, by tasks that come back again and again to two processors. */
function overtaken(policy: Policy, most: number, turns: number, parameter = 0, bound = 0, by?: string): Protocol {
  return {
    protocol: policy,
    scenario: [`overtaken ${most === 0 ? "by nobody" : `${most} times at most`}`, by].filter(Boolean).join(", "),
    processors: 2,
    entries: "starvation_prove_run",
    init: { entry: "starvation_prove_init", arguments: [POLICIES.indexOf(policy), turns, parameter, bound, most] },
  };
}

const NEVER_STARVES: readonly Protocol[] = [
  { ...overtaken("fcfs", 0, 2), long: "sc" },
  overtaken("fixed-processor", 0, 3),
  overtaken("minimum-intervening-plus-queue", 0, 3, 2),
  overtaken("work-stealing", 0, 2),
  overtaken("fixed-processor", 1, 3, 2, 0, "by what has a higher base"),
  { ...overtaken("work-stealing", 1, 3, 2, 0, "by what has a higher base"), long: "sc" },
  { ...overtaken("priority", 0, 2, 1), long: "sc" },
  { ...overtaken("balance-set", 0, 2, 5, 1), long: "sc" },
];

/** Claims that do not hold: of the policies whose heads say so, a task is overtaken as often as others come back. */
export const STARVES: readonly Protocol[] = [
  overtaken("last-processor", 2, 3),
  overtaken("minimum-intervening", 2, 3),
  overtaken("limited-minimum-intervening", 2, 3, 2),
  overtaken("priority", 2, 3),
  overtaken("balance-set", 2, 3, 5),
];

export const OF_POLICIES: readonly Protocol[] = [...ALONE, ...NEVER_STARVES, ...SCENES];
