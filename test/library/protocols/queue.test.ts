import { describeProtocol } from "./describe-protocol.js";

describeProtocol("queue", [
  {
    bug: "a link that is written for good in a section that is undone",
    from: "  set(before == NIL ? Q + first : before + next, <u32>T);\n  set(Q + last,",
    to: "  atomic.store<u32>(before == NIL ? Q + first : before + next, <u32>T);\n  set(Q + last,",
    scenario: "one appends a task behind two, dying, and one comes",
    found: "failure",
  },
  {
    bug: "a task whose follower does not know who is before it now",
    from: "  set(after == NIL ? Q + last : after + previous, before);",
    to: "  if (after == NIL) set(Q + last, before);",
    scenario: "one operation after the other",
    found: "failure",
  },
  {
    bug: "a last task that is removed, and stays the last",
    from: "  set(after == NIL ? Q + last : after + previous, before);",
    to: "  if (after != NIL) set(after + previous, before);",
    scenario: "one removes the last of three tasks, dying, and one comes",
    found: "failure",
  },
  {
    bug: "a task that is removed, and does not know that",
    from: "  set(T + inQueue, NIL);\n",
    to: "",
    scenario: "one removes the only task, dying, and one comes",
    found: "final",
  },
  {
    bug: "a length that counts a task whose appending is undone",
    from: "  set(Q + last, <u32>T);\n  set(Q + length, read(Q + length) + 1);",
    to: "  set(Q + last, <u32>T);\n  atomic.store<u32>(Q + length, read(Q + length) + 1);",
    scenario: "one appends the only task, dying, and one comes",
    found: "failure",
  },
  {
    bug: "a task that keeps the follower that it had",
    from: "  set(T + next, NIL);\n",
    to: "",
    scenario: "one operation after the other",
    found: "failure",
  },
  {
    bug: "a task before which one is inserted, and that does not know",
    from: "  set(after + previous, <u32>T);\n",
    to: "",
    scenario: "one insertion after the other",
    found: "failure",
  },
  {
    bug: "a task that is inserted before the first, and is not the first",
    from: "  set(T + previous, before);\n  set(before == NIL ? Q + first : before + next, <u32>T);\n  set(after",
    to: "  set(T + previous, before);\n  if (before != NIL) set(before + next, <u32>T);\n  set(after",
    scenario: "one inserts a task before the only one, dying, and one comes",
    found: "failure",
  },
  {
    bug: "an insertion of which one link outlives the death",
    from: "  set(after + previous, <u32>T);\n",
    to: "  atomic.store<u32>(after + previous, <u32>T);\n",
    scenario: "one inserts a task between two, dying, and one comes",
    found: "failure",
  },
]);
