import type {
  BusArchitecture,
  ClusterArchitecture,
  DirectoryDescription,
  MachineDescription,
  MemoryDescription,
  NetworkDescription,
} from "./description.js";
import { sendsUpdates, sendsUpgrades } from "./updates.js";

/** What one reference takes on an idle machine, beyond its instruction's own cycles. */
export interface Latency {
  /** Such as "read, remote memory". */
  readonly reference: string;
  /** Cycles of one processor, by what takes them; whole but for a mean number of hops. */
  readonly parts: Readonly<Record<string, number>>;
  /** Their sum. */
  readonly cycles: number;
}

type Part = readonly [name: string, cycles: number];

/** A machine's base costs: its description's fields, added up along the path of each kind of reference. */
export function uncontended({ architecture, processor, readModifyWrite }: MachineDescription): Latency[] {
  const overhead: Part = ["overhead", readModifyWrite.overhead];
  switch (architecture.kind) {
    case "bus":
      return busLatencies(architecture, overhead);
    case "distributed": {
      const { node, network, memory, coherence } = architecture;
      const nodes = processor.maximum / node.processors;
      const inside: Part = ["node bus", node.bus];
      const across = [inside, ...crossing(network, nodes), inside];
      const neighbours = node.processors > 1;
      return memoryLatencies({ inside: [inside], neighbours, across, nodes, memory, coherence, overhead });
    }
    case "dance hall": {
      const { network, modules, memory, coherence } = architecture;
      const across = crossing(network, Math.max(processor.maximum, modules));
      return memoryLatencies({ neighbours: false, across, nodes: processor.maximum, memory, coherence, overhead });
    }
    case "cluster":
      return clusterLatencies(architecture, processor.maximum);
  }
}

/**
 * How many links a message crosses on the way to another node.
 *
 * @param nodes 2 or more
 * @returns the mean over all pairs of different nodes; of a mesh whose last row has gaps, as if it had none
 */
export function meanHops({ kind, radix }: NetworkDescription, nodes: number): number {
  switch (kind) {
    case "bus":
      return 1;
    case "crossbar":
      return 2;
    case "butterfly": {
      let stages = 0;
      for (let outputs = 1; outputs < nodes; outputs *= radix!) stages++;
      return stages;
    }
    case "mesh": {
      const columns = Math.ceil(Math.sqrt(nodes));
      const rows = Math.ceil(nodes / columns);
      // The mean distance of two of n points on a line is (n^2 - 1) / 3n where both may be the same.
      const mean = (points: number) => (points ** 2 - 1) / (3 * points);
      return (mean(columns) + mean(rows)) / (1 - 1 / (columns * rows));
    }
    case "ring":
      return nodes / 2;
  }
}

function busLatencies({ cache, bus, memory }: BusArchitecture, overhead: Part): Latency[] {
  const request: Part[] = [
    ["arbitration", bus.arbitration],
    ["address", bus.address],
  ];
  const line: Part = ["line", bus.line];
  const shared: Part[] = memory.cache ? [["shared cache", memory.cache.latency]] : [];
  const fetched: Part[] = [...shared, ["memory", memory.latency], line];
  return [
    latency("read, own cache", [["cache", cache.hit]]),
    latency("read-modify-write, own cache", [["cache", cache.hit], overhead]),
    ...(memory.cache ? [latency("read, shared cache", [...request, ...shared, line])] : []),
    latency("read, memory", [...request, ...fetched]),
    latency("read, another's cache", [...request, ["other cache", bus.cacheToCache], line]),
    latency(...sharedWrite(cache.protocol, request, memory.cache ? [...shared, line] : fetched, ["word", bus.word])),
  ];
}

/** A write of a line that is in the own cache and in others. */
function sharedWrite(protocol: string, request: Part[], fetched: Part[], word: Part): [string, Part[]] {
  if (sendsUpdates(protocol)) return ["update of a shared word", [...request, word]];
  if (sendsUpgrades(protocol)) return ["upgrade of a shared line", request];
  return ["read-exclusive of a shared line", [...request, ...fetched]];
}

function clusterLatencies({ memory, messages, network }: ClusterArchitecture, nodes: number): Latency[] {
  const path: Part[] = [["send", messages.send], ...crossing(network, nodes), ["receive", messages.receive]];
  return [latency("reference, own memory", [["memory", memory.latency]]), latency("message of one word", path)];
}

/** What memories behind a network have in common. */
interface Paths {
  /** From a processor to its own node's memory or another of its processors; absent where nodes have no memory. */
  readonly inside?: readonly Part[];
  /** Whether a node has other processors. */
  readonly neighbours: boolean;
  /** From a processor to a memory, or a processor, across the network. */
  readonly across: readonly Part[];
  readonly nodes: number;
  readonly memory: MemoryDescription;
  readonly coherence: DirectoryDescription | undefined;
  readonly overhead: Part;
}

function memoryLatencies({ inside, neighbours, across, nodes, memory, coherence, overhead }: Paths): Latency[] {
  const served: Part = ["memory", memory.latency];
  const local = inside && [...inside, served, ...inside];
  const remote = nodes > 1 ? [...across, served, ...across] : undefined;
  if (coherence === undefined) {
    return [
      ...(local ? [latency("reference, own memory", local)] : []),
      ...(remote ? [latency("reference, remote memory", remote)] : []),
      ...(local ? [latency("read-modify-write, own memory", [...local, overhead])] : []),
      ...(remote ? [latency("read-modify-write, remote memory", [...remote, overhead])] : []),
    ];
  }
  const { cache, hops, occupancy, lookup } = coherence;
  const asked: Part[] = [
    ["directory", occupancy],
    ["other cache", lookup],
  ];
  /** By the paths from the requester to the home, from there to the owner, and from the owner to the requester. */
  const owned = (home: readonly Part[], forward: readonly Part[], answer: readonly Part[]) =>
    hops === 3 ? [...home, ...forward, ...answer, ...asked] : [...home, ...forward, ...forward, ...home, ...asked];
  return [
    latency("read, own cache", [["cache", cache.hit]]),
    latency("read-modify-write, own cache", [["cache", cache.hit], overhead]),
    ...(local ? [latency("read, own memory", local)] : []),
    ...(remote ? [latency("read, remote memory", remote)] : []),
    ...(inside && neighbours ? [latency("read, another's cache in the own node", owned(inside, inside, inside))] : []),
    ...(inside && remote ? [latency("read, another's cache at a remote home", owned(across, inside, across))] : []),
    ...(nodes > 2 ? [latency("read, another's cache in a third node", owned(across, across, across))] : []),
  ];
}

function crossing(network: NetworkDescription, nodes: number): Part[] {
  return [
    ["interfaces", 2 * network.interface],
    ["network", nodes > 1 ? meanHops(network, nodes) * network.hop : 0],
  ];
}

/** Parts of one name are one; those that take nothing are left out. */
function latency(reference: string, path: readonly Part[]): Latency {
  const parts: Record<string, number> = {};
  for (const [name, cycles] of path) if (cycles > 0) parts[name] = (parts[name] ?? 0) + cycles;
  return { reference, parts, cycles: Object.values(parts).reduce((sum, cycles) => sum + cycles, 0) };
}
