import type { Long, Protocol } from "../protocol.js";

/** kernel/library/objects.ts. */
const KINDS = { Mutex: 1, RwLock: 3, Once: 6, McsLock: 11, TicketLock: 12 } as const;
type Kind = keyof typeof KINDS;

/** What a processor does with an object; kernel/library/proofs/wait-graph.ts. */
const WHATS = {
  lock: 1,
  read: 2,
  "line up": 3,
  "let go": 4,
  "begin to wait": 5,
  "end the wait": 6,
  "try again": 7,
} as const;
type Step = readonly [what: keyof typeof WHATS, object: number];

interface Load {
  readonly kinds: readonly Kind[];
  /** What each processor has done before, and what it does, at most six steps each; then it lets all go. */
  readonly before?: readonly (readonly Step[])[];
  readonly steps: readonly (readonly Step[])[];
  readonly deaths?: number;
  readonly long?: Long;
}

const PROCESSORS = 3;

/** The first of the codes in the lowest bits. */
const pack = (codes: readonly number[], bits: number) => codes.reduceRight((all, code) => (all << bits) | code, 0);
const packSteps = (steps: readonly Step[] = []) =>
  pack(
    steps.map(([what, object]) => WHATS[what] | (object << 3)),
    5,
  );

function claim(scenario: string, { kinds, before = [], steps, deaths = 0, long }: Load): Protocol {
  const programs = [];
  for (let p = 0; p < PROCESSORS; p++) programs.push(packSteps(before[p]), packSteps(steps[p]));
  return {
    protocol: "wait-graph",
    scenario: [scenario, deaths > 0 && `${deaths} dying`].filter(Boolean).join(", "),
    processors: steps.length,
    entries: "wait_graph_prove_run",
    init: {
      entry: "wait_graph_prove_init",
      arguments: [
        pack(
          kinds.map((kind) => KINDS[kind]),
          4,
        ),
        ...programs,
      ],
    },
    final: { entry: "wait_graph_prove_end" },
    ...(deaths > 0 && { deaths: { entry: "wait_graph_prove_death", most: deaths } }),
    long,
  };
}

/** Each processor locks one object, then the next one. */
function circle(processors: number, kind: Kind, how: "lock" | "read" = "lock"): Load {
  const all = Array.from({ length: processors }, (_, p) => p);
  const steps = all.map((p): Step[] => [
    [how, p],
    ["lock", (p + 1) % processors],
  ]);
  return { kinds: all.map(() => kind), steps };
}

/** The same, but the last one lets the first object go before: what all wait for comes free. */
function oneAtATime(processors: number): Load {
  const { kinds, steps } = circle(processors, "Mutex");
  const [first, second] = steps.at(-1)!;
  return { kinds, steps: [...steps.slice(0, -1), [first!, ["let go", first![1]], second!]] };
}

/** The same circle, but one of those that are told of it tries once more. */
function onceMore(processors: number): Load {
  const { kinds, steps } = circle(processors, "Mutex");
  return { kinds, steps: steps.map((some, p) => (p === 0 ? [["try again", 0], ...some] : some)) };
}

function inOneOrder(processors: number): Load {
  const steps = new Array<readonly Step[]>(processors).fill([
    ["lock", 0],
    ["lock", 1],
  ]);
  return { kinds: ["Mutex", "Mutex"], steps };
}

const ALONE: readonly Protocol[] = [
  ["what workers say", "wait_graph_prove_waits"],
  ["a cycle, one wait after the other", "wait_graph_prove_cycle"],
  ["objects of each kind, one after the other", "wait_graph_prove_kinds"],
].map(([scenario, entry]) => ({
  protocol: "wait-graph",
  scenario: scenario!,
  processors: 1,
  entries: entry!,
  init: { entry: "wait_graph_prove_alone_init", arguments: [] },
}));

/** In kernel/library/proofs/worker.ts. */
const SCENE = 32768;

/** What JavaScript calls, by itself. */
const CALLED: readonly Protocol[] = [
  ...[false, true].map((waits) => ({
    protocol: "wait-graph",
    scenario: waits ? "a wait that goes on" : "a wait begins",
    processors: 1,
    entries: "begin_wait",
    arguments: [SCENE],
    init: { entry: "wait_graph_prove_called_init", arguments: [SCENE, KINDS.Mutex, Number(waits)] },
    final: { entry: "wait_graph_prove_begun" },
  })),
  {
    protocol: "wait-graph",
    scenario: "one says what it is, another reads that",
    processors: 2,
    entries: ["describe_worker", "wait_graph_prove_reads"],
    arguments: [5, SCENE],
    init: { entry: "wait_graph_prove_called_init", arguments: [SCENE, KINDS.Mutex, 0] },
    final: { entry: "wait_graph_prove_described", arguments: [5] },
  },
];

const AGAIN: Protocol = {
  protocol: "wait-graph",
  scenario: "one waits for one thing after the other, another looks",
  processors: 2,
  entries: ["wait_graph_prove_waits_again", "wait_graph_prove_looks"],
  init: { entry: "wait_graph_prove_waits_again_init" },
};

