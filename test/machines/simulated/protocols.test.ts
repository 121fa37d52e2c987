import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Counters, SnoopingBus } from "#machines/machines/simulated/memory/bus.js";
import { PROTOCOLS } from "#machines/machines/simulated/memory/protocols/index.js";
import { casesOf } from "../../random-cases.js";
import { Oracle, type Reference } from "./oracle.js";
import { statesOf, Values } from "./values.js";

/** Runs `0 r 40` like references on caches of one 16-byte set with two ways; counters that are 0 are left out. */
function replay(name: string, trace: string): { states: string; counters: Partial<Counters>[] } {
  const bus = new SnoopingBus(PROTOCOLS.find((protocol) => protocol.name === name)!, 3, {
    size: 32,
    ways: 2,
    line: 16,
  });
  let last = 0;
  for (const reference of trace.split(", ")) {
    const [processor, kind, address] = reference.split(" ");
    last = Number.parseInt(address!, 16);
    bus.access(Number(processor), kind === "w" ? 1 : 0, 0, last);
  }
  const counters = bus.counters().map((all) => Object.fromEntries(Object.entries(all).filter(([, n]) => n > 0)));
  return { states: statesOf(bus, last).join(" "), counters };
}

const READ = { reads: 1, readMisses: 1 };
const WRITE = { writes: 1, writeMisses: 1 };
const MEMORY = { memoryTransactions: 1 };
const TRANSFER = { cacheToCacheTransfers: 1 };
const FLUSH = { flushes: 1, writeBacks: 1 };
const READ_X = { busReadExclusive: 1 };

