import { describeProtocol } from "./describe-protocol.js";

describeProtocol("affinity", [
  {
    bug: "a processor that is in the list twice",
    from: "  while (place < 64 && ((list >> place) & 0xff) != entry) place += 8;\n",
    to: "  while (place < 64 && ((list >> place) & 0xff) != 0) place += 8;\n",
    scenario: "every list of last processors",
    found: "failure",
  },
  {
    bug: "a list that forgets who is behind the one that comes to its head",
    from: "  return kept | (moved & ~(<u64>0xff)) | entry;",
    to: "  return (moved & ~(<u64>0xff)) | entry;",
    scenario: "every list of last processors",
    found: "failure",
  },
  {
    bug: "a task that has intervened on itself",
    from: "  write(K + seen + p * 4, all);\n",
    to: "  write(K + seen + p * 4, all - 1);\n",
    scenario: "one task after the other",
    found: "failure",
  },
  {
    bug: "a task that is cold because of a processor that is not there",
    from: "    if (isPresent(S, entry - 1)) isSomebodyWarm = true;",
    to: "    isSomebodyWarm = true;",
    scenario: "one task after the other",
    found: "failure",
  },
  {
    bug: "the youngest of tasks that are equal",
    from: "    const these = interveningWithin(S, keyOf(T), p, some);\n    if (these >= fewest) continue;\n    best = T;",
    to: "    const these = interveningWithin(S, keyOf(T), p, some);\n    if (these > fewest) continue;\n    best = T;",
    scenario: "one choice after the other",
    found: "failure",
  },
  {
    bug: "a processor that is drawn by the task's number",
    from: "return firstIdle(S, (drawn >> 16) % processorsOf(S));",
    to: "return firstIdle(S, (<u32>T >> 5) % processorsOf(S));",
    scenario: "one choice after the other",
    found: "failure",
  },
  {
    bug: "a word of another processor that is written, too",
    from: "  write(P + count, all);\n",
    to: "  write(P + count, all);\n  write(processorAt(S, 0) + count, all);\n",
    scenario: "two tasks of one key end at once",
    found: "final",
  },
]);
