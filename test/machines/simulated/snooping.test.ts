import { describe, expect, test } from "vitest";
import { READ, READ_MODIFY_WRITE, WRITE } from "#machines/machines/simulated/memory/memory-system.js";
import type { Access, Driver } from "./driver.js";
import { bus, describeMachine, drive } from "./small-machines.js";

// Of the small machines: what the sums below are made of.
const ARBITRATION = 1;
const ADDRESS = 2;
const LINE = 5;
const WORD = 3;
const OTHER_CACHE = 4;
const MEMORY = 11;
const OCCUPANCY = 6;
const LOCKED = 13;

const FROM_MEMORY = ADDRESS + MEMORY + LINE;
const FROM_CACHE = ADDRESS + OTHER_CACHE + LINE;

const make = (mode: "atomic" | "split", protocol: string, processors = 4) =>
  drive(describeMachine(processors, bus(mode, protocol)));

/** References of processors 0, 1, ... made at once; the cycles to their effects. */
function together(driver: Driver, accesses: readonly Access[]): number[] {
  const begin = driver.events.now + 1000;
  const effects: number[] = [];
  for (const [processor, access] of accesses.entries()) {
    driver.at(begin, processor, access, (_, effect) => {
      effects[processor] = effect - begin;
    });
  }
  driver.run();
  return effects;
}

describe.each(["atomic", "split"] as const)("SnoopingMemory on the %s bus", (mode) => {
  test("lets the next take a line when the last is over, after the cycles that a read-modify-write locks it", () => {
    const access = { kind: READ_MODIFY_WRITE, address: 0 } as const;
    const first = ARBITRATION + FROM_MEMORY;
    expect(together(make(mode, "mesi"), [access, access])).toEqual([first, first + LOCKED + FROM_CACHE]);
  });

  test("has a write miss that updates pay for two transactions", () => {
    const driver = make(mode, "dragon");
    driver.alone(1, READ, 0);
    expect(driver.alone(0, WRITE, 0).end).toBe(ARBITRATION + FROM_MEMORY + ADDRESS + WORD);
    expect(driver.statesOf(0).slice(0, 2)).toEqual(["Sm", "Sc"]);
  });

  test("takes the line from the owner's flush where memory takes it, too", () => {
    const driver = make(mode, "msi");
    driver.alone(1, WRITE, 0);
    expect(driver.alone(0, READ, 0).end).toBe(ARBITRATION + FROM_CACHE);
    // The read of the line for the write, and the flush.
    expect(driver.memory.links().find(({ name }) => name === "memory bank 0")).toMatchObject({ transactions: 2 });
  });

  test("writes a modified line to memory on its own after a read, and not where a writer takes it", () => {
    for (const [kind, transactions] of [
      [READ, 1],
      [WRITE, 0],
    ] as const) {
      const driver = drive(describeMachine(4, bus(mode, "mesi", {}, { separateWriteBack: true })));
      driver.alone(1, WRITE, 0);
      const before = driver.memory.links();
      expect(driver.alone(0, kind, 0).end).toBe(ARBITRATION + FROM_CACHE);
      const [wire, bank] = driver.memory.links().map((link, i) => ({
        busy: link.busyCycles - before[i]!.busyCycles,
        transactions: link.transactions - before[i]!.transactions,
      }));
      expect(bank!.transactions).toBe(transactions);
      const held = mode === "atomic" ? FROM_CACHE : ADDRESS + LINE;
      expect(wire!.busy).toBe(held + transactions * (ADDRESS + LINE));
    }
  });

  test("occupies the bank of a line that is written back", () => {
    const driver = make(mode, "mesi");
    driver.alone(0, WRITE, 0x00);
    driver.alone(0, READ, 0x10);
    driver.alone(0, READ, 0x30);
    const banks = driver.memory.links().filter(({ name }) => name.startsWith("memory bank"));
    // 0x00 twice in bank 0; 0x10 and 0x30 in bank 1.
    expect(banks.map(({ transactions }) => transactions)).toEqual([2, 2]);
    expect(banks.map(({ busyCycles }) => busyCycles)).toEqual([2 * OCCUPANCY, 2 * OCCUPANCY]);
  });

  test("occupies the bank of a word that is written through, with Firefly and not with Dragon", () => {
    for (const [protocol, transactions] of [
      ["firefly", 2],
      ["dragon", 1],
    ] as const) {
      const driver = make(mode, protocol);
      driver.alone(0, READ, 0);
      driver.alone(1, READ, 0);
      const [, bank] = driver.memory.links();
      driver.alone(0, WRITE, 0);
      expect(driver.memory.links()[1]!.transactions - bank!.transactions, protocol).toBe(transactions - 1);
    }
  });
});

