import type { PlantedBug } from "./planted-bug.js";

const planted = { protocol: "mutex" } as const;

export const MUTEX_BUGS: readonly PlantedBug[] = [
  {
    ...planted,
    bug: "a next owner that is not told of the death",
    file: "lock-word.ts",
    from: "abandoned ? ABANDONED : FREE",
    to: "FREE",
    scenario: "2 x 1, 1 dying",
    found: "failure",
  },
  {
    ...planted,
    bug: "an acquired mutex that is nowhere in its owner's record for a moment",
    file: "mutex.ts",
    from: "  hold(M);\n  if (lock.tryAcquire(M + word)) return lock.ACQUIRED;",
    to: "  if (lock.tryAcquire(M + word)) {\n    hold(M);\n    return lock.ACQUIRED;\n  }\n  hold(M);",
    scenario: "2 x 1, 1 dying",
    found: "deadlock",
  },
  {
    ...planted,
    bug: "a mutex that is taken before anybody is told",
    file: "mutex.ts",
    from: "  nameLock(M, M + word);\n  const result = lock.attempt(M + word, as);",
    to: "  const result = lock.attempt(M + word, as);",
    scenario: "one operation after the other",
    found: "invariant",
  },
  {
    ...planted,
    bug: "a mutex that is off the list before its release",
    file: "mutex.ts",
    from: "  lock.release(M + word);\n  dropEntry(entry);",
    to: "  dropEntry(entry);\n  lock.release(M + word);",
    scenario: "2 x 1, 1 dying",
    found: "deadlock",
  },
  {
    ...planted,
    bug: "a sleeper that may be called, and in whose record the mutex is not",
    file: "mutex.ts",
    from: "if (result != WAIT || as == lock.ASYNCHRONOUS) nameNothing",
    to: "nameNothing",
    scenario: "2 x 2, demanded, 2 dying",
    found: "deadlock",
  },
  {
    ...planted,
    bug: "a try that says that somebody sleeps",
    file: "lock-word.ts",
    from: "    if (as == NOW) return WAIT;\n",
    to: "",
    scenario: "2 x 2, only trying",
    found: "invariant",
  },
];
