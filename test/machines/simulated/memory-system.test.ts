import { describe, expect, test } from "vitest";
import type { LinkMeasures } from "#machines/machines/measures.js";
import type { MachineDescription } from "#machines/machines/presets/description.js";
import { DirectoryMemory } from "#machines/machines/simulated/memory/directory.js";
import { READ, READ_MODIFY_WRITE, type Requesters, WRITE } from "#machines/machines/simulated/memory/memory-system.js";
import { PROTOCOLS } from "#machines/machines/simulated/memory/protocols/index.js";
import { mesi } from "#machines/machines/simulated/memory/protocols/mesi.js";
import type { Protocol } from "#machines/machines/simulated/memory/protocols/protocol.js";
import { SnoopingMemory } from "#machines/machines/simulated/memory/snooping.js";
import { DistributedFabric } from "#machines/machines/simulated/network/fabric.js";
import { casesOf } from "../../random-cases.js";
import { type Access, Driver } from "./driver.js";
import { bus, danceHall, describeMachine, distributed, drive, uncached } from "./small-machines.js";

/** Lines that are referred to: more than a cache has, so that they are evicted. */
const LINES = 7;
const LINE = 16;
const REFERENCES = 100;
/** Cycles, at most, between two references of a processor. */
const THINK = 12;

/** Numbers from 0 to below a bound, by a seed (mulberry32). */
function random(seed: number): (bound: number) => number {
  let state = seed;
  return (bound) => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), 1 | state);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    return Math.floor((((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32) * bound);
  };
}

/** Every processor makes its references one after the other; returns how many ended, by processor. */
function storm(driver: Driver, processors: number, seed: number): number[] {
  const ended = Array.from({ length: processors }, () => 0);
  for (let processor = 0; processor < processors; processor++) {
    const choose = random(seed * 1000 + processor);
    const access = (): Access => ({
      kind: ([READ, READ, READ, READ, WRITE, READ_MODIFY_WRITE] as const)[choose(6)]!,
      address: choose(LINES) * LINE + choose(LINE / 4) * 4,
    });
    const next = (now: number) => {
      if (ended[processor]! === REFERENCES) return;
      driver.at(now + choose(THINK + 1), processor, access(), (end) => {
        ended[processor]!++;
        next(end);
      });
    };
    next(0);
  }
  driver.run();
  return ended;
}

function results({ memory, events }: Driver) {
  const counts = Object.entries(memory.counts()).map(([name, counted]) => [name, [...counted]] as const);
  return { end: events.now, counts: Object.fromEntries(counts), links: memory.links() };
}

const total = (counted: Float64Array) => counted.reduce((sum, count) => sum + count, 0);

const SIZES = [2, 5, 16];
const INVALIDATING = ["msi", "mesi", "moesi"];
const machines: [string, (maximum: number) => MachineDescription][] = [
  ...PROTOCOLS.flatMap(({ name }) =>
    (["atomic", "split"] as const).map((mode): [string, (maximum: number) => MachineDescription] => [
      `${mode} bus, ${name}`,
      (maximum) => describeMachine(maximum, bus(mode, name)),
    ]),
  ),
  ["split bus, mesi, direct mapped", (maximum) => describeMachine(maximum, bus("split", "mesi", { ways: 1 }))],
  ...INVALIDATING.flatMap((name) =>
    ([3, 4] as const).flatMap((hops): [string, (maximum: number) => MachineDescription][] => [
      [`${hops} hops, ${name}`, (maximum) => describeMachine(maximum, distributed(hops, name))],
      [
        `${hops} hops, ${name}, nodes of 4 on a ring`,
        (maximum) =>
          describeMachine(Math.ceil(maximum / 4) * 4, distributed(hops, name, { processors: 4, bus: 2 }, "ring")),
      ],
    ]),
  ),
  ...INVALIDATING.map((name): [string, (maximum: number) => MachineDescription] => [
    `dance hall, ${name}`,
    (maximum) => describeMachine(maximum, danceHall(3, name)),
  ]),
];

