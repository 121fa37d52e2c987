import { describeProtocol } from "./describe-protocol.js";

describeProtocol("guard", [
  {
    bug: "the guardian in a section that somebody is in",
    from: "  if (tryAcquire(G)) return true;\n  nameNothing();\n  return false;",
    to: "  tryAcquire(G);\n  return true;",
    scenario: "one step after the other",
    found: "failure",
  },
  {
    bug: "a word that is changed before its entry is counted",
    from: "  store<u32>(my + journal, entries + 1);\n  write(address, value);",
    to: "  write(address, value);\n  store<u32>(my + journal, entries + 1);",
    scenario: "one, twice, dying",
    found: "final",
  },
  {
    bug: "an entry that is counted before it is written",
    from: "  store<u32>(entry, <u32>address);\n  store<u32>(entry + 4, read(address));\n  store<u32>(my + journal, entries + 1);",
    to: "  store<u32>(my + journal, entries + 1);\n  store<u32>(entry, <u32>address);\n  store<u32>(entry + 4, read(address));",
    scenario: "one, twice, dying",
    found: "final",
  },
]);
