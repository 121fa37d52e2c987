/** What memory systems count, by processor. */
export const COUNTED = [
  "reads",
  "writes",
  "readModifyWrites",
  "hits",
  "readMisses",
  "writeMisses",
  "sharedMisses",
  "coldMisses",
  "capacityMisses",
  "conflictMisses",
  "trueSharingMisses",
  "falseSharingMisses",
  "invalidations",
  "updates",
  "interventions",
  "writeBacks",
  "cacheToCacheTransfers",
  "networkReferences",
] as const;

export type Counted = (typeof COUNTED)[number];

/** One array of counts a processor for each thing that is counted: exact up to 2^53. */
export type Counts = Readonly<Record<Counted, Float64Array>>;

/** What a processor reads by the instruction `counter`; kernel/machine.ts has the kinds. 0 for an unknown one. */
export function countedAs(kind: number, processor: number, counts: Counts): number {
  if (kind === 1) return counts.readMisses[processor]! + counts.writeMisses[processor]!;
  return kind === 2 ? counts.sharedMisses[processor]! : 0;
}

export function createCounts(processors: number): Counts {
  return Object.fromEntries(COUNTED.map((name) => [name, new Float64Array(processors)])) as Counts;
}