/** What a processor does; kernel/library/proofs/wait-graph-calls.ts. */
type Does =
  | "await_with_lock"
  | "hold_and_call"
  | "lock_and_serve"
  | "serve_and_lock"
  | "serve"
  | "call_and_serve"
  | "serve_and_call";
type Circle = "await" | "answer";

interface CallScene {
  readonly scenario: string;
  readonly does: readonly Does[];
  /** Whether a cycle is to be found, or there is none. */
  readonly isCycle: boolean;
  readonly long?: Long;
}

const CALL_SCENES: readonly CallScene[] = [
  {
    scenario: "a call whose procedure locks what its caller has",
    does: ["hold_and_call", "serve_and_lock"],
    isCycle: true,
  },
  {
    scenario: "a call whose server locks what its caller has",
    does: ["hold_and_call", "lock_and_serve"],
    isCycle: true,
  },
  { scenario: "a call whose caller has what nobody locks", does: ["hold_and_call", "serve"], isCycle: false },
  { scenario: "a call whose caller serves meanwhile", does: ["call_and_serve", "serve_and_call"], isCycle: false },
  {
    scenario: "a call, and one of 2 servers locks what its caller has",
    does: ["await_with_lock", "lock_and_serve", "serve"],
    isCycle: false,
    long: "sc",
  },
  {
    scenario: "a call, and both servers lock what its caller has",
    does: ["await_with_lock", "lock_and_serve", "lock_and_serve"],
    isCycle: true,
    long: "prove",
  },
];

const CALLS: readonly Protocol[] = CALL_SCENES.map(({ scenario, does, isCycle, long }) => ({
  protocol: "wait-graph",
  scenario,
  processors: does.length,
  entries: does.map((what) => `wait_graph_prove_${what}`),
  init: {
    entry: `wait_graph_prove_${does[0] === "await_with_lock" ? "called_with_lock" : "calls"}_init`,
    arguments: [Number(isCycle)],
  },
  final: { entry: "wait_graph_prove_calls_end" },
  long,
}));

const CIRCLES: readonly Protocol[] = (
  [
    ["2 in a circle of calls", ["await", "await"], undefined],
    ["3 in a circle of calls", ["await", "await", "await"], "sc"],
    ["2 in a circle of calls, of whom one answers", ["await", "answer"], undefined],
    ["3 in a circle of calls, of whom one answers", ["await", "await", "answer"], "sc"],
  ] as [string, Circle[], Long | undefined][]
).map(([scenario, does, long]) => ({
  protocol: "wait-graph",
  scenario,
  processors: does.length,
  entries: does.map((what) => `wait_graph_prove_circle_${what}`),
  init: { entry: "wait_graph_prove_circle_init", arguments: [Number(!does.includes("answer"))] },
  final: { entry: "wait_graph_prove_calls_end" },
  long,
}));

export const WAIT_GRAPH: readonly Protocol[] = [
  ...ALONE,
  ...CALLED,
  AGAIN,
  ...CALLS,
  ...CIRCLES,
  claim("2 in a circle", circle(2, "Mutex")),
  claim("3 in a circle", { ...circle(3, "Mutex"), long: "prove" }),
  claim("2 in a circle, again", onceMore(2)),
  claim("2 one at a time", oneAtATime(2)),
  claim("3 one at a time", { ...oneAtATime(3), long: "prove" }),
  claim("2 in one order", inOneOrder(2)),
  claim("3 in one order", { ...inOneOrder(3), long: "prove" }),
  claim("2 in a circle", { ...circle(2, "Mutex"), deaths: 1, long: "prove" }),
  claim("2 in one order", { ...inOneOrder(2), deaths: 1, long: "sc" }),
  claim("2 in a circle of RwLocks", circle(2, "RwLock")),
  claim("2 in a circle of RwLocks, reading first", circle(2, "RwLock", "read")),
  claim("2 in a circle of TicketLocks", circle(2, "TicketLock")),
  claim("2 in a circle of McsLocks", circle(2, "McsLock")),
  claim("2 in a circle of Onces", circle(2, "Once")),
  claim("a writer waits for two readers, of whom one waits for it", {
    kinds: ["RwLock", "Mutex"],
    before: [[["read", 0]], [["read", 0]], [["lock", 1]]],
    steps: [[["let go", 0]], [["lock", 1]], [["lock", 0]]],
  }),
  claim("a reader has got in, and still says that it waits", {
    kinds: ["RwLock", "Mutex"],
    before: [
      [],
      [
        ["lock", 1],
        ["read", 0],
        ["begin to wait", 0],
      ],
      [["read", 0]],
    ],
    steps: [
      [["lock", 0]],
      [
        ["end the wait", 0],
        ["let go", 0],
      ],
      [["lock", 1]],
    ],
  }),
  claim("one in line for a TicketLock waits elsewhere", {
    kinds: ["TicketLock", "Mutex"],
    before: [[["lock", 0]], [["line up", 0]], [["lock", 1]]],
    steps: [[["let go", 0]], [["lock", 1]], [["lock", 0]]],
  }),
];
