import type { Long, Protocol } from "../protocol.js";
import { encodedScript } from "./map-script.js";

/** By number, as kernel/library/proofs/map.ts has them. */
const OPERATIONS = ["", "get", "words", "number", "delete", "insert", "clear", "free"] as const;

interface Load {
  readonly scenario: string;
  /** What is done before, and what each processor does: "number 1 5" sets key 1 to 5. */
  readonly before?: string;
  readonly scripts: readonly string[];
  /** Units that may be in limbo before writers wait. */
  readonly limit?: number;
  /** Whether writers sleep where a guard is taken, which makes twenty times the states. */
  readonly sleeping?: true;
  /** The processors of which one may die. */
  readonly mortal?: readonly number[];
  /** The answers of `clear` and `free` are nobody's: no history then. */
  readonly unordered?: true;
  readonly long?: Long;
}

const LOADS: readonly Load[] = [
  { scenario: "a value set beside two looks", scripts: ["words 1 2", "get 1; get 1"] },
  {
    scenario: "a number set beside two looks",
    before: "number 1 7",
    scripts: ["number 1 2; number 1 3", "get 1; get 1"],
  },
  { scenario: "two that set a key beside a look", scripts: ["words 1 2", "words 1 3", "get 1"], long: "sc" },
  { scenario: "two that set a number", before: "number 1 7", scripts: ["number 1 2; get 1", "words 1 3; get 1"] },
  { scenario: "two that insert a key", scripts: ["insert 2 3; get 2", "insert 2 4; get 2"] },
  { scenario: "two that set a key", scripts: ["words 1 2", "words 1 3"], sleeping: true },
  { scenario: "a key deleted beside two looks", scripts: ["delete 1; get 1", "get 1; get 1"] },
  { scenario: "a key deleted and set", scripts: ["delete 1; words 1 2", "delete 1; get 1"], long: "sc" },
  // The fourth write after one that took a node out frees that, the fifth uses its block again.
  {
    scenario: "blocks used again beside a look",
    before: "words 1 1; words 1 2; words 1 7",
    scripts: ["words 1 4; words 1 5; words 1 6; words 1 3", "get 1"],
  },
  {
    scenario: "blocks used again beside two looks",
    before: "words 1 1; words 1 2; words 1 7",
    scripts: ["words 1 4; words 1 5; words 1 6", "get 1; get 1"],
    long: "sc",
  },
  // Its first write is held up before it is inside, until the epoch is another one.
  {
    scenario: "a writer that enters late beside a look",
    scripts: ["words 1 2; words 1 3; words 1 4", "delete 3; delete 3; get 1"],
    long: "sc",
  },
  { scenario: "growth beside looks", scripts: ["words 2 2; words 3 3", "get 1; get 2"] },
  { scenario: "more growth beside a look", before: "words 2 2; words 3 3", scripts: ["words 0 4", "get 1"] },
  { scenario: "two that grow", scripts: ["words 2 2; words 3 3", "words 0 4; get 1"], long: "sc" },
  { scenario: "a writer that waits for who looks", scripts: ["words 1 2; words 1 3", "get 1"], limit: 1 },
  { scenario: "a value set beside a look", scripts: ["words 1 2", "get 1"], mortal: [0], long: "sc" },
  { scenario: "a key deleted beside a look", scripts: ["delete 1", "get 1"], mortal: [0] },
  { scenario: "a value set beside two looks", scripts: ["words 1 2", "get 1; get 1"], mortal: [0], long: "prove" },
  { scenario: "a key deleted beside two looks", scripts: ["delete 1", "get 1; get 1"], mortal: [0], long: "prove" },
  { scenario: "growth beside a look", scripts: ["words 2 2; words 3 3", "get 1"], mortal: [0], long: "prove" },
  { scenario: "two that set a key", scripts: ["words 1 2", "words 1 3; get 1"], mortal: [0], long: "prove" },
  {
    scenario: "blocks used again beside a look",
    before: "words 1 1; words 1 2; words 1 7",
    scripts: ["words 1 4; words 1 5", "get 1"],
    mortal: [1],
    long: "sc",
  },
  {
    scenario: "a map cleared beside who sets",
    before: "words 2 3",
    scripts: ["clear", "words 1 2"],
    unordered: true,
    long: "sc",
  },
  { scenario: "a map freed beside who looks", scripts: ["free", "get 1; get 1"], unordered: true },
  { scenario: "a map freed beside who sets", scripts: ["free", "words 1 2; words 2 3"], unordered: true },
  {
    scenario: "a map freed beside who looks",
    before: "words 2 2; words 3 3; words 0 4; words 1 5",
    scripts: ["free", "get 1"],
    mortal: [0, 1],
    unordered: true,
    long: "prove",
  },
];

const ALONE: readonly Protocol[] = [
  { entry: "keys", scenario: "keys that are equal, and others", partitions: 2, given: [] },
  { entry: "conditions", scenario: "conditions and placeholders", partitions: 1, given: [] },
  { entry: "many", scenario: "many entries", partitions: 4, given: [90] },
  { entry: "full", scenario: "a space that is full", partitions: 1, given: [] },
].map(({ entry, scenario, partitions, given }) => ({
  protocol: "map",
  scenario: `one operation after the other: ${scenario}`,
  processors: 1,
  entries: `map_prove_alone_${entry}`,
  arguments: given,
  init: { entry: "map_prove_alone_init", arguments: [partitions] },
}));

const BESIDE: readonly Protocol[] = LOADS.map(
  ({ scenario, before = "", scripts, limit = 0, sleeping, mortal, unordered, long }) => ({
    protocol: "map",
    scenario: [scenario, sleeping && "asleep", mortal && "one dying"].filter(Boolean).join(", "),
    processors: scripts.length,
    entries: "map_prove_run",
    init: {
      entry: "map_prove_init",
      arguments: [
        ...[before, ...scripts, "", ""].slice(0, 4).map((script) => encodedScript(OPERATIONS, script)),
        limit,
        Number(!sleeping),
      ],
    },
    final: { entry: "map_prove_end", arguments: [mortal ? 1 : 0] },
    ...(!unordered && { specification: "map_prove_model" }),
    ...(mortal && { deaths: { entry: "prove_death", processors: mortal } }),
    long,
  }),
);

export const MAP: readonly Protocol[] = [...ALONE, ...BESIDE];
