import type { Long, Protocol } from "../protocol.js";

interface Load {
  /** Or gatherers. */
  readonly readers: number;
  readonly others: number;
  /** What each of those does, so often; 1 where it is not said. */
  readonly turns?: number;
  /** The processor that may die: readers come first. */
  readonly mortal?: number;
  readonly long?: Long;
}

interface WordsLoad extends Load {
  /** Workers that a representative serves, 0 for all. */
  readonly served: number;
  /** Representatives that there are then. */
  readonly used: number;
}

/** A reader reads what may be another's by then, and throws it away. */
const CLAIM = { protocol: "clustered", races: false } as const;

const dying = (mortal: number | undefined) => (mortal === undefined ? "" : `, ${mortal} dying`);
const times = ({ others, turns = 1 }: Load) => (turns === 1 ? `${others}` : `${others} x ${turns}`);

const BROADCASTS: readonly Protocol[] = (
  [
    { readers: 1, others: 1 },
    { readers: 0, others: 2, long: "sc" },
    { readers: 1, others: 1, turns: 2 },
    { readers: 1, others: 1, mortal: 1 },
    { readers: 0, others: 2, mortal: 0, long: "prove" },
    { readers: 1, others: 2, long: "prove" },
  ] satisfies readonly Load[] as readonly Load[]
).map((load) => ({
  ...CLAIM,
  scenario: `${load.readers} reading beside ${times(load)}${dying(load.mortal)}`,
  processors: load.readers + load.others,
  entries: "program_clustered_prove_run",
  init: { entry: "program_clustered_prove_init", arguments: [load.readers, load.turns ?? 1, 1] },
  final: { entry: "program_clustered_prove_end", arguments: [Number(load.mortal !== undefined)] },
  ...(load.mortal !== undefined && { deaths: { entry: "prove_death", processors: [load.mortal] } }),
  long: load.long,
}));

const REPLACED: Protocol = {
  ...CLAIM,
  scenario: "one that broadcasts beside one that replaces the history",
  processors: 2,
  entries: "program_clustered_prove_replaced",
  init: { entry: "program_clustered_prove_replaced_init" },
  final: { entry: "program_clustered_prove_end", arguments: [0] },
};

const WORDS: readonly Protocol[] = (
  [
    { readers: 1, others: 2, turns: 2, served: 1, used: 2 },
    { readers: 1, others: 2, turns: 2, served: 0, used: 1 },
    // Of the slots 1, 2 and 3, the last has another representative.
    { readers: 1, others: 2, turns: 2, served: 2, used: 2 },
    { readers: 1, others: 1, turns: 2, served: 1, used: 1, mortal: 1 },
    { readers: 1, others: 1, turns: 2, served: 0, used: 1, mortal: 1 },
  ] satisfies readonly WordsLoad[] as readonly WordsLoad[]
).map((load) => ({
  ...CLAIM,
  scenario: `gathered beside ${times(load)}, one for ${load.served || "all"}${dying(load.mortal)}`,
  processors: load.readers + load.others,
  entries: "program_clustered_prove_words",
  init: { entry: "program_clustered_prove_init", arguments: [load.readers, load.turns ?? 1, load.served] },
  final: { entry: "program_clustered_prove_words_end", arguments: [Number(load.mortal !== undefined), load.used] },
  ...(load.mortal !== undefined && {
    deaths: { entry: "program_clustered_prove_words_death", processors: [load.mortal] },
  }),
}));

const FREES: readonly Protocol[] = [
  { mortal: undefined },
  { mortal: 0, long: "prove" as const },
  { mortal: 1, long: "prove" as const },
].map(({ mortal, long }) => ({
  ...CLAIM,
  scenario: `freed beside one that broadcasts${dying(mortal)}`,
  processors: 2,
  entries: "program_clustered_prove_free",
  init: { entry: "program_clustered_prove_init", arguments: [0, Number(mortal === undefined), 1] },
  final: { entry: "program_clustered_prove_free_end", arguments: [mortal === undefined ? 0 : 2] },
  ...(mortal !== undefined && { deaths: { entry: "prove_death", processors: [mortal] } }),
  long,
}));

const ALONE: readonly Protocol[] = [0, 1, 2].map((served) => ({
  ...CLAIM,
  scenario: `one operation after the other, one for ${served || "all"}`,
  processors: 1,
  entries: "program_clustered_prove_alone",
  init: { entry: "program_clustered_prove_alone_init", arguments: [served] },
}));

export const CLUSTERED: readonly Protocol[] = [...ALONE, ...BROADCASTS, REPLACED, ...WORDS, ...FREES];
