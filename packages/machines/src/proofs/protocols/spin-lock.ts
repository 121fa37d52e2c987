/** What is claimed of every lock whose waiters spin. */
import { FIFO, type Long, type Protocol } from "../protocol.js";

export interface Load {
  /** What processors do, by the entries of the protocol's proof. */
  readonly does: readonly string[];
  /** Acquisitions of each who runs. */
  readonly turns: number;
  /** How many die at most. */
  readonly deaths: number;
  /** What the lock is at first, if it is not free. */
  readonly scene?: string;
  /** Whether they are served in the order in which they got in line. */
  readonly ordered?: boolean;
  readonly long?: Long;
}

interface SpinLock {
  readonly protocol: string;
  readonly loads: readonly Load[];
  /** The arguments of the proof's init: what a claim begins with. */
  readonly init: (turns: number, scene: string | undefined, strict: boolean, forced: boolean) => readonly number[];
}

/** Loads on the lock; one processor that acts for several workers; locks that are made until the space is full. */
export function spinLock({ protocol, loads, init }: SpinLock): readonly Protocol[] {
  const prefix = `${protocol.replace("-", "_")}_prove`;
  const begin = (turns: number, scene?: string, strict = false, forced = false) => ({
    entry: `${prefix}_init`,
    arguments: init(turns, scene, strict, forced),
  });
  const end = { entry: `${prefix}_end` };
  const alone = ["alone", "repair"].map((entry) => ({
    protocol,
    scenario: entry === "alone" ? "one operation after the other" : "one death after the other",
    processors: 1,
    entries: `${prefix}_${entry}`,
    init: begin(1),
    final: end,
  }));
  const created = [true, false].map((strict) => ({
    protocol,
    scenario: strict ? "strict ones until the space is full" : "forced ones until the space is full",
    processors: 1,
    entries: `${prefix}_create`,
    arguments: [Number(strict), Number(!strict)],
    init: begin(1, undefined, strict, !strict),
  }));
  const loaded = loads.map(({ does, turns, deaths, scene, ordered = false, long }) => ({
    protocol,
    scenario: [
      `${does.join(", ").replace("_", " ")} x ${turns}`,
      scene,
      ordered && "in order",
      deaths > 0 && `${deaths} dying`,
    ]
      .filter(Boolean)
      .join(", "),
    processors: does.length,
    entries: does.map((what) => `${prefix}_${what}`),
    init: begin(turns, scene),
    final: end,
    ...(deaths > 0 && { deaths: { entry: "prove_death", most: deaths } }),
    ...(ordered && { order: FIFO }),
    long,
  }));
  return [...alone, ...created, ...loaded];
}
