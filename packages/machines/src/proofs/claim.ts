/**
 * What is to be proven of the kernel's algorithms, as data: any thread can do it.
 *
 * Settings keep the states finite, the bytes are always those that ship. The unit of delays is half of 2^32 cycles, so
 * that delays which grow or are drawn at random have two values: they decide nothing but when a processor looks, and
 * the checked machine tries all times anyway. Where processors sleep after a while, that is after one look.
 */
import { MEASURED } from "../experiments/kinds/index.js";
import type { Load, Property } from "../experiments/kinds/kind.js";
import type { Algorithm } from "../program/kernel.js";

export interface Claim extends Load {
  readonly algorithm: string;
  readonly property: Property;
  /** Cycles of spinning before sleep; 0 for the kernel's own. */
  readonly patience: number;
  /** Words of the lock that begin with other values than `create` gives them: bytes from its address, value. */
  readonly words: readonly (readonly [offset: number, value: number])[];
  /** sum: by how much the cheap read may be off. */
  readonly error: number;
  /** What is particular about it, for people; empty for nothing. */
  readonly setting: string;
}

/** Cycles after which those who sleep after a while have looked once. */
const ONE_LOOK = 64;

/**
 * All that is claimed of an algorithm, with the usual loads or one; nothing of one that the library's proofs are about.
 */
export function claimsOf(algorithm: Algorithm, load?: Load): Claim[] {
  const { name, kind, waits, order, proven } = algorithm;
  const { property, loads } = MEASURED[kind];
  if (proven !== undefined || property === undefined) return [];
  return (load ? [load] : loads).flatMap(({ processors, turns }) => {
    const parks = waits === "parking";
    const claim: Claim = {
      algorithm: name,
      property,
      processors,
      turns,
      patience: parks ? ONE_LOOK : 0,
      words: [],
      error: algorithm.reads === "approximate" ? sloppiness(processors) : 0,
      setting: parks ? "one look" : "",
    };
    const claims = [claim];
    if (parks && processors === 2 && !load) claims.push({ ...claim, patience: 0, setting: "" });
    if (order === "fifo") claims.push({ ...claim, property: "order" });
    const words = NEAR_OVERFLOW[name]?.(claim);
    if (words) {
      claims.push({ ...claim, property: order === "fifo" ? "order" : "exclusion", words, setting: "counts wrap" });
    }
    return claims;
  });
}

/** kernel/counters/sloppy.ts: each processor keeps less than a batch of max(32, 2 P) to itself. */
function sloppiness(processors: number): number {
  return processors * (Math.max(32, 2 * processors) - 1);
}

/** Of locks that count: words with which the counts wrap at 2^32 on the way. Layouts as drawn in the kernel's files. */
const NEAR_OVERFLOW: Readonly<Record<string, (load: Load) => Claim["words"]>> = {
  ticket: nearTicketOverflow,
  "ticket-proportional": nearTicketOverflow,
  anderson: nearSlotOverflow,
  "anderson-test-and-set": nearSlotOverflow,
};

/** | next_ticket | now_serving | */
function nearTicketOverflow({ processors, turns }: Load): Claim["words"] {
  const begin = 2 ** 32 - Math.ceil((processors * turns) / 2);
  return [
    [0, begin],
    [4, begin],
  ];
}

/** | next_slot | mask |: a multiple of the slots, a power of two, stands for slot 0, which has the lock. */
function nearSlotOverflow({ processors }: Load): Claim["words"] {
  return [[0, 2 ** 32 - 2 ** Math.ceil(Math.log2(processors))]];
}
