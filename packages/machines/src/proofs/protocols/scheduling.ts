/** What the claims about scheduling are made of: kernel/library/proofs/scheduling.ts has the program. */
import type { Long, Protocol } from "../protocol.js";

/** As kernel/library/policies.ts numbers them. */
export const POLICIES = [
  "fcfs",
  "last-processor",
  "minimum-intervening",
  "limited-minimum-intervening",
  "priority",
  "balance-set",
  "fixed-processor",
  "minimum-intervening-plus-queue",
  "work-stealing",
] as const;

export type Policy = (typeof POLICIES)[number];

/** Of the policies' parameters, a small one. */
const PARAMETERS: Partial<Readonly<Record<Policy, number>>> = {
  "limited-minimum-intervening": 2,
  "balance-set": 5,
  "minimum-intervening-plus-queue": 2,
};

/** A bound of procrastination in units of time, and one that is never over. */
export const A_WHILE = 4;
export const FOR_EVER = 2 ** 32 - 1;

/** What a processor, or the last thread, does. */
export type Does = "run" | "run_asleep" | "go" | "come" | "come_back" | "submit";

export interface Scene {
  readonly scenario: string;
  readonly policy: Policy;
  readonly does: readonly Does[];
  readonly tasks: number;
  readonly turns: number;
  /** Whether all tasks are ready from the beginning; else who submits makes them so. */
  readonly ready?: false;
  /** Whether processor 0 has executed all tasks last. */
  readonly warm?: true;
  readonly bound?: number;
  /** The processors of which one dies. */
  readonly mortal?: readonly number[];
  readonly long?: Long;
}

/**
 * Two ask or submit at once, once each, of tasks that processor 0 has executed last. The first dies, or the second, if it
 * declines.
 */
export function sectionOf(protocol: string, policy: Policy, what: "ask" | "submit", bound = 0): Protocol {
  return {
    protocol,
    scenario: `two ${what} once, one dying${bound === 0 ? "" : ", and one declines"}`,
    processors: 2,
    entries: what === "ask" ? "scheduling_prove_ask" : "scheduling_prove_submit_one",
    init: {
      entry: `scheduling_prove_init_warm${what === "ask" ? "_ready" : ""}`,
      arguments: [POLICIES.indexOf(policy), 2, 2, 2, 1, PARAMETERS[policy] ?? 0, bound],
    },
    final: { entry: "scheduling_prove_places" },
    deaths: {
      entry: what === "ask" ? "scheduling_prove_ask_death" : "scheduling_prove_submit_one_death",
      processors: [bound === 0 ? 0 : 1],
    },
  };
}

/** At the end all tasks have run all their turns, on one processor at a time, and nothing is left in a queue. */
export function sceneOf(protocol: string, scene: Scene): Protocol {
  const { scenario, policy, does, tasks, turns, ready = true, warm, bound = 0, mortal, long } = scene;
  const entry = ["scheduling_prove_init", warm && "warm", ready && "ready"].filter(Boolean).join("_");
  const processors = does.findLastIndex((what) => what !== "submit") + 1;
  const present = does.filter((what) => what !== "submit" && what !== "come").length;
  const isSubmitter = mortal?.some((p) => does[p] === "submit");
  const death = isSubmitter ? "submit_death" : processors === 1 ? "death_and_return" : "death";
  return {
    protocol,
    scenario,
    processors: does.length,
    entries: does.map((what) => `scheduling_prove_${what}`),
    init: {
      entry,
      arguments: [POLICIES.indexOf(policy), processors, present, tasks, turns, PARAMETERS[policy] ?? 0, bound],
    },
    final: { entry: "scheduling_prove_end" },
    ...(mortal && { deaths: { entry: `scheduling_prove_${death}`, processors: mortal } }),
    long,
  };
}
