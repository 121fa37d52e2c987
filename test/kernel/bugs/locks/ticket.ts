import type { PlantedBug } from "../planted-bug.js";

export const bugs: readonly PlantedBug[] = [
  {
    bug: "tickets that are not taken atomically",
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
    changes: [
      ["while (read(L + now_serving) != my_ticket) pause();", "while (read(L + now_serving) < my_ticket) pause();"],
    ],
    found: { kind: "order", processors: 2, turns: 1 },
  },
  {
    bug: "a ticket lock whose counter wraps at 2",
    changes: [
      [
        "while (read(L + now_serving) != my_ticket) pause();",
        "while ((read(L + now_serving) & 1) != (my_ticket & 1)) pause();",
      ],
    ],
    found: { kind: "race", processors: 3, turns: 1 },
  },
];
