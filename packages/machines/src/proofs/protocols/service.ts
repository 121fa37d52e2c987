import type { Long, Protocol } from "../protocol.js";

/** As kernel/library/proofs/service.ts has them. */
const MANNERS = { "gives up": 1, large: 2, watches: 4, own: 8 };
const OUTCOMES = { answer: 1, "no server": 2, refused: 3, "given up": 4, "never begun": 5 };

type Manner = keyof typeof MANNERS;
type Outcome = keyof typeof OUTCOMES;

/** What a processor does: those who call come first, then those who serve. */
type Does = "call" | "serve" | "leave" | "quit" | "close" | "free";

interface Scene {
  readonly scenario: string;
  readonly does: readonly Does[];
  /** Of each caller. */
  readonly calls?: number;
  readonly stacks?: number;
  readonly manners?: readonly Manner[];
  /** What calls may come to; left out where a caller dies, whose call has none. */
  readonly outcomes?: readonly Outcome[];
  /** The processors that may die. */
  readonly mortal?: readonly number[];
  readonly long?: Long;
}

const SCENES: readonly Scene[] = [
  { scenario: "1 call, 1 server", does: ["call", "serve"] },
  { scenario: "1 call, 1 server, which watches", does: ["call", "serve"], manners: ["watches"] },
  { scenario: "1 large call, 1 server", does: ["call", "serve"], manners: ["large"] },
  { scenario: "2 calls, one after the other", does: ["call", "serve"], calls: 2 },
  {
    scenario: "1 call, given up",
    does: ["call", "serve"],
    manners: ["gives up"],
    outcomes: ["answer", "given up", "never begun"],
  },
  {
    scenario: "2 calls, given up, by one A-stack",
    does: ["call", "serve"],
    calls: 2,
    manners: ["gives up"],
    outcomes: ["answer", "given up", "never begun"],
  },
  { scenario: "1 call, 2 servers", does: ["call", "serve", "serve"], long: "sc" },
  { scenario: "1 call each of 2, and one A-stack", does: ["call", "call", "serve"], long: "prove" },
  { scenario: "1 call each of 2, 2 A-stacks", does: ["call", "call", "serve"], stacks: 2, long: "prove" },
  { scenario: "1 call each of 2, 2 servers", does: ["call", "call", "serve", "serve"], stacks: 2, long: "prove" },
  { scenario: "1 call, the last server leaves", does: ["call", "leave"], outcomes: ["no server", "refused"] },
  { scenario: "1 call, its server leaves with it", does: ["call", "quit"], outcomes: ["no server", "refused"] },
  {
    scenario: "1 call, given up, its server leaves with it",
    does: ["call", "quit"],
    manners: ["gives up"],
    outcomes: ["given up", "never begun", "no server", "refused"],
  },
  {
    scenario: "1 call, one of 2 servers leaves",
    does: ["call", "serve", "leave"],
  },
  {
    scenario: "1 call, and somebody closes",
    does: ["call", "serve", "close"],
    outcomes: ["answer", "no server", "refused"],
  },
  { scenario: "1 call, its caller dying", does: ["call", "serve"], mortal: [0] },
  { scenario: "1 large call, its caller dying", does: ["call", "serve"], manners: ["large"], mortal: [0], long: "sc" },
  { scenario: "1 call, given up, its caller dying", does: ["call", "serve"], manners: ["gives up"], mortal: [0] },
  {
    scenario: "1 call, its server dying",
    does: ["call", "serve"],
    mortal: [1],
    outcomes: ["answer", "no server", "refused"],
  },
  {
    scenario: "1 call, given up, its server dying",
    does: ["call", "serve"],
    manners: ["gives up"],
    mortal: [1],
    outcomes: ["answer", "given up", "never begun", "no server", "refused"],
  },
  {
    scenario: "1 call, the last server leaves, dying",
    does: ["call", "leave"],
    mortal: [1],
    outcomes: ["no server", "refused"],
  },
  { scenario: "1 call by an A-stack of its own", does: ["call", "serve"], manners: ["own"] },
  { scenario: "1 large call by an A-stack of its own", does: ["call", "serve"], manners: ["own", "large"] },
  {
    scenario: "2 calls by an A-stack of its own, and a server that watches",
    does: ["call", "serve"],
    calls: 2,
    manners: ["own", "watches"],
  },
  {
    scenario: "2 calls by an A-stack of its own, given up",
    does: ["call", "serve"],
    calls: 2,
    manners: ["own", "gives up"],
    outcomes: ["answer", "given up", "never begun"],
  },
  {
    scenario: "3 calls by an A-stack of its own, given up, and a server that watches",
    does: ["call", "serve"],
    calls: 3,
    manners: ["own", "gives up", "watches"],
    outcomes: ["answer", "given up", "never begun"],
    long: "prove",
  },
  {
    scenario: "1 call by an A-stack of its own, its caller dying",
    does: ["call", "serve"],
    manners: ["own"],
    mortal: [0],
  },
  {
    scenario: "1 large call by an A-stack of its own, its caller dying",
    does: ["call", "serve"],
    manners: ["own", "large"],
    mortal: [0],
    long: "sc",
  },
  {
    scenario: "1 call by an A-stack of its own, its server dying",
    does: ["call", "serve"],
    manners: ["own"],
    mortal: [1],
    outcomes: ["answer", "no server", "refused"],
  },
  {
    scenario: "1 call by an A-stack of its own, and somebody closes",
    does: ["call", "serve", "close"],
    manners: ["own"],
    outcomes: ["answer", "no server", "refused"],
  },
  {
    scenario: "1 call each of 2, by A-stacks of their own",
    does: ["call", "call", "serve"],
    manners: ["own"],
    long: "prove",
  },
  {
    scenario: "1 call each of 2, and one A-stack, one dying",
    does: ["call", "call", "serve"],
    mortal: [0],
    long: "prove",
  },
  {
    scenario: "1 call, one of 2 servers dying",
    does: ["call", "serve", "serve"],
    mortal: [1],
    outcomes: ["answer", "no server"],
    long: "prove",
  },
];

