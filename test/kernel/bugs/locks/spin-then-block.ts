import type { PlantedBug } from "../planted-bug.js";

export const bugs: readonly PlantedBug[] = [
  {
    bug: "a lock that forgets after waking that others may sleep",
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
    bug: "a two-state mutex that looks for sleepers before it is free",
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
