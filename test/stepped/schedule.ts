/** Which processor executes next, and for how long: a function of mode and seed. */

/**
 * - `round robin at pauses`: a processor goes on until it pauses, works or sleeps; then the next one does.
 * - `random at pauses`: likewise, but any other may be next.
 * - `random at accesses`: any processor may be interrupted before any access to memory.
 * - `random at accesses, one lags`: likewise, but one of them, now this one and now that, hardly ever gets to execute, as
 *   a thread whose processor was taken away.
 */
export type Mode = "round robin at pauses" | "random at pauses" | "random at accesses" | "random at accesses, one lags";

export interface Schedule {
  readonly mode: Mode;
  readonly seed: number;
}

export function schedules(mode: Mode, seeds: number): Schedule[] {
  return Array.from({ length: seeds }, (_, seed) => ({ mode, seed: seed + 1 }));
}

/** What every failure says, so that it can be had again: the schedule, with what else the object holds. */
export function replay(schedule: Schedule): string {
  return `(replay: ${JSON.stringify(schedule)})`;
}

/** Random whole numbers in 0 .. bound - 1 (Marsaglia's xorshift32). */
export function randomNumbers(seed: number): (bound: number) => number {
  let state = Math.imul(seed + 1, 0x9e3779b9) | 1;
  return (bound) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return Math.floor(((state >>> 0) / 2 ** 32) * bound);
  };
}
