import type { PlantedBug } from "./planted-bug.js";

export const REDO_BUGS: readonly PlantedBug[] = [
  {
    protocol: "redo",
    file: "redo.ts",
    bug: "changes that are finished in an object that was left",
    from: "    repeat(R);\n    leaveObject();",
    to: "    leaveObject();\n    repeat(R);",
    scenario: "changes are finished while their object is freed",
    found: "race",
  },
];
