import { describeProtocol } from "./describe-protocol.js";

describeProtocol("scheduler", [
  {
    bug: "a bound that is over at once for who first declines at an even time",
    from: "write(P + declined, (now - 1) | 1);",
    to: "write(P + declined, now | 1);",
    scenario: "procrastination, for a while",
    found: "failure",
  },
  {
    bug: "a time that does not wrap",
    from: "return limit == NO_BOUND || now - read(P + declined) < limit;",
    to: "return limit == NO_BOUND || now < read(P + declined) + limit;",
    scenario: "procrastination, as short as can be",
    found: "failure",
  },
  {
    bug: "a search that does not begin again at the first processor",
    from: "    const other = p + i < P ? p + i : p + i - P;\n",
    to: "    const other = p + i;\n    if (other >= P) break;\n",
    scenario: "who is present, and who is idle",
    found: "failure",
  },
  {
    bug: "a search that steps over a word of bits of which one is missing",
    from: "if (p % 32 == 0 && P - p >= 32 && ~read(S + present + p / 8) == 0) p += 31;",
    to: "if (p % 32 == 0 && P - p >= 32 && read(S + present + p / 8) != 0) p += 31;",
    scenario: "who is present, and who is idle",
    found: "failure",
  },
  {
    bug: "an idle processor that two are to ring",
    from: "  return isIdle(S, p) && exclude(S + idle, p);",
    to: "  exclude(S + idle, p);\n  return true;",
    scenario: "who is present, and who is idle",
    found: "failure",
  },
  {
    bug: "keys that lie in each other",
    from: "  return (seen + processors * 4 + 7) & ~7;",
    to: "  return seen + (processors & ~1) * 4;",
    scenario: "where its words are",
    found: "failure",
  },
  {
    bug: "a task without a key that has the last key",
    from: "write(taskAt(S, t) + key, <u32>(k == NO_KEY ? blankKey(S) : keyAt(S, k)));",
    to: "write(taskAt(S, t) + key, <u32>keyAt(S, k));",
    scenario: "where its words are",
    found: "failure",
  },
  {
    bug: "a blank key that is the last key of tasks",
    from: "  write(S + blank, <u32>keyAt(S, keys));",
    to: "  write(S + blank, <u32>keyAt(S, keys - 1));",
    scenario: "where its words are",
    found: "failure",
  },
  {
    bug: "a blank key for which there is no room",
    from: "(keys + 1) * keyBytes(P);",
    to: "keys * keyBytes(P);",
    scenario: "where its words are",
    found: "failure",
  },
]);
