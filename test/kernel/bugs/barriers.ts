import type { PlantedBug } from "./planted-bug.js";

export const BARRIER_BUGS: readonly PlantedBug[] = [
  {
    bug: "a counting barrier without the second wait",
    from: "counting",
    changes: [["while (read(B + arrived) == P) pause();", ""]],
    found: { kind: "livelock", processors: 2, turns: 2 },
  },
  {
    bug: "a sense-reversing barrier that resets the count after the sense flips",
    from: "sense-reversing",
    changes: [
      ["  store<u32>(B + count, read(B + processorsOf));\n", ""],
      [
        "  write(B + sense, local_sense);\n",
        "  write(B + sense, local_sense);\n  write(B + count, read(B + processorsOf));\n",
      ],
    ],
    found: { kind: "livelock", processors: 2, turns: 2 },
  },
  {
    bug: "a sense-reversing barrier that looks no more after its longest delay",
    from: "sense-reversing-exponential",
    changes: [["!= local_sense; delay =", "!= local_sense && delay < longest; delay ="]],
    found: { kind: "failure", processors: 2, turns: 1 },
  },
  {
    bug: "a sense-reversing barrier that takes its estimate for the arrival",
    from: "sense-reversing-proportional",
    changes: [["    do work(missing * load<u32>(I + slotOf));\n    while (read(B + sense) != local_sense);\n", ""]],
    found: { kind: "failure", processors: 2, turns: 1 },
  },
  {
    bug: "a counter that is reset after the wakeup",
    from: "counter-tree-wakeup",
    changes: [
      ["    store<u32>(B + count, read(B + processorsOf));\n", ""],
      [
        "    write(read(B + root), mysense);\n",
        "    write(read(B + root), mysense);\n    store<u32>(B + count, read(B + processorsOf));\n",
      ],
    ],
    found: { kind: "race", processors: 2, turns: 2 },
  },
  {
    bug: "a parking barrier that wakes only one",
    from: "sense-reversing-parking",
    changes: [["atomic.notify(B + sense, -1);", "atomic.notify(B + sense, 1);"]],
    found: { kind: "deadlock", processors: 3, turns: 1 },
  },
  {
    bug: "a parking barrier that looks for sleepers before it flips",
    from: "sense-reversing-parking",
    changes: [
      ["    if (read(B + sleepers) > 0) atomic.notify(B + sense, -1);\n", ""],
      [
        "    flipSense(B, local_sense);\n",
        "    if (read(B + sleepers) > 0) atomic.notify(B + sense, -1);\n    flipSense(B, local_sense);\n",
      ],
    ],
    found: { kind: "deadlock", processors: 2, turns: 1 },
  },
  {
    bug: "a parking barrier whose waiters count themselves when they have slept",
    from: "sense-reversing-parking",
    changes: [
      ["    fetch_and_increment(B + sleepers);\n", ""],
      [
        "    fetch_and_decrement(B + sleepers);\n",
        "    fetch_and_increment(B + sleepers);\n    fetch_and_decrement(B + sleepers);\n",
      ],
    ],
    found: { kind: "deadlock", processors: 2, turns: 1 },
  },
  {
    bug: "an MCS tree barrier whose havechild is as printed",
    from: "mcs-tree",
    changes: [["i * 4 + j + 1 < processors", "i * 4 + j < processors"]],
    found: { kind: "livelock", processors: 1, turns: 1 },
  },
  {
    bug: "an MCS tree barrier whose arrivals are not set up again",
    from: "mcs-tree",
    changes: [["store<u32>(childnotready, load<u32>(havechild));", ""]],
    found: { kind: "failure", processors: 2, turns: 2 },
  },
  {
    bug: "a combining tree whose nodes all expect four",
    from: "combining-tree",
    changes: [["min(fanIn, below - i * fanIn)", "fanIn"]],
    found: { kind: "livelock", processors: 1, turns: 1 },
  },
  {
    bug: "a combining tree of twos that processors come to in fours",
    from: "combining-tree-binary",
    changes: [["attachTo(B, processor, FAN_IN)", "attachTo(B, processor, 2 * FAN_IN)"]],
    found: { kind: "livelock", processors: 3, turns: 1 },
  },
  {
    bug: "a dissemination barrier with one set of flags",
    from: "dissemination",
    changes: [
      ["  store<u32>(I + parity, myparity ^ 1);\n", ""],
      ["if (myparity == 1) store", "store"],
    ],
    found: { kind: "livelock", processors: 2, turns: 2 },
  },
  {
    bug: "a tournament whose champion does not wait",
    from: "tournament",
    changes: [
      [
        "    if (mine != BYE) {\n      while (read(flag) != sense) pause();",
        "    if (mine != BYE) {\n      if (mine != CHAMPION) while (read(flag) != sense) pause();",
      ],
    ],
    found: { kind: "failure", processors: 2, turns: 1 },
  },
  {
    bug: "a tournament whose winners do not wait",
    from: "tournament-flag",
    changes: [
      ["(load<u32>(round + role) == WINNER) {\n      while (read(flag) != sense) pause();\n    }", "(false) {}"],
    ],
    found: { kind: "failure", processors: 3, turns: 1 },
  },
  {
    bug: "a dissemination barrier that listens to whom it told",
    from: "dissemination-messages",
    changes: [["receive((i + P - distance) % P);", "receive((i + distance) % P);"]],
    found: { kind: "deadlock", processors: 3, turns: 1 },
  },
  {
    bug: "a tournament whose losers do not wait to be woken",
    from: "tournament-messages",
    changes: [["    receive(i - half);\n", ""]],
    found: { kind: "failure", processors: 2, turns: 1 },
  },
  {
    bug: "an arrival tree whose havechild is that of the MCS tree as printed",
    from: "arrival-tree",
    changes: [["i * 4 + j + 1 < processors", "i * 4 + j < processors"]],
    found: { kind: "livelock", processors: 1, turns: 1 },
  },
  {
    bug: "an arrival tree whose parents do not wait for their children",
    from: "arrival-tree",
    changes: [["  if (load<u32>(I + havechild)) awaitChildren(I + childnotready, I + havechild);\n", ""]],
    found: { kind: "failure", processors: 2, turns: 1 },
  },
  {
    bug: "a dissemination barrier whose sense alternates in every episode",
    from: "dissemination",
    changes: [["if (myparity == 1) store", "store"]],
    found: { kind: "failure", processors: 2, turns: 2 },
  },
];