describe("SnoopingMemory", () => {
  const lines = [
    { kind: READ, address: 0x00 },
    { kind: READ, address: 0x10 },
  ] as const;

  test("keeps others from the atomic bus until the data is there", () => {
    const first = ARBITRATION + FROM_MEMORY;
    expect(together(make("atomic", "mesi"), lines)).toEqual([first, first + FROM_MEMORY]);
  });

  test("gives the split bus to others until the data is there", () => {
    const first = ARBITRATION + FROM_MEMORY;
    // One address later; the line itself waits for the other line.
    expect(together(make("split", "mesi"), lines)).toEqual([first, first + LINE]);
  });

  test("overlaps reads of one line on the split bus, none of which has its data before the first", () => {
    const first = ARBITRATION + FROM_MEMORY;
    const reads = together(make("split", "mesi"), [lines[0], lines[0], lines[0]]);
    expect(reads).toEqual([first, first + LINE, first + 2 * LINE]);
  });

  test("lets no read on the split bus overtake a write of its line that waits", () => {
    const first = ARBITRATION + FROM_MEMORY;
    const effects = together(make("split", "mesi"), [lines[0], { kind: WRITE, address: 0 }, lines[0]]);
    expect(effects).toEqual([first, first + FROM_CACHE, first + 2 * FROM_CACHE]);
  });

  test("lets all reads that wait for a write of their line overlap after it", () => {
    const first = ARBITRATION + FROM_MEMORY;
    const effects = together(make("split", "mesi"), [{ kind: WRITE, address: 0 }, lines[0], lines[0]]);
    expect(effects).toEqual([first, first + FROM_CACHE, first + FROM_CACHE + LINE]);
  });

  test("makes one bank's lines wait for each other", () => {
    const [first, second] = together(make("split", "mesi"), [lines[0], { kind: READ, address: 0x20 }]);
    expect(second! - first!).toBe(OCCUPANCY);
  });

  test("holds the atomic bus for a write-back after the reference that evicts", () => {
    const driver = make("atomic", "mesi");
    driver.alone(0, WRITE, 0x00);
    driver.alone(0, READ, 0x20);
    const accesses = [
      { kind: READ, address: 0x40 },
      { kind: READ, address: 0x10 },
    ] as const;
    const first = ARBITRATION + FROM_MEMORY;
    expect(together(driver, accesses)).toEqual([first, first + ADDRESS + LINE + FROM_MEMORY]);
  });

  test.each([4, 16, 64])("takes the split bus twice for each of %d who write one line, however many", (processors) => {
    const all = Array.from({ length: processors }, () => ({ kind: WRITE, address: 0 }) as const);
    const driver = make("split", "mesi", processors);
    together(driver, all);
    expect(driver.memory.links()[0]).toMatchObject({ name: "bus", transactions: 2 * processors });

    // While one has the bus for another line, the others ask for it: all but the first of them in vain, and once.
    const busy = make("split", "mesi", processors);
    together(busy, [lines[1], ...all.slice(1)]);
    expect(busy.memory.links()[0]).toMatchObject({ transactions: 2 * processors + processors - 2 });
  });
});
