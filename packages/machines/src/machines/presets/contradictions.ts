import { MAXIMUM_BUS_PROCESSORS } from "../simulated/memory/bus.js";
import { MAXIMUM_SIZE } from "../simulated/memory/cache.js";
import { PROTOCOLS } from "../simulated/memory/protocols/index.js";
import type {
  BusArchitecture,
  CacheDescription,
  DanceHallArchitecture,
  DistributedArchitecture,
  MachineDescription,
  MemoryDescription,
  NetworkDescription,
  PrivilegedDescription,
  ReadModifyWrite,
  TlbDescription,
} from "./description.js";
import { sendsUpdates } from "./updates.js";

/** What a bus can keep coherent: every protocol. */
const SNOOPING = PROTOCOLS.map(({ name }) => name);

const INVALIDATING = SNOOPING.filter((protocol) => !sendsUpdates(protocol));

/** What a directory can keep coherent: it knows who answers for a line, so that clean lines have no forwarder. */
const DIRECTED = INVALIDATING.filter(
  (protocol) => !PROTOCOLS.some(({ name, states }) => name === protocol && "F" in states),
);

/** Interconnects that can have processors on one side and memory on the other. */
const TWO_SIDED: readonly NetworkDescription["kind"][] = ["bus", "crossbar", "butterfly"];

/** Bytes of a machine's pages. */
const SMALLEST_PAGE = 512;
const LARGEST_PAGE = 16_384;

const COHERENT = "cache, because caches are coherent";

/** A field that does not agree with the others. */
export interface Contradiction {
  /** Its path, such as "architecture.cache.ways". */
  readonly field: string;
  readonly received: unknown;
  readonly expected: string;
}

/** What no machine can have, although each field by itself is well formed. */
export function* contradictions({
  processor,
  readModifyWrite,
  architecture,
  privileged,
}: MachineDescription): Generator<Contradiction> {
  yield* instructionLists(readModifyWrite);
  yield* linkedField(readModifyWrite, architecture);
  switch (architecture.kind) {
    case "bus":
      yield* busFields(processor.maximum, readModifyWrite.at);
      yield* cacheFields("architecture.cache", architecture.cache, SNOOPING);
      yield* memoryFields(architecture.memory);
      yield* sharedCacheFields(architecture);
      break;
    case "distributed":
      yield* nodeFields(processor.maximum, architecture);
      yield* remoteMemoryFields(architecture, readModifyWrite.at);
      break;
    case "dance hall":
      yield* danceHallFields(architecture);
      yield* remoteMemoryFields(architecture, readModifyWrite.at);
      break;
    case "cluster":
      yield* networkFields(architecture.network);
      yield* retryField(architecture.network, false);
      break;
  }
  if (privileged !== undefined) yield* privilegedFields(privileged, architecture);
}

/** A store-conditional fails when the cache loses its line, and so only where caches lose lines to others' writes. */
function* linkedField({ linked }: ReadModifyWrite, architecture: MachineDescription["architecture"]) {
  if (linked === undefined) return;
  const cache = cacheOf(architecture);
  if (cache !== undefined && INVALIDATING.includes(cache.protocol)) return;
  const expected = `nothing, except with caches that invalidate: ${INVALIDATING.join(", ")}`;
  yield { field: "readModifyWrite.linked", received: linked, expected };
}

function cacheOf(architecture: MachineDescription["architecture"]): CacheDescription | undefined {
  if (architecture.kind === "bus") return architecture.cache;
  return "coherence" in architecture ? architecture.coherence?.cache : undefined;
}

function* instructionLists({ instructions, withoutResult }: ReadModifyWrite) {
  const seen = new Set<string>();
  for (const [list, names] of Object.entries({ instructions, withoutResult })) {
    for (const [i, name] of names.entries()) {
      const field = `readModifyWrite.${list}.${i}`;
      if (seen.has(name)) yield { field, received: name, expected: "each instruction once, in one of the two lists" };
      seen.add(name);
    }
  }
}

function* nodeFields(maximum: number, { node: { processors, controller }, coherence }: DistributedArchitecture) {
  if (controller !== undefined && coherence !== undefined) {
    const expected = "nothing, because there is a directory, which has an occupancy";
    yield { field: "architecture.node.controller", received: controller, expected };
  }
  if (maximum % processors === 0) return;
  const expected = `a multiple of the ${processors} processors of architecture.node`;
  yield { field: "processor.maximum", received: maximum, expected };
}

function* busFields(maximum: number, at: ReadModifyWrite["at"]) {
  if (maximum > MAXIMUM_BUS_PROCESSORS) {
    yield { field: "processor.maximum", received: maximum, expected: `at most ${MAXIMUM_BUS_PROCESSORS} on a bus` };
  }
  if (at !== "cache") yield { field: "readModifyWrite.at", received: at, expected: COHERENT };
}

