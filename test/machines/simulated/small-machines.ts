import type {
  BusArchitecture,
  CacheDescription,
  DanceHallArchitecture,
  DistributedArchitecture,
  MachineDescription,
  NetworkDescription,
} from "#machines/machines/presets/description.js";
import { createMemorySystem } from "#machines/machines/simulated/memory/architecture.js";
import { INTERLEAVED, type Placement } from "#machines/machines/simulated/memory/placement.js";
import { PROTOCOLS } from "#machines/machines/simulated/memory/protocols/index.js";
import type { Protocol } from "#machines/machines/simulated/memory/protocols/protocol.js";
import { Driver } from "./driver.js";

/** Two lines of four words: evictions come at once. */
export const CACHE = { size: 32, ways: 2, line: 16, hit: 1 };

/** No two of its figures are the same, so that one taken for another shows. */
const BUS = { arbitration: 1, address: 2, line: 5, word: 3, cacheToCache: 4 };
const NETWORK = { hop: 2, interface: 3, control: 4, word: 5, line: 7 };
export const MEMORY = { latency: 11, occupancy: 6 };
export const DIRECTORY = { occupancy: 8, lookup: 9 };
export const READ_MODIFY_WRITE = { overhead: 0, occupancy: 13 };

export function describeMachine(
  maximum: number,
  architecture: MachineDescription["architecture"],
  at: "cache" | "memory" = "cache",
): MachineDescription {
  return {
    name: "small",
    title: "A small machine",
    text: "",
    sources: [],
    processor: { maximum, megahertz: 1, cyclesPerInstruction: 1, pause: 1, wake: 1 },
    readModifyWrite: { instructions: ["exchange"], withoutResult: [], at, ...READ_MODIFY_WRITE },
    architecture,
  };
}

export function bus(
  mode: "atomic" | "split",
  protocol: string,
  cache: Partial<CacheDescription> = {},
  write: Pick<BusArchitecture["bus"], "separateWriteBack"> = {},
): BusArchitecture {
  return {
    kind: "bus",
    cache: { ...CACHE, protocol, ...cache },
    bus: { mode, ...BUS, ...write },
    memory: { ...MEMORY, banks: 2 },
  };
}

export function distributed(
  hops: 3 | 4,
  protocol: string,
  node = { processors: 1, bus: 0 },
  kind: NetworkDescription["kind"] = "crossbar",
): DistributedArchitecture {
  return {
    kind: "distributed",
    node,
    network: { kind, ...NETWORK },
    memory: MEMORY,
    coherence: { cache: { ...CACHE, protocol }, hops, ...DIRECTORY },
  };
}

export function danceHall(modules: number, protocol: string | undefined): DanceHallArchitecture {
  return {
    kind: "dance hall",
    modules,
    network: { kind: "butterfly", radix: 2, ...NETWORK },
    memory: MEMORY,
    ...(protocol === undefined ? {} : { coherence: { cache: { ...CACHE, protocol }, hops: 4, ...DIRECTORY } }),
  };
}

export function uncached(node: DistributedArchitecture["node"] = { processors: 1, bus: 0 }): DistributedArchitecture {
  return { kind: "distributed", node, network: { kind: "mesh", ...NETWORK }, memory: MEMORY };
}

export function protocolOf({ architecture }: MachineDescription): Protocol | undefined {
  const cache =
    architecture.kind === "bus"
      ? architecture.cache
      : architecture.kind === "cluster"
        ? undefined
        : architecture.coherence?.cache;
  return PROTOCOLS.find(({ name }) => name === cache?.protocol);
}

/** All processors of a machine, before its memory. */
export function drive(machine: MachineDescription, placement: Placement = INTERLEAVED): Driver {
  const { maximum } = machine.processor;
  return new Driver(maximum, protocolOf(machine), (driver) =>
    createMemorySystem(machine, maximum, placement, driver.writes, driver.events, driver),
  );
}