describe.each([
  ["msi: a read miss fetches from memory into S", "0 r 0", "S I I", [{ ...READ, ...MEMORY }, {}, {}]],
  [
    "msi: a write miss is a read-exclusive and a memory transaction",
    "0 w 0",
    "M I I",
    [{ ...WRITE, ...READ_X, ...MEMORY }, {}, {}],
  ],
  [
    "msi: a write hit in S is no miss but a read-exclusive with its memory transaction; the sharer loses its line",
    "0 r 0, 1 r 8, 1 w 4",
    "I M I",
    [{ ...READ, ...MEMORY, invalidations: 1 }, { ...READ, writes: 1, ...READ_X, memoryTransactions: 2 }, {}],
  ],
  [
    "msi: the owner flushes to memory at another's read, which memory then answers, too",
    "0 w 0, 1 r 0",
    "S S I",
    [{ ...WRITE, ...READ_X, ...FLUSH, memoryTransactions: 2, interventions: 1 }, { ...READ, ...MEMORY }, {}],
  ],
  [
    "msi: the owner flushes at another's write and is invalidated, which is no intervention",
    "0 w 0, 1 w 0",
    "I M I",
    [
      { ...WRITE, ...READ_X, ...FLUSH, memoryTransactions: 2, invalidations: 1 },
      { ...WRITE, ...READ_X, ...MEMORY },
      {},
    ],
  ],
  [
    "msi: a dirty eviction is a write-back and a memory transaction, but no flush; a clean one is nothing",
    "0 w 0, 0 r 10, 0 r 20, 0 r 30",
    "S I I",
    [
      {
        ...{ reads: 3, readMisses: 3, writes: 1, writeMisses: 1, ...READ_X },
        ...{ writeBacks: 1, dirtyEvictions: 1, memoryTransactions: 5 },
      },
      {},
      {},
    ],
  ],
  [
    "mesi: a read miss without sharers is E, and its write is silent",
    "0 r 0, 0 w 0",
    "M I I",
    [{ ...READ, writes: 1, ...MEMORY }, {}, {}],
  ],
  [
    "mesi: E supplies a read: one transfer of the requester without memory, one intervention of the holder",
    "0 r 0, 1 r 0",
    "S S I",
    [{ ...READ, ...MEMORY, interventions: 1 }, { ...READ, ...TRANSFER }, {}],
  ],
  [
    "mesi: two holders in S supply one transfer, and S to S is no intervention",
    "0 r 0, 1 r 0, 2 r 0",
    "S S S",
    [
      { ...READ, ...MEMORY, interventions: 1 },
      { ...READ, ...TRANSFER },
      { ...READ, ...TRANSFER },
    ],
  ],
  [
    "mesi: a write hit in S is an upgrade without a memory transaction",
    "0 r 0, 1 r 0, 1 w 0",
    "I M I",
    [
      { ...READ, ...MEMORY, interventions: 1, invalidations: 1 },
      { ...READ, writes: 1, ...TRANSFER, busUpgrades: 1 },
      {},
    ],
  ],
  [
    "mesi: M at a read flushes to memory, supplies and intervenes",
    "0 w 0, 1 r 0",
    "S S I",
    [{ ...WRITE, ...READ_X, ...FLUSH, memoryTransactions: 2, interventions: 1 }, { ...READ, ...TRANSFER }, {}],
  ],
  [
    "mesi: M at a read-exclusive flushes to memory, supplies and is invalidated",
    "0 w 0, 1 w 0",
    "I M I",
    [
      { ...WRITE, ...READ_X, ...FLUSH, memoryTransactions: 2, invalidations: 1 },
      { ...WRITE, ...READ_X, ...TRANSFER },
      {},
    ],
  ],
  [
    "moesi: M at a read becomes O and supplies; memory takes nothing, so the flush is no write-back",
    "0 w 0, 1 r 0",
    "O S I",
    [{ ...WRITE, ...READ_X, ...MEMORY, flushes: 1, interventions: 1 }, { ...READ, ...TRANSFER }, {}],
  ],
  [
    "moesi: O goes on supplying without another intervention",
    "0 w 0, 1 r 0, 2 r 0",
    "O S S",
    [
      { ...WRITE, ...READ_X, ...MEMORY, flushes: 2, interventions: 1 },
      { ...READ, ...TRANSFER },
      { ...READ, ...TRANSFER },
    ],
  ],
  [
    "moesi: E and S supply nothing, for memory is current",
    "0 r 0, 1 r 0, 2 r 0",
    "S S S",
    [
      { ...READ, ...MEMORY, interventions: 1 },
      { ...READ, ...MEMORY },
      { ...READ, ...MEMORY },
    ],
  ],
  [
    "moesi: O writes by an upgrade, and a sharer's upgrade takes the line from O without a flush",
    "0 w 0, 1 r 0, 0 w 0, 1 r 0, 1 w 0",
    "I M I",
    [
      {
        ...{ writes: 2, writeMisses: 1, ...READ_X, ...MEMORY },
        ...{ flushes: 2, interventions: 2, busUpgrades: 1, invalidations: 1 },
      },
      { reads: 2, readMisses: 2, writes: 1, cacheToCacheTransfers: 2, invalidations: 1, busUpgrades: 1 },
      {},
    ],
  ],
  [
    "moesi: O at a read-exclusive supplies and is invalidated",
    "0 w 0, 1 r 0, 2 w 0",
    "I I M",
    [
      { ...WRITE, ...READ_X, ...MEMORY, flushes: 2, interventions: 1, invalidations: 1 },
      { ...READ, ...TRANSFER, invalidations: 1 },
      { ...WRITE, ...READ_X, ...TRANSFER },
    ],
  ],
  [
    "msi-upgrade: a write hit in S is an upgrade without a memory transaction",
    "0 r 0, 1 r 8, 1 w 4",
    "I M I",
    [{ ...READ, ...MEMORY, invalidations: 1 }, { ...READ, ...MEMORY, writes: 1, busUpgrades: 1 }, {}],
  ],
  [
    "mosi: M at a read becomes O and supplies, without memory; a line that was read alone is written by an upgrade",
    "0 r 0, 0 w 0, 1 r 0",
    "O S I",
    [{ ...READ, ...MEMORY, writes: 1, busUpgrades: 1, flushes: 1, interventions: 1 }, { ...READ, ...TRANSFER }, {}],
  ],
  [
    "mesif: the last reader forwards, and one who only shares does not",
    "0 r 0, 1 r 0, 2 r 0",
    "S S F",
    [
      { ...READ, ...MEMORY, interventions: 1 },
      { ...READ, ...TRANSFER },
      { ...READ, ...TRANSFER },
    ],
  ],
  [
    "mesif: where the forwarder has evicted the line, memory answers, and the reader forwards",
    "0 r 0, 1 r 0, 1 r 10, 1 r 20, 2 r 0",
    "S I F",
    [
      { ...READ, ...MEMORY, interventions: 1 },
      { reads: 3, readMisses: 3, ...TRANSFER, memoryTransactions: 2 },
      { ...READ, ...MEMORY },
    ],
  ],
  [
    "moesif: E becomes the forwarder and remains it",
    "0 r 0, 1 r 0, 2 r 0",
    "F S S",
    [
      { ...READ, ...MEMORY, interventions: 1 },
      { ...READ, ...TRANSFER },
      { ...READ, ...TRANSFER },
    ],
  ],
  [
    "moesif: M becomes O and supplies, without memory",
    "0 w 0, 1 r 0, 2 r 0",
    "O S S",
    [
      { ...WRITE, ...READ_X, ...MEMORY, flushes: 2, interventions: 1 },
      { ...READ, ...TRANSFER },
      { ...READ, ...TRANSFER },
    ],
  ],
  [
    "moesi: the eviction of O is its write-back",
    "0 w 0, 1 r 0, 0 r 10, 0 r 20, 1 r 0",
    "I S I",
    [
      {
        ...{ ...WRITE, reads: 2, readMisses: 2, ...READ_X, flushes: 1, interventions: 1 },
        ...{ writeBacks: 1, dirtyEvictions: 1, memoryTransactions: 4 },
      },
      { reads: 2, readMisses: 1, ...TRANSFER },
      {},
    ],
  ],
  [
    "firefly: V alone, D by a silent write, S after all holders supplied; D is written to memory meanwhile",
    "0 r 0, 0 w 0, 1 r 0",
    "S S I",
    [{ ...READ, writes: 1, ...FLUSH, memoryTransactions: 2, interventions: 1 }, { ...READ, ...TRANSFER }, {}],
  ],
  [
    "firefly: a write hit in S is one update with one memory transaction, and nobody is invalidated",
    "0 r 0, 1 r 0, 0 w 0",
    "S S I",
    [{ ...READ, writes: 1, memoryTransactions: 2, interventions: 1, busUpdates: 1 }, { ...READ, ...TRANSFER }, {}],
  ],
  [
    "firefly: an update that finds nobody left makes V",
    "0 r 0, 1 r 0, 1 r 10, 1 r 20, 0 w 0",
    "V I I",
    [
      { ...READ, writes: 1, memoryTransactions: 2, interventions: 1, busUpdates: 1 },
      { reads: 3, readMisses: 3, ...TRANSFER, memoryTransactions: 2 },
      {},
    ],
  ],
  [
    "firefly: a write miss with a holder is a transfer and an update, without one it is D from memory",
    "0 w 0, 1 w 0",
    "S S I",
    [
      { ...WRITE, ...FLUSH, memoryTransactions: 2, interventions: 1 },
      { ...WRITE, ...TRANSFER, busUpdates: 1, ...MEMORY },
      {},
    ],
  ],
  [
    "dragon: E alone, M by a silent write, Sm after supplying; memory takes nothing, so the flush is no write-back",
    "0 r 0, 0 w 0, 1 r 0",
    "Sm Sc I",
    [{ ...READ, writes: 1, ...MEMORY, flushes: 1, interventions: 1 }, { ...READ, ...TRANSFER }, {}],
  ],
  [
    "dragon: a write hit in Sc is an update that takes the ownership from Sm, without memory",
    "0 w 0, 1 r 0, 1 w 0",
    "Sc Sm I",
    [{ ...WRITE, ...MEMORY, flushes: 1, interventions: 1 }, { ...READ, writes: 1, ...TRANSFER, busUpdates: 1 }, {}],
  ],
  [
    "dragon: a write miss with holders is a read and an update; E supplies nothing, for memory is current",
    "0 r 0, 1 w 0",
    "Sc Sm I",
    [{ ...READ, ...MEMORY, interventions: 1 }, { ...WRITE, ...MEMORY, busUpdates: 1 }, {}],
  ],
  [
    "dragon: the eviction of Sm is its write-back; the Sc that stays writes by an update that finds nobody: M",
    "0 w 0, 1 r 0, 0 r 10, 0 r 20, 1 w 0",
    "I M I",
    [
      {
        ...{ ...WRITE, reads: 2, readMisses: 2, flushes: 1, interventions: 1 },
        ...{ writeBacks: 1, dirtyEvictions: 1, memoryTransactions: 4 },
      },
      { ...READ, writes: 1, ...TRANSFER, busUpdates: 1 },
      {},
    ],
  ],
] as const)("%s", (name, trace, states, counters) => {
  test(trace, () => {
    expect(replay(name.split(":")[0]!, trace)).toEqual({ states, counters });
  });
});

