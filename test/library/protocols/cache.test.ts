import { describeProtocol } from "./describe-protocol.js";

const SECTION = `  enter(C, P);
  seek(bucketFor(C, P, order, A), order, A);
  const old = found;
  let result = OTHERWISE;
  if (condition == IF_VERSION ? read(version) == load<u32>(A + stamp) : holds(condition, old, A)) {
    if (fits(C, P, node, old)) {
      beginWrite(version);
      link(C, P, order, node, old);
      endWrite(version);
`;

const CLEARED = `    // And last, for somebody may have kept what was evicted since the first.
    changeVersions(C, P, p);
`;

const REMOVED = `  beginWrite(version);
  seek(bucketFor(C, P, order, A), order, A);
  if (found != 0 && holds(condition, found, A)) {
    unlink(C, P, before, found);
    result = DONE;
  }
  endWrite(version);
`;

const VERSION_READ = `  const version = versionAt(C, hash);
  store<u32>(A + answer, <u32>version);
  store<u32>(A + answer, read(version), 4);
`;

describeProtocol("cache", [
  {
    file: "cache-write.ts",
    bug: "a version that changes after the write alone",
    from: SECTION,
    to: SECTION.replace("      beginWrite(version);\n", "").replace(
      "      endWrite(version);\n",
      "      beginWrite(version);\n      endWrite(version);\n",
    ),
    scenario: "a value set beside what is kept",
    found: "history",
  },
  {
    file: "cache-write.ts",
    bug: "a version that changes before the write alone",
    from: SECTION,
    to: SECTION.replace("      endWrite(version);\n", "").replace(
      "      beginWrite(version);\n",
      "      beginWrite(version);\n      endWrite(version);\n",
    ),
    scenario: "a value set beside what is kept",
    found: "history",
  },
  {
    file: "cache-write.ts",
    bug: "a version that is even while a key is written, after a death",
    from: "  write(version, read(version) | 1);",
    to: "  write(version, read(version) + 1);",
    scenario: "one operation after the other: conditions, versions and counts",
    found: "failure",
  },
  {
    file: "cache-write.ts",
    bug: "a bound that is looked at before the guard is entered",
    from: SECTION,
    to: `  const isRoom = fits(C, P, node, 0);\n${SECTION.replace("fits(C, P, node, old)", "isRoom || fits(C, P, node, old)")}`,
    scenario: "two that let others leave",
    found: "invariant",
  },
  {
    file: "cache-write.ts",
    bug: "a version that is compared before the guard is entered",
    from: SECTION,
    to: `  const isSame = read(version) == load<u32>(A + stamp);\n${SECTION.replace(
      "read(version) == load<u32>(A + stamp)",
      "isSame",
    )}`,
    scenario: "two that add",
    found: "history",
    manyStates: true,
  },
  {
    file: "cache-write.ts",
    bug: "a node that is in the list before it is written down what goes with it",
    from: "  const entries = old != 0 ? intendInstead",
    to: "  atomic.store<u64>(place, linkOf(orderOf(there), node));\n  const entries = old != 0 ? intendInstead",
    scenario: "a key set for which another leaves, one dying",
    found: "final",
    manyStates: true,
  },
  {
    file: "cache-write.ts",
    bug: "what is replaced that does not say when",
    from: "  if (old != 0) mark(C, old, 0);\n",
    to: "",
    scenario: "blocks used again beside a look",
    found: "race",
    manyStates: true,
  },
  {
    file: "cache-write.ts",
    bug: "what has left that is freed where it can be found",
    from: "P, place, link, node, node, unitsOf(node), -1);\n",
    to: "P, place, link, 0, 0, 0, -1);\n  release(node);\n",
    scenario: "keys set beside who looks for what leaves",
    found: "race",
  },
  {
    file: "cache-write.ts",
    bug: "a key that is not there whose deletion changes no version",
    from: REMOVED,
    to: REMOVED.replace("  beginWrite(version);\n", "")
      .replace("  endWrite(version);\n", "")
      .replace(
        "    unlink(C, P, before, found);\n",
        "    beginWrite(version);\n    unlink(C, P, before, found);\n    endWrite(version);\n",
      ),
    scenario: "a key deleted beside who keeps what leaves",
    found: "failure",
  },
  {
    file: "cache-write.ts",
    bug: "versions that change before a cache is cleared alone",
    from: CLEARED,
    to: "",
    scenario: "a cache cleared beside who keeps what leaves",
    found: "failure",
  },
  {
    file: "cache-write.ts",
    bug: "a longer node that takes the place of another whatever room there is",
    from: "  if (more + smallUnits(P)",
    to: "  if (old == 0 && more + smallUnits(P)",
    scenario: "two that let others leave, by units",
    found: "invariant",
  },
  {
    file: "cache-write.ts",
    bug: "who leaves because its time has ended that is a ghost",
    from: "isInMain(placeOf(node)) && !isExpired(node, now)) remember",
    to: "isInMain(placeOf(node))) remember",
    scenario: "one operation after the other: times that end",
    found: "failure",
  },
  {
    bug: "a version that is read after the look",
    from: `${VERSION_READ}  seek(startFor(P, order), order, A);\n`,
    to: `  seek(startFor(P, order), order, A);\n${VERSION_READ}`,
    scenario: "a value set beside what is kept",
    found: "history",
  },
  {
    bug: "a cache that was freed, in which somebody loads",
    from: "  if (!enterObject(C, identity)) return false;\n",
    to: "",
    scenario: "one operation after the other: conditions, versions and counts",
    found: "failure",
  },
  {
    file: "cache-queues.ts",
    bug: "units of what is replaced that stay",
    from: "  const more = unitsOf(node) - unitsOf(old);",
    to: "  const more = unitsOf(node);",
    scenario: "one operation after the other: bounds of units",
    found: "failure",
  },
  {
    file: "cache-queues.ts",
    bug: "who leaves a queue, whose neighbour still leads there",
    from: "  intend(entries + 1, next, <i64>pair(previous, nextPlace(next)));\n  return entries + 2;",
    to: "  return entries + 1;",
    scenario: "one operation after the other: who leaves",
    found: "failure",
  },
  {
    file: "cache-queues.ts",
    bug: "a value that is replaced as if nobody had looked for it",
    from: "  write(place + frequency, read(there + frequency));",
    to: "  write(place + frequency, 0);",
    scenario: "one operation after the other: who leaves",
    found: "failure",
  },
  {
    file: "cache-queues.ts",
    bug: "units that stay in small",
    from: "  carryOut(C, intendUnits(entries, P, 0 - unitsOf(node), unitsOf(node)));",
    to: "  carryOut(C, entries);",
    scenario: "one operation after the other: who leaves",
    found: "failure",
  },
  {
    file: "cache-queues.ts",
    bug: "who comes into main, by two steps",
    from: "  entries = intendLast(entries, queue, last, place);\n  intend(entries++, place, <i64>pair(last, queue));",
    to: "  carryOut(C, entries);\n  entries = intendLast(0, queue, last, place);\n  intend(entries++, place, <i64>pair(last, queue));",
    scenario: "who comes into main, one dying",
    found: "final",
  },
  {
    file: "cache-queues.ts",
    bug: "ghosts that nobody knows",
    from: "  return <u32>ghost == order && ",
    to: "  return <u32>ghost != order && ",
    scenario: "one operation after the other: who leaves",
    found: "failure",
  },
  {
    file: "cache-queues.ts",
    bug: "who stays, as it was looked for before its time had ended",
    from: "isExpired(nodeOf(place), now) ? 0 : read(place + frequency)",
    to: "read(place + frequency)",
    scenario: "one operation after the other: times that end",
    found: "failure",
  },
  {
    file: "existence.ts",
    bug: "parts of a cache that nobody frees",
    from: "kind == Kind.SharedMap || kind == Kind.SharedCache",
    to: "kind == Kind.SharedMap",
    scenario: "a cache freed beside who looks",
    found: "final",
  },
]);
