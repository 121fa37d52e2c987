import { DeadlockError, SpaceFullError } from "../errors.js";
import { platform } from "../platform.js";
import type { SharedSpace } from "../space.js";
import { nameOf, nameOfWorker } from "./format.js";
import { inspectWorker, objectAt } from "./inspect.js";
import { countWait, NOTES_BYTES, writeStack } from "./notes.js";

/**
 * From now on, when this worker blocks for ever on a lock that is owned, it writes down where, and looks whether that
 * closes a cycle of workers that wait for each other: then it throws a DeadlockError instead, which names them all, their
 * locks and their stacks. To be called by each worker; a cycle is seen if it is enabled in all of its workers. Where two
 * close it at the same moment, both throw. How long waits take is counted, too.
 *
 * A lock that is free costs the same; a wait costs a stack trace more. Takes 3 KiB of the space for the slot.
 *
 * Of waits with a timeout, which end by themselves, and of those that do not block, no cycles are looked for.
 *
 * @throws {SpaceFullError}
 */
export function enable(space: SharedSpace): void {
  const { kernel, slot } = space;
  const notes = (kernel.notes_of(slot) || kernel.allocate(NOTES_BYTES)) >>> 0;
  if (notes === 0) {
    throw new SpaceFullError("Cannot enable debugging: received a space that is full; expected room for 3 KiB");
  }
  kernel.describe_worker(platform.threadId, notes);
  let object = 0;
  let began = 0;
  space.watcher = {
    begins(address, forEver) {
      object = objectAt(space, address)?.address ?? 0;
      began = performance.now();
      writeStack(space, notes, stackOf(new Error()));
      if (forEver && object !== 0 && kernel.begin_wait(object) === 1) throw deadlock(space, object);
    },
    ends() {
      kernel.end_wait();
      if (object !== 0) countWait(space, notes, object, performance.now() - began);
    },
  };
}

/** Ends what `enable` began, for this worker. */
export function disable(space: SharedSpace): void {
  space.watcher = undefined;
  space.kernel.describe_worker(-1, space.kernel.notes_of(space.slot));
}

/** Without the message, and what called this. */
function stackOf({ stack = "" }: Error): string {
  const lines = stack.split("\n").filter((line) => !line.startsWith("Error"));
  return lines.slice(1).join("\n");
}

/** All in the cycle wait for ever: what they hold does not change. */
function deadlock(space: SharedSpace, object: number): DeadlockError {
  const { kernel, slot } = space;
  const lines: string[] = [];
  let worker = slot;
  let wanted = object;
  do {
    const report = inspectWorker(space, worker);
    const holds = report.holds.map(nameOf).join(", ");
    lines.push(`${nameOfWorker(report)} holds ${holds}, waits for ${nameOf(report.waitsFor)}:\n${report.stack}`);
    worker = kernel.owner_of(wanted);
    wanted = kernel.waits_for(worker) >>> 0;
  } while (worker !== slot);
  return new DeadlockError(
    `Cannot lock: received a wait that closes a cycle of ${lines.length} workers; expected locks in one order\n${lines.join("\n")}`,
  );
}
