import { describeProtocol } from "./describe-protocol.js";

describeProtocol("hot-swap", [
  {
    bug: "a switch that leaves entries of what the object was",
    file: "destruction.ts",
    from: "  unlink(R, E, reference);\n  return Outcome.Done;\n",
    to: "  if (whatOf(to) == What.Destroyed) unlink(R, E, reference);\n  else {\n    setNext(E, load<u32>(R + waiting));\n    store<u32>(R + waiting, <u32>E);\n    store<u32>(R + deferred, load<u32>(R + deferred) + 1);\n  }\n  return Outcome.Done;\n",
    scenario: "an operation that goes on, a switch that is abandoned, and others",
    found: "failure",
  },
  {
    bug: "a switch that forgets what the former representatives held",
    from: "    if (from != NIL) transfer(kindOf(parts), from, all);\n",
    to: "",
    scenario: "switched beside a use",
    found: "final",
  },
  {
    bug: "a miss that finds what is being switched",
    file: "clustered-object.ts",
    from: "    if (!mend(R, E, reference, now)) return BUSY;\n",
    to: "    break;\n",
    scenario: "switched beside a use",
    found: "race",
  },
  {
    bug: "a switch that waits for its maker, who has died",
    file: "clustered-object.ts",
    from: "    if (!mend(R, E, reference, now)) return BUSY;\n",
    to: "    return BUSY;\n",
    scenario: "switched beside a use, who switches dying",
    found: "final",
  },
  {
    bug: "an object that is made live before what it was is given back",
    from: "  giveFormer(R, parts);\n  change(E, switchingBy(R, reference), liveAs(reference));\n",
    to: "  change(E, switchingBy(R, reference), liveAs(reference));\n  giveFormer(R, parts);\n",
    scenario: "switched by two",
    found: "race",
  },
  {
    bug: "a switch that is abandoned and stays in the list",
    file: "destruction.ts",
    from: "  takeOut(R + batch, E);\n",
    to: "",
    scenario: "an operation that goes on, a switch that is abandoned, and others",
    found: "failure",
  },
  {
    bug: "one who makes an object live under a reference that is not its own any more",
    from: "  if (generationIn(was) != generationOf(reference) || whatOf(was) != What.Switching) return false;\n",
    to: "  if (whatOf(was) != What.Switching) return false;\n",
    scenario: "an operation that goes on, a switch that is abandoned, and others",
    found: "failure",
  },
]);
