/** What is claimed of kernel/objects: kernel/objects/proofs has the program. */
import type { Long, Protocol } from "../protocol.js";

/** The two ways to know that operations are over: kernel/objects/manager.ts. */
const FORMS = ["token", "epochs"] as const;

type Form = (typeof FORMS)[number];

type Does =
  | "go"
  | "use"
  | "use_twice"
  | "use_and_stay"
  | "use_within"
  | "use_and_return"
  | "use_and_destroy"
  | "destroy"
  | "destroy_and_go"
  | "use_both_destroy_one"
  | "use_both_destroy_other"
  | "destroy_and_create"
  | "destroy_in_the_end"
  | "swap"
  | "swap_and_abandon";

interface Scene {
  readonly scenario: string;
  readonly does: readonly Does[];
  /** Processors that a representative serves. Default: 1. */
  readonly degree?: number;
  readonly final?: "one_each" | "nothing_lost" | "destroyed_once" | "sum" | "sum_after_death";
  /** Whether all have used it before. */
  readonly warm?: true;
  readonly mortal?: readonly number[];
  readonly long?: Long;
}

function sceneOf(protocol: string, form: Form, scene: Scene): Protocol {
  const { scenario, does, degree = 1, final = "nothing_lost", warm, mortal, long } = scene;
  const destroys = (what: Does) => what.includes("destroy") || what.includes("swap");
  const two = does.some((what) => what.includes("both"));
  const destroyers = does.reduce((set, what, p) => set | (destroys(what) ? 1 << p : 0), 0);
  return {
    protocol,
    scenario,
    processors: does.length,
    entries: does.map((what) => `clustered_prove_${what}`),
    init: {
      entry: `clustered_prove_init${warm ? "_warm" : two ? "_two" : ""}`,
      arguments: [FORMS.indexOf(form), degree, destroyers],
    },
    final: { entry: `clustered_prove_${final}` },
    ...(mortal && { deaths: { entry: "clustered_prove_death", processors: mortal } }),
    long,
  };
}

/** One processor acts for four, one step after the other. */
function alone(protocol: string, entry: string, scenario: string, form: Form, degree = 1): Protocol {
  return {
    protocol,
    scenario,
    processors: 1,
    entries: `clustered_prove_${entry}`,
    init: { entry: "clustered_prove_alone_init", arguments: [FORMS.indexOf(form), degree] },
  };
}

const MISSES: readonly Scene[] = [
  { scenario: "two miss at once, a representative each", does: ["use", "use"], final: "one_each" },
  { scenario: "two miss at once, one representative", does: ["use", "use"], degree: 2, final: "one_each" },
  {
    scenario: "two miss at once, one representative, one dying",
    does: ["use", "use"],
    degree: 2,
    final: "one_each",
    mortal: [0, 1],
  },
  { scenario: "three miss at once, in two clusters", does: ["use", "use", "use"], degree: 2, final: "one_each" },
];

const GRACE: readonly Scene[] = [
  { scenario: "destroyed beside a miss", does: ["use", "destroy"], final: "destroyed_once" },
  { scenario: "destroyed beside two uses", does: ["use_twice", "destroy"], final: "destroyed_once" },
  { scenario: "destroyed beside an operation in another", does: ["use_within", "destroy"], final: "destroyed_once" },
  { scenario: "destroyed by who uses it, beside a use", does: ["use_and_destroy", "use"], final: "destroyed_once" },
  { scenario: "destroyed by two", does: ["destroy", "destroy"], final: "destroyed_once" },
  { scenario: "destroyed beside a use, and others made in its place", does: ["destroy_and_create", "use"] },
  { scenario: "destroyed beside one that goes and comes back", does: ["destroy", "use_and_return"] },
  { scenario: "destroyed by one that goes, beside one that stays", does: ["destroy_and_go", "use_and_stay"] },
  { scenario: "destroyed beside a use, the user dying", does: ["use", "destroy"], mortal: [0] },
  { scenario: "destroyed beside a use, the destroyer dying", does: ["use_and_stay", "destroy"], mortal: [1] },
  { scenario: "destroyed beside two that go", does: ["go", "destroy", "go"], warm: true, final: "destroyed_once" },
  {
    scenario: "destroyed beside two that go, one dying",
    does: ["go", "destroy", "go"],
    warm: true,
    mortal: [2],
    long: "sc",
  },
  {
    scenario: "destroyed beside a use, and others made in its place, the user dying",
    does: ["destroy_and_create", "use"],
    mortal: [1],
    long: "sc",
  },
  { scenario: "destroyed beside a use, and one that goes", does: ["use", "destroy", "go"], warm: true, long: "sc" },
  { scenario: "destroyed beside one that goes, and a use", does: ["go", "destroy", "use"], warm: true, long: "sc" },
  {
    scenario: "destroyed by one that goes, beside two that stay",
    does: ["use_and_stay", "destroy_and_go", "use_and_stay"],
    long: "prove",
  },
  { scenario: "two destroyed by two, each used by both", does: ["use_both_destroy_one", "use_both_destroy_other"] },
];

