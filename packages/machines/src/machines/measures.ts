/** What a machine that observes measures. Counts are exact up to 2^53; times are cycles of one processor. */

/** One processor's. */
export interface ProcessorMeasures {
  /** When its entry returned. */
  readonly cycles: number;
  readonly instructions: number;
  /** Loads, stores and read-modify-writes. */
  readonly references: number;
  readonly reads: number;
  readonly writes: number;
  readonly readModifyWrites: number;
  readonly hits: number;
  readonly readMisses: number;
  readonly writeMisses: number;
  /** Misses that memory answered, because the cache that processors share missed, too; 0 without such a cache. */
  readonly sharedMisses: number;
  /** Misses by their cause; together they are all misses. */
  readonly coldMisses: number;
  /** A fully associative cache of the same size would have missed, too. */
  readonly capacityMisses: number;
  readonly conflictMisses: number;
  /** Another's write took the line away, and the word accessed now was written since. */
  readonly trueSharingMisses: number;
  /** Another's write took the line away, yet nobody wrote the word accessed now. */
  readonly falseSharingMisses: number;
  /** Lines that this cache lost to another's write. */
  readonly invalidations: number;
  /** Words that this cache sent to others' copies. */
  readonly updates: number;
  /** Lines of this cache that went from an exclusive to a shared state because of another's read. */
  readonly interventions: number;
  readonly writeBacks: number;
  /** Misses that another cache answered. */
  readonly cacheToCacheTransfers: number;
  /** References that left the node, or went over the bus; messages sent. */
  readonly networkReferences: number;
  /** Those of them between the marks Arrived and Acquired (or Left): what waiting costs others. */
  readonly waitingNetworkReferences: number;
  /** Waits that ended, by those marks. */
  readonly waits: number;
  /** Cycles in which this processor waited for references to end, beyond a hit's. */
  readonly stallCycles: number;
}

/** One link's: a bus, a switch's output, a memory module, a directory. */
export interface LinkMeasures {
  readonly name: string;
  /** Messages, or requests served. */
  readonly transactions: number;
  /** Cycles in which it was held. */
  readonly busyCycles: number;
  /** Cycles that messages waited for it, all and the longest. */
  readonly queueingCycles: number;
  readonly longestQueueing: number;
}
