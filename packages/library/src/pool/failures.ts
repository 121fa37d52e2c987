/** What tasks reject with that their functions have not thrown. */
import { PoolClosedError, SpaceFullError, WorkerDiedError } from "../errors.js";
import { dataCloneError } from "../structured-refusal.js";
import { type Thrown, thrownFrom } from "../thrown.js";
import type { Terms } from "./job.js";
import { ENDED } from "./layout.js";

/** What the maker writes of a worker's end. */
export interface Ending {
  readonly exitCode: number | undefined;
  /** Undefined: there was no error. */
  readonly cause: Thrown | undefined;
}

export function workerDied(name: string, { exitCode, cause: thrown }: Ending): WorkerDiedError {
  const cause = thrown && thrownFrom(thrown);
  const how = exitCode === undefined ? "ended" : `ended with exit code ${exitCode}`;
  return new WorkerDiedError(
    `Cannot run ${name}: received a worker that ${how} before the task was done; expected an outcome`,
    exitCode,
    cause,
  );
}

export function isClosed(state: number): PoolClosedError {
  const received = state === ENDED ? "a Pool whose workers have ended" : "a Pool that is closed";
  return new PoolClosedError(`Cannot run a task: received ${received}; expected an open one`);
}

export function isLate(name: string, { timeout, end }: Pick<Terms, "timeout" | "end">): DOMException {
  const limit = end - performance.now() <= 0 ? "its deadline" : `${timeout} ms`;
  return new DOMException(
    `Cannot run ${name}: received no outcome in ${limit}; expected one in that time`,
    "TimeoutError",
  );
}

/** What structured clone throws of values and a list of what is to be moved. What a getter throws, it passes on. */
export function cannotBePosted(name: string, thrown: unknown): unknown {
  const isOfList = thrown instanceof TypeError && /transfer/i.test(thrown.message);
  if (!isOfList && !(thrown instanceof DOMException && thrown.name === "DataCloneError")) return thrown;
  return dataCloneError(
    `Cannot run ${name}: received values of which structured clone says: ${thrown.message}; expected values that it copies, and in transfer what it moves`,
  );
}

export function holdsTooMuch(): SpaceFullError {
  return new SpaceFullError(
    "Cannot run a task: received a space that is full; expected room to list one more object that this worker holds",
  );
}
