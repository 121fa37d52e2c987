import type { Protocol } from "../protocol.js";

/** kernel/library/proofs/wait-graph.ts. */
const WAYS = ["in a circle", "one at a time", "in one order"] as const;

function claim(way: (typeof WAYS)[number], processors: number, deaths: number): Protocol {
  return {
    protocol: "wait-graph",
    scenario: `${processors} ${way}${deaths > 0 ? `, ${deaths} dying` : ""}`,
    processors,
    entries: "wait_graph_prove_run",
    init: { entry: "wait_graph_prove_init", arguments: [WAYS.indexOf(way)] },
    final: { entry: "wait_graph_prove_end" },
    ...(deaths > 0 && { deaths: { entry: "prove_death", most: deaths } }),
  };
}

export const WAIT_GRAPH: readonly Protocol[] = [
  ...WAYS.flatMap((way) => [claim(way, 2, 0), claim(way, 3, 0)]),
  claim("in a circle", 2, 1),
  claim("in one order", 2, 1),
];
