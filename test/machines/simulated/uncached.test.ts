import { describe, expect, test } from "vitest";
import type { DistributedArchitecture } from "#machines/machines/presets/description.js";
import { READ, READ_MODIFY_WRITE, type Reference, WRITE } from "#machines/machines/simulated/memory/memory-system.js";
import { describeMachine, drive, MEMORY, READ_MODIFY_WRITE as RMW, uncached } from "./small-machines.js";

type Node = DistributedArchitecture["node"];

const PROCESSORS = 9;
/** Bytes that lie together in one module. */
const UNIT = 128;

/** Processors from the first on refer to an address each at once; who, and when, in the order of the effects. */
function together(kind: Reference, first: number, addressOf: (processor: number) => number, node?: Node) {
  const driver = drive(describeMachine(PROCESSORS, uncached(node), "memory"));
  const effects: { processor: number; at: number; end: number }[] = [];
  for (let processor = first; processor < PROCESSORS; processor++) {
    driver.at(0, processor, { kind, address: addressOf(processor) }, (end, at) => effects.push({ processor, at, end }));
  }
  driver.run();
  return { effects: effects.sort((a, b) => a.at - b.at), driver };
}

const gaps = (times: readonly number[]) => times.slice(1).map((time, i) => time - times[i]!);

describe("UncachedMemory", () => {
  test.each([
    ["reads", READ, MEMORY.occupancy],
    ["writes", WRITE, MEMORY.occupancy],
    ["read-modify-writes", READ_MODIFY_WRITE, MEMORY.occupancy + RMW.occupancy],
  ] as const)("serves %s of one module one after the other, each for its occupancy", (_, kind, occupancy) => {
    const { effects, driver } = together(kind, 1, () => 0);
    const others = PROCESSORS - 1;
    expect(gaps(effects.map(({ at }) => at))).toEqual(Array.from({ length: others - 1 }, () => occupancy));
    // Those of the neighbours come first.
    expect(effects.slice(0, 2).map(({ processor }) => processor)).toEqual([1, 3]);
    const [module] = driver.memory.links();
    expect(module).toMatchObject({ name: "memory 0", transactions: others, busyCycles: others * occupancy });
  });

  test("serves those of other nodes for the controller's time longer, and those of the own node not", () => {
    const node = { processors: 1, bus: 0, controller: 17 };
    const { effects } = together(READ, 0, () => 0, node);
    const [own, ...others] = effects.map(({ at }) => at);
    expect(own).toBe(MEMORY.latency);
    expect(others[0]).toBe(together(READ, 1, () => 0).effects[0]!.at);
    expect(new Set(gaps(others))).toEqual(new Set([MEMORY.occupancy + node.controller]));
  });

  test("lets one message wait for a module where the network queues none", () => {
    const node = { processors: 1, bus: 0, controller: 17 };
    const { network, ...architecture } = uncached(node);
    const nonblocking = { ...network, kind: "butterfly", radix: 4, retry: 3, control: 8 } as const;
    const driver = drive(describeMachine(PROCESSORS, { ...architecture, network: nonblocking }, "memory"));
    const effects: number[] = [];
    for (let processor = 1; processor < PROCESSORS; processor++) {
      driver.at(0, processor, { kind: READ, address: 0 }, (_, at) => effects.push(at));
    }
    driver.run();
    const service = MEMORY.occupancy + node.controller;
    // The one that waits is there before the next service begins: no cycle is lost.
    expect(gaps(effects)).toEqual(Array.from({ length: PROCESSORS - 2 }, () => service));
    expect(driver.memory.links()[0]).toMatchObject({ name: "memory 0", transactions: PROCESSORS - 1 });
    expect(driver.memory.links()[0]!.longestQueueing).toBeLessThan(service);
  });

  test("serves references to different modules at the same time", () => {
    const { effects, driver } = together(READ, 0, (processor) => processor * UNIT);
    expect(new Set(effects.map(({ at, end }) => `${at} ${end}`))).toEqual(
      new Set([`${MEMORY.latency} ${MEMORY.latency}`]),
    );
    expect([...driver.memory.networkReferences]).toEqual(Array.from({ length: PROCESSORS }, () => 0));
  });

  test("finds a processor's local part in its own node's memory", () => {
    const placement = { shared: 1024, local: 256 };
    const driver = drive(describeMachine(PROCESSORS, uncached(), "memory"), placement);
    for (let processor = 0; processor < PROCESSORS; processor++) {
      const { end } = driver.alone(processor, WRITE, placement.shared + processor * placement.local + 252);
      expect(end).toBe(MEMORY.latency);
    }
    expect(driver.memory.networkReferences.every((references) => references === 0)).toBe(true);
  });
});
