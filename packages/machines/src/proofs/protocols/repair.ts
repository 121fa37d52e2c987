import type { Protocol } from "../protocol.js";

const init = { entry: "repair_prove_init" };

/** One processor, and what it does. */
const ALONE: readonly Protocol[] = [
  ["one who dies in the middle of everything", "repair_prove_alone"],
  ["refused, and done again", "repair_prove_refused"],
  ["locks that it was about to take or to let go", "repair_prove_pending"],
  ["an object of each kind", "repair_prove_kinds"],
  ["two dead, each in a section that the other's repair takes", "repair_prove_both"],
  ["two dead, one in the section that the other's burial takes", "repair_prove_burial"],
].map(([scenario, entry]) => ({
  protocol: "repair",
  scenario: scenario!,
  processors: 1,
  entries: entry!,
  init: entry === "repair_prove_kinds" ? { entry: "existence_prove_alone_init" } : init,
}));

/** The guardian traps at any instruction. */
const TRAPS: readonly Protocol[] = [
  { scenario: "the guardian traps", guarded: 0 },
  { scenario: "the guardian traps, after a death in a guarded section", guarded: 1 },
].map(({ scenario, guarded }) => ({
  protocol: "repair",
  scenario,
  processors: 1,
  entries: "repair_prove_guardian",
  init: { entry: "repair_prove_init_all", arguments: [guarded] },
  final: { entry: "repair_prove_end" },
  invariant: { entry: "repair_prove_invariant" },
  deaths: { entry: "repair_prove_trap" },
}));

const WAKE: Protocol = {
  protocol: "repair",
  scenario: "two asleep where the dead one slept, the guardian cut off",
  processors: 3,
  entries: ["repair_prove_sleep", "repair_prove_sleep", "repair_prove_wake"],
  init: { entry: "repair_prove_init_sleep" },
  deaths: { entry: "repair_prove_again", processors: [2] },
};

export const REPAIR: readonly Protocol[] = [...ALONE, ...TRAPS, WAKE];
