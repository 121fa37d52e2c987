import type { TimeLimit } from "../machine.js";
import { abandonGate } from "./gate.js";
import type { ProcessorThread } from "./processor-thread.js";
import type { Done, RunRequest } from "./protocol.js";

/** A time limit in nanoseconds; `stop` is called from a timer. */
export interface NativeTimeLimit extends TimeLimit {
  /**
   * Nanoseconds that the processors have to end by themselves; then their threads are ended. Default: two seconds, in
   * which a queue of many threads drains one time slice each.
   */
  readonly patience?: number;
}

const DEFAULT_PATIENCE = 2e9;

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
  readonly timeLimit: NativeTimeLimit | undefined;
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
      timer = setTimeout(outOfPatience, (timeLimit.patience ?? DEFAULT_PATIENCE) / 1e6);
    }, timeLimit.duration / 1e6);
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
