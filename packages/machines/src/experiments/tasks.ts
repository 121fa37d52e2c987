/** What the processors of the workload of scheduling policies write down. */
import type { ProcessorMeasures } from "../machines/measures.js";
import type { Traffic } from "./traffic.js";

/** One execution of a task. Times are in the machine's unit. */
export interface Execution {
  readonly processor: number;
  readonly task: number;
  /** Tasks that the processor had done since it executed this one last; undefined if it never did. */
  readonly intervening: number | undefined;
  /** Whether the last execution was on another processor. */
  readonly elsewhere: boolean;
  /** Cycles that it computed. */
  readonly work: number;
  /** From the moment at which the task became ready to its end. */
  readonly response: number;
  /** From its begin to its end. */
  readonly time: number;
  /** Of the experiment, at its end. */
  readonly end: number;
}

export interface TasksResult {
  /** By processor, then in order of time. */
  readonly executions: readonly Execution[];
  readonly elapsed: number;
  /** Time of all processors for making tasks ready, and for asking, where they got a task. */
  readonly deciding: number;
  readonly cutOff: readonly number[];
  /** Only from machines that observe. */
  readonly processors?: readonly ProcessorMeasures[];
  readonly traffic?: Traffic;
}

/** kernel/workloads/tasks.ts: Row. */
const ROW_BYTES = 24;
const NEVER = 0xffffffff;

/** What a processor wrote down of its executions. */
export function executionsIn(memory: ArrayBufferLike, first: number, count: number, processor: number): Execution[] {
  const view = new DataView(memory, first, count * ROW_BYTES);
  return Array.from({ length: count }, (_, i) => {
    const word = (field: number) => view.getUint32(i * ROW_BYTES + 4 * field, true);
    const time = (field: number) => view.getFloat32(i * ROW_BYTES + 4 * field, true);
    const intervening = word(1);
    return {
      processor,
      task: word(0) >>> 1,
      elsewhere: (word(0) & 1) === 1,
      intervening: intervening === NEVER ? undefined : intervening,
      work: word(2),
      response: time(3),
      time: time(4),
      end: time(5),
    };
  });
}
