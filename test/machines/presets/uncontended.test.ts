import { describe, expect, test } from "vitest";
import { Experiments, loadKernel, SimulatedMachine } from "#machines/index.js";
import type { NetworkDescription } from "#machines/machines/presets/description.js";
import { PRESETS } from "#machines/machines/presets/index.js";
import { meanHops, uncontended } from "#machines/machines/presets/uncontended.js";

const preset = (name: string) => PRESETS.find((machine) => machine.name === name)!;

function cycles(name: string, reference: string): number {
  const found = uncontended(preset(name)).find((latency) => latency.reference === reference);
  expect(found, `${name} has: ${reference}`).toBeDefined();
  return found!.cycles;
}

const nanoseconds = (name: string, reference: string) =>
  (cycles(name, reference) * 1000) / preset(name).processor.megahertz;

/** What a model may be off from what was published. */
const TOLERANCE = 0.15;

function expectNear(value: number, published: number) {
  expect(value).toBeGreaterThan(published * (1 - TOLERANCE));
  expect(value).toBeLessThan(published * (1 + TOLERANCE));
}

describe("uncontended", () => {
  test.each([
    // Mellor-Crummey and Scott 1991: a remote read takes 4 us, five times a local one.
    ["butterfly", "reference, own memory", 800],
    ["butterfly", "reference, remote memory", 4000],
    // Thacker and others 1988: 4 bytes in 400 ns, whoever has them; the model arbitrates for 100 ns before.
    ["firefly", "read, memory", 500],
    ["firefly", "read, another's cache", 500],
    ["firefly", "update of a shared word", 500],
    ["firefly-cvax", "read, memory", 500],
    ["firefly-cvax", "read, another's cache", 500],
    ["firefly-cvax", "update of a shared word", 500],
  ])("%s: %s takes %d ns", (name, reference, published) => {
    expectNear(nanoseconds(name, reference), published);
  });

  test.each([
    // Lenoski and others 1993.
    ["dash", "read, own memory", 30],
    ["dash", "read, remote memory", 100],
    ["dash", "read, another's cache in a third node", 130],
    // Gamsa and others 1999.
    ["numachine", "read, own memory", 270],
    ["numachine", "read, remote memory", 370],
    // Boyd-Wickizer and others 2008.
    ["opteron", "read, own memory", 201],
    ["opteron", "read, another's cache in the own node", 121],
    // Intel's manual: 50 to 70 cycles to the last-level cache.
    ["server", "read, own memory", 60],
    // Gottlieb and others 1983: eight instructions of two network cycles.
    ["ultracomputer", "reference, remote memory", 16],
    // LogP 1993: 6.15 us of 33 MHz.
    ["cluster", "message of one word", 203],
  ])("%s: %s takes %d cycles", (name, reference, published) => {
    expectNear(cycles(name, reference), published);
  });

  test.each([
    // Anderson 1990: test_and_set takes 1 us.
    ["symmetry", 16],
    // Gamsa and others 1999: 25 cycles an update of a counter, nine of them the loop around it.
    ["numachine", 16],
    // Perfbook: 7 ns.
    ["server", 14.7],
  ])("%s: an instruction that reads, modifies and writes in the own cache takes %d cycles", (name, published) => {
    const { cyclesPerInstruction } = preset(name).processor;
    expectNear(cyclesPerInstruction + cycles(name, "read-modify-write, own cache"), published);
  });

  test.each([
    // Perfbook: compare and swap of a line that another core has, in ns.
    ["read, another's cache in the own node", 47.5],
    ["read, another's cache at a remote home", 148.8],
  ])("server: %s, and a read-modify-write of it take %d ns", (reference, published) => {
    const { processor, readModifyWrite } = preset("server");
    const own = processor.cyclesPerInstruction + readModifyWrite.overhead;
    expectNear(nanoseconds("server", reference) + (own * 1000) / processor.megahertz, published);
  });

  test.each([
    // Boyd-Wickizer and others 2008: 255 to 282 cycles from a neighbour's memory, 327 from the far chip's.
    [1, (255 + 282) / 2],
    [2, 327],
  ])("opteron: a read from a chip that is %d links away takes %d cycles", (links, published) => {
    const { architecture } = preset("opteron");
    if (architecture.kind !== "distributed") throw new Error(`Cannot add up: received ${architecture.kind}`);
    const { parts } = uncontended(preset("opteron")).find(({ reference }) => reference === "read, remote memory")!;
    const { network = 0, ...others } = parts;
    expect(network).toBeGreaterThan(0);
    expectNear(Object.values(others).reduce((a, b) => a + b) + 2 * links * architecture.network.hop, published);
  });

  test("opteron: uncontended locks take 11 ns that spin on one word, and 26 by MCS", async () => {
    // Boyd-Wickizer and others 2008, section 2; the first is what the machine is calibrated to.
    const kernel = await loadKernel();
    const machine = new SimulatedMachine(preset("opteron"));
    const experiments = new Experiments(machine, kernel);
    for (const [name, published] of [
      ["test-and-set", 11],
      ["mcs", 26],
    ] as const) {
      const lock = kernel.algorithms.find((algorithm) => algorithm.name === name)!;
      expectNear((await experiments.latency(lock, 1000)) / 2, published);
    }
    await machine.close();
  });

  test("origin: lines of which half are remote are loaded in 490 ns", () => {
    // Govil and others 1999: 16,384 lines in 8 ms.
    expectNear((nanoseconds("origin", "read, own memory") + nanoseconds("origin", "read, remote memory")) / 2, 490);
  });

  test("symmetry: address and line of 16 bytes go over the bus at its sustained 53.3 MB/s", () => {
    const { architecture, processor } = preset("symmetry");
    if (architecture.kind !== "bus") throw new Error(`Cannot add up: received ${architecture.kind}`);
    const { address, line } = architecture.bus;
    expectNear((architecture.cache.line * processor.megahertz) / (address + line), 53.3);
  });

  test("adds up a cycle of each part of the path", () => {
    const latencies = uncontended(preset("dash"));
    const remote = latencies.find(({ reference }) => reference === "read, remote memory")!;
    // Four times over a node's bus, four interfaces, there and back over 8/3 hops of 2 cycles.
    expect(remote.parts).toEqual({
      "node bus": 16,
      interfaces: 52,
      network: expect.closeTo(32 / 3, 9),
      memory: 21,
    });
    expect(remote.cycles).toBeCloseTo(16 + 52 + 32 / 3 + 21, 9);
  });

  test("goes through the home twice where the owner does not answer the requester itself", () => {
    const dash = preset("dash");
    if (dash.architecture.kind !== "distributed") throw new Error("Cannot add up: expected distributed memory");
    const { coherence } = dash.architecture;
    const four = { ...dash, architecture: { ...dash.architecture, coherence: { ...coherence!, hops: 4 as const } } };
    const find = (machine: typeof dash) =>
      uncontended(machine).find(({ reference }) => reference === "read, another's cache in a third node")!;
    expect(find(dash).parts.interfaces).toBe(3 * 2 * 13);
    expect(find(four).parts.interfaces).toBe(4 * 2 * 13);
    expect(find(four).parts.directory).toBe(8);
  });
});

