import type { Long, Protocol } from "../protocol.js";
import { encodedScript } from "./map-script.js";

/** By number, as kernel/library/proofs/cache.ts has them. */
const OPERATIONS = ["", "get", "kept", "set", "delete", "add", "clear", "free"] as const;

/** More than any cache here has. */
const MANY = 1000;

interface Load {
  readonly scenario: string;
  /** What is done before, and what each processor does: "set 1 5" sets key 1 to 5, "kept 1" looks for what it may have kept. */
  readonly before?: string;
  readonly scripts: readonly string[];
  /** The most entries; absent: nobody has to leave. A short one has 5 units, one from 4 on has 6. */
  readonly entries?: number;
  readonly units?: number;
  /** What is looked for is compared with the last write of the key that has ended: with no history. Values rise. */
  readonly rising?: true;
  /** Whether writers sleep where a guard is taken, which makes far more states. */
  readonly sleeping?: true;
  /** The processors of which one may die. */
  readonly mortal?: readonly number[];
  readonly long?: Long;
}

const LOADS: readonly Load[] = [
  { scenario: "a value set beside two looks", scripts: ["set 1 2", "get 1; get 1"] },
  { scenario: "a value set beside what is kept", scripts: ["set 1 2", "kept 1; get 1; kept 1"] },
  {
    scenario: "a value set beside what two keep",
    scripts: ["set 1 2", "kept 1; kept 1", "kept 1; kept 1"],
    long: "prove",
  },
  { scenario: "a longer value set beside what is kept", scripts: ["set 1 4; set 1 2", "kept 1; kept 1"] },
  { scenario: "a key deleted beside what is kept", scripts: ["delete 1; get 1", "kept 1; get 1; kept 1"] },
  { scenario: "two that set a key", scripts: ["set 1 2; get 1", "set 1 3; kept 1"] },
  { scenario: "two that set a key", scripts: ["set 1 2", "set 1 3"], sleeping: true },
  { scenario: "a key deleted beside who sets it", scripts: ["delete 1", "set 1 2; kept 1"] },
  { scenario: "two that add", scripts: ["add 1; kept 1", "add 1"], long: "sc" },
  { scenario: "who adds beside who deletes", scripts: ["add 1", "delete 1; kept 1"] },
  {
    scenario: "blocks used again beside a look",
    before: "set 1 2; set 1 3; set 1 1",
    scripts: ["set 1 2; set 1 3; set 1 2; set 1 3", "get 1"],
    long: "sc",
  },
  { scenario: "growth beside looks", scripts: ["set 2 2; set 3 3", "get 1; get 2"] },
  {
    scenario: "keys set beside who looks for what leaves",
    scripts: ["set 2 2; set 3 3", "kept 1; get 1; kept 1"],
    entries: 1,
    rising: true,
  },
  { scenario: "two that let others leave", scripts: ["set 2 2", "set 3 3"], entries: 1, rising: true },
  {
    scenario: "three that let others leave",
    scripts: ["set 2 2", "set 3 3", "get 1"],
    entries: 1,
    rising: true,
    long: "sc",
  },
  {
    scenario: "two that let others leave, by units",
    before: "set 2 1; set 3 1",
    scripts: ["set 1 4", "set 2 4"],
    units: 16,
    rising: true,
  },
  {
    scenario: "a key deleted beside who keeps what leaves",
    before: "set 2 1",
    scripts: ["delete 2 2", "kept 2; set 3 3; kept 2"],
    entries: 1,
    rising: true,
  },
  {
    scenario: "who comes into main beside who sets",
    before: "set 2 1; get 1; get 1",
    scripts: ["set 3 3", "set 1 2"],
    entries: 2,
    rising: true,
  },
  { scenario: "a cache cleared beside who sets", before: "set 2 1", scripts: ["clear 0 2", "set 1 3"], rising: true },
  {
    scenario: "a cache cleared beside who keeps what leaves",
    scripts: ["clear 0 2", "kept 1; set 2 3; kept 1"],
    entries: 1,
    rising: true,
  },
  { scenario: "a value set beside what is kept", scripts: ["set 1 2", "kept 1; get 1"], mortal: [0], long: "sc" },
  { scenario: "a key deleted beside what is kept", scripts: ["delete 1", "kept 1; kept 1"], mortal: [0], long: "sc" },
  {
    scenario: "a key set for which another leaves",
    scripts: ["set 2 2", "get 1"],
    entries: 1,
    rising: true,
    mortal: [0],
    long: "sc",
  },
  {
    scenario: "two that let others leave",
    scripts: ["set 2 2", "set 3 3"],
    entries: 1,
    rising: true,
    mortal: [0],
    long: "prove",
  },
  {
    scenario: "who comes into main",
    before: "set 2 1; get 1; get 1",
    scripts: ["set 3 3", "get 1"],
    entries: 2,
    rising: true,
    mortal: [0],
  },
  { scenario: "two that set a key", scripts: ["set 1 2", "set 1 3; kept 1"], mortal: [0], long: "prove" },
  { scenario: "a cache cleared", scripts: ["clear 0 2", "kept 1; kept 1"], rising: true, mortal: [0], long: "prove" },
  { scenario: "a cache freed beside who looks", scripts: ["free", "get 1; kept 1; kept 1"], rising: true },
  { scenario: "a cache freed beside who sets", scripts: ["free", "set 1 2; set 2 2"], entries: 1, rising: true },
  {
    scenario: "a cache freed beside who looks",
    before: "set 2 1",
    scripts: ["free", "get 1"],
    rising: true,
    mortal: [0, 1],
    long: "prove",
  },
];

