import { describe, expect, test } from "vitest";
import { UnavailableError } from "#machines/machines/machine.js";
import { READ, READ_MODIFY_WRITE, WRITE } from "#machines/machines/simulated/memory/memory-system.js";
import { PrivateMemory } from "#machines/machines/simulated/memory/private-memory.js";

const PLACEMENT = { shared: 0x1000, local: 0x100 };

describe("PrivateMemory", () => {
  test("lets a processor use its own part and read the interleaved one, each in its latency", () => {
    const memory = new PrivateMemory("cluster", 4, 3, PLACEMENT);
    expect([READ, WRITE, READ_MODIFY_WRITE].map((kind) => memory.reference(2, kind as 0 | 1 | 2, 0x1200))).toEqual([
      3, 3, 3,
    ]);
    expect(memory.reference(2, READ, 0x10)).toBe(3);
    const { reads, writes, readModifyWrites, hits } = memory.counts();
    expect([reads[2], writes[2], readModifyWrites[2], hits[2]]).toEqual([2, 1, 1, 4]);
  });

  test.each([
    ["a read of the memory of processor 3", READ, 0x13fc],
    ["a write of shared memory", WRITE, 0xffc],
  ] as const)("refuses %s", (what, kind, address) => {
    const memory = new PrivateMemory("cluster", 4, 3, PLACEMENT);
    const refer = () => memory.reference(2, kind, address);
    expect(refer).toThrow(UnavailableError);
    expect(refer).toThrow(
      `cluster's processors share no memory: received ${what} at 0x${address.toString(16)}; expected send and receive`,
    );
  });

  test("lets one processor alone write everything", () => {
    expect(new PrivateMemory("cluster", 1, 3, PLACEMENT).reference(0, WRITE, 0x10)).toBe(3);
  });
});
