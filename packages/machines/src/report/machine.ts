import type {
  BusArchitecture,
  CacheDescription,
  DirectoryDescription,
  MachineDescription,
  MemoryDescription,
  NetworkDescription,
  SharedCacheDescription,
} from "../machines/presets/description.js";
import { THIS_COMPUTER } from "../machines/presets/this-computer.js";
import { uncontended } from "../machines/presets/uncontended.js";
import { privilegedSections } from "./privileged.js";
import { type Section, sizeOf } from "./section.js";
import { formatTime, type ReportTable, wrap } from "./table.js";

/** This computer's row: its figures are not known before it is measured. */
const UNMEASURED = [
  THIS_COMPUTER,
  "-",
  "-",
  "dance hall",
  "mesi",
  "crossbar",
  "This computer, measured when it is asked for",
] as const;

/** Machines side by side, and this computer. */
export function machinesTable(machines: readonly MachineDescription[]): ReportTable {
  return {
    title: "Machines",
    note: [
      ...booting(machines),
      "`landspout machines NAME` explains one; a NAME that ends in .json is a file with a machine of your own.",
    ].join(" "),
    columns: ["name", "processors", "MHz", "architecture", "protocol", "network", "machine"],
    rows: [
      ...machines.map((machine) => [
        machine.name,
        String(machine.processor.maximum),
        String(machine.processor.megahertz),
        machine.architecture.kind,
        protocolName(machine),
        networkName(machine),
        machine.title,
      ]),
      UNMEASURED,
    ],
  };
}

/** Which of them have a kernel mode. */
function booting(machines: readonly MachineDescription[]): string[] {
  const names = machines.filter(({ privileged }) => privileged !== undefined).map(({ name }) => name);
  return names.length === 0 ? [] : [`Kernels boot on ${names.join(", ")}.`];
}

function protocolName({ architecture }: MachineDescription): string {
  switch (architecture.kind) {
    case "bus":
      return architecture.cache.protocol;
    case "cluster":
      return "none";
    default:
      return architecture.coherence?.cache.protocol ?? "none";
  }
}

function networkName({ architecture }: MachineDescription): string {
  return architecture.kind === "bus" ? "bus" : architecture.network.kind;
}

/** Columns between the end of the longest meaning and its figure. */
const GAP = 2;

/** Characters that a figure has even in a narrow terminal. */
const MINIMUM_WIDTH = 30;

/** A machine as text for people, in lines of at most `width` characters where words allow. */
export function explainMachine(machine: MachineDescription, width: number): string {
  const { megahertz } = machine.processor;
  const time = (cycles: number) => formatTime((cycles * 1000) / megahertz);
  const amount = (value: number | string) =>
    typeof value === "string" ? value : `${count(value)} ${value === 1 ? "cycle" : "cycles"}, ${time(value)}`;
  const all = [...sections(machine), ...privilegedSections(machine.privileged), latencies(machine, amount)];
  const column = Math.max(...all.flatMap(({ figures }) => figures.map(([meaning]) => meaning.length))) + GAP;
  const paragraph = (first: string, text: string) => {
    const lines = wrap(text, Math.max(width - first.length, MINIMUM_WIDTH));
    return `${first}${lines.join(`\n${" ".repeat(first.length)}`)}`;
  };
  return [
    `${machine.name}: ${machine.title}`,
    paragraph("", machine.text),
    ...all.map(({ title, figures }) =>
      [title, ...figures.map(([meaning, value]) => paragraph(`  ${meaning.padEnd(column)}`, amount(value)))].join("\n"),
    ),
    ["Sources", ...machine.sources.map((source) => paragraph("  - ", source))].join("\n"),
  ].join("\n\n");
}

/** Cycles: whole but for means. */
function count(cycles: number): string {
  return Number.isInteger(cycles) ? String(cycles) : cycles.toFixed(1);
}

function latencies(machine: MachineDescription, amount: (cycles: number) => string): Section {
  return {
    title: "Uncontended, beyond the instruction's own cycles",
    figures: uncontended(machine).map(({ reference, cycles, parts }) => {
      const sum = Object.entries(parts).map(([name, part]) => `${name} ${count(part)}`);
      return [reference, sum.length > 1 ? `${amount(cycles)} = ${sum.join(" + ")}` : amount(cycles)];
    }),
  };
}

