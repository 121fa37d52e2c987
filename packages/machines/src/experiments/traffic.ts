import type { Run } from "../machines/machine.js";
import type { ProcessorMeasures } from "../machines/measures.js";

/** What the references of all processors of one run did, as a machine that observes counted it. */
export interface Traffic {
  readonly readModifyWrites: number;
  readonly networkReferences: number;
  readonly invalidations: number;
  readonly updates: number;
  /** Network references between the marks Arrived and Acquired, or Left; 0 unless the workload is observed. */
  readonly waitingReferences: number;
  /** Waits that ended, by those marks; 0 unless the workload is observed. */
  readonly waits: number;
  /** The link that was held longest; undefined where there are no links. */
  readonly busiest: BusiestLink | undefined;
}

export interface BusiestLink {
  readonly link: string;
  /** The part of the run's time in which it was held. */
  readonly utilization: number;
  /** Mean cycles that a message waited for it. */
  readonly queueing: number;
}

/** Undefined where the machine does not observe. */
export function trafficOf({ processors, links, elapsed }: Run): Traffic | undefined {
  if (processors === undefined || links === undefined) return undefined;
  const total = (counter: keyof ProcessorMeasures) => processors.reduce((sum, measures) => sum + measures[counter], 0);
  const [busiest] = links.toSorted((a, b) => b.busyCycles - a.busyCycles);
  return {
    readModifyWrites: total("readModifyWrites"),
    networkReferences: total("networkReferences"),
    invalidations: total("invalidations"),
    updates: total("updates"),
    waitingReferences: total("waitingNetworkReferences"),
    waits: total("waits"),
    busiest: busiest && {
      link: busiest.name,
      utilization: busiest.busyCycles / elapsed,
      queueing: busiest.transactions === 0 ? 0 : busiest.queueingCycles / busiest.transactions,
    },
  };
}