function* sharedCacheFields({ cache: { line }, memory: { cache } }: BusArchitecture) {
  if (cache === undefined) return;
  const { size, ways, latency, occupancy } = cache;
  const field = "architecture.memory.cache";
  const sets = size / (ways * line);
  if (!(Number.isInteger(ways) && ways >= 1 && ways <= 1024)) {
    yield { field: `${field}.ways`, received: ways, expected: "a whole number from 1 to 1024 lines" };
  } else if (!(size <= MAXIMUM_SIZE && sets >= 1 && Number.isInteger(Math.log2(sets)))) {
    const expected = `a power of two of sets of ${ways * line} bytes, at most ${MAXIMUM_SIZE} bytes`;
    yield { field: `${field}.size`, received: size, expected };
  }
  if (occupancy > latency) {
    yield { field: `${field}.occupancy`, received: occupancy, expected: `at most the latency, ${latency}` };
  }
}

function* danceHallFields({ network: { kind }, coherence }: DanceHallArchitecture) {
  if (!TWO_SIDED.includes(kind)) {
    yield {
      field: "architecture.network.kind",
      received: kind,
      expected: `one of ${TWO_SIDED.join(", ")}, which have two sides`,
    };
  }
  if (coherence !== undefined && coherence.hops !== 4) {
    const expected = "4, because caches reach only the memory's side";
    yield { field: "architecture.coherence.hops", received: coherence.hops, expected };
  }
}

function* remoteMemoryFields(
  { kind, network, memory, coherence }: DistributedArchitecture | DanceHallArchitecture,
  at: ReadModifyWrite["at"],
) {
  yield* networkFields(network);
  yield* retryField(network, kind === "distributed" && coherence === undefined);
  yield* memoryFields(memory);
  if (coherence !== undefined) {
    yield* cacheFields("architecture.coherence.cache", coherence.cache, DIRECTED);
    if (at !== "cache") yield { field: "readModifyWrite.at", received: at, expected: COHERENT };
  } else if (at === "cache") {
    yield { field: "readModifyWrite.at", received: at, expected: "memory, because nothing is cached" };
  }
}

function* cacheFields(path: string, cache: CacheDescription, protocols: readonly string[]) {
  const { size, ways, line, protocol } = cache;
  const limits = [
    ["size", size, MAXIMUM_SIZE, "bytes"],
    ["line", line, size, "bytes, the cache's size"],
    ["ways", ways, size / line, `lines, all that fit into ${size} bytes`],
  ] as const;
  for (const [field, value, maximum, unit] of limits) {
    if (value >= 1 && value <= maximum && Number.isInteger(Math.log2(value))) continue;
    yield { field: `${path}.${field}`, received: value, expected: `a power of two from 1 to ${maximum} ${unit}` };
  }
  if (!protocols.includes(protocol)) {
    yield { field: `${path}.protocol`, received: protocol, expected: `one of ${protocols.join(", ")}` };
  }
}

function* memoryFields({ latency, occupancy }: MemoryDescription) {
  if (occupancy <= latency) return;
  yield { field: "architecture.memory.occupancy", received: occupancy, expected: `at most the latency, ${latency}` };
}

/** Who needs messages in order has a network that queues them. */
function* retryField({ kind, retry }: NetworkDescription, anyOrder: boolean) {
  if (retry === undefined || (kind === "butterfly" && anyOrder)) return;
  const expected = "nothing, except for a butterfly between distributed memories without caches";
  yield { field: "architecture.network.retry", received: retry, expected };
}

function* networkFields({ kind, radix }: NetworkDescription) {
  const field = "architecture.network.radix";
  if (kind === "butterfly" && radix === undefined) {
    yield { field, received: undefined, expected: "the inputs and outputs of a butterfly's switch" };
  } else if (kind !== "butterfly" && radix !== undefined) {
    yield { field, received: radix, expected: `nothing, because a ${kind} has no such switches` };
  }
}

/** Kernels share memory; a device moves one frame a request, and a page's lines are whole. */
function* privilegedFields(privileged: PrivilegedDescription, architecture: MachineDescription["architecture"]) {
  const { page, tlb, disk } = privileged;
  if (architecture.kind === "cluster") {
    const expected = "nothing, because the processors of a cluster share no memory";
    yield { field: "privileged", received: privileged, expected };
  }
  const line = cacheOf(architecture)?.line ?? 1;
  if (!(page >= SMALLEST_PAGE && page >= line && page <= LARGEST_PAGE && Number.isInteger(Math.log2(page)))) {
    const whole = line > SMALLEST_PAGE ? `, no less than a line of ${line}` : "";
    const expected = `a power of two from ${SMALLEST_PAGE} to ${LARGEST_PAGE} bytes${whole}`;
    yield { field: "privileged.page", received: page, expected };
  }
  yield* tlbFields(tlb);
  if (disk.seek.most < disk.seek.least) {
    const expected = `at least the seek to the next track, ${disk.seek.least}`;
    yield { field: "privileged.disk.seek.most", received: disk.seek.most, expected };
  }
  if (disk.track % page !== 0) {
    const expected = `a multiple of the page, ${page} bytes, which is a block`;
    yield { field: "privileged.disk.track", received: disk.track, expected };
  }
}

function* tlbFields({ entries, ways }: TlbDescription) {
  if (entries % ways !== 0 || !Number.isInteger(Math.log2(entries / ways))) {
    const expected = `a divisor of the ${entries} entries that makes a power of two of sets`;
    yield { field: "privileged.tlb.ways", received: ways, expected };
  }
  if (ways < 2) {
    const expected = "at least 2, so that a function's page does not take the place of the page that it refers to";
    yield { field: "privileged.tlb.ways", received: ways, expected };
  }
}
