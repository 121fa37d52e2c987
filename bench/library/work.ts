import type { ChannelShape, Peer } from "./peer.js";

/** What a party of a work gets. */
export interface Order {
  /** Its share of the object; undefined where the work needs none. */
  readonly handle: unknown;
  /** From 0. */
  readonly party: number;
  /** Shared by all parties, zero at first. */
  readonly words: Int32Array;
  readonly settings: Settings;
}

/**
 * How long a critical section is and, on average, what is between two: steps of `chain`, two nanoseconds or so each.
 */
export interface Sections {
  readonly inside: number;
  readonly outside: number;
}

export interface Settings {
  readonly sections?: Sections;
  /** Clocks around every wait: for the longest one, not for throughput. */
  readonly observed?: boolean;
  readonly shape?: ChannelShape;
  /** Blocks that are allocated at once. */
  readonly live?: number;
}

/** What a party did between the gate and the stop. */
export interface Report {
  readonly operations: number;
  /** Milliseconds. */
  readonly longestWait?: number;
}

/** Attaches the share, and returns what runs once the gate opens; that throws where the peer breaks a promise. */
export type Enlist = (peer: Peer, order: Order) => () => Report | Promise<Report>;

/** Words of an order, a cache line (128 bytes) apart. Set to 1 when the gate opens. */
export const GATE = 0;
/** Set to 1 when the time is over. */
export const STOP = 32;
/** What a lock protects. */
export const PROTECTED = 64;
export const WORDS = 128;

/** Every number depends on the one before: Numerical Recipes' generator. */
export function chain(seed: number, steps: number): number {
  let x = seed;
  for (let i = 0; i < steps; i++) x = (Math.imul(x, 1664525) + 1013904223) | 0;
  return x;
}
