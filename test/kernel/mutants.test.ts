import { expect, test } from "vitest";
import type { Kind } from "#dist/program/kernel.js";
import {
  barrierCases,
  type Case,
  checkBarrier,
  checkCounter,
  checkLock,
  counterCases,
  lockCases,
} from "../stepped/conformance.js";
import { buildMutants, type Mutant } from "../stepped/mutants.js";

const LOST = /The protected count is \d+ after \d+ acquisitions/;
const STUCK = /it does not end/;
const ASLEEP = /all processors that are left sleep/;
const EARLY = /the program failed: LeftBarrierEarly/;
const WRONG_SUM = /The exact sum is \d+ after \d+ additions/;

/** Bugs that people made, or that papers have, and what the conformance suite says of them. */
const MUTANTS: (Mutant & { readonly found: RegExp; readonly preset?: (lock: number) => void })[] = [
  {
    bug: "a lock that does nothing",
    kind: "lock",
    from: "test-and-set",
    changes: [["while (test_and_set(L)) pause();", ""]],
    found: LOST,
  },
  {
    bug: "a lock that looks and takes in two steps",
    kind: "lock",
    from: "test-and-set",
    changes: [["while (test_and_set(L)) pause();", "while (atomic.load<u32>(L)) pause();\n  write(L, 1);"]],
    found: LOST,
  },
  {
    bug: "tickets that are not taken atomically",
    kind: "lock",
    from: "ticket",
    changes: [
      [
        "const my_ticket = fetch_and_increment(L + next_ticket);",
        "const my_ticket = read(L + next_ticket);\n  write(L + next_ticket, my_ticket + 1);",
      ],
    ],
    found: /The protected count|it does not end/,
  },
  {
    bug: "tickets that are compared by size, when they wrap",
    kind: "lock",
    from: "ticket",
    changes: [
      ["while (read(L + now_serving) != my_ticket) pause();", "while (read(L + now_serving) < my_ticket) pause();"],
    ],
    preset(lock) {
      machine.write(lock, 2 ** 32 - 3);
      machine.write(lock + 4, 2 ** 32 - 3);
    },
    found: /The protected count|it does not end/,
  },
  {
    bug: "Anderson's lock with P slots, as printed, when next_slot wraps",
    kind: "lock",
    from: "anderson",
    changes: [
      ["1 << ceilLog2(processors)", "processors"],
      ["write(L + mask, slots - 1);", "write(L + mask, slots);"],
      [
        "fetch_and_increment(L + next_slot) & load<u32>(I + mask)",
        "fetch_and_increment(L + next_slot) % load<u32>(I + mask)",
      ],
      ["(load<u32>(I + my_place) + 1) & load<u32>(I + mask)", "(load<u32>(I + my_place) + 1) % load<u32>(I + mask)"],
    ],
    preset(lock) {
      const slots = machine.read(lock + 4);
      machine.write(lock, 2 ** 32 - (2 ** 32 % slots) - slots); // stands for slot 0, which has the lock
    },
    found: /The protected count|it does not end/,
  },
  {
    bug: "Anderson's lock whose sequence counter nobody guards",
    kind: "lock",
    from: "anderson-test-and-set",
    changes: [["  acquireCounter(L + counter_lock, load<u32>(I + backoff));\n", ""]],
    found: /The protected count|it does not end/,
  },
  {
    bug: "a backoff that ends with the longest delay",
    kind: "lock",
    from: "test-and-set-exponential",
    changes: [["I + first); test_and_set(L);", "I + first); test_and_set(L) && delay < load<u32>(I + limit);"]],
    found: LOST,
  },
  {
    bug: "a backoff that does not try again",
    kind: "lock",
    from: "test-and-set-linear",
    changes: [
      ["for (let delay = load<u32>(I); test_and_set(L); delay += load<u32>(I)) work(delay);", "test_and_set(L);"],
    ],
    found: LOST,
  },
  {
    bug: "a lock that spins without a pause",
    kind: "lock",
    from: "test-and-set",
    changes: [["while (test_and_set(L)) pause();", "while (test_and_set(L)) {}"]],
    found: /accesses memory 10000000 times without a pause/,
  },
  {
    bug: "an MCS release that does not wait for its successor's link",
    kind: "lock",
    from: "mcs",
    changes: [["    while (read(I + next) == NIL) pause();\n", ""]],
    found: STUCK,
  },
  {
    bug: "an MCS acquire that says that it waits after it linked",
    kind: "lock",
    from: "mcs",
    changes: [["write(predecessor + next, <u32>I);", "write(predecessor + next, <u32>I);\n    write(I + locked, 1);"]],
    found: STUCK,
  },
  {
    bug: "an MCS release without compare_and_swap that forgets the usurper",
    kind: "lock",
    from: "mcs-swap",
    changes: [["if (usurper != NIL) {", "if (false) {"]],
    found: /The protected count|it does not end/,
  },
  {
    bug: "a CLH release that keeps its own node",
    kind: "lock",
    from: "clh",
    changes: [["  store<u32>(I + node, load<u32>(I + predecessor));\n", ""]],
    found: /The protected count|it does not end/,
  },
  {
    bug: "a lock that forgets after waking that others may sleep",
    kind: "lock",
    from: "spin-then-block",
    changes: [
      [
        "while (fetch_and_store(L, CONTENDED) != FREE) atomic.wait<u32>(L, CONTENDED, -1);",
        `while (!compare_and_swap(L, FREE, HELD)) {
    compare_and_swap(L, HELD, CONTENDED);
    atomic.wait<u32>(L, CONTENDED, -1);
  }`,
      ],
    ],
    found: ASLEEP,
  },
  {
    bug: "a counting barrier without the second wait",
    kind: "barrier",
    from: "counting",
    changes: [["while (read(B + arrived) == P) pause();", ""]],
    found: /LeftBarrierEarly|it does not end/,
  },
  {
    bug: "a sense-reversing barrier that resets the count after the sense flips",
    kind: "barrier",
    from: "sense-reversing",
    changes: [
      ["  store<u32>(B + count, read(B + processorsOf));\n", ""],
      [
        "  write(B + sense, local_sense);\n",
        "  write(B + sense, local_sense);\n  write(B + count, read(B + processorsOf));\n",
      ],
    ],
    found: STUCK,
  },
  {
    bug: "a sense-reversing barrier that looks no more after its longest delay",
    kind: "barrier",
    from: "sense-reversing-exponential",
    changes: [["!= local_sense; delay =", "!= local_sense && delay < longest; delay ="]],
    found: EARLY,
  },
  {
    bug: "a sense-reversing barrier that takes its estimate for the arrival",
    kind: "barrier",
    from: "sense-reversing-proportional",
    changes: [["    do work(missing * load<u32>(I + slotOf));\n    while (read(B + sense) != local_sense);\n", ""]],
    found: EARLY,
  },
  {
    bug: "a counter that is reset after the wakeup",
    kind: "barrier",
    from: "counter-tree-wakeup",
    changes: [
      ["    store<u32>(B + count, read(B + processorsOf));\n", ""],
      [
        "    write(read(B + root), mysense);\n",
        "    write(read(B + root), mysense);\n    store<u32>(B + count, read(B + processorsOf));\n",
      ],
    ],
    found: STUCK,
  },
  {
    bug: "a parking barrier that wakes only one",
    kind: "barrier",
    from: "sense-reversing-parking",
    changes: [["atomic.notify(B + sense, -1);", "atomic.notify(B + sense, 1);"]],
    found: ASLEEP,
  },
  {
    bug: "a parking barrier that looks for sleepers before it flips",
    kind: "barrier",
    from: "sense-reversing-parking",
    changes: [
      ["    if (read(B + sleepers) > 0) atomic.notify(B + sense, -1);\n", ""],
      [
        "    flipSense(B, local_sense);\n",
        "    if (read(B + sleepers) > 0) atomic.notify(B + sense, -1);\n    flipSense(B, local_sense);\n",
      ],
    ],
    found: ASLEEP,
  },
  {
    bug: "a parking barrier whose waiters count themselves when they have slept",
    kind: "barrier",
    from: "sense-reversing-parking",
    changes: [
      ["    fetch_and_increment(B + sleepers);\n", ""],
      [
        "    fetch_and_decrement(B + sleepers);\n",
        "    fetch_and_increment(B + sleepers);\n    fetch_and_decrement(B + sleepers);\n",
      ],
    ],
    found: ASLEEP,
  },
  {
    bug: "an MCS tree barrier whose havechild is as printed",
    kind: "barrier",
    from: "mcs-tree",
    changes: [["i * 4 + j + 1 < processors", "i * 4 + j < processors"]],
    found: STUCK,
  },
  {
    bug: "an MCS tree barrier whose arrivals are not set up again",
    kind: "barrier",
    from: "mcs-tree",
    changes: [["store<u32>(childnotready, load<u32>(havechild));", ""]],
    found: EARLY,
  },
  {
    bug: "a combining tree whose nodes all expect four",
    kind: "barrier",
    from: "combining-tree",
    changes: [["min(FAN_IN, below - i * FAN_IN)", "FAN_IN"]],
    found: STUCK,
  },
  {
    bug: "a dissemination barrier with one set of flags",
    kind: "barrier",
    from: "dissemination",
    changes: [
      ["  store<u32>(I + parity, myparity ^ 1);\n", ""],
      ["if (myparity == 1) store", "store"],
    ],
    found: /LeftBarrierEarly|it does not end/,
  },
  {
    bug: "a tournament whose champion does not wait",
    kind: "barrier",
    from: "tournament",
    changes: [
      [
        "    if (mine != BYE) {\n      while (read(flag) != sense) pause();",
        "    if (mine != BYE) {\n      if (mine != CHAMPION) while (read(flag) != sense) pause();",
      ],
    ],
    found: EARLY,
  },
  {
    bug: "a tournament whose winners do not wait",
    kind: "barrier",
    from: "tournament-flag",
    changes: [
      ["(load<u32>(round + role) == WINNER) {\n      while (read(flag) != sense) pause();\n    }", "(false) {}"],
    ],
    found: EARLY,
  },
  {
    bug: "a dissemination barrier that listens to whom it told",
    kind: "barrier",
    from: "dissemination-messages",
    changes: [["receive((i + P - distance) % P);", "receive((i + distance) % P);"]],
    found: ASLEEP,
  },
  {
    bug: "a tournament whose losers do not wait to be woken",
    kind: "barrier",
    from: "tournament-messages",
    changes: [["    receive(i - half);\n", ""]],
    found: EARLY,
  },
  {
    bug: "a counter that adds in two steps",
    kind: "counter",
    from: "shared",
    changes: [["atomic.add<i64>(I, amount);", "atomic.store<i64>(I, atomic.load<i64>(I) + amount);"]],
    found: WRONG_SUM,
  },
];

