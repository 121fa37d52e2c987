import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseMachine } from "#machines/machines/presets/find.js";
import { PRESETS } from "#machines/machines/presets/index.js";
import { READ, WRITE } from "#machines/machines/simulated/memory/memory-system.js";
import { SharedCache } from "#machines/machines/simulated/memory/shared-cache.js";
import { casesOf } from "../../random-cases.js";
import { drive } from "./small-machines.js";

const LINE = 64;

/** Sets of lines, the one used last at the end, with whether each is dirty. */
class LeastRecentlyUsed {
  readonly #sets = new Map<number, Map<number, boolean>>();
  constructor(
    readonly sets: number,
    readonly ways: number,
  ) {}

  access(line: number, isWrite: boolean) {
    const index = (line / LINE) % this.sets;
    const set = this.#sets.get(index) ?? new Map<number, boolean>();
    this.#sets.set(index, set);
    const before = set.get(line);
    set.delete(line);
    set.set(line, isWrite || before === true);
    if (before !== undefined) return "hit";
    if (set.size <= this.ways) return "miss";
    const [[oldest, isDirty]] = set as unknown as [[number, boolean]];
    set.delete(oldest);
    return isDirty ? "write back" : "miss";
  }
}

describe("SharedCache", () => {
  test("is least recently used, and says what has to go to memory", () => {
    const accesses = fc.array(fc.tuple(fc.nat(40), fc.boolean()), { maxLength: 200 });
    fc.assert(
      fc.property(fc.constantFrom(1, 2, 4), fc.constantFrom(1, 2, 3, 12), accesses, (sets, ways, list) => {
        const cache = new SharedCache({ size: sets * ways * LINE, ways, latency: 1, occupancy: 1 }, LINE);
        const model = new LeastRecentlyUsed(sets, ways);
        for (const [line, isWrite] of list) {
          expect(cache.access(line * LINE, isWrite)).toBe(model.access(line * LINE, isWrite));
        }
      }),
      { numRuns: casesOf(300) },
    );
  });
});

describe("A bus with a cache between it and the memory", () => {
  const chip = PRESETS.find(({ name }) => name === "chip-multiprocessor")!;

  test("asks memory once for a line that two processors read, and counts who waited for it", () => {
    const driver = drive(chip);
    driver.alone(0, READ, 0);
    driver.alone(1, READ, 0);
    driver.alone(2, READ, 64);
    const { sharedMisses } = driver.memory.counts();
    expect([...sharedMisses.slice(0, 3)]).toEqual([1, 0, 1]);
    expect(driver.memory.links().find(({ name }) => name === "memory bank 0")!.transactions).toBe(1);
    expect(driver.memory.links().find(({ name }) => name === "memory bank 1")!.transactions).toBe(1);
  });

  test("serves one request at a time, for its occupancy", () => {
    const { architecture, ...rest } = chip;
    const bus = architecture as Extract<typeof architecture, { kind: "bus" }>;
    const cache = { ...bus.memory.cache!, occupancy: 10 };
    const driver = drive({ ...rest, architecture: { ...bus, memory: { ...bus.memory, cache } } });
    const effects: number[] = [];
    for (const processor of [0, 1]) {
      driver.at(1000, processor, { kind: READ, address: 64 * processor }, (_, effect) => {
        effects[processor] = effect;
      });
    }
    driver.run();
    // The addresses follow each other on the bus in one cycle, the banks differ.
    expect(effects[1]! - effects[0]!).toBe(10);
  });

  test("keeps what caches write back, until it is replaced there", () => {
    const driver = drive(chip);
    const { cache, memory } = chip.architecture as Extract<typeof chip.architecture, { kind: "bus" }>;
    const conflict = memory.cache!.size / memory.cache!.ways;
    // More dirty lines of one set than its own cache has ways, and one more than the shared cache has.
    for (let i = 0; i <= memory.cache!.ways; i++) driver.alone(0, WRITE, i * conflict);
    const reads = driver.memory.counts().sharedMisses[0]!;
    expect(reads).toBe(memory.cache!.ways + 1);
    const banks = driver.memory.links().filter(({ name }) => name.startsWith("memory bank"));
    const transactions = banks.reduce((sum, bank) => sum + bank.transactions, 0);
    // All were read; the first was written by its own cache, and replaced.
    expect(transactions).toBe(reads + 1);
    expect(cache.ways).toBeLessThan(memory.cache!.ways);
  });

  test.each([
    [{ size: 100_000, ways: 12, latency: 12, occupancy: 1 }, /memory\.cache\.size/],
    [{ size: 196_608, ways: 0, latency: 12, occupancy: 1 }, /memory\.cache\.ways/],
    [{ size: 196_608, ways: 12, latency: 12, occupancy: 13 }, /memory\.cache\.occupancy/],
    [{ size: 196_608, ways: 12, latency: 0, occupancy: 1 }, /memory\.cache\.latency/],
  ])("is refused as %o", (cache, expected) => {
    const { architecture, ...rest } = chip;
    const described = { ...rest, architecture: { ...architecture, memory: { ...architecture.memory, cache } } };
    expect(() => parseMachine("my.json", JSON.stringify(described))).toThrow(expected);
  });
});
