import type { PlantedBug } from "./planted-bug.js";

const planted = { protocol: "wait-graph", file: "wait-graph.ts" } as const;

export const WAIT_GRAPH_BUGS: readonly PlantedBug[] = [
  {
    ...planted,
    bug: "a way that is not looked at again",
    from: " && waitsForOf(owner) == next && ownerOf(object) == owner",
    to: "",
    scenario: "3 one at a time",
    found: "failure",
  },
  {
    ...planted,
    bug: "an owner that is not looked at again",
    from: " && ownerOf(object) == owner",
    to: "",
    scenario: "3 one at a time",
    found: "failure",
  },
  {
    ...planted,
    bug: "a wait that is written down after a look at the others",
    from: "  write(my + waitsFor, <u32>object);\n  return leadsBack(object, workers());",
    to: "  const found = leadsBack(object, workers());\n  write(my + waitsFor, <u32>object);\n  return found;",
    scenario: "2 in a circle",
    found: "deadlock",
  },
];
