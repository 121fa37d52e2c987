import { describeProtocol } from "./describe-protocol.js";

describeProtocol("consistency", [
  {
    bug: "a broadcast of a version that another has, too",
    from: "    if (atomic.cmpxchg<u64>(word, was, ((<u64>version) << 32) | value) == was) return version;",
    to: "    atomic.store<u64>(word, ((<u64>version) << 32) | value);\n    return version;",
    scenario: "broadcast by two",
    found: "failure",
  },
  {
    bug: "a representative that gets older again",
    from: "    if (atomic.cmpxchg<u64>(word, seen, now) == seen) break;",
    to: "    atomic.store<u64>(word, now);\n    break;",
    scenario: "broadcast by two, one representative",
    found: "failure",
  },
]);
