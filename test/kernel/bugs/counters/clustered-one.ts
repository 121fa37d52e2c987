import type { PlantedBug } from "../planted-bug.js";

export const bugs: readonly PlantedBug[] = [
  {
    bug: "a clustered counter that takes an addition for a lookup",
    changes: [
      ["export { add, attach,", "export function add(C: usize, I: usize, amount: i64): void {}\n\nexport { attach,"],
    ],
    found: { kind: "final", processors: 1, turns: 1 },
  },
];