const SUITES: Record<Kind, { cases: (processors: number) => Case[]; check: typeof checkLock }> = {
  lock: { cases: lockCases, check: checkLock },
  barrier: { cases: barrierCases, check: checkBarrier },
  counter: { cases: counterCases, check: checkCounter },
};

const { kernel, machine } = await buildMutants(MUTANTS);
machine.limit = 500_000;

/** The first of the executions in which the algorithm is found wrong. */
function firstFailure(
  name: string,
  preset?: (lock: number) => void,
): { readonly message: string; readonly case: Case } | undefined {
  const algorithm = kernel.algorithms.find((candidate) => candidate.name === name)!;
  const { cases, check } = SUITES[algorithm.kind];
  for (const execution of [1, 2, 3, 4, 5, 8].flatMap(cases)) {
    try {
      check(machine, algorithm, execution, preset);
    } catch (error) {
      return { message: (error as Error).message, case: execution };
    }
  }
  return undefined;
}

test.each(MUTANTS.map((mutant, i) => [mutant.bug, `mutant-${i}`, mutant] as const))(
  "conformance finds %s",
  (_, name, { kind, found, preset }) => {
    const failure = firstFailure(name, preset);
    expect(failure?.message).toMatch(found);
    expect(failure?.message).toContain(`(replay: ${JSON.stringify(failure?.case)})`);
    const algorithm = kernel.algorithms.find((candidate) => candidate.name === name)!;
    const again = () => SUITES[kind].check(machine, algorithm, failure!.case, preset);
    expect(again, "the same execution again").toThrow(failure!.message);
  },
);
