import { describeProtocol } from "./describe-protocol.js";

/** From the first look whether anybody is inside, in kernel/library/existence.ts, to the last. */
const BOTH_LOOKS = ` || isEntered(object)) return;
    store<u32>(my + cleared, identity);
    store<u32>(my + clearing, <u32>object);
    if (compare_and_swap(object, identity, reclaimedBy(me)) && clear(object, identity)) return;
    store<u32>(my + clearing, 0);
  }
}

/** The word of an object that the worker of a slot has made RECLAIMED. */
function reclaimedBy(slot: u32): u32 {
  return RECLAIMED | DYING | slot;
}

/** Frees what is RECLAIMED, with what there is beside its block; false: somebody is inside, and it is DYING again. */
function clear(object: usize, identity: u32): bool {
  if (isEntered(object)) {`;

describeProtocol("map", [
  {
    file: "map-limbo.ts",
    bug: "an epoch that is advanced whoever is inside",
    from: "    if (read(R + inside) == <u32>M && read(R + mapEpoch) != present) return false;\n",
    to: "",
    scenario: "a writer that waits for who looks",
    found: "race",
  },
  {
    file: "map-limbo.ts",
    bug: "a node that is freed after one advance",
    from: "const GRACE: i32 = 2;",
    to: "const GRACE: i32 = 0;",
    scenario: "blocks used again beside a look",
    found: "race",
  },
  {
    file: "map-limbo.ts",
    bug: "a node that is freed once it is in no list",
    from: "    if (<i32>(present - <u32>(link >> 32)) < GRACE) break;\n",
    to: "",
    scenario: "blocks used again beside a look",
    found: "race",
  },
  {
    file: "map-limbo.ts",
    bug: "a node that is marked with the epoch in which a writer has entered late",
    from: "(<u64>(read(M + epoch) + 1))",
    to: "(<u64>(load<u32>(my + mapEpoch) + 1))",
    scenario: "a writer that enters late beside a look",
    found: "race",
  },
  {
    file: "map-limbo.ts",
    bug: "a link that is there before it is written down what goes with it",
    from: "  intend(entries++, at, <i64>link);\n",
    to: "  intend(entries++, at, <i64>link);\n  atomic.store<u64>(at, link);\n",
    scenario: "a key deleted beside a look, one dying",
    found: "final",
  },
  {
    file: "map-limbo.ts",
    bug: "a writer that waits inside for who is inside",
    from: "    leaveObject();\n    if (!enterMap(M, identity)) return false;\n    tryAdvance(M);\n    const present",
    to: "    tryAdvance(M);\n    const present",
    scenario: "a writer that waits for who looks",
    found: "livelock",
  },
  {
    file: "map-limbo.ts",
    bug: "a limbo that loses the nodes before the last",
    from: "    end = last;\n",
    to: "    begin = first;\n    end = last;\n",
    scenario: "blocks used again beside a look",
    found: "final",
  },
  {
    file: "map-list.ts",
    bug: "a bucket that the list leads to before it leads on",
    from: "  intend(0, bucket, <i64>linkOf(first, nextOf(link)));\n  intend(1, before, <i64>linkOf(orderOf(link), bucket));",
    to: "  intend(0, before, <i64>linkOf(orderOf(link), bucket));\n  intend(1, bucket, <i64>linkOf(first, nextOf(link)));",
    scenario: "growth beside looks",
    found: "history",
  },
  {
    file: "map-list.ts",
    bug: "a bucket that is used before it is in the list",
    from: "    if (orderOf(readLink(bucket)) != 0) return bucket;",
    to: "    return bucket;",
    scenario: "growth beside looks",
    found: "history",
  },
  {
    file: "map-list.ts",
    bug: "more bits than segments",
    from: "      write(place, <u32>segment);\n      segment = 0;\n    }\n    write(P + bits, now + 1);\n",
    to: "      write(P + bits, now + 1);\n      write(place, <u32>segment);\n      segment = 0;\n    }\n",
    scenario: "more growth beside a look",
    found: "history",
  },
  {
    file: "map-write.ts",
    bug: "a key that is looked for before the guard is entered",
    from: "  enter(M, P);\n  seek(bucketFor(M, P, order, A), order, A);\n  let result",
    to: "  seek(bucketFor(M, P, order, A), order, A);\n  enter(M, P);\n  let result",
    scenario: "two that insert a key",
    found: "race",
  },
  {
    file: "map-write.ts",
    bug: "a value that is written over where it is read",
    from: "    if (old != 0 && formOf(old) == NUMBER && formOf(A) == NUMBER) {",
    to: "    if (old != 0 && formOf(old) == formOf(A)) {",
    scenario: "a value set beside two looks",
    found: "race",
  },
  {
    file: "map-write.ts",
    bug: "a condition that is asked before the guard is entered",
    from: "  let result = OTHERWISE;\n  const old = found;\n  if (holds(condition, old, A)) {",
    to: "  let result = OTHERWISE;\n  const old = found;\n  if (condition == IF_ABSENT || holds(condition, old, A)) {",
    scenario: "two that insert a key",
    found: "history",
  },
  {
    file: "map-write.ts",
    bug: "a node that is freed where it can be found",
    from: "  if (old != 0) mark(M, old, 0);\n",
    to: "  if (old != 0) release(old);\n",
    scenario: "a value set beside a look, one dying",
    found: "final",
  },
  {
    file: "existence.ts",
    bug: "parts of a map that nobody frees after a death",
    from: "    store<u32>(my + clearing, <u32>object);\n",
    to: "",
    scenario: "a map freed beside who looks, one dying",
    found: "final",
    preemptions: 0,
  },
  {
    file: "existence.ts",
    bug: "a map whose parts are freed while somebody is inside",
    from: BOTH_LOOKS,
    to: BOTH_LOOKS.replace(" || isEntered(object)", "").replace("if (isEntered(object)", "if (false"),
    scenario: "a map freed beside who looks",
    found: "race",
  },
  {
    file: "map-key.ts",
    bug: "keys that end differently behind their bytes",
    from: "  } else if (length & 7) {",
    to: "  } else if (length == 0) {",
    scenario: "one operation after the other: keys that are equal, and others",
    found: "failure",
  },
]);