const ALONE: readonly Protocol[] = [
  { entry: "order", scenario: "who leaves", entries: 10 },
  { entry: "turns", scenario: "turns of what is looked for", entries: 20 },
  { entry: "parts", scenario: "a tenth, and old ghosts", entries: 11 },
  { entry: "few", scenario: "queues of one and of two", entries: 2 },
  { entry: "bounds", scenario: "bounds of units", units: 40 },
  { entry: "times", scenario: "times that end", entries: 3 },
  { entry: "conditions", scenario: "conditions, versions and counts" },
  { entry: "clear", scenario: "what is cleared", partitions: 4, given: [60] },
  { entry: "full", scenario: "a space that is full" },
].map(({ entry, scenario, partitions = 1, entries = MANY, units = MANY, given = [] }) => ({
  protocol: "cache",
  scenario: `one operation after the other: ${scenario}`,
  processors: 1,
  entries: `cache_prove_alone_${entry}`,
  arguments: given,
  init: { entry: "cache_prove_alone_init", arguments: [partitions, entries, units] },
}));

const BESIDE: readonly Protocol[] = LOADS.map(
  ({ scenario, before = "", scripts, entries = MANY, units = MANY, rising, sleeping, mortal, long }) => ({
    protocol: "cache",
    scenario: [scenario, sleeping && "asleep", mortal && "one dying"].filter(Boolean).join(", "),
    processors: scripts.length,
    entries: "cache_prove_run",
    init: {
      entry: "cache_prove_init",
      arguments: [
        ...[before, ...scripts, "", ""].slice(0, 4).map((script) => encodedScript(OPERATIONS, script)),
        ...[entries, units, Number(rising === true), Number(!sleeping)],
      ],
    },
    final: { entry: "cache_prove_end", arguments: [mortal ? 1 : 0] },
    ...(rising ? { invariant: { entry: "cache_prove_bounds" } } : { specification: "cache_prove_model" }),
    ...(mortal && { deaths: { entry: "prove_death", processors: mortal } }),
    long,
  }),
);

export const CACHE: readonly Protocol[] = [...ALONE, ...BESIDE];
