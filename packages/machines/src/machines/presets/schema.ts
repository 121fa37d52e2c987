/**
 * The shape of a MachineDescription, for text that claims to be one. Each message is what was expected there; that
 * fields agree with each other is checked in contradictions.ts.
 */
import * as v from "valibot";

/** The largest time, in cycles: longer ones are mistakes of the unit. */
const MAXIMUM_CYCLES = 1_000_000;
const MAXIMUM_PROCESSORS = 4096;
const MAXIMUM_MEGAHERTZ = 100_000;
const MAXIMUM_RADIX = 64;
const MAXIMUM_ENTRIES = 4096;
const MAXIMUM_SPACES = 65_536;
/** A disk's times: a tenth of a second at 10 GHz. */
const MAXIMUM_DEVICE_CYCLES = 1_000_000_000;
const MAXIMUM_TRACK = 2 ** 24;

function whole(minimum: number, maximum: number, unit: string) {
  const expected = `a whole number from ${minimum} to ${maximum} ${unit}`;
  return v.pipe(
    v.number(expected),
    v.check((value) => Number.isInteger(value) && value >= minimum && value <= maximum, expected),
  );
}

const cycles = whole(0, MAXIMUM_CYCLES, "cycles");
const deviceCycles = whole(0, MAXIMUM_DEVICE_CYCLES, "cycles");
const cyclesFromOne = whole(1, MAXIMUM_CYCLES, "cycles");
const processors = whole(1, MAXIMUM_PROCESSORS, "processors");
// Powers of two that fit each other: in contradictions.ts.
const bytes = v.number("a power of two of bytes");
const text = v.string("a text");

function oneOf<const Options extends readonly (string | number)[]>(options: Options) {
  return v.picklist(options, `one of ${options.join(", ")}`);
}

/** An object with these fields and no others. */
function record<const Entries extends v.ObjectEntries>(entries: Entries) {
  const fields = Object.keys(entries).join(", ");
  return v.strictObject(entries, ({ expected, path }) => {
    if (expected === "never") return `one of the fields ${fields}`;
    const missing = entries[String(path?.at(-1)?.key)];
    if (missing === undefined) return `an object with the fields ${fields}`;
    return "message" in missing && typeof missing.message === "string" ? missing.message : "an object";
  });
}

const instructions = v.array(
  oneOf(["exchange", "add", "subtract", "and", "or", "xor", "compare exchange"]),
  "a list of read-modify-write instructions",
);

const cache = record({
  size: bytes,
  ways: v.number("a power of two of lines"),
  line: bytes,
  hit: cycles,
  protocol: v.string("the name of a coherence protocol"),
});

const memory = { latency: cyclesFromOne, occupancy: cyclesFromOne };

const network = record({
  kind: oneOf(["bus", "crossbar", "butterfly", "mesh", "ring"]),
  radix: v.exactOptional(whole(2, MAXIMUM_RADIX, "inputs and outputs of a switch")),
  retry: v.exactOptional(cyclesFromOne),
  hop: cycles,
  interface: cycles,
  control: cycles,
  word: cycles,
  line: cycles,
});

const coherence = v.exactOptional(record({ cache, hops: oneOf([3, 4]), occupancy: cyclesFromOne, lookup: cycles }));

const bus = record({
  kind: v.literal("bus"),
  cache,
  bus: record({
    mode: oneOf(["atomic", "split"]),
    arbitration: cyclesFromOne,
    address: cycles,
    line: cycles,
    word: cycles,
    cacheToCache: cycles,
    separateWriteBack: v.exactOptional(v.literal(true, "true, or left out")),
  }),
  memory: record({
    ...memory,
    banks: whole(1, MAXIMUM_PROCESSORS, "banks"),
    cache: v.exactOptional(
      record({
        size: v.number("sets of lines, a power of two of them, in bytes"),
        ways: v.number("lines of a set"),
        ...memory,
      }),
    ),
  }),
});

const distributed = record({
  kind: v.literal("distributed"),
  node: record({ processors, bus: cycles, controller: v.exactOptional(cycles) }),
  network,
  memory: record(memory),
  coherence,
});

const danceHall = record({
  kind: v.literal("dance hall"),
  modules: whole(1, MAXIMUM_PROCESSORS, "memory modules"),
  network,
  memory: record(memory),
  coherence,
});

const cluster = record({
  kind: v.literal("cluster"),
  network,
  memory: record({ latency: cycles }),
  messages: record({ send: cycles, receive: cycles }),
});

const devices = { latency: cycles, byte: cycles };

const privileged = record({
  page: bytes,
  tlb: record({
    entries: whole(1, MAXIMUM_ENTRIES, "entries"),
    ways: whole(1, MAXIMUM_ENTRIES, "entries of a set"),
    pages: oneOf([1, 2]),
    replacement: oneOf(["random", "least recently used", "not last used"]),
  }),
  reload: v.union(
    [v.literal("software"), record({ overhead: cycles })],
    '"software", or an object with the field overhead',
  ),
  spaces: whole(1, MAXIMUM_SPACES, "spaces"),
  mappedKernel: v.exactOptional(record({ miss: cycles })),
  trap: record({ enter: cycles, leave: cycles }),
  call: record({ enter: cycles, leave: cycles }),
  context: record({ keep: cycles, load: cycles }),
  setSpace: cycles,
  translation: record({ write: cycles, drop: cycles }),
  interrupt: record({ send: cycles, way: cyclesFromOne, take: cycles }),
  disk: record({
    seek: record({ least: deviceCycles, most: deviceCycles }),
    rotation: deviceCycles,
    byte: cycles,
    track: whole(512, MAXIMUM_TRACK, "bytes"),
  }),
  console: record(devices),
  network: record(devices),
});

export const machineSchema = record({
  name: v.pipe(
    v.string("lower-case letters, digits and hyphens"),
    v.regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, "lower-case letters, digits and hyphens"),
  ),
  title: text,
  text,
  sources: v.array(text, "a list of texts"),
  processor: record({
    maximum: processors,
    megahertz: v.pipe(
      v.number("cycles a microsecond"),
      v.check(
        (value) => value > 0 && value <= MAXIMUM_MEGAHERTZ,
        `more than 0 and at most ${MAXIMUM_MEGAHERTZ} cycles a microsecond`,
      ),
    ),
    cyclesPerInstruction: cyclesFromOne,
    pause: cycles,
    wake: cycles,
  }),
  readModifyWrite: record({
    instructions,
    withoutResult: instructions,
    at: oneOf(["cache", "memory"]),
    linked: v.exactOptional(v.literal(true, "true, or left out")),
    overhead: cycles,
    occupancy: cycles,
  }),
  architecture: v.variant(
    "kind",
    [bus, distributed, danceHall, cluster],
    "an object whose kind is one of bus, distributed, dance hall, cluster",
  ),
  privileged: v.exactOptional(privileged),
});
