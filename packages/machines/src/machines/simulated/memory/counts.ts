/** What memory systems count, by processor. */
export const COUNTED = [
  "reads",
  "writes",
  "readModifyWrites",
  "hits",
  "readMisses",
  "writeMisses",
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

export function createCounts(processors: number): Counts {
  return Object.fromEntries(COUNTED.map((name) => [name, new Float64Array(processors)])) as Counts;
}
