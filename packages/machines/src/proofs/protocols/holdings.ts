import type { Protocol } from "../protocol.js";

const ALONE: readonly Protocol[] = [
  ["what is listed, one operation after the other", "list"],
  ["a list that grows", "growth"],
  ["a list of which some were freed", "freed"],
  ["a list in a space that is full", "full"],
  ["a list of which the last cannot be repaired", "left_out"],
].map(([scenario, entry]) => ({
  protocol: "holdings",
  scenario: scenario!,
  processors: 1,
  entries: `holdings_prove_${entry}`,
  init: { entry: "holdings_prove_init" },
}));

/** Slot 1 may die. */
const DYING: readonly Protocol[] = [
  { scenario: "one drops what it does not hold any more, dying", what: "dropped" },
  { scenario: "one frees a Condition, dying", what: "frees" },
  { scenario: "one looks for a name, dying", what: "finds" },
  { scenario: "one gives back the room of its list, dying", what: "ends", invariant: "in_use" },
].map(({ scenario, what, invariant }) => ({
  protocol: "holdings",
  scenario,
  processors: 1,
  entries: `holdings_prove_${what}`,
  init: { entry: `holdings_prove_${what}_init` },
  ...(invariant !== undefined && { invariant: { entry: `holdings_prove_${invariant}` } }),
  final: { entry: `holdings_prove_${what}_end` },
  deaths: { entry: "prove_death" },
}));

export const HOLDINGS: readonly Protocol[] = [...ALONE, ...DYING];
