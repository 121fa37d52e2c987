import { abandonGate } from "./gate.js";
import type { ProcessorThread } from "./processor-thread.js";
import type { Done, RunRequest } from "./protocol.js";

/** A run measured by time: what happens when the time is over. */
export interface TimeLimit {
  /** Milliseconds from the moment all processors begin. */
  readonly milliseconds: number;
  /**
   * Asks the program to end, by writing to its memory; nanoseconds since all processors began. Called from a timer, so
   * it must not throw.
   */
  stop(elapsed: number): void;
  /** Milliseconds that the processors have to end by themselves; then their threads are ended. */
  readonly patience: number;
}

/** The first processor that failed, with its error as the cause. */
export class ProcessorError extends Error {
  constructor(
    readonly processor: number,
    cause: unknown,
  ) {
    super(`Processor ${processor} failed`, { cause });
  }
}

/** What became of a request on many threads. */
export interface Outcome {
  /** By thread; undefined for one that was cut off. */
  readonly answers: readonly (Done | undefined)[];
  /** Processors whose threads were ended because they did not stop in time. */
  readonly cutOff: readonly number[];
  /** Nanoseconds from the gate to the last answer, as this thread saw it. */
  readonly elapsed: number;
}

interface Limits {
  readonly signal: AbortSignal | undefined;
  readonly timeLimit: TimeLimit | undefined;
}

/**
 * Executes one request on all threads. When this settles none of them executes it any more: if one fails, or the signal
 * aborts, the others' threads are ended, since they may wait for it for ever.
 */
export async function executeTogether(
  threads: readonly ProcessorThread[],
  request: RunRequest,
  { signal, timeLimit }: Limits,
): Promise<Outcome> {
  const cutOff: number[] = [];
  let failed: ProcessorError | undefined;
  let begin = performance.now();
  let timer: NodeJS.Timeout | undefined;

  const endRunning = () => threads.filter((thread) => thread.running).map((thread) => thread.terminate());
  const abandon = () => {
    abandonGate(request.gate);
    void endRunning();
  };
  const outOfPatience = () => {
    cutOff.push(...threads.filter((thread) => thread.running).map((thread) => thread.processor));
    void endRunning();
  };
  const started = () => {
    begin = performance.now();
    if (timeLimit === undefined) return;
    timer = setTimeout(() => {
      timeLimit.stop((performance.now() - begin) * 1e6);
      timer = setTimeout(outOfPatience, timeLimit.patience);
    }, timeLimit.milliseconds);
  };
  const execute = async (thread: ProcessorThread) => {
    try {
      return await thread.execute(request, started);
    } catch (error) {
      if (!cutOff.includes(thread.processor) && !signal?.aborted && failed === undefined) {
        failed = new ProcessorError(thread.processor, error);
        abandon();
      }
      return undefined;
    }
  };

  signal?.addEventListener("abort", abandon);
  try {
    const answers = await Promise.all(threads.map(execute));
    const elapsed = (performance.now() - begin) * 1e6;
    if (failed !== undefined) throw failed;
    signal?.throwIfAborted();
    return { answers, cutOff, elapsed };
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", abandon);
  }
}