function sections(machine: MachineDescription): Section[] {
  const { processor, readModifyWrite, architecture } = machine;
  const own = [
    {
      title: "Processors",
      figures: [
        ["at most", `${processor.maximum} processors`],
        ["clock", `${processor.megahertz} MHz, ${formatTime(1000 / processor.megahertz)} a cycle`],
        ["an instruction, without its memory reference", processor.cyclesPerInstruction],
        ["pause in a spin loop", processor.pause],
        ["from a notify until the sleeper goes on", processor.wake],
      ],
    },
    {
      title: "Read-modify-write",
      figures: [
        ["instructions that return the value before", readModifyWrite.instructions.join(", ") || "none"],
        ["instructions without a result", readModifyWrite.withoutResult.join(", ") || "none"],
        ["executed", executionOf(readModifyWrite)],
        ["its processor takes, beyond a write", readModifyWrite.overhead],
        ["line or memory kept from others, beyond a write", readModifyWrite.occupancy],
      ],
    },
  ] satisfies Section[];
  switch (architecture.kind) {
    case "bus": {
      const { cache, memory } = architecture;
      const caches = [cacheSection(cache), ...sharedCacheSections(memory.cache)];
      return [...own, ...caches, busSection(architecture), memorySection(memory)];
    }
    case "distributed": {
      const { node, network, memory, coherence } = architecture;
      const nodes: Section = {
        title: `${processor.maximum / node.processors} nodes, each with a part of the memory`,
        figures: [
          ["processors of a node", String(node.processors)],
          ["a message holds the node's bus", node.bus],
        ],
      };
      return [...own, nodes, networkSection(network), memorySection(memory), ...directorySections(coherence)];
    }
    case "dance hall": {
      const { network, modules, memory, coherence } = architecture;
      const hall: Section = {
        title: "Dance hall: no memory is nearer than another",
        figures: [["memory modules beyond the network", String(modules)]],
      };
      return [...own, hall, networkSection(network), memorySection(memory), ...directorySections(coherence)];
    }
    case "cluster": {
      const { network, memory, messages } = architecture;
      const passing: Section = {
        title: "Memories of their own, and messages",
        figures: [
          ["a reference to the own memory", memory.latency],
          ["to send a message of one word", messages.send],
          ["to receive a message that is there", messages.receive],
        ],
      };
      return [...own, passing, networkSection(network)];
    }
  }
}

function cacheSection({ size, ways, line, hit, protocol }: CacheDescription): Section {
  return {
    title: "Cache of each processor",
    figures: [
      ["size", sizeOf(size)],
      ["associativity", waysOf(ways)],
      ["line", `${line} bytes`],
      ["protocol", protocol],
      ["a hit", hit],
    ],
  };
}

function sharedCacheSections(cache: SharedCacheDescription | undefined): Section[] {
  if (cache === undefined) return [];
  const { size, ways, latency, occupancy } = cache;
  return [
    {
      title: "Cache that all processors share, between the bus and the memory",
      figures: [
        ["size", sizeOf(size)],
        ["associativity", waysOf(ways)],
        ["from a request to the data, or to the memory's turn", latency],
        ["a request keeps it from serving the next", occupancy],
      ],
    },
  ];
}

function waysOf(ways: number): string {
  return ways === 1 ? "direct-mapped" : `${ways} ways`;
}

function busSection({ bus }: BusArchitecture): Section {
  return {
    title: "Bus",
    figures: [
      ["between address and data", bus.mode === "atomic" ? "held" : "free for others"],
      ["from asking for the free bus to having it", bus.arbitration],
      ["an address", bus.address],
      ["a line's data", bus.line],
      ["a word's data", bus.word],
      ["from the address to another cache's data", bus.cacheToCache],
      ["a modified line that a cache supplies goes to memory", bus.separateWriteBack ? "on its own" : "as it passes"],
    ],
  };
}

function networkSection(network: NetworkDescription): Section {
  const name = network.radix === undefined ? network.kind : `${network.kind} of radix ${network.radix}`;
  return {
    title: `Network: ${name}`,
    figures: [
      ["from one link to the next", network.hop],
      ["between node and network, at each end", network.interface],
      ["a message without data holds a link", network.control],
      ["a message with a word holds a link", network.word],
      ["a message with a line holds a link", network.line],
      ...(network.retry === undefined
        ? []
        : [["a message that met a held link is sent again after", network.retry] as const]),
    ],
  };
}

function memorySection({ latency, occupancy, banks }: MemoryDescription & { banks?: number }): Section {
  return {
    title: "Memory",
    figures: [
      ...(banks === undefined ? [] : [["banks, interleaved by line", String(banks)] as const]),
      ["from a request to the data", latency],
      ["a request keeps it from serving the next", occupancy],
    ],
  };
}

function directorySections(coherence: DirectoryDescription | undefined): Section[] {
  if (coherence === undefined) return [{ title: "No caches", figures: [["protocol", "none"]] }];
  const { cache, hops, occupancy, lookup } = coherence;
  const directory: Section = {
    title: "Directory at each line's home",
    figures: [
      ["an owner's answer", hops === 3 ? "to the requester: 3 hops" : "to the home, which answers: 4 hops"],
      ["a request occupies it", occupancy],
      ["a cache that is asked looks the line up", lookup],
    ],
  };
  return [cacheSection(cache), directory];
}

function executionOf({ at, linked }: MachineDescription["readModifyWrite"]): string {
  if (at === "memory") return "at the memory";
  return linked ? "in the processor's cache, by load-linked and store-conditional" : "in the processor's cache";
}
