import { describe, expect, test } from "vitest";
import { createMemorySystem } from "#machines/machines/simulated/memory/architecture.js";
import { READ } from "#machines/machines/simulated/memory/memory-system.js";
import { INTERLEAVED } from "#machines/machines/simulated/memory/placement.js";
import { Driver } from "./driver.js";
import { bus, describeMachine, drive, MEMORY, protocolOf, uncached } from "./small-machines.js";

describe("createMemorySystem", () => {
  test("has the network and the homes of the whole machine, however few processors take part", () => {
    const machine = describeMachine(9, uncached(), "memory");
    const alone = new Driver(1, protocolOf(machine), (driver) =>
      createMemorySystem(machine, 1, INTERLEAVED, driver.writes, driver.events, driver),
    );
    const all = drive(machine);
    for (const unit of [0, 1, 4, 8, 9]) {
      expect(alone.alone(0, READ, unit * 128)).toEqual(all.alone(0, READ, unit * 128));
    }
    expect(alone.alone(0, READ, 8 * 128).end).toBeGreaterThan(MEMORY.latency);
    // Home is unit 0, and unit 9 again.
    expect(alone.memory.networkReferences[0]).toBe(4);
  });

  test("refuses a protocol that it does not know", () => {
    expect(() => drive(describeMachine(2, bus("atomic", "mosix")))).toThrow(
      'Cannot make caches: received the protocol "mosix"; expected one of msi, ',
    );
  });
});
