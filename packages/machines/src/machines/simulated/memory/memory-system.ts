import type { LinkMeasures } from "../../measures.js";
import type { Cache, Geometry } from "./cache.js";
import type { Counts } from "./counts.js";
import type { MissHistory } from "./miss-history.js";

/** The kinds of references. */
export const READ = 0;
export const WRITE = 1;
export const READ_MODIFY_WRITE = 2;
/**
 * The store-conditional of a read-modify-write: refused if the requester's cache has lost the line when it is served.
 */
export const STORE_CONDITIONAL = 3;
export type Reference = typeof READ | typeof WRITE | typeof READ_MODIFY_WRITE | typeof STORE_CONDITIONAL;

/** Returned by `MemorySystem.reference`: the reference takes effect later. */
export const PENDING = -1;

/** What a reference that hits reads and changes, if nobody else notices. */
export interface Hitting {
  readonly geometry: Geometry;
  /** By processor. */
  readonly caches: readonly Cache[];
  readonly histories: readonly MissHistory[];
  /** By `state * 2 + (write ? 1 : 0)`: the state after it, INVALID for references that others notice. */
  readonly silent: Uint8Array;
  /** Cycles beyond the instruction's own. */
  readonly cycles: number;
}

/** What is between the processors and the values: caches, interconnect and memory modules, as time and traffic. */
export interface MemorySystem {
  /** By processor: references so far that left the node, or went over the bus. */
  readonly networkReferences: Float64Array;
  /** Bytes in which processors take and lose copies; 0 where nothing is cached, and spinning cannot be parked. */
  readonly line: number;
  /**
   * Cycles by which what changes another processor's cache is scheduled in advance, as a disturbance: so far may
   * processors go ahead of other events with references that hit. 0 if any event may change it. A reference that does
   * not hit takes at least as long to change another's.
   */
  readonly notice: number;
  /** What the runner needs to execute references that hit; absent where nothing is cached. */
  readonly hitting?: Hitting;
  /**
   * A reference of a processor that has no other under way; to be called in order of time.
   *
   * @param size bytes, all in one line where there are lines
   * @returns the cycles it takes beyond the instruction's own, if it takes effect now; PENDING if it does later: then
   * `Requesters.perform` and, at the same time or later, `Requesters.resume` are called; a store-conditional that is
   * refused is not performed, not counted, and leaves all caches as they are
   */
  reference(processor: number, kind: Reference, address: number, size: number, now: number): number;
  /** Whether a reference of the processor would take effect at once, without disturbing any other. */
  hits(processor: number, kind: Reference, address: number): boolean;
  /** Counts loads that hit and were not simulated. */
  countHits(processor: number, loads: number): void;
  /** What was counted so far. */
  counts(): Counts;
  /** What the links measured: buses, switches, modules, directories. */
  links(): LinkMeasures[];
}

/** The processors, as the memory system knows them. */
export interface Requesters {
  /** The pending reference of a processor takes effect. */
  perform(processor: number, now: number): void;
  /** A processor whose reference took effect goes on. */
  resume(processor: number, now: number): void;
  /** A processor's cache is about to lose a line to another's transaction. */
  disturb(processor: number, line: number, now: number): void;
}

/** Which node's memory holds an address. */
export type HomeOf = (address: number) => number;

/** The keys that order the events of one cycle: a bus ends what it does, then messages arrive, then processors act. */
export const LINK_KEY = -1;
export const messageKey = (processor: number): number => processor;
export const processorKey = (rank: number): number => 2 ** 20 + rank;
