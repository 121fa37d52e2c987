import { describe, expect, test } from "vitest";
import type {
  BusArchitecture,
  DanceHallArchitecture,
  DistributedArchitecture,
  MachineDescription,
  NetworkDescription,
} from "#machines/machines/presets/description.js";
import { PRESETS } from "#machines/machines/presets/index.js";
import { uncontended } from "#machines/machines/presets/uncontended.js";
import { EventQueue } from "#machines/machines/simulated/events.js";
import { READ, READ_MODIFY_WRITE, WRITE } from "#machines/machines/simulated/memory/memory-system.js";
import { Messages } from "#machines/machines/simulated/network/messages.js";
import { drain } from "./drain.js";
import type { Driver } from "./driver.js";
import { drive } from "./small-machines.js";

/** Links from one node to another. */
function links({ kind, radix }: NetworkDescription, nodes: number, from: number, to: number): number {
  const width = Math.ceil(Math.sqrt(nodes));
  switch (kind) {
    case "bus":
      return 1;
    case "crossbar":
      return 2;
    case "butterfly":
      return Math.ceil(Math.log(nodes) / Math.log(radix!) - 1e-9);
    case "mesh":
      return Math.abs((from % width) - (to % width)) + Math.abs(Math.floor(from / width) - Math.floor(to / width));
    case "ring":
      return (to - from + nodes) % nodes;
  }
}

/** What processor 0 does to the line of an address after the others, and the nodes between which messages go then. */
interface Scenario {
  readonly cycles: number;
  readonly path: readonly (readonly [from: number, to: number])[];
}

type Scene = (driver: Driver) => Scenario;

/** How each of the references that `uncontended` lists is made on a bus. */
const ON_BUS: Readonly<Record<string, Scene>> = {
  "read, own cache": (driver) => {
    driver.alone(0, READ, 0);
    return { cycles: driver.alone(0, READ, 0).end, path: [] };
  },
  "read-modify-write, own cache": (driver) => {
    driver.alone(0, WRITE, 0);
    return { cycles: driver.alone(0, READ_MODIFY_WRITE, 0).end, path: [] };
  },
  "read, shared cache": (driver) => {
    // The line that a cache wrote back, to make room for others of its set.
    for (let set = 0; set < 8; set++) driver.alone(0, WRITE, set * 65_536);
    return { cycles: driver.alone(0, READ, 0).end, path: [] };
  },
  "read, memory": (driver) => ({ cycles: driver.alone(0, READ, 0).end, path: [] }),
  "read, another's cache": (driver) => {
    driver.alone(1, WRITE, 0);
    return { cycles: driver.alone(0, READ, 0).end, path: [] };
  },
};
for (const shared of ["update of a shared word", "upgrade of a shared line", "read-exclusive of a shared line"]) {
  Object.assign(ON_BUS, {
    [shared]: (driver: Driver) => {
      driver.alone(0, READ, 0);
      driver.alone(1, READ, 0);
      return { cycles: driver.alone(0, WRITE, 0).end, path: [] };
    },
  });
}

/** The same for memory that has homes: unit by unit on one node after the other. */
function atHomes(unit: number, perNode: number, hops: 3 | 4): Readonly<Record<string, Scene>> {
  const HOME = 1;
  const THIRD = 2;
  const remote = HOME * unit;
  const there = [
    [0, HOME],
    [HOME, 0],
  ] as const;
  const dirty = (owner: number, address: number, kind: typeof READ | typeof READ_MODIFY_WRITE) => (driver: Driver) => {
    driver.alone(owner, WRITE, address);
    return driver.alone(0, kind, address).end;
  };
  const third =
    hops === 3
      ? ([
          [0, HOME],
          [HOME, THIRD],
          [THIRD, 0],
        ] as const)
      : ([...there, [HOME, THIRD], [THIRD, HOME]] as const);
  const scenes: Record<string, Scene> = {
    "read, own cache": ON_BUS["read, own cache"]!,
    "read-modify-write, own cache": ON_BUS["read-modify-write, own cache"]!,
    "read, another's cache in the own node": (driver) => ({ cycles: dirty(1, 0, READ)(driver), path: [] }),
    "read, another's cache at a remote home": (driver) => ({
      cycles: dirty(HOME * perNode, remote, READ)(driver),
      path: there,
    }),
    "read, another's cache in a third node": (driver) => ({
      cycles: dirty(THIRD * perNode, remote, READ)(driver),
      path: third,
    }),
  };
  for (const [kind, reference] of [
    ["read", READ],
    ["reference", WRITE],
    ["read-modify-write", READ_MODIFY_WRITE],
  ] as const) {
    scenes[`${kind}, own memory`] = (driver) => ({ cycles: driver.alone(0, reference, 0).end, path: [] });
    scenes[`${kind}, remote memory`] = (driver) => ({ cycles: driver.alone(0, reference, remote).end, path: there });
  }
  return scenes;
}

