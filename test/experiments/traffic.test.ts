import { describe, expect, test } from "vitest";
import { trafficOf } from "#machines/experiments/traffic.js";
import type { Run } from "#machines/index.js";

const counters = [
  ...["cycles", "instructions", "references", "reads", "writes", "readModifyWrites", "hits", "readMisses"],
  ...["writeMisses", "coldMisses", "capacityMisses", "conflictMisses", "trueSharingMisses", "falseSharingMisses"],
  ...["invalidations", "updates", "interventions", "writeBacks", "cacheToCacheTransfers", "networkReferences"],
  ...["waitingNetworkReferences", "waits", "stallCycles"],
];
const processor = (counted: Record<string, number>) =>
  ({ ...Object.fromEntries(counters.map((name) => [name, 0])), ...counted }) as unknown as NonNullable<
    Run["processors"]
  >[number];
const link = (name: string, busyCycles: number, queueingCycles = 0) => ({
  ...{ name, busyCycles, transactions: 4, queueingCycles, longestQueueing: 0 },
});
const run = (observed: Partial<Run>): Run => ({
  ...{ results: [], durations: [], elapsed: 200, end: 200, cutOff: [] },
  memory: new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true }),
  ...observed,
});

describe("trafficOf", () => {
  test("trafficOf adds up the processors, and finds the link that was held longest, and how long it was waited for", () => {
    const processors = [
      processor({ readModifyWrites: 3, networkReferences: 5, invalidations: 1, waits: 2 }),
      processor({ readModifyWrites: 4, networkReferences: 6, updates: 7, waitingNetworkReferences: 9 }),
    ];
    expect(trafficOf(run({ processors, links: [link("bus", 50), link("memory 0", 120, 10)] }))).toEqual({
      ...{ readModifyWrites: 7, networkReferences: 11, invalidations: 1, updates: 7 },
      ...{ waitingReferences: 9, waits: 2, busiest: { link: "memory 0", utilization: 0.6, queueing: 2.5 } },
    });
  });

  test("trafficOf has no busiest link where there are none, and nothing from machines that do not observe", () => {
    expect(trafficOf(run({ processors: [], links: [] }))?.busiest).toBeUndefined();
    expect(trafficOf(run({}))).toBeUndefined();
  });
});
