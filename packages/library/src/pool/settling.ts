import type { SharedSpace } from "../space.js";
import { formsOf } from "../thrown.js";
import type { Ending } from "./failures.js";
import { How, NO_JOB } from "./layout.js";
import { writeValue } from "./values.js";

const PURPOSE = {
  verb: "tell of a worker's end",
  place: (path: string) => `ending${path}`,
  owner: "the Pool's",
  limit: "",
};

/**
 * Gives the jobs that a dead executor had their outcomes, and its number back. Returns how many it had, -1 if the guardian has not
 * marked it yet: then it is to be done again in a moment.
 */
export function settle(
  space: SharedSpace,
  pool: number,
  executor: number,
  exitCode: number | undefined,
  cause: unknown,
): number {
  const { kernel } = space;
  const line = kernel.pool_executor_line(pool, executor) >>> 0;
  const worker = Atomics.load(space.words(line, 4), line >>> 2);
  // It has left, or has never come.
  if (worker === 0) return 0;
  // The mark is the sign.
  if (worker > 0) return -1;
  let count = 0;
  for (let job = kernel.pool_lost(pool, executor, 0); job !== NO_JOB; job = kernel.pool_lost(pool, executor, job + 1)) {
    write(space, pool, job, exitCode, cause);
    kernel.pool_die(pool, job, How.Value);
    count++;
  }
  kernel.pool_settle(pool, executor);
  return count;
}

function write(space: SharedSpace, pool: number, job: number, exitCode: number | undefined, cause: unknown): void {
  const room = (bytes: number) => space.kernel.pool_room_for_result(pool, job, bytes);
  // The last one fits into the record.
  for (const its of cause === undefined ? [undefined] : [...formsOf(cause), undefined]) {
    try {
      writeValue(space, { exitCode, cause: its } satisfies Ending, PURPOSE, room, job);
      return;
    } catch {
      // The next form says less.
    }
  }
}
