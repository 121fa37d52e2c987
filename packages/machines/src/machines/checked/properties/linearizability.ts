/** Whether a history is linearizable (Herlihy & Wing, ACM TOPLAS 12(3), 1990). */
import { Vectors } from "../system/vectors.js";

/** An operation of a history. */
export interface Operation {
  readonly operation: number;
  readonly argument: number;
  /** Undefined if it has not returned: it may have taken effect or not. */
  readonly result: number | undefined;
  /** By processor: how many of its operations had returned when this one was invoked. */
  readonly returned: readonly number[];
}

/** What an operation does if it is the only one under way: an object's states as numbers. */
export interface SequentialObject {
  readonly initial: number;
  /** Undefined if the operation cannot take place in that state. */
  after(
    state: number,
    operation: number,
    argument: number,
  ): { readonly state: number; readonly result: number } | undefined;
}

/**
 * Whether there is an order of the operations, given by processor, that keeps those that did not overlap in their order and
 * in which each has its result. Depth first over which operation is next (Wing & Gong, JPDC 17, 1993), each set of done
 * operations with the object's state once (Lowe, Concurrency and Computation 29(4), 2017).
 */
export function isLinearizable(history: readonly (readonly Operation[])[], object: SequentialObject): boolean {
  const seen = new Vectors();
  const done = new Int32Array(history.length + 1);
  const search = (state: number): boolean => {
    if (history.every((operations, p) => operations.length === done[p] || operations[done[p]!]!.result === undefined)) {
      return true;
    }
    done[history.length] = state;
    const { count } = seen;
    if (seen.numberOf(done, done.length) < count) return false;
    return history.some((operations, p) => {
      const next = operations[done[p]!];
      if (next === undefined || next.returned.some((returned, other) => done[other]! < returned)) return false;
      const after = object.after(state, next.operation, next.argument);
      if (after === undefined || (next.result !== undefined && next.result !== after.result)) return false;
      done[p]!++;
      const found = search(after.state);
      done[p]!--;
      return found;
    });
  };
  return search(object.initial);
}
