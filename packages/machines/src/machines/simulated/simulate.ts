import { host } from "#host";

/** Host milliseconds after which other work of this thread gets its turn. */
const SLICE = 50;
/** Events between two looks at the host's clock: one event takes up to some milliseconds, a look some 50 ns. */
const LOOK = 64;

/** A run that had not ended when its cycles were used up, or that cannot end; the message says where each processor is. */
export class UnfinishedError extends Error {
  override readonly name = "UnfinishedError";
}

/** What is simulated. */
export interface Simulated {
  /** Whether it has not ended. */
  readonly running: boolean;
  /** The time of the next event; Infinity if there is none. */
  readonly nextTime: number;
  /** Lets events happen, at most so many. */
  happen(most: number): void;
}

export interface SimulateOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called some times a second with the cycles so far. */
  readonly progress?: ((cycles: number) => void) | undefined;
}

/**
 * Lets all events happen until the run has ended.
 *
 * @param cycles the last one that may be simulated
 * @param unfinished the error where nothing is to come, "stuck", or the cycles are used up
 */
export async function simulate(
  simulation: Simulated,
  cycles: number,
  { signal, progress }: SimulateOptions,
  unfinished: (why: "stuck" | "cut off") => UnfinishedError,
): Promise<void> {
  let sliceEnd = performance.now() + SLICE;
  while (simulation.running) {
    const { nextTime } = simulation;
    if (nextTime === Number.POSITIVE_INFINITY) throw unfinished("stuck");
    if (nextTime > cycles) throw unfinished("cut off");
    simulation.happen(LOOK);
    if (performance.now() > sliceEnd) {
      progress?.(nextTime);
      await host.turn();
      signal?.throwIfAborted();
      sliceEnd = performance.now() + SLICE;
    }
  }
}
