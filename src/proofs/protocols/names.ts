import type { Protocol } from "../protocol.js";

const LOADS: readonly { processors: number; turns: number; deaths: number; long?: boolean }[] = [
  { processors: 2, turns: 1, deaths: 0 },
  { processors: 2, turns: 2, deaths: 0 },
  { processors: 3, turns: 1, deaths: 0 },
  { processors: 2, turns: 1, deaths: 1 },
  { processors: 2, turns: 2, deaths: 1, long: true },
];

export const NAMES: readonly Protocol[] = LOADS.map(({ processors, turns, deaths, long = false }) => ({
  protocol: "names",
  scenario: `${processors} x ${turns}${deaths > 0 ? `, ${deaths} dying` : ""}`,
  processors,
  entries: "names_prove_run",
  init: { entry: "names_prove_init", arguments: [turns] },
  final: { entry: "names_prove_end", arguments: [deaths] },
  ...(deaths > 0 && { deaths: { entry: "prove_death", most: deaths } }),
  long,
}));