/** Counts the hops of every pair on a grid or a ring. */
function countHops(kind: "mesh" | "ring", nodes: number): number {
  const side = Math.sqrt(nodes);
  let sum = 0;
  for (let from = 0; from < nodes; from++) {
    for (let to = 0; to < nodes; to++) {
      const x = Math.abs((from % side) - (to % side));
      const y = Math.abs(Math.floor(from / side) - Math.floor(to / side));
      sum += kind === "mesh" ? x + y : (to - from + nodes) % nodes;
    }
  }
  return sum / (nodes * (nodes - 1));
}

describe("meanHops", () => {
  const network = (kind: NetworkDescription["kind"], radix?: number): NetworkDescription => ({
    ...{ kind, hop: 1, interface: 0, control: 1, word: 1, line: 1 },
    ...(radix === undefined ? {} : { radix }),
  });

  test.each([
    ["mesh", 4],
    ["mesh", 16],
    ["mesh", 64],
    ["ring", 2],
    ["ring", 9],
  ] as const)("is the mean over all pairs of a %s of %d nodes", (kind, nodes) => {
    expect(meanHops(network(kind), nodes)).toBeCloseTo(countHops(kind, nodes), 9);
  });

  test("is the number of stages of a butterfly that has an output for each node", () => {
    expect([2, 4, 5, 84, 256, 257].map((nodes) => meanHops(network("butterfly", 4), nodes))).toEqual([
      1, 1, 2, 4, 4, 5,
    ]);
    expect(meanHops(network("butterfly", 2), 4096)).toBe(12);
  });
});
