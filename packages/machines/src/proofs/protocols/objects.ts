import type { Protocol } from "../protocol.js";

export const OBJECTS: readonly Protocol[] = [
  ["generations of one block", "alone"],
  ["objects that have pages of their own", "pages"],
].map(([scenario, entry]) => ({
  protocol: "objects",
  scenario: scenario!,
  processors: 1,
  entries: `objects_prove_${entry}`,
  init: { entry: "objects_prove_init" },
}));
