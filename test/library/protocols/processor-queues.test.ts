import { describeProtocol } from "./describe-protocol.js";

describeProtocol("processor-queues", [
  {
    bug: "one who finds nothing, and does not look again when it has said so",
    from: "    becomeIdle(S, p);\n    task = look<Policy>(policy, p, now);\n",
    to: "    becomeIdle(S, p);\n",
    scenario: "1 for 2 tasks, submitted",
    found: "deadlock",
  },
  {
    bug: "one who says that it is idle when it has looked again",
    from: "    becomeIdle(S, p);\n    task = look<Policy>(policy, p, now);\n",
    to: "    task = look<Policy>(policy, p, now);\n    becomeIdle(S, p);\n",
    scenario: "1 for 2 tasks, submitted",
    found: "deadlock",
  },
  {
    bug: "a thief that dies with a task that is in the queue, too",
    from: "    set(processorAt(S, p) + running, task + 1);",
    to: "    atomic.store<u32>(processorAt(S, p) + running, task + 1);",
    scenario: "2 for 1 task, the thief dying",
    found: "trap",
  },
  {
    bug: "one who dies with a task that it has taken, and nobody knows",
    from: "    remove(Q, T);\n    set(processorAt(S, p) + running, task + 1);\n  }\n  leaveQueue(Q);",
    to: "    remove(Q, T);\n  }\n  leaveQueue(Q);\n  if (task < LATER) atomic.store<u32>(processorAt(S, p) + running, task + 1);",
    scenario: "2 for 1 task, the thief dying",
    found: "deadlock",
  },
  {
    bug: "one who goes, and leaves tasks behind that nobody is told of",
    from: "  endIdleness(S, p);\n  ringAll(S);\n  return true;",
    to: "  endIdleness(S, p);\n  return true;",
    scenario: "fixed: 2 for 1 task, one dying",
    found: "deadlock",
  },
  {
    bug: "a thief that takes a task without the guard",
    from: "  enterQueue(S, Q);\n  const T = firstOf(Q);\n  let task = NONE;",
    to: "  if (isOwn) enterQueue(S, Q);\n  const T = firstOf(Q);\n  let task = NONE;",
    scenario: "2 for 2 tasks, all in one queue",
    found: "failure",
  },
  {
    bug: "a queue that nobody looks at when its processor has gone",
    from: "    const task = takeFirst<Policy>(policy, absent, p, now, true);\n    if (task != NONE) return task;",
    to: "    const task = NONE;\n    if (task != NONE) return task;",
    scenario: "fixed: 2 for 1 task, one dying",
    found: "deadlock",
  },
  {
    bug: "a task that is made ready where nobody is, and rings nobody",
    from: "return policy.steals() || !isPresent(S, p) ? ringNearest(S, p) : NOBODY;",
    to: "return policy.steals() ? ringNearest(S, p) : NOBODY;",
    scenario: "fixed: 1 that comes for 1 task of another, submitted",
    found: "deadlock",
  },
]);
