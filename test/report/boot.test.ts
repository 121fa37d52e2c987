import { describe, expect, test } from "vitest";
import type { BootProcessorMeasures, BootRun } from "#machines/machines/simulated/privileged/boot-run.js";
import { CAUSE, type Cause } from "#machines/program/privileged.js";
import { bootTables } from "#machines/report/boot.js";

const NO_TRAPS = Object.fromEntries(Object.keys(CAUSE).map((cause) => [cause, 0])) as Record<Cause, number>;

function measuresOf(more: Partial<BootProcessorMeasures>): BootProcessorMeasures {
  const measures: BootProcessorMeasures = {
    cycles: 1000,
    instructions: 0,
    references: 0,
    reads: 0,
    writes: 0,
    readModifyWrites: 0,
    hits: 0,
    readMisses: 0,
    writeMisses: 0,
    sharedMisses: 0,
    coldMisses: 0,
    capacityMisses: 0,
    conflictMisses: 0,
    trueSharingMisses: 0,
    falseSharingMisses: 0,
    invalidations: 0,
    updates: 0,
    interventions: 0,
    writeBacks: 0,
    cacheToCacheTransfers: 0,
    networkReferences: 0,
    waitingNetworkReferences: 0,
    waits: 0,
    stallCycles: 0,
    kernelCycles: 0,
    userCycles: 0,
    idleCycles: 1000,
    kernelInstructions: 0,
    userInstructions: 0,
    traps: NO_TRAPS,
    dataMisses: 0,
    codeMisses: 0,
    interrupts: { timer: 0, completion: 0, processor: 0 },
    contextSwitches: 0,
  };
  return { ...measures, ...more };
}

const busy = measuresOf({
  userCycles: 600,
  kernelCycles: 300,
  idleCycles: 100,
  userInstructions: 500,
  kernelInstructions: 200,
  stallCycles: 50,
  references: 70,
  traps: { ...NO_TRAPS, SYSTEM_CALL: 3, TRANSLATION_MISS: 4 },
  dataMisses: 3,
  interrupts: { timer: 2, completion: 0, processor: 0 },
});
const run = {
  status: 0,
  elapsed: 1000,
  processors: [busy, measuresOf({})],
  links: [
    { name: "bus", transactions: 9, busyCycles: 400, queueingCycles: 18, longestQueueing: 7 },
    { name: "unused", transactions: 0, busyCycles: 0, queueingCycles: 0, longestQueueing: 0 },
  ],
  devices: [
    { kind: "power", requests: 1, busyCycles: 0 },
    { kind: "disk", requests: 2, busyCycles: 250 },
  ],
} as unknown as BootRun;

describe("The tables of a booted run", () => {
  const tables = bootTables("numachine", run);
  const rowsOf = (title: string) => {
    const { columns, rows } = tables.find((table) => table.title === `${title} of numachine`)!;
    return [columns, ...rows];
  };

  test("say where the time of each processor, and of all, went", () => {
    expect(tables[0]).toMatchObject({
      title: "Where the time went on numachine",
      rows: [
        ["0", "600", "60%", "300", "30%", "100", "10%", "500", "200", "50"],
        ["1", "0", "0%", "0", "0%", "1000", "100%", "0", "0", "0"],
        ["all", "600", "30%", "300", "15%", "1100", "55%", "500", "200", "50"],
      ],
    });
    expect(bootTables("numachine", { ...run, processors: [busy] })[0]!.rows).toHaveLength(1);
  });

  test("count traps by cause, misses, interrupts and switches, and leave out what nobody had", () => {
    expect(rowsOf("Traps")).toEqual([
      ["processor", "translation miss", "system call"],
      ["0", "4", "3"],
      ["1", "0", "0"],
      ["all", "4", "3"],
    ]);
    expect(rowsOf("Translations, interrupts and contexts")).toEqual([
      ["processor", "data misses", "timer"],
      ["0", "3", "2"],
      ["1", "0", "0"],
      ["all", "3", "2"],
    ]);
  });

  test("say nothing of traps and misses where there were none", () => {
    const titles = bootTables("numachine", { ...run, processors: [measuresOf({})] }).map(({ title }) => title);
    expect(titles).toEqual([
      "Where the time went on numachine",
      "Devices of numachine",
      "References of numachine",
      "Links of numachine",
    ]);
  });

  test("count references, devices and links as they were used", () => {
    expect(rowsOf("References").map((row) => row.slice(0, 3))).toEqual([
      ["processor", "references", "stalled"],
      ["0", "70", "50"],
      ["1", "0", "0"],
      ["all", "70", "50"],
    ]);
    expect(rowsOf("Devices").slice(1)).toEqual([
      ["0", "power", "1", "0", "0%"],
      ["1", "disk", "2", "250", "25%"],
    ]);
    expect(rowsOf("Links").slice(1)).toEqual([["bus", "9", "400", "40%", "2.00", "7"]]);
  });
});
