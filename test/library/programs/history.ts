/** Histories of operations, and whether a sequential object explains them. */

export interface Operation {
  readonly worker: number;
  readonly object: string;
  readonly name: string;
  readonly argument: number;
  readonly result: unknown;
  /** Of the clock that counts begins and ends: what ended before another began was before it. */
  readonly begin: number;
  readonly end: number;
}

/** A sequential object, whose states are JSON. */
export interface Model<State> {
  readonly start: State;
  /** The state after the operation; undefined if it cannot have had that result. */
  step(state: State, operation: Operation, others: readonly Operation[]): State | undefined;
}

/** Of each worker what it did, in its order. */
export function byWorker(history: readonly Operation[]): Operation[][] {
  const workers = [...new Set(history.map(({ worker }) => worker))];
  return workers.map((it) => history.filter(({ worker }) => worker === it).sort((a, b) => a.begin - b.begin));
}

export function overlaps(a: Operation, b: Operation): boolean {
  return a.begin < b.end && b.begin < a.end;
}

/**
 * Whether there is an order of the operations, that keeps those apart that did not overlap, in which the sequential
 * object gives the same results: linearizability. Operations of one worker do not overlap.
 *
 * Wing and Gong's search (1993), which remembers, as Lowe's (2017), where it has been: how far each worker was, and the
 * object's state.
 */
export function isLinearizable<State>(history: readonly Operation[], { start, step }: Model<State>): boolean {
  const workers = byWorker(history);
  const been = new Set<string>();
  const search = (done: readonly number[], state: State): boolean => {
    const next = workers.map((operations, i) => operations[done[i]!]);
    if (next.every((operation) => operation === undefined)) return true;
    const place = JSON.stringify([done, state]);
    if (been.has(place)) return false;
    been.add(place);
    const soonest = Math.min(...next.map((operation) => operation?.end ?? Number.POSITIVE_INFINITY));
    return next.some((operation, i) => {
      if (operation === undefined || operation.begin > soonest) return false;
      const after = step(state, operation, history);
      return after !== undefined && search(done.with(i, done[i]! + 1), after);
    });
  };
  return search(
    workers.map(() => 0),
    start,
  );
}