const power = (least: number, most: number) => fc.integer({ min: least, max: most }).map((n) => 2 ** n);
const geometries = fc
  .tuple(power(0, 3), power(0, 2), power(0, 5))
  .map(([sets, ways, line]) => ({ size: sets * ways * line, ways, line }));
const traces = (processors: number, line: number) =>
  fc.array(
    fc.record({
      processor: fc.nat(processors - 1),
      write: fc.boolean(),
      // Few lines, so that they meet and are evicted, some above 32 bits.
      address: fc
        .tuple(fc.nat(12), fc.nat(line - 1), fc.constantFrom(0, 0, 0, 2 ** 31, 2 ** 40))
        .map(([number, offset, base]) => base + number * line + offset),
    }),
    { maxLength: 200, size: "max" },
  );
const runs = fc
  .tuple(fc.integer({ min: 1, max: 5 }), geometries)
  .chain(([processors, geometry]) =>
    fc.tuple(fc.constant(processors), fc.constant(geometry), traces(processors, geometry.line)),
  );

describe.each(PROTOCOLS)("$name", (protocol) => {
  test("goes through the same states and counts the same as the textbook's oracle, in any geometry", () => {
    fc.assert(
      fc.property(runs, ([processors, geometry, trace]) => {
        const bus = new SnoopingBus(protocol, processors, geometry);
        const oracle = new Oracle(protocol.name, processors, geometry);
        const seen: string[] = [];
        const expected: string[] = [];
        for (const reference of trace as Reference[]) {
          const { processor, write, address } = reference;
          bus.access(processor, write ? 1 : 0, Math.floor(address / 2 ** 32) | 0, address | 0);
          oracle.access(reference);
          seen.push(`${statesOf(bus, address)}`);
          expected.push(`${oracle.states(address)}`);
        }
        expect(seen).toEqual(expected);
        expect(bus.counters()).toEqual(oracle.counters);
      }),
      { numRuns: casesOf(150) },
    );
  });

  test("keeps its invariants and shows every processor the last value written, after every reference", () => {
    fc.assert(
      fc.property(runs, ([processors, geometry, trace]) => {
        const bus = new SnoopingBus(protocol, processors, geometry);
        const values = new Values(protocol, bus, geometry.line);
        for (const reference of trace as Reference[]) values.access(reference);
      }),
      { numRuns: casesOf(150) },
    );
  });

  test("counts the changes of states that can be seen between references", () => {
    fc.assert(
      fc.property(runs, ([processors, geometry, trace]) => {
        const bus = new SnoopingBus(protocol, processors, geometry);
        bus.countTransitions();
        const addresses = [
          ...new Set((trace as Reference[]).map(({ address }) => address - (address % geometry.line))),
        ];
        const seen = Array.from({ length: processors }, () => new Map<string, number>());
        let before = addresses.map((address) => statesOf(bus, address));
        for (const { processor, write, address } of trace as Reference[]) {
          bus.access(processor, write ? 1 : 0, Math.floor(address / 2 ** 32) | 0, address | 0);
          const after = addresses.map((each) => statesOf(bus, each));
          after.forEach((states, i) => {
            states.forEach((state, p) => {
              const change = `${before[i]![p]}>${state}`;
              if (before[i]![p] !== state) seen[p]!.set(change, (seen[p]!.get(change) ?? 0) + 1);
            });
          });
          before = after;
        }
        // Dragon's and Firefly's write misses are two transactions: what a holder is between them cannot be seen here.
        const sorted = (changes: ReadonlyMap<string, number>) => [...changes].sort(([a], [b]) => (a < b ? -1 : 1));
        const twice = protocol.processor.I!.write.ifShared !== undefined && trace.some(({ write }) => write);
        if (!twice) expect(bus.transitions().map(sorted)).toEqual(seen.map(sorted));
        const misses = bus.counters().map(({ readMisses, writeMisses }) => readMisses + writeMisses);
        const filled = bus
          .transitions()
          .map((changes) =>
            [...changes].reduce((sum, [change, count]) => sum + (change.startsWith("I>") ? count : 0), 0),
          );
        expect(filled).toEqual(misses);
      }),
      { numRuns: 100 },
    );
  });

  test("puts write-backs together from dirty evictions and the flushes that memory takes", () => {
    fc.assert(
      fc.property(runs, ([processors, geometry, trace]) => {
        const bus = new SnoopingBus(protocol, processors, geometry);
        for (const { processor, write, address } of trace) bus.access(processor, write ? 1 : 0, 0, address | 0);
        const taken = !["mosi", "moesi", "moesif", "dragon"].includes(protocol.name);
        for (const { writeBacks, flushes, dirtyEvictions } of bus.counters()) {
          expect(writeBacks).toBe(dirtyEvictions + (taken ? flushes : 0));
        }
      }),
    );
  });
});
