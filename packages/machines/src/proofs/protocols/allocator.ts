import type { Long, Protocol } from "../protocol.js";

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
  readonly long?: Long;
}

/** Large, for few blocks to a span, but not for long to clear. */
const BYTES = 128;

const PASSING: readonly Passing[] = [
  { processors: 2, turns: 3, spare: 1, pages: 2, deaths: 0 },
  { processors: 2, turns: 2, spare: 2, pages: 2, deaths: 0 },
  { processors: 2, turns: 3, spare: 2, pages: 2, deaths: 0 },
  { processors: 3, turns: 1, spare: 1, pages: 3, deaths: 0 },
  { processors: 3, turns: 2, spare: 1, pages: 3, deaths: 0, long: "prove" },
  { processors: 2, turns: 1, spare: 1, pages: 2, leaving: true, deaths: 0 },
  { processors: 2, turns: 2, spare: 1, pages: 2, leaving: true, deaths: 0, long: "prove" },
  { processors: 2, turns: 1, spare: 0, pages: 1, deaths: 0 },
  { processors: 2, turns: 1, spare: 0, pages: 2, deaths: 0, long: "prove" },
  { processors: 2, turns: 1, spare: 0, pages: 2, leaving: true, deaths: 0, long: "prove" },
  { processors: 2, turns: 1, spare: 1, pages: 2, deaths: 1 },
  { processors: 2, turns: 2, spare: 1, pages: 2, deaths: 1, long: "sc" },
  { processors: 2, turns: 1, spare: 1, pages: 2, leaving: true, deaths: 1, long: "sc" },
  { processors: 2, turns: 1, spare: 0, pages: 1, deaths: 1, long: "prove" },
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

const PAGES: readonly Protocol[] = [
  ["words of pages", "pages_prove_words"],
  ["searches for pages", "pages_prove_search"],
].map(([scenario, entry]) => ({
  protocol: "allocator",
  scenario: scenario!,
  processors: 1,
  entries: entry!,
  init: { entry: "pages_prove_words_init" },
}));

/** Done in `init`: the only time when the memory can grow, and no steps of any schedule. */
const BEFORE: readonly Protocol[] = [
  { scenario: "the layout of spans", entry: "spans_prove_layout" },
  { scenario: "blocks of a span", entry: "spans_prove_blocks" },
  { scenario: "blocks zeroed", entry: "spans_prove_zeroed" },
  { scenario: "sizes at borders", entry: "blocks_prove_sizes" },
  { scenario: "blocks of many pages", entry: "blocks_prove_pages" },
  { scenario: "pages that look like a span", entry: "blocks_prove_alike" },
  { scenario: "the block freed last", entry: "heaps_prove_last" },
  { scenario: "lists of spans", entry: "heaps_prove_lists" },
  { scenario: "spans of objects", entry: "heaps_prove_objects", maximumPages: 30 },
  { scenario: "hints", entry: "heaps_prove_hints" },
  { scenario: "hints, when a span is full", entry: "heaps_prove_full" },
  { scenario: "memory short", entry: "heaps_prove_short", maximumPages: 30 },
  { scenario: "orphans", entry: "heaps_prove_orphans" },
  { scenario: "growth", entry: "pages_prove_growth" },
  { scenario: "growth to a bound", entry: "pages_prove_bound", maximumPages: 40 },
].map(({ entry, ...claim }) => ({
  protocol: "allocator",
  processors: 1,
  entries: "workers",
  init: { entry },
  ...claim,
}));

/** One worker acts while another does, or dies. */
const SHARED: readonly Protocol[] = [
  ...[1, 7].flatMap((used) =>
    ([0, 1] as const).map((deaths) =>
      allocator(`one ends, ${used} blocks of its span are used, one of them is returned`, deaths, {
        processors: 2,
        entries: "leaves_prove_run",
        init: { entry: "leaves_prove_init", arguments: [used] },
        final: { entry: "leaves_prove_end" },
      }),
    ),
  ),
  ...(
    [
      [2, 7, 0],
      [2, 2, 0],
      [2, 2, 1],
      [3, 3, 0],
    ] as const
  ).map(([processors, used, deaths]) =>
    allocator(`${processors} return blocks of an orphan, ${used} are used`, deaths, {
      processors,
      entries: "orphan_prove_run",
      init: { entry: "orphan_prove_init", arguments: [used] },
      final: { entry: "orphan_prove_end", arguments: [deaths] },
    }),
  ),
  allocator("2 return blocks of an orphan, whose page is used again", 0, {
    processors: 2,
    entries: "reused_prove_run",
    init: { entry: "reused_prove_init" },
    final: { entry: "reused_prove_end" },
  }),
  allocator("pages given up", 1, {
    processors: 1,
    entries: "gives_up_prove_run",
    init: { entry: "gives_up_prove_init" },
    final: { entry: "gives_up_prove_end" },
  }),
  ...[8192, 65536].map((bytes) =>
    allocator(`an object of ${bytes} bytes appears on a used page`, 0, {
      processors: 2,
      entries: "appears_prove_run",
      arguments: [bytes],
      init: { entry: "appears_prove_init" },
    }),
  ),
];

export const ALLOCATOR: readonly Protocol[] = [
  ...ALONE,
  ...PAGES,
  ...BEFORE,
  ...SHARED,
  ...([2, 3] as const).flatMap((pages) =>
    ([0, 1] as const).map((deaths) =>
      allocator(`2 claims at once of ${pages} pages`, deaths, {
        processors: 2,
        entries: "pages_prove_at_once",
        init: { entry: "pages_prove_at_once_init", arguments: [pages] },
        final: { entry: "pages_prove_at_once_end", arguments: [deaths] },
      }),
    ),
  ),
  ...PASSING.map(({ processors, turns, spare, pages, leaving = false, deaths, long }) =>
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
