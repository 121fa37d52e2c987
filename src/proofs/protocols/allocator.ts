import type { Protocol } from "../protocol.js";

/** Blocks of one size pass from processor to processor. */
interface Passing {
  readonly processors: number;
  /** Blocks that each allocates. */
  readonly turns: number;
  /** Blocks free in each processor's span; 0: there are no spans, but pages. */
  readonly spare: number;
  readonly pages: number;
  /** Whether processors end in good order, so that others inherit their spans. */
  readonly leaving?: boolean;
  readonly deaths: 0 | 1;
  readonly long?: boolean;
}

/** Large, for few blocks to a span, but not for long to clear. */
const BYTES = 128;

const PASSING: readonly Passing[] = [
  { processors: 2, turns: 3, spare: 1, pages: 2, deaths: 0 },
  { processors: 2, turns: 2, spare: 2, pages: 2, deaths: 0 },
  { processors: 2, turns: 3, spare: 2, pages: 2, deaths: 0 },
  { processors: 3, turns: 1, spare: 1, pages: 3, deaths: 0 },
  { processors: 3, turns: 2, spare: 1, pages: 3, deaths: 0, long: true },
  { processors: 2, turns: 1, spare: 1, pages: 2, leaving: true, deaths: 0 },
  { processors: 2, turns: 2, spare: 1, pages: 2, leaving: true, deaths: 0, long: true },
  { processors: 2, turns: 1, spare: 0, pages: 1, deaths: 0 },
  { processors: 2, turns: 1, spare: 0, pages: 2, deaths: 0, long: true },
  { processors: 2, turns: 1, spare: 0, pages: 2, leaving: true, deaths: 0, long: true },
  { processors: 2, turns: 1, spare: 1, pages: 2, deaths: 1 },
  { processors: 2, turns: 2, spare: 1, pages: 2, deaths: 1, long: true },
  { processors: 2, turns: 1, spare: 1, pages: 2, leaving: true, deaths: 1, long: true },
  { processors: 2, turns: 1, spare: 0, pages: 1, deaths: 1, long: true },
];

const allocator = (scenario: string, deaths: 0 | 1, claim: Omit<Protocol, "protocol" | "scenario" | "deaths">) => ({
  protocol: "allocator",
  scenario: deaths === 0 ? scenario : `${scenario}, one dying`,
  // Processor 0, for all do the same.
  ...(deaths > 0 && { deaths: { entry: "prove_death", processors: [0] } }),
  ...claim,
});

const ALONE: readonly Protocol[] = [
  ["sizes", "allocator_prove_sizes"],
  ["blocks, one operation after the other", "allocator_prove_blocks"],
  ["what others return", "allocator_prove_returned"],
  ["the heap of one who died, adopted", "allocator_prove_abandoned"],
].map(([scenario, entry]) => ({
  protocol: "allocator",
  scenario: scenario!,
  processors: 1,
  entries: entry!,
  init: { entry: "allocator_prove_alone_init" },
}));

export const ALLOCATOR: readonly Protocol[] = [
  ...ALONE,
  ...PASSING.map(({ processors, turns, spare, pages, leaving = false, deaths, long = false }) =>
    allocator(
      `${processors} x ${turns} blocks, ${spare === 0 ? `free pages: ${pages}` : `free: ${spare} each`}${leaving ? ", leaving" : ""}`,
      deaths,
      {
        processors,
        entries: leaving ? "leaving_prove_run" : "blocks_prove_run",
        init: { entry: "blocks_prove_init", arguments: [turns, BYTES, spare, pages] },
        final: { entry: "blocks_prove_end", arguments: [spare, deaths] },
        long,
      },
    ),
  ),
  allocator("2 blocks come home", 1, {
    processors: 2,
    entries: "home_prove_run",
    init: { entry: "home_prove_init", arguments: [BYTES] },
    final: { entry: "home_prove_end", arguments: [1] },
  }),
  ...([0, 1] as const).map((deaths) =>
    allocator("2 x 2 claims of 3 pages", deaths, {
      processors: 2,
      entries: "pages_prove_run",
      init: { entry: "pages_prove_init", arguments: [2, 3] },
      final: { entry: "pages_prove_end" },
    }),
  ),
  ...[64, 65536].map((bytes) =>
    allocator(`a block of ${bytes} bytes freed twice`, 1, {
      processors: 2,
      entries: "twice_prove_run",
      init: { entry: "twice_prove_init", arguments: [bytes] },
      final: { entry: "twice_prove_end", arguments: [1] },
    }),
  ),
];
