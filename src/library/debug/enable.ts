import { DeadlockError, SpaceFullError } from "../errors.js";
import { platform } from "../platform.js";
import type { SharedSpace } from "../space.js";
import { nameOf, nameOfHeld, nameOfWorker } from "./format.js";
import { inspectWorker } from "./inspect.js";
import { countWait, keeperOf, keepersIn, makeNotes, writeStack } from "./notes.js";

/**
 * From now on, when this worker blocks for ever on a Mutex, RwLock, TicketLock, McsLock or Once, it writes down where, and
 * looks whether that closes a cycle of workers that wait for each other: then it throws a DeadlockError instead, which
 * names the cycle's workers, what they hold and wait for, and their stacks. To be called by each worker; a cycle is seen if it is
 * enabled in all of its workers. Where two close it at the same moment, both throw. How long waits take is counted, too.
 *
 * A worker waits for all who read where it wants to write, and for all who are before it in a TicketLock's line, be it by
 * `lockAsync`: one of them that waits for ever is enough. Who dies while it waits, waits until its death is noticed.
 *
 * No cycles are looked for through permits of a Semaphore, which can be added by any worker, and in waits on other objects; nor
 * of waits with a timeout, which end by themselves, and of those that do not block.
 *
 * What is free costs the same; a wait costs a stack trace and a look at all slots more. Takes 3 KiB of the space for the
 * slot, and 4 bytes for each slot.
 *
 * @throws {SpaceFullError}
 */
export function enable(space: SharedSpace): void {
  const { kernel, slot } = space;
  const notes = kernel.notes_of(slot) >>> 0 || makeNotes(space);
  if (notes === 0) {
    throw new SpaceFullError("Cannot enable debugging: received a space that is full; expected room for 4 KiB");
  }
  kernel.describe_worker(platform.threadId, notes);
  let object = 0;
  let began = 0;
  let isForEver = false;
  space.watcher = {
    begins(address, milliseconds) {
      object = address;
      began = performance.now();
      isForEver = milliseconds === Number.POSITIVE_INFINITY;
      writeStack(space, notes, stackOf(new Error()));
    },
    waits() {
      if (isForEver && kernel.begin_wait(object, keepersIn(notes)) === 1) throw deadlock(space, notes);
    },
    ends() {
      kernel.end_wait();
      countWait(space, notes, object, performance.now() - began);
    },
    beginsWithoutBlocking: () => () => {},
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
function deadlock(space: SharedSpace, notes: number): DeadlockError {
  const lines: string[] = [];
  let worker = space.slot;
  do {
    const report = inspectWorker(space, worker);
    const { holds, waitsFor, stack } = report;
    lines.push(`${nameOfWorker(report)} ${nameOfHeld(holds)}, waits for ${nameOf(waitsFor)}:\n${stack}`);
    worker = keeperOf(space, notes, worker);
  } while (worker !== space.slot);
  return new DeadlockError(
    `Cannot lock: received a wait that closes a cycle of ${lines.length} workers; expected locks in one order\n${lines.join("\n")}`,
  );
}
