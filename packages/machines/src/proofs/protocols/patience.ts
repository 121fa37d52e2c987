import type { Protocol } from "../protocol.js";

export const PATIENCE: readonly Protocol[] = [
  { scenario: "one wait after the other", entries: "patience_prove_alone", cores: 1 },
  { scenario: "too few cores", entries: "patience_prove_crowded", cores: 0 },
].map(({ scenario, entries, cores }) => ({
  protocol: "patience",
  scenario,
  processors: 1,
  entries,
  init: { entry: "patience_prove_init", arguments: [cores] },
}));
