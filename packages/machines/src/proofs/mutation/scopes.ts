/** Which claims have to find what breaks in a file of kernel/library, kernel/tasks, kernel/scheduling or kernel/objects. */
import type { Protocol } from "../protocol.js";
import { PROTOCOLS } from "../protocols/index.js";
import { POLICIES } from "../protocols/scheduling.js";

/** A file whose mutants are made, by its name: `mutex`, `lock-word`. */
export interface Scope {
  readonly name: string;
  /** As the source map has it. */
  readonly file: string;
  readonly claims: readonly Protocol[];
}

/** Files of kernel/objects. */
const OF_OBJECTS = [
  "blocks",
  "clustered-object",
  "consistency",
  "degree",
  "destruction",
  "epochs",
  "global-miss-handler",
  "grace-period",
  "handlers",
  "hot-swap",
  "manager",
  "miss-handling",
  "reference",
  "root",
  "token",
  "translation",
];
/** What claims about clustered objects are by. */
const CLAIMED_OF_OBJECTS = ["clustered-object", "translation", "hot-swap", "token", "epochs"];

/** The files that are in other folders than kernel/library, by their names. */
const FOLDERS: ReadonlyMap<string, string> = new Map([
  ...["affinity", "central-queue", "processor-queues", "queue", "scheduler"].map((name) => [name, "tasks"] as const),
  ...POLICIES.map((name) => [name, "scheduling"] as const),
  ...OF_OBJECTS.map((name) => [name, "objects"] as const),
]);

/** The file of a name, from the repository's root. */
export function sourceOf(name: string): string {
  return `kernel/${FOLDERS.get(name) ?? "library"}/${name}.ts`;
}

/**
 * Files that are no protocol of their own, and the protocols that are made of them; others have claims by their name.
 */
const USERS: Readonly<Record<string, readonly string[]>> = {
  affinity: ["affinity", ...POLICIES],
  "central-queue": ["central-queue", ...POLICIES],
  ...Object.fromEntries(
    [
      "blocks",
      "destruction",
      "global-miss-handler",
      "grace-period",
      "handlers",
      "manager",
      "miss-handling",
      "root",
    ].map((name) => [name, CLAIMED_OF_OBJECTS]),
  ),
  ...Object.fromEntries(["cache-layout", "cache-queues", "cache-write"].map((name) => [name, ["cache"]])),
  "clustered-object": CLAIMED_OF_OBJECTS,
  condition: ["condition", "repair"],
  eventcount: ["eventcount", "doorbell"],
  existence: ["existence", "mcs-lock", "map"],
  free: ["existence", "repair"],
  guard: ["guard", "names", "semaphore", "condition", "channel"],
  holdings: [
    "holdings",
    "event",
    "once",
    "mutex",
    "names",
    "semaphore",
    "rw-lock",
    "existence",
    "condition",
    "channel",
  ],
  jobs: ["pool"],
  ledger: ["semaphore", "latch"],
  "lock-word": ["lock-word", "rw-lock"],
  ...Object.fromEntries(
    ["map-key", "map-layout", "map-limbo", "map-list", "map-remains", "map-write"].map((name) => [name, ["map"]]),
  ),
  mutex: ["mutex", "slots", "wait-graph"],
  names: ["names", "repair"],
  objects: ["objects", "names", "mutex", "once"],
  pages: ["allocator"],
  "processor-queues": ["processor-queues", "fixed-processor", "minimum-intervening-plus-queue"],
  patience: ["patience", "condition"],
  "pool-executor": ["pool"],
  "pool-maker": ["pool"],
  "pool-repair": ["pool"],
  "pool-submitter": ["pool"],
  queue: ["queue", "central-queue"],
  redo: ["redo", "histogram", "counter"],
  scheduler: ["scheduler", "central-queue", "processor-queues", ...POLICIES],
  reference: ["reference", "token"],
  "size-classes": ["allocator"],
  ...Object.fromEntries(
    ["a-stack", "bell", "service-caller", "service-own", "service-repair", "service-server"].map((name) => [
      name,
      ["service"],
    ]),
  ),
  space: ["slots"],
  spans: ["allocator"],
  translation: CLAIMED_OF_OBJECTS,
};

/** Of the protocols, those that have no file of their name. */
const WITHOUT_FILE = new Set(["slots"]);

export const SCOPES: readonly Scope[] = [
  ...new Set([...PROTOCOLS.map(({ protocol }) => protocol), ...Object.keys(USERS)]),
]
  .filter((name) => !WITHOUT_FILE.has(name))
  .sort()
  .map((name) => ({
    name,
    file: sourceOf(name),
    claims: (USERS[name] ?? [name]).flatMap((user) => PROTOCOLS.filter(({ protocol }) => protocol === user)),
  }));
