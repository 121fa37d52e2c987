import { describeProtocol } from "./describe-protocol.js";

const LOOP = `    if (!repairEntry(heldEntry(R, left - 1), dead)) return false;
    dropLast(R);
  }
`;

describeProtocol("repair", [
  {
    bug: "a list that is empty before what it names is repaired",
    from: `  for (let left = heldCount(R); left > 0; left--) {\n${LOOP}`,
    to: `  const all = heldCount(R);\n  write(R + 512, 0);\n  for (let left = all; left > 0; left--) {\n${LOOP.replace("    dropLast(R);\n", "")}`,
    scenario: "refused, and done again",
    found: "failure",
  },
  {
    bug: "a list that loses its last object before that is repaired",
    from: LOOP,
    to: `    const entry = heldEntry(R, left - 1);
    dropLast(R);
    if (!repairEntry(entry, dead)) return false;
  }
`,
    scenario: "refused, and done again",
    found: "failure",
  },
  {
    bug: "a guardian that, after a trap, stays in the section that it was in",
    from: "  undo(my, me);\n",
    to: "",
    scenario: "the guardian traps",
    found: "failure",
  },
  {
    bug: "a guardian that, after a trap, stays inside of the object",
    from: "  write(my + inside, 0);\n  undo(my, me);\n",
    to: "  repairPending(my, me);\n",
    scenario: "the guardian traps",
    found: "failure",
  },
  {
    bug: "a guardian that, after a trap, tries again what failed",
    from: "      if (heldCount(R) != 0) dropLast(R);\n",
    to: "",
    scenario: "the guardian traps",
    found: "failure",
  },
  {
    bug: "a guardian that, after a trap, drops an object from a list that is empty",
    from: "      if (heldCount(R) != 0) dropLast(R);\n",
    to: "      dropLast(R);\n",
    scenario: "the guardian traps",
    found: "invariant",
  },
  {
    bug: "a guardian that, after a trap, leaves out the part before",
    from: "  begin(Part.Pending);\n",
    to: "",
    scenario: "the guardian traps",
    found: "failure",
  },
  {
    bug: "a guardian that, after a trap, leaves the wait out where an object failed",
    from: "    case Part.Object:\n      if (heldCount(R) != 0) dropLast(R);\n      break;\n    case Part.Sleep:\n",
    to: "    case Part.Sleep:\n      if (heldCount(R) != 0) dropLast(R);\n      break;\n    case Part.Object:\n",
    scenario: "the guardian traps",
    found: "failure",
  },
  {
    bug: "a guardian that waits for a dead one to leave the directory of names",
    file: "names.ts",
    from: "    if (!enterToRepair(NAMES, NAMES)) return false;\n",
    to: "    enter(NAMES, NAMES);\n",
    scenario: "two dead, one in the section that the other's burial takes",
    found: "livelock",
  },
  {
    bug: "a guardian that waits for a dead one to leave a condition that was freed",
    file: "condition.ts",
    from: "    if (!enterToRepair(C, C + guard)) return false;\n    node = read(C + queue + next);\n",
    to: "    enter(C, C + guard);\n    node = read(C + queue + next);\n",
    scenario: "two dead, one in the section that the other's burial takes",
    found: "livelock",
  },
  {
    bug: "the section of a dead one is left when its list is done, which waits for another's",
    from: `  if (!undo(R, dead)) return false;
  begin(Part.Object);
  for (let left = heldCount(R); left > 0; left--) {
${LOOP}`,
    to: `  begin(Part.Object);
  for (let left = heldCount(R); left > 0; left--) {
${LOOP}  if (!undo(R, dead)) return false;
`,
    scenario: "two dead, each in a section that the other's repair takes",
    found: "failure",
  },
  {
    bug: "a wake-up that dies with one of several who slept there",
    from: "  if (place != 0) atomic.notify(place, -1);\n",
    to: "",
    scenario: "two asleep where the dead one slept, the guardian cut off",
    found: "deadlock",
  },
  {
    bug: "a guardian, cut off, that does not know any more where those sleep whom it has to wake",
    from: "  if (place != 0) atomic.notify(place, -1);\n  write(R + slept, 0);\n",
    to: "  write(R + slept, 0);\n  if (place != 0) atomic.notify(place, -1);\n",
    scenario: "two asleep where the dead one slept, the guardian cut off",
    found: "deadlock",
  },
]);
