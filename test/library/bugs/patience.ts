import type { PlantedBug } from "./planted-bug.js";

const planted = { protocol: "patience", file: "patience.ts", found: "failure" } as const;

export const PATIENCE_BUGS: readonly PlantedBug[] = [
  {
    ...planted,
    bug: "one that looks although there are too few cores",
    from: "!enoughCores() || (patience == 0 && !isProbe())",
    to: "patience == 0 && !isProbe()",
    scenario: "too few cores",
  },
  {
    ...planted,
    bug: "one that looks as long as ever, however often in vain",
    from: "  if (patience > 0) patience--;\n",
    to: "",
    scenario: "one wait after the other",
  },
];
