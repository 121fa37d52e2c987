import type { Protocol } from "../protocol.js";

export const REDO: readonly Protocol[] = [
  { scenario: "one operation after the other", processors: 1, entries: "redo_prove_alone" },
  {
    scenario: "changes are finished, who finishes dying",
    processors: 1,
    entries: "redo_prove_finish",
    final: { entry: "redo_prove_end" },
    deaths: { entry: "redo_prove_death" },
  },
  {
    scenario: "changes are finished while their object is freed",
    processors: 2,
    entries: "redo_prove_finish",
    final: { entry: "redo_prove_end" },
  },
].map((claim) => ({ protocol: "redo", init: { entry: "redo_prove_init" }, ...claim }));
