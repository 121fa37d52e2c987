import type { Long, Protocol } from "../protocol.js";

interface Load {
  /** Who wait for it. */
  readonly consumers: number;
  /** Of them, the first so many wait for ever; others give up in time. */
  readonly patient: number;
  /** Who make it so, and notify one each. */
  readonly producers: number;
  /** Whether the consumers wait from the beginning. */
  readonly asleep?: boolean;
  /** The processors of which one dies: consumers come first. */
  readonly mortal?: readonly number[];
  readonly long?: Long;
}

const LOADS: readonly Load[] = [
  { consumers: 1, patient: 1, producers: 1 },
  { consumers: 1, patient: 0, producers: 1 },
  { consumers: 2, patient: 2, producers: 1, asleep: true, long: "sc" },
  { consumers: 2, patient: 1, producers: 1, asleep: true, long: "prove" },
  { consumers: 1, patient: 1, producers: 2, asleep: true, long: "prove" },
  { consumers: 2, patient: 0, producers: 0, long: "prove" },
  { consumers: 1, patient: 1, producers: 1, mortal: [0], long: "sc" },
  { consumers: 2, patient: 2, producers: 1, asleep: true, mortal: [0, 1], long: "prove" },
  { consumers: 1, patient: 1, producers: 2, asleep: true, mortal: [1, 2], long: "prove" },
  { consumers: 2, patient: 0, producers: 0, asleep: true, mortal: [0], long: "sc" },
];

const WAITS: readonly Protocol[] = LOADS.map(({ consumers, patient, producers, asleep = false, mortal, long }) => ({
  protocol: "condition",
  scenario: [
    `${consumers} for ${producers}`,
    patient < consumers && `${consumers - patient} giving up`,
    asleep && "asleep",
    mortal && `one of ${mortal.join(" and ")} dying`,
  ]
    .filter(Boolean)
    .join(", "),
  processors: consumers + producers,
  entries: "condition_prove_run",
  init: { entry: "condition_prove_init", arguments: [consumers, patient, Number(asleep)] },
  final: { entry: "condition_prove_end", arguments: [mortal ? 1 : 0] },
  ...(mortal && { deaths: { entry: "prove_death", processors: mortal } }),
  long,
}));

const nobody = { entry: "condition_prove_init", arguments: [0, 0, 0] };

/** One processor, and what it does; `many`: more at once than one section can notify. */
const ALONE: readonly Protocol[] = [
  ["many", "many, one after the other"],
  ["alone", "one operation after the other"],
  ["repair", "one death after the other"],
  ["freed", "freed while two wait"],
  ["full", "until the space is full"],
].map(([entry, scenario]) => ({
  protocol: "condition",
  scenario: scenario!,
  processors: 1,
  entries: `condition_prove_${entry}`,
  init: nobody,
  ...(entry === "many" && { final: { entry: "condition_prove_end", arguments: [1] } }),
}));

/** One dies in what it does, alone or while another leaves the queue, too. */
const STEPS: readonly Protocol[] = [
  {
    protocol: "condition",
    scenario: "one joins, is notified, and leaves, dying",
    processors: 1,
    entries: "condition_prove_steps",
    init: nobody,
    final: { entry: "condition_prove_steps_end" },
    deaths: { entry: "prove_death" },
  },
  {
    protocol: "condition",
    scenario: "two give up, one dying",
    processors: 2,
    entries: "condition_prove_leave",
    init: { entry: "condition_prove_init_act", arguments: [0, 2] },
    final: { entry: "condition_prove_steps_end" },
    deaths: { entry: "prove_death", processors: [0] },
    long: "sc",
  },
];

interface Wake {
  readonly act: "notify all" | "free" | "repair";
  readonly sleepers: number;
  /** How many do it: 1. */
  readonly actors?: number;
  readonly dying?: true;
}

const ACTIONS = ["notify all", "free", "repair"];

const WAKES: readonly Wake[] = [
  { act: "notify all", sleepers: 1 },
  { act: "notify all", sleepers: 1, actors: 2 },
  { act: "notify all", sleepers: 2 },
  { act: "notify all", sleepers: 1, dying: true },
  { act: "free", sleepers: 1 },
  { act: "repair", sleepers: 1 },
];

/** Some sleep from the beginning, and have to be woken by what the last one does. */
const WOKEN: readonly Protocol[] = WAKES.map(({ act, sleepers, actors = 1, dying }) => ({
  protocol: "condition",
  scenario: [`${sleepers} asleep, ${act}`, actors > 1 && `by ${actors}`, dying && "or die"].filter(Boolean).join(" "),
  processors: sleepers + actors,
  entries: Array.from({ length: sleepers + actors }, (_, i) =>
    i < sleepers ? "condition_prove_sleep" : "condition_prove_act",
  ),
  init: { entry: "condition_prove_init_act", arguments: [ACTIONS.indexOf(act), sleepers] },
  ...(act === "notify all" && { final: { entry: "condition_prove_act_end" } }),
  ...(dying && { deaths: { entry: "condition_prove_act_death", processors: [sleepers] } }),
}));

/** Where the first is in a section, and may die in it, while the second comes. */
const SECTIONS: readonly Protocol[] = [
  ...["joins", "gives up", "retires", "repairs", "dismisses"].map((does, what) => ({
    protocol: "condition",
    scenario: `one ${does}, dying, and one comes`,
    processors: 2,
    entries: ["condition_prove_section", "condition_prove_visit"],
    init: { entry: "condition_prove_init_sections", arguments: [what] },
    final: { entry: "condition_prove_section_end" },
    deaths: { entry: "condition_prove_section_death", processors: [0] },
  })),
  {
    protocol: "condition",
    scenario: "two notify one",
    processors: 2,
    entries: "condition_prove_notify",
    init: { entry: "condition_prove_init_sections", arguments: [1] },
    final: { entry: "condition_prove_notify_end" },
  },
  {
    protocol: "condition",
    scenario: "1 asleep, notified in a section that is undone, then again",
    processors: 2,
    entries: ["condition_prove_sleep", "condition_prove_undone"],
    init: { entry: "condition_prove_init_act", arguments: [0, 1] },
    final: { entry: "condition_prove_act_end" },
  },
];

export const CONDITION: readonly Protocol[] = [...ALONE, ...STEPS, ...SECTIONS, ...WOKEN, ...WAITS];
