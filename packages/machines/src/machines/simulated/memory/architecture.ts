import { allocateOwn } from "../../../processor/allocation.js";
import type { MachineDescription } from "../../presets/description.js";
import type { EventQueue } from "../events.js";
import { DanceHallFabric, DistributedFabric } from "../network/fabric.js";
import { DirectoryMemory } from "./directory.js";
import type { MemorySystem, Requesters } from "./memory-system.js";
import type { LastWrites } from "./miss-history.js";
import { homes, type Placement } from "./placement.js";
import { PrivateMemory } from "./private-memory.js";
import { PROTOCOLS } from "./protocols/index.js";
import type { Protocol } from "./protocols/protocol.js";
import { SnoopingMemory } from "./snooping.js";
import { UncachedMemory } from "./uncached.js";

/** Bytes that lie together in one module where nothing is cached: the kernel's line, so that a record has one home. */
const UNCACHED_UNIT = 128;

/**
 * What lies between the processors and the values on a machine.
 *
 * @param processors that take part in the run; networks and homes are those of the whole machine
 * @param allocate where caches are: the room that the runner reads and writes, too, where one runs the processors
 */
export function createMemorySystem(
  description: MachineDescription,
  processors: number,
  placement: Placement,
  writes: LastWrites,
  events: EventQueue,
  requesters: Requesters,
  allocate = allocateOwn,
): MemorySystem {
  const { architecture, readModifyWrite } = description;
  if (architecture.kind === "cluster") {
    return new PrivateMemory(description.name, processors, architecture.memory.latency, placement);
  }
  if (architecture.kind === "bus") {
    const protocol = protocolOf(architecture.cache.protocol);
    return new SnoopingMemory(
      ...([processors, architecture, protocol, readModifyWrite, writes, events, requesters, allocate] as const),
    );
  }
  const { memory, coherence } = architecture;
  const { maximum } = description.processor;
  const fabric =
    architecture.kind === "distributed"
      ? new DistributedFabric(maximum, architecture, events)
      : new DanceHallFabric(maximum, architecture, events);
  const homeOf = homesOf(description, placement);
  if (coherence === undefined) {
    const controller = architecture.kind === "distributed" ? (architecture.node.controller ?? 0) : 0;
    return new UncachedMemory(processors, memory, controller, readModifyWrite, fabric, homeOf, events, requesters);
  }
  const protocol = protocolOf(coherence.cache.protocol);
  return new DirectoryMemory(
    processors,
    coherence,
    memory,
    protocol,
    readModifyWrite,
    fabric,
    homeOf,
    writes,
    events,
    requesters,
    allocate,
  );
}

/** Bytes of each processor's cache; 0 where nothing is cached. */
export function cacheBytesOf({ architecture }: MachineDescription): number {
  if (architecture.kind === "bus") return architecture.cache.size;
  return "coherence" in architecture ? (architecture.coherence?.cache.size ?? 0) : 0;
}

/** By address the memory module that is its home; 0 where there is one for all, or everyone has a copy. */
export function homesOf(
  { architecture, processor }: MachineDescription,
  placement: Placement,
): (address: number) => number {
  if (architecture.kind === "bus" || architecture.kind === "cluster") return () => 0;
  const unit = architecture.coherence?.cache.line ?? UNCACHED_UNIT;
  if (architecture.kind === "dance hall") return homes(placement, architecture.modules, unit);
  const perNode = architecture.node.processors;
  const nodeOf = (processor: number) => Math.floor(processor / perNode);
  return homes(placement, Math.ceil(processor.maximum / perNode), unit, nodeOf);
}

function protocolOf(name: string): Protocol {
  const protocol = PROTOCOLS.find((candidate) => candidate.name === name);
  if (protocol === undefined) {
    const known = PROTOCOLS.map((candidate) => candidate.name).join(", ");
    throw new RangeError(`Cannot make caches: received the protocol "${name}"; expected one of ${known}`);
  }
  return protocol;
}
