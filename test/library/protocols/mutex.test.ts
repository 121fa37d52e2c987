import { describeProtocol } from "./describe-protocol.js";

describeProtocol("mutex", [
  {
    bug: "a next owner that is not told of the death",
    file: "lock-word.ts",
    from: "abandoned ? ABANDONED : FREE",
    to: "FREE",
    scenario: "2 x 1, 1 dying",
    found: "failure",
  },
  {
    bug: "an acquired mutex that is nowhere in its owner's record for a moment",
    from: "  hold(M);\n  if (lock.tryAcquire(M + word)) return lock.ACQUIRED;",
    to: "  if (lock.tryAcquire(M + word)) {\n    hold(M);\n    return lock.ACQUIRED;\n  }\n  hold(M);",
    scenario: "2 x 1, 1 dying",
    found: "deadlock",
  },
  {
    bug: "a mutex that is taken before anybody is told",
    from: "  nameLock(M, M + word);\n  const result = lock.attempt(M + word, as);",
    to: "  const result = lock.attempt(M + word, as);",
    scenario: "one operation after the other",
    found: "invariant",
  },
  {
    bug: "a mutex that is off the list before its release",
    from: "  lock.release(M + word);\n  dropEntry(entry);",
    to: "  dropEntry(entry);\n  lock.release(M + word);",
    scenario: "2 x 1, 1 dying",
    found: "deadlock",
  },
  {
    bug: "a sleeper that may be called, and in whose record the mutex is not",
    from: "if (result != WAIT || as == lock.ASYNCHRONOUS) nameNothing",
    to: "nameNothing",
    scenario: "2 x 2, demanded, 2 dying",
    found: "deadlock",
  },
  {
    bug: "a try that says that somebody sleeps",
    file: "lock-word.ts",
    from: "    if (as == NOW) return WAIT;\n",
    to: "",
    scenario: "2 x 2, only trying",
    found: "invariant",
  },
]);