function sceneOf(scene: Scene): Protocol {
  const { scenario, does, calls = 1, stacks = 1, manners = [], outcomes = ["answer"], mortal, long } = scene;
  const callers = does.filter((what) => what === "call").length;
  const servers = does.filter((what) => ["serve", "leave", "quit"].includes(what)).length;
  const how = manners.reduce((sum, manner) => sum + MANNERS[manner], 0);
  const all = outcomes.reduce((sum, outcome) => sum + (1 << OUTCOMES[outcome]), 0);
  return {
    protocol: "service",
    scenario,
    processors: does.length,
    entries: does.map((what) => `service_prove_${what}`),
    init: { entry: "service_prove_init", arguments: [callers, servers, calls, stacks, how] },
    final: mortal?.some((p) => p < callers)
      ? { entry: "service_prove_end" }
      : { entry: "service_prove_end_all", arguments: [all] },
    ...(mortal && { deaths: { entry: "service_prove_death", processors: mortal } }),
    long,
  };
}

/** An A-stack that somebody has already, and what takes place then. */
const CLAIMED: readonly Protocol[] = [
  { scenario: "an A-stack is wanted, and let go", does: ["want", "release"], init: [1, 0] },
  { scenario: "an A-stack is wanted, and let go, 1 dying", does: ["want", "release"], init: [1, 0], mortal: [1] },
  { scenario: "a call that 2 servers find", does: ["race", "race"], init: [2, 1], end: [0] },
  { scenario: "a call that 2 servers find, 0 dying", does: ["race", "race"], init: [2, 1], end: [1], mortal: [0] },
].map(({ scenario, does, init, end, mortal }) => ({
  protocol: "service",
  scenario,
  processors: does.length,
  entries: does.map((what) => `service_prove_${what}`),
  init: { entry: "service_prove_init_claimed", arguments: init },
  final: end ? { entry: "service_prove_end_race", arguments: end } : { entry: "service_prove_end" },
  ...(mortal && { deaths: { entry: "service_prove_death", processors: mortal } }),
}));

/** A call that is given up, beside whoever closes the service, and frees it if nobody calls. */
const FREED: readonly Protocol[] = [
  { scenario: "1 call, closed and freed", manner: 0 },
  { scenario: "1 call by an A-stack of its own, closed and freed", manner: MANNERS.own },
].map(({ scenario, manner }) => ({
  protocol: "service",
  scenario,
  processors: 2,
  entries: ["service_prove_call", "service_prove_free"],
  // The server is no processor of the run.
  init: { entry: "service_prove_init_served", arguments: [manner | MANNERS["gives up"]] },
  final: { entry: "service_prove_end_free" },
}));

/** A call that is given up, or refused, or whose caller dies, beside whoever waits until there is none. */
const AWAITED: readonly Protocol[] = [
  { scenario: "1 call, and one that waits until it is over", manner: 0, mortal: false },
  {
    scenario: "1 call by an A-stack of its own, and one that waits until it is over",
    manner: MANNERS.own,
    mortal: false,
  },
  { scenario: "1 call, its caller dying, and one that waits until it is over", manner: 0, mortal: true },
  {
    scenario: "1 call by an A-stack of its own, its caller dying, and one that waits until it is over",
    manner: MANNERS.own,
    mortal: true,
  },
].map(({ scenario, manner, mortal }) => ({
  protocol: "service",
  scenario,
  processors: 2,
  entries: ["service_prove_call", "service_prove_await_idle"],
  init: { entry: "service_prove_init_open", arguments: [manner | MANNERS["gives up"]] },
  final: { entry: "service_prove_end_free" },
  ...(mortal && { deaths: { entry: "service_prove_death", processors: [0] } }),
}));

/** Who takes one of 2 calls, while the other server sleeps, tells it. */
const TWICE: Protocol = {
  protocol: "service",
  scenario: "2 calls, 2 servers that have one each for ever",
  processors: 3,
  entries: ["call_twice", "serve_one", "serve_one"].map((what) => `service_prove_${what}`),
  init: { entry: "service_prove_init", arguments: [1, 2, 2, 2, MANNERS.watches] },
  final: { entry: "service_prove_end_twice" },
  long: "sc",
};

export const SERVICE: readonly Protocol[] = [...CLAIMED, ...FREED, ...AWAITED, ...SCENES.map(sceneOf), TWICE];
