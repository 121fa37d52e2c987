import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { MachineDescription } from "#machines/machines/presets/description.js";
import { Cache } from "#machines/machines/simulated/memory/cache.js";
import { READ, WRITE } from "#machines/machines/simulated/memory/memory-system.js";
import { LastWrites, MissHistory } from "#machines/machines/simulated/memory/miss-history.js";
import { bus, describeMachine, distributed, drive } from "./small-machines.js";

const CAUSES = ["coldMisses", "capacityMisses", "conflictMisses", "trueSharingMisses", "falseSharingMisses"] as const;

/** Two direct-mapped lines of 16 bytes: 0x00 and 0x20 share a set, 0x10 has the other. */
const DIRECT_MAPPED = { size: 32, ways: 1, line: 16, hit: 1, protocol: "mesi" };

function directory(): MachineDescription {
  const architecture = distributed(3, "mesi");
  return describeMachine(2, { ...architecture, coherence: { ...architecture.coherence!, cache: DIRECT_MAPPED } });
}

describe.each([
  ["bus", describeMachine(2, bus("split", "mesi", DIRECT_MAPPED))],
  ["directory", directory()],
])("The misses of a cache on a %s", (_, machine) => {
  test.each([
    ["cold: never had", "0r00, 0r10", "coldMisses coldMisses"],
    ["conflict: a fully associative cache would have it", "0r00, 0r20, 0r00", "coldMisses coldMisses conflictMisses"],
    [
      "capacity: a fully associative cache would not have it either",
      "0r00, 0r10, 0r20, 0r00",
      "coldMisses coldMisses coldMisses capacityMisses",
    ],
    [
      "conflict or capacity by the last uses, hits among them",
      "0r00, 0r10, 0r00, 0r20, 0r00",
      "coldMisses coldMisses hit coldMisses conflictMisses",
    ],
    ["true sharing: another wrote the word", "0r00, 1w00, 0r00", "coldMisses - trueSharingMisses"],
    ["false sharing: another wrote beside it", "0r00, 1w04, 0r00", "coldMisses - falseSharingMisses"],
    [
      "true sharing: another wrote the word after it had taken the line",
      "0r00, 1w04, 1w00, 0r00",
      "coldMisses - - trueSharingMisses",
    ],
    [
      "sharing counts from the last loss",
      "0r00, 1w00, 0r04, 1w08, 0r00",
      "coldMisses - falseSharingMisses - falseSharingMisses",
    ],
    [
      "what another writes after an eviction is not the cause",
      "0w00, 0r20, 1w00, 0r00",
      "coldMisses coldMisses - conflictMisses",
    ],
  ])("%s", (_, trace, expected) => {
    const driver = drive(machine);
    const causes = trace.split(", ").map((reference) => {
      const processor = Number(reference[0]);
      const before = CAUSES.map((cause) => driver.memory.counts()[cause][0]!);
      driver.alone(processor, reference[1] === "w" ? WRITE : READ, Number.parseInt(reference.slice(2), 16));
      const counted = CAUSES.filter((cause, i) => driver.memory.counts()[cause][0]! > before[i]!);
      expect(counted.length).toBeLessThanOrEqual(1);
      return processor > 0 ? "-" : (counted[0] ?? "hit");
    });
    expect(causes.join(" ")).toBe(expected);
  });
});

describe("MissHistory", () => {
  test("gives the place of a line that was taken away to another", () => {
    const writes = new LastWrites();
    const cache = new Cache({ size: 32, ways: 2, line: 16 });
    const history = new MissHistory(cache, writes);
    const fill = (slot: number, line: number) => {
      cache.fill(slot, 0, line, 1);
      history.filled(line, slot);
    };
    fill(0, 0x00);
    fill(1, 0x10);
    history.lost(0x10, false);
    fill(1, 0x20);
    // Of 0x00 and 0x20, a fully associative cache of two lines had both.
    history.lost(0x00, true);
    expect(history.causeOf(0x00, 0x00, 4)).toBe("conflictMisses");
  });
});

/** What a fully associative cache would do, as the list of its lines, the most recently used first. */
function capacityOrConflict(capacity: number) {
  let list: number[] = [];
  return {
    holds: (line: number) => list.includes(line),
    use(line: number): void {
      list = [line, ...list.filter((other) => other !== line)].slice(0, capacity);
    },
    invalidate(line: number): void {
      list = list.filter((other) => other !== line);
    },
  };
}

test("MissHistory tells conflict from capacity as a list of the last uses does", () => {
  const step = fc.record({ line: fc.nat(13), invalidates: fc.nat(5).map((die) => die === 0) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200, size: "max" }), fc.constantFrom(1, 2, 8), (steps, ways) => {
      const cache = new Cache({ size: 8 * 16, ways, line: 16 });
      const history = new MissHistory(cache, new LastWrites());
      const expected = capacityOrConflict(8);
      const lost = new Map<number, "evicted" | "invalidated">();
      for (const { line, invalidates } of steps) {
        const address = line * 16;
        const slot = cache.find(0, address);
        if (invalidates) {
          if (slot < 0) continue;
          history.lost(address, false);
          cache.states[slot] = 0;
          expected.invalidate(line);
          lost.set(line, "invalidated");
          continue;
        }
        if (slot >= 0) {
          cache.touch(slot);
          history.used(slot);
        } else {
          if (lost.get(line) === "evicted") {
            const cause = expected.holds(line) ? "conflictMisses" : "capacityMisses";
            expect(history.causeOf(address, address, 4)).toBe(cause);
          }
          const victim = cache.victim(address);
          if (cache.states[victim] !== 0) {
            history.lost(cache.low[victim]!, true);
            lost.set(cache.low[victim]! / 16, "evicted");
          }
          cache.fill(victim, 0, address, 1);
          history.filled(address, victim);
        }
        expected.use(line);
      }
    }),
    { numRuns: 300 },
  );
});

describe("LastWrites", () => {
  test("numbers the words that a write touches, wherever it begins", () => {
    const writes = new LastWrites();
    writes.write(0x100, 4);
    const first = writes.last;
    writes.write(0x103, 2);
    expect([0xfc, 0x100, 0x104, 0x108].map((address) => writes.since(first, address, 4))).toEqual([
      false,
      true,
      true,
      false,
    ]);
    writes.write(0x1_fffe, 8);
    expect([0x1_fff8, 0x1_fffc, 0x2_0000, 0x2_0004, 0x2_0008].map((at) => writes.since(first, at, 4))).toEqual([
      false,
      true,
      true,
      true,
      false,
    ]);
    expect(writes.since(first, 0x1_fff9, 4)).toBe(true);
    expect(writes.since(writes.last, 0x1_fffc, 8)).toBe(false);
  });
});
