import { describeProtocol } from "./describe-protocol.js";

describeProtocol("existence", [
  {
    bug: "an object whose block is freed while a worker is inside",
    from: "if (read(recordOf(slot) + inside) == <u32>object) return true;",
    to: "",
    scenario: "1 freeing, 1 inside",
    found: "failure",
  },
  {
    bug: "a worker that looks before it says that it is inside",
    from: "export function enterObject(object: usize, identity: u32): bool {\n  write(my + inside, <u32>object);\n  if (isObject(object, identity)) return true;",
    to: "export function enterObject(object: usize, identity: u32): bool {\n  const is = isObject(object, identity);\n  write(my + inside, <u32>object);\n  if (is) return true;",
    scenario: "1 freeing, 1 inside",
    found: "failure",
  },
  {
    bug: "a worker that looks whether anybody is inside before it has left",
    from: "  write(my + inside, 0);\n  if (object == 0 || objectAround(object) != object) return;\n  while (true) {\n    const identity = read(object);\n",
    to: "  if (object == 0 || objectAround(object) != object) return;\n  while (true) {\n    const identity = read(object);\n    write(my + inside, 0);\n",
    scenario: "1 freeing, 1 inside",
    found: "final",
  },
  {
    file: "free.ts",
    bug: "an object that two free",
    from: "isObject(object, identity) && compare_and_swap(object, identity, identity | DYING)",
    to: "isObject(object, identity)",
    scenario: "2 freeing",
    found: "final",
  },
  {
    file: "repair.ts",
    bug: "a repair of what lies now where a held object was",
    from: "  if (!enterObject(object, <u32>(entry >> 32))) return true;",
    to: "  if (!enterObject(object, read(object))) return true;",
    scenario: "freed while it is held, the holder dying",
    found: "final",
  },
  {
    file: "free.ts",
    bug: "an object whose waiters nobody wakes when it is freed",
    from: "      event.repair(object, NOBODY);",
    to: "",
    scenario: "freed while 1 wait",
    found: "deadlock",
  },
  {
    file: "sleep.ts",
    bug: "a worker that goes to sleep in an object that was freed",
    from: "if (object != 0 && isDying(object)) {",
    to: "if (false) {",
    scenario: "freed while 1 wait",
    found: "deadlock",
  },
]);