describe.each(machines)("%s", (_, make) => {
  test.each(SIZES)("keeps its promises to %d processors, and every reference ends and is counted", (size) => {
    const machine = make(size);
    const { maximum } = machine.processor;
    for (let seed = 1; seed <= casesOf(2); seed++) {
      const driver = drive(machine);
      expect(storm(driver, maximum, seed)).toEqual(Array.from({ length: maximum }, () => REFERENCES));
      const counts = driver.memory.counts();
      for (let p = 0; p < maximum; p++) {
        const misses = counts.readMisses[p]! + counts.writeMisses[p]!;
        const { coldMisses, capacityMisses, conflictMisses, trueSharingMisses, falseSharingMisses } = counts;
        const causes = [coldMisses, capacityMisses, conflictMisses, trueSharingMisses, falseSharingMisses];
        expect(counts.reads[p]! + counts.writes[p]! + counts.readModifyWrites[p]!).toBe(REFERENCES);
        expect(counts.hits[p]! + misses).toBe(REFERENCES);
        expect(causes.reduce((sum, cause) => sum + cause[p]!, 0)).toBe(misses);
        expect(coldMisses[p]).toBeLessThanOrEqual(LINES);
      }
      // The storm is one: lines are lost to others, or updated, and made room for.
      expect(total(counts.invalidations) + total(counts.updates)).toBeGreaterThan(3);
      expect(total(counts.writeBacks)).toBeGreaterThan(0);
    }
  });

  test("is a function of its references", () => {
    const machine = make(5);
    const [first, second, other] = [1, 1, 2].map((seed) => {
      const driver = drive(machine);
      storm(driver, 5, seed);
      return results(driver);
    });
    expect(second).toEqual(first);
    expect(other).not.toEqual(first);
  });
});

describe.each([
  ["NCC-NUMA", (maximum: number) => describeMachine(maximum, uncached(), "memory")],
  [
    "NCC-NUMA, nodes of 4",
    (maximum: number) => describeMachine(Math.ceil(maximum / 4) * 4, uncached({ processors: 4, bus: 2 }), "memory"),
  ],
  ["dance hall without caches", (maximum: number) => describeMachine(maximum, danceHall(3, undefined), "memory")],
] as const)("%s", (_, make) => {
  test.each(SIZES)("serves each reference of %d processors once, at its module", (size) => {
    const machine = make(size);
    const { maximum } = machine.processor;
    const driver = drive(machine);
    expect(storm(driver, maximum, 1)).toEqual(Array.from({ length: maximum }, () => REFERENCES));
    const counts = driver.memory.counts();
    expect(total(counts.reads) + total(counts.writes) + total(counts.readModifyWrites)).toBe(maximum * REFERENCES);
    const served = driver.memory.links().filter(({ name }) => name.startsWith("memory"));
    expect(served.reduce((sum: number, { transactions }: LinkMeasures) => sum + transactions, 0)).toBe(
      maximum * REFERENCES,
    );
  });
});

/** A table with a mistake. */
function mistaken(change: (snoop: Record<string, Record<string, unknown>>) => void): Protocol {
  const protocol = structuredClone(mesi) as unknown as Protocol;
  change(protocol.snoop as Record<string, Record<string, unknown>>);
  return protocol;
}

/** A storm on a bus and before a directory with a table of its own, and processors that need not hear of everything. */
function stormOf(kind: "bus" | "directory", protocol: Protocol, hears = (driver: Driver): Requesters => driver): void {
  const { readModifyWrite } = describeMachine(4, bus("split", "mesi"));
  const driver = new Driver(4, protocol, (self) => {
    const { writes, events } = self;
    if (kind === "bus") {
      return new SnoopingMemory(4, bus("split", "mesi"), protocol, readModifyWrite, writes, events, hears(self));
    }
    const { coherence, memory, ...rest } = distributed(3, "mesi");
    const fabric = new DistributedFabric(4, { ...rest, memory }, events);
    const homeOf = (address: number) => Math.floor(address / LINE) % 4;
    return new DirectoryMemory(
      ...([4, coherence!, memory, protocol, readModifyWrite, fabric, homeOf, writes, events, hears(self)] as const),
    );
  });
  storm(driver, 4, 1);
}

describe.each(["bus", "directory"] as const)("Driver, on a %s", (kind) => {
  test("finds nothing wrong with the table as it is", () => {
    expect(() => stormOf(kind, mesi)).not.toThrow();
  });

  test.each([
    ["E stays E at another's read", /Broken: line \d+ is exclusive, and shared/, "E", "read", "E"],
    ["M stays M at another's read", /Broken: line \d+ is exclusive, and shared/, "M", "read", "M"],
    ["S stays S at another's upgrade", /Broken: /, "S", "upgrade", "S"],
    ["S stays S at another's readExclusive", /Broken: /, "S", "readExclusive", "S"],
  ] as const)("finds that %s", (_, message, state, transaction, next) => {
    const protocol = mistaken((snoop) => {
      snoop[state]![transaction] = { ...(snoop[state]![transaction] as object), next };
    });
    expect(() => stormOf(kind, protocol)).toThrow(message);
  });

  test("finds that a processor loses a line untold", () => {
    const deaf = (driver: Driver): Requesters => ({
      perform: (processor, now) => driver.perform(processor, now),
      resume: (processor, now) => driver.resume(processor, now),
      disturb: () => {},
    });
    expect(() => stormOf(kind, mesi, deaf)).toThrow(/Broken: processor \d loses line \d+ untold/);
  });
});