const SWAPS: readonly Scene[] = [
  { scenario: "switched beside a use", does: ["use", "swap"], final: "sum" },
  { scenario: "switched back beside a use", does: ["use", "swap"], degree: 2, final: "sum" },
  { scenario: "switched beside a use of what it was", does: ["use", "swap"], warm: true, final: "sum" },
  { scenario: "switched by two", does: ["swap", "swap"], final: "sum" },
  { scenario: "switched beside a use, and abandoned", does: ["use", "swap_and_abandon"], final: "sum" },
  { scenario: "switched beside a use, the user dying", does: ["use", "swap"], final: "sum", mortal: [0] },
  {
    scenario: "switched beside a use, who switches dying",
    does: ["use", "swap"],
    final: "sum_after_death",
    mortal: [1],
  },
  { scenario: "switched beside its destruction", does: ["destroy_in_the_end", "swap"], final: "destroyed_once" },
];

/** What two do with a value, or with a counter; of how many broadcasts the value is then. */
const CONSISTENCY = [
  ["broadcast beside uses, a representative each", ["broadcast", "values"], 1, 2],
  ["broadcast beside uses, one representative", ["broadcast", "values"], 2, 2],
  ["broadcast by two", ["broadcast", "broadcast"], 1, 4],
  ["broadcast by two, one representative", ["broadcast", "broadcast"], 2, 4],
  ["gathered beside an addition", ["gather", "use"], 1, undefined],
] as const;

/** Of two, the second has gone, and comes again; all places get an object. */
const REPARTITIONS: readonly (readonly [scenario: string, does: readonly string[], mortal?: readonly number[]])[] = [
  ["a partition that changes hands, beside a miss there", ["fill", "come_and_fill"]],
  ["the same, the former one dying", ["fill", "come_and_fill"], [0]],
];

const ALONE: readonly (readonly [entry: string, scenario: string])[] = [
  ["strangers", "what is no reference, or a former one"],
  ["bound", "an operation that goes on, and a bound"],
  ["overlap", "operations that overlap"],
  ["retired", "all generations used up"],
  ["memory", "many objects, one after the other"],
  ["presence", "processors that go, die and come"],
];

export const CLUSTERED_OBJECTS: readonly Protocol[] = [
  alone("reference", "references", "there and back", "token"),
  alone("degree", "degrees", "all processors are in one cluster", "token"),
  alone("translation", "dropped", "dropped, and found again", "token", 2),
  ...ALONE.flatMap(([entry, scenario]) => FORMS.map((form) => alone(form, entry, scenario, form))),
  ...FORMS.map(
    (form): Protocol => ({
      protocol: form,
      scenario: "more processors than a word has bits",
      processors: 1,
      entries: "clustered_prove_many",
      init: { entry: "clustered_prove_many_init", arguments: [FORMS.indexOf(form)] },
    }),
  ),
  ...REPARTITIONS.map(
    ([scenario, does, mortal]): Protocol => ({
      protocol: "clustered-object",
      scenario,
      processors: 2,
      entries: does.map((what) => `clustered_prove_${what}`),
      init: { entry: "clustered_prove_init_absent", arguments: [0] },
      final: { entry: "clustered_prove_filled" },
      ...(mortal && { deaths: { entry: "clustered_prove_death", processors: mortal } }),
    }),
  ),
  ...MISSES.map((scene) => sceneOf("clustered-object", "token", scene)),
  ...CONSISTENCY.map(
    ([scenario, does, degree, broadcasts]): Protocol => ({
      protocol: "consistency",
      scenario,
      processors: 2,
      entries: does.map((what) => `clustered_prove_${what}`),
      init: { entry: "clustered_prove_init_value", arguments: [0, degree] },
      ...(broadcasts && { final: { entry: "clustered_prove_broadcasts", arguments: [broadcasts] } }),
    }),
  ),
  alone("hot-swap", "abandoned", "an operation that goes on, a switch that is abandoned, and others", "token"),
  alone("hot-swap", "abandoned", "the same with epochs", "epochs"),
  ...SWAPS.map((scene) => sceneOf("hot-swap", "token", scene)),
  ...FORMS.flatMap((form) => GRACE.map((scene) => sceneOf(form, form, scene))),
];
