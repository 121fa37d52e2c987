import { describeProtocol } from "./describe-protocol.js";

describeProtocol("rw-lock", [
  {
    bug: "writers that look at the readers before they announce that they wait",
    from: "    const result = announce(W + drained, as);\n    if (anybodyReads(W)) return result;",
    to: "    return announce(W + drained, as);",
    scenario: "write, read x 2",
    found: "deadlock",
  },
  {
    bug: "readers that look for writers before they count themselves",
    from: "    write(mine, count + 1);\n    const owner = lock.owner(L);",
    to: "    const owner = lock.owner(L);\n    write(mine, count + 1);",
    scenario: "write, read x 2",
    found: "race",
  },
  {
    bug: "readers that appear after they have looked for writers",
    from: "  appear(W);\n  // Who slept passes a wake on: it takes the lock word.\n  if (as != lock.SLEPT) {\n    hold(W);\n    write(mine, count + 1);\n    const owner = lock.owner(L);\n",
    to: "  if (as != lock.SLEPT) {\n    hold(W);\n    write(mine, count + 1);\n    const owner = lock.owner(L);\n    appear(W);\n",
    scenario: "write, read x 2",
    found: "race",
  },
  {
    bug: "readers that are woken and leave those asleep who slept with them",
    from: "if (as != lock.SLEPT) {",
    to: "if (true) {",
    scenario: "write, read, read x 1",
    found: "deadlock",
  },
  {
    bug: "dead readers that count",
    from: "  write(readsOf(W, dead), 0);\n",
    to: "",
    scenario: "write, read x 1, 2 dying",
    found: "final",
  },
  {
    bug: "a writer that dies and nobody is told",
    from: "compare_and_swap(W + writer, dead, ABANDONED)",
    to: "compare_and_swap(W + writer, dead, 0)",
    scenario: "write, write x 1, 1 dying",
    found: "failure",
  },
  {
    file: "eventcount.ts",
    bug: "a try to write that says that a writer sleeps",
    from: "  if (as == NOW) return WAIT;\n",
    to: "",
    scenario: "try, try x 1",
    found: "invariant",
  },
  {
    bug: "one request of a worker that gives up, and leaves another asleep on a lock word that it has let go",
    from: "  drop(W);\n  wakeOthersOfMine(W);\n}",
    to: "  drop(W);\n}",
    scenario: "twice, read x 1",
    found: "deadlock",
  },
  {
    bug: "one request of a worker that writes in the place of another, and leaves that asleep",
    from: "  wakeOthersOfMine(W);\n  return true;",
    to: "  return true;",
    scenario: "twice, read x 1",
    found: "deadlock",
  },
]);