function scenesOf({ architecture }: MachineDescription): Readonly<Record<string, Scene>> {
  switch (architecture.kind) {
    case "bus":
      return ON_BUS;
    case "distributed":
    case "dance hall": {
      const perNode = architecture.kind === "distributed" ? architecture.node.processors : 1;
      const { coherence } = architecture;
      return atHomes(coherence?.cache.line ?? 128, perNode, coherence?.hops ?? 4);
    }
    case "cluster":
      return { "reference, own memory": (driver) => ({ cycles: driver.alone(0, READ, 0).end, path: [] }) };
  }
}

const preset = (name: string) => PRESETS.find((machine) => machine.name === name)!;
const symmetry = preset("symmetry").architecture as BusArchitecture;
const dash = preset("dash").architecture as DistributedArchitecture;
const ultracomputer = preset("ultracomputer").architecture as DanceHallArchitecture;

/** Another machine from a preset: 64 processors are enough. */
function variant(name: string, title: string, architecture: MachineDescription["architecture"]): MachineDescription {
  const { processor, ...rest } = preset(name);
  const maximum = Math.min(processor.maximum, 64);
  return { ...rest, name: `${name} ${title}`, processor: { ...processor, maximum }, architecture };
}

const withBus = (title: string, mode: "atomic" | "split", protocol: string) =>
  variant("symmetry", title, {
    ...symmetry,
    cache: { ...symmetry.cache, protocol },
    bus: { ...symmetry.bus, mode },
  });

const MACHINES: MachineDescription[] = [
  ...PRESETS,
  withBus("with an atomic bus", "atomic", "mesi"),
  withBus("with msi", "split", "msi"),
  withBus("with dragon", "split", "dragon"),
  variant("dash", "with 4 hops", { ...dash, coherence: { ...dash.coherence!, hops: 4 } }),
  variant("dash", "with moesi on a ring", {
    ...dash,
    network: { ...dash.network, kind: "ring" },
    coherence: { ...dash.coherence!, cache: { ...dash.coherence!.cache, protocol: "moesi" } },
  }),
  variant("ultracomputer", "as a crossbar with caches", {
    ...ultracomputer,
    modules: 64,
    network: { kind: "crossbar", hop: 1, interface: 2, control: 1, word: 3, line: 3 },
    coherence: { ...dash.coherence!, hops: 4 },
  }),
];

describe.each(MACHINES.map((machine) => [machine.name, machine] as const))("%s", (_, machine) => {
  const { architecture, readModifyWrite } = machine;
  const scenes = scenesOf(machine);
  const references = uncontended(machine).filter(({ reference }) => reference !== "message of one word");

  test.each(references.map((latency) => [latency.reference, latency] as const))(
    "%s takes what its parts add up to",
    (reference, latency) => {
      const { cycles, path } = scenes[reference]!(drive(machine));
      const { network = 0, overhead = 0 } = latency.parts;
      // The overhead is the processor's, not the memory system's.
      expect(overhead).toBe(reference.startsWith("read-modify-write") ? readModifyWrite.overhead : 0);
      let crossed = 0;
      if (architecture.kind === "distributed" || architecture.kind === "dance hall") {
        const nodes =
          architecture.kind === "distributed"
            ? machine.processor.maximum / architecture.node.processors
            : Math.max(machine.processor.maximum, architecture.modules);
        for (const [from, to] of path) crossed += links(architecture.network, nodes, from, to);
        crossed *= architecture.network.hop;
      }
      expect(cycles).toBeCloseTo(latency.cycles - overhead - network + crossed, 9);
    },
  );
});

describe("cluster", () => {
  test("a message takes what its parts add up to", () => {
    const machine = preset("cluster");
    if (machine.architecture.kind !== "cluster") throw new Error("Cannot send: expected a cluster");
    const { send, receive } = machine.architecture.messages;
    const events = new EventQueue();
    const messages = new Messages(machine.processor.maximum, machine.architecture, events);
    let received = { value: 0, at: 0 };
    messages.receive(0, 5, 700, (value, at) => {
      received = { value, at };
    });
    messages.send(send, 700, 5, 42);
    drain(events);
    const { cycles } = uncontended(machine).find(({ reference }) => reference === "message of one word")!;
    expect(received).toEqual({ value: 42, at: cycles - receive });
  });
});
