import type { PlantedBug } from "./planted-bug.js";

export const LOCK_BUGS: readonly PlantedBug[] = [
  {
    bug: "a lock that does nothing",
    from: "test-and-set",
    changes: [["while (test_and_set(L)) pause();", ""]],
    found: { kind: "race", processors: 2, turns: 1 },
  },
  {
    bug: "a lock that looks and takes in two steps",
    from: "test-and-set",
    changes: [["while (test_and_set(L)) pause();", "while (atomic.load<u32>(L)) pause();\n  write(L, 1);"]],
    found: { kind: "race", processors: 2, turns: 1 },
  },
  {
    bug: "tickets that are not taken atomically",
    from: "ticket",
    changes: [
      [
        "const my_ticket = fetch_and_increment(L + next_ticket);",
        "const my_ticket = read(L + next_ticket);\n  write(L + next_ticket, my_ticket + 1);",
      ],
    ],
    found: { kind: "race", processors: 2, turns: 1 },
  },
  {
    bug: "tickets that are compared by size, when they wrap",
    from: "ticket",
    changes: [
      ["while (read(L + now_serving) != my_ticket) pause();", "while (read(L + now_serving) < my_ticket) pause();"],
    ],
    found: { kind: "order", processors: 2, turns: 1 },
  },
  {
    bug: "Anderson's lock with P slots, as printed, when next_slot wraps",
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
    found: { kind: "race", processors: 3, turns: 2 },
  },
  {
    bug: "Anderson's lock whose sequence counter nobody guards",
    from: "anderson-test-and-set",
    changes: [["  acquireCounter(L + counter_lock, load<u32>(I + backoff));\n", ""]],
    found: { kind: "race", processors: 2, turns: 1 },
  },
  {
    bug: "a backoff that ends with the longest delay",
    from: "test-and-set-exponential",
    changes: [["I + first); test_and_set(L);", "I + first); test_and_set(L) && delay < load<u32>(I + limit);"]],
    found: { kind: "race", processors: 2, turns: 1 },
  },
  {
    bug: "a backoff that does not try again",
    from: "test-and-set-linear",
    changes: [
      ["for (let delay = load<u32>(I); test_and_set(L); delay += load<u32>(I)) work(delay);", "test_and_set(L);"],
    ],
    found: { kind: "race", processors: 2, turns: 1 },
  },
  {
    bug: "a lock that spins without a pause",
    from: "test-and-set",
    changes: [["while (test_and_set(L)) pause();", "while (test_and_set(L)) {}"]],
    found: { kind: "pause", processors: 2, turns: 1 },
  },
  {
    bug: "an MCS release that does not wait for its successor's link",
    from: "mcs",
    changes: [["    while (read(I + next) == NIL) pause();\n", ""]],
    found: { kind: "livelock", processors: 2, turns: 1 },
  },
  {
    bug: "an MCS acquire that says that it waits after it linked",
    from: "mcs",
    changes: [["write(predecessor + next, <u32>I);", "write(predecessor + next, <u32>I);\n    write(I + locked, 1);"]],
    found: { kind: "livelock", processors: 2, turns: 1 },
  },
  {
    bug: "an MCS release without compare_and_swap that forgets the usurper",
    from: "mcs-swap",
    changes: [["if (usurper != NIL) {", "if (false) {"]],
    found: { kind: "race", processors: 3, turns: 1 },
  },
  {
    bug: "a CLH release that keeps its own node",
    from: "clh",
    changes: [["  store<u32>(I + node, load<u32>(I + predecessor));\n", ""]],
    found: { kind: "livelock", processors: 1, turns: 2 },
  },
  {
    bug: "a lock that forgets after waking that others may sleep",
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
    found: { kind: "deadlock", processors: 3, turns: 1 },
  },
  {
    bug: "a lock that is taken whatever it held",
    from: "test-and-test-and-set",
    changes: [
      ["while (read(L) != FREE || test_and_set(L)) pause();", "while (read(L) != FREE) pause();\n  test_and_set(L);"],
    ],
    found: { kind: "race", processors: 2, turns: 1 },
  },
  {
    bug: "a backoff after release that takes what another took",
    from: "backoff-after-release",
    changes: [["    if (!test_and_set(L)) return;\n    doubleBackoff(I);\n", "    test_and_set(L);\n    return;\n"]],
    found: { kind: "race", processors: 3, turns: 1 },
  },
  {
    bug: "a backoff between references that looks at the end of its delay only",
    from: "backoff-between-references",
    changes: [
      [
        "    if (read(L) != FREE) continue;\n    if (!test_and_set(L)) return;\n    doubleBackoff(I);\n",
        "    doubleBackoff(I);\n    if (read(L) == FREE) return;\n",
      ],
    ],
    found: { kind: "race", processors: 3, turns: 1 },
  },
  {
    bug: "a static delay after release that is thought to keep others away",
    from: "static-delay-after-release",
    changes: [["while (read(L) != FREE || test_and_set(L)) {", "if (read(L) != FREE || test_and_set(L)) {"]],
    found: { kind: "race", processors: 3, turns: 1 },
  },
  {
    bug: "a static delay between references that is waited once",
    from: "static-delay-between-references",
    changes: [["while (read(L) != FREE || test_and_set(L)) work", "if (read(L) != FREE || test_and_set(L)) work"]],
    found: { kind: "race", processors: 2, turns: 1 },
  },
  {
    bug: "a ticket lock that lets the next in line go in",
    from: "ticket-proportional",
    changes: [["if (ahead == 0) return;", "if (ahead <= 1) return;"]],
    found: { kind: "race", processors: 2, turns: 1 },
  },
  {
    bug: "a ticket lock whose counter wraps at 2",
    from: "ticket",
    changes: [
      [
        "while (read(L + now_serving) != my_ticket) pause();",
        "while ((read(L + now_serving) & 1) != (my_ticket & 1)) pause();",
      ],
    ],
    found: { kind: "race", processors: 3, turns: 1 },
  },
  {
    bug: "a two-state mutex that looks for sleepers before it is free",
    from: "spin-then-block",
    changes: [
      [
        'import { compare_and_swap, fetch_and_store, read } from "../atomics";',
        'import { compare_and_swap, fetch_and_decrement, fetch_and_increment, read, write } from "../atomics";',
      ],
      [
        "  if (fetch_and_store(L, FREE) == CONTENDED) atomic.notify(L, 1);\n",
        "  const sleepers = read(L + 4);\n  write(L, FREE);\n  if (sleepers > 0) atomic.notify(L, 1);\n",
      ],
      [
        "  while (fetch_and_store(L, CONTENDED) != FREE) atomic.wait<u32>(L, CONTENDED, -1);\n",
        "  while (!compare_and_swap(L, FREE, HELD)) {\n    fetch_and_increment(L + 4);\n    atomic.wait<u32>(L, HELD, -1);\n    fetch_and_decrement(L + 4);\n  }\n",
      ],
    ],
    found: { kind: "deadlock", processors: 2, turns: 1 },
  },
];
