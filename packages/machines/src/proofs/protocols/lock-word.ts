import { FIFO, type Long, type Protocol } from "../protocol.js";

/** How heirs behave; kernel/library/proofs/worker.ts. */
const IMPATIENT = 1;
const NAPPING = 2;

/** Of a lock word and of an heir's; kernel/library/lock-word.ts. */
const CONTENDED = 0x80000000;
const RESERVED = 0x20000000;
const SLEEPS = 0x40000000;
const FREE = 0;
/** Of processor 1, and of no processor. */
const SECOND_SLOT = 2;
const DEAD_SLOT = 9;

const lockWord = { protocol: "lock-word" } as const;

/** Each operation, by one processor: the words before are set by hand, those after are all compared. */
const ALONE: readonly Protocol[] = [
  { scenario: "attempts", entry: "attempts", spins: false, manners: 0 },
  { scenario: "attempts of the heir", entry: "heir", spins: false, manners: 0 },
  { scenario: "an heir that looks", entry: "looks", spins: true, manners: 0 },
  { scenario: "an heir that looks and demands", entry: "demands", spins: true, manners: IMPATIENT },
  { scenario: "an heir that naps", entry: "naps", spins: false, manners: NAPPING },
  { scenario: "releases", entry: "releases", spins: false, manners: 0 },
  { scenario: "who resigns", entry: "resigns", spins: false, manners: 0 },
  { scenario: "repairs", entry: "repairs", spins: false, manners: 0 },
].map(({ scenario, entry, spins, manners }) => ({
  ...lockWord,
  scenario: `${scenario}, word by word`,
  processors: 1,
  entries: `lock_word_prove_${entry}`,
  init: { entry: "lock_word_prove_init", arguments: [Number(spins), manners] },
  ...((entry === "releases" || entry === "resigns") && { invariant: { entry: "lock_word_prove_few_calls" } }),
}));

const PATIENCE: Protocol = {
  ...lockWord,
  scenario: "how often an heir is overtaken",
  processors: 1,
  entries: "lock_word_prove_patience",
  init: { entry: "lock_word_prove_init_patient" },
};

interface Together {
  readonly scenario: string;
  /** Of each processor. */
  readonly does: readonly string[];
  /** What processor 0 has, beside its slot. */
  readonly word: number;
  readonly heir?: number;
  readonly spins?: boolean;
  readonly manners?: number;
  readonly invariant?: string;
  readonly final?: string;
  readonly long?: Long;
}

const TOGETHER: readonly Together[] = [
  { scenario: "who is called is the heir", does: ["calls", "called"], word: FREE },
  { scenario: "a call stands", does: ["lets_go", "listens"], word: CONTENDED },
  { scenario: "a call in vain, and a turn", does: ["releases_once", "turn"], word: CONTENDED },
  { scenario: "an heir is woken", does: ["releases_once", "waits"], word: FREE },
  { scenario: "an heir is called", does: ["releases_once", "waits"], word: CONTENDED },
  {
    scenario: "two come at once",
    does: ["comes", "comes"],
    word: DEAD_SLOT - 1,
    final: "one_heir",
  },
  {
    scenario: "an heir looks, one is called",
    does: ["releases_once", "inherits", "waits"],
    word: CONTENDED,
    heir: SECOND_SLOT,
  },
  { scenario: "one comes, one is called", does: ["releases_once", "waits", "waits"], word: CONTENDED },
  {
    scenario: "an heir gives up, one is called",
    does: ["releases_once", "resigns_once", "waits"],
    word: CONTENDED | RESERVED,
    heir: SECOND_SLOT | SLEEPS,
  },
  {
    scenario: "the heir is dead",
    does: ["releases_twice", "mends_heir", "waits"],
    word: CONTENDED | RESERVED,
    heir: DEAD_SLOT | SLEEPS,
  },
  { scenario: "a call, and a wake of another's", does: ["releases_once", "wakes", "sleeps"], word: CONTENDED },
  { scenario: "overtaken", does: ["releases_twice", "waits"], word: FREE, invariant: "undemanded" },
  {
    scenario: "two wait without blocking",
    does: ["releases_once", "waits_asynchronously", "waits_asynchronously"],
    word: FREE,
  },
  { scenario: "two wait", does: ["releases_once", "waits", "waits"], word: FREE },
  { scenario: "one waits without blocking", does: ["releases_once", "waits_asynchronously"], word: FREE },
  { scenario: "a repair wakes the heir", does: ["mends", "waits"], word: FREE },
  {
    scenario: "a repair wakes all who sleep",
    does: ["mends", "sleeps_called", "sleeps_called", "sleeps_asynchronously", "sleeps_asynchronously"],
    word: CONTENDED,
  },
  { scenario: "one takes it again and again", does: ["takes_again", "starved"], word: FREE, manners: IMPATIENT },
  { scenario: "one takes it again and again, endured once", does: ["takes_again", "starved_once"], word: FREE },
  {
    scenario: "one takes it again and again, hot",
    does: ["takes_again", "starved"],
    word: FREE,
    spins: true,
    manners: IMPATIENT,
  },
  {
    scenario: "one takes it again and again, napping",
    does: ["takes_again", "starved"],
    word: FREE,
    manners: IMPATIENT | NAPPING,
  },
  { scenario: "who demands it is not overtaken", does: ["overtakes", "starved"], word: FREE, manners: IMPATIENT },
];

/** Two wait for one. */
const IN_ORDER: Protocol = {
  ...lockWord,
  scenario: "who slept first is first",
  processors: 3,
  entries: ["lock_word_prove_releases_once", "lock_word_prove_in_order", "lock_word_prove_in_order"],
  init: { entry: "lock_word_prove_init_in_order", arguments: [CONTENDED] },
  order: FIFO,
};

export const LOCK_WORD: readonly Protocol[] = [
  ...ALONE,
  PATIENCE,
  IN_ORDER,
  ...TOGETHER.map(({ scenario, does, word, heir = 0, spins = false, manners = 0, invariant, final, long }) => ({
    ...lockWord,
    scenario,
    processors: does.length,
    entries: does.map((what) => `lock_word_prove_${what}`),
    init: { entry: "lock_word_prove_init_held", arguments: [word, heir, Number(spins), manners] },
    ...(invariant !== undefined && { invariant: { entry: `lock_word_prove_${invariant}` } }),
    ...(final !== undefined && { final: { entry: `lock_word_prove_${final}` } }),
    long,
  })),
];
