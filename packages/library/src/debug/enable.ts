import { mustBeA } from "../arguments.js";
import { DeadlockError, SpaceFullError } from "../errors.js";
import { platform } from "../platform/current.js";
import { readCall } from "../service/calls.js";
import { SharedSpace } from "../space.js";
import type { Watcher } from "../watcher.js";
import { nameOf, nameOfHeld, nameOfWorker } from "./format.js";
import { inspectWorker } from "./inspect.js";
import { countWait, makeNotes, PendingWaits, stuckIn } from "./notes.js";

/**
 * From now on, this worker records what it waits for, where, and since when, for `inspect`. It also records how long
 * its blocking waits take. Every worker has to call this itself. A second call changes nothing. Does not block.
 *
 * Before the worker blocks for ever on a Mutex, RwLock, TicketLock, McsLock or Once, or for the answer of a Service, it
 * looks whether that closes a cycle of workers that wait for each other. Then it throws a DeadlockError instead. The error names the workers of the
 * cycle, what they hold and wait for, and their stacks, all of one moment. A cycle is found if all of its workers have
 * called this. If two workers close it at the same moment, both may throw.
 *
 * A worker that wants to write waits for all that read; a worker in the line of a TicketLock waits for all before it,
 * those that wait in `lockAsync` included. One of them that waits for ever is enough for a cycle. A worker that dies
 * while it waits counts until its death is noticed.
 *
 * No cycle is looked for through permits of a Semaphore, which any worker can add, and through other objects. Neither
 * is one looked for in waits with a timeout, which end by themselves, and in waits that do not block.
 *
 * An operation that need not wait costs the same as before. A wait costs a stack trace and a look at all slots more.
 * Takes 34 KiB of the space for this worker's slot, and 8 bytes for each slot.
 *
 * See docs/library/debug.md.
 *
 * @throws {SpaceFullError}
 * @example
 * ```ts
 * import { Mutex, SharedSpace } from "landspout";
 * import { disable, enable, formatDebug, inspect } from "landspout/debug";
 *
 * const space = new SharedSpace();
 * enable(space);
 * new Mutex(space).lock();
 * console.log(formatDebug(inspect(space)));
 * disable(space);
 * ```
 */
export function enable(space: SharedSpace): void {
  mustBeA(SharedSpace, space, "enable debugging");
  if (space.watcher !== undefined) return;
  const { kernel, slot } = space;
  const notes = kernel.notes_of(slot) >>> 0 || makeNotes(space);
  if (notes === 0) {
    throw new SpaceFullError("Cannot enable debugging: received a space that is full; expected room for 36 KiB");
  }
  const pending = new PendingWaits(space, notes);
  kernel.describe_worker(platform.threadId, notes);
  let object = 0;
  let call = 0;
  let began = 0;
  let isForEver = false;
  const watcher: Watcher = {
    begins(address, milliseconds, stack = 0) {
      object = address;
      call = stack;
      began = performance.now();
      isForEver = milliseconds === Number.POSITIVE_INFINITY;
      pending.blocks(address, isForEver, stackHere());
    },
    waits() {
      if (!isForEver) return;
      if (call === 0) kernel.begin_wait(object);
      else kernel.begin_call(object, call);
      const stuck = stuckIn(notes);
      while (kernel.closes_cycle(stuck) === 1) {
        const error = deadlock(space, stuck);
        // Else somebody of the cycle has moved on meanwhile: what the error says may be of several moments.
        if (kernel.is_same_cycle(stuck) === 1) throw error;
      }
      pending.looked();
    },
    ends() {
      kernel.end_wait();
      pending.goesOn();
      countWait(space, notes, object, performance.now() - began);
    },
    beginsWithoutBlocking(address) {
      const ends = pending.awaits(address, stackHere());
      // What outlives debugging, or the worker's use of the space, leaves the notes alone.
      return () => space.watcher === watcher && ends();
    },
  };
  space.watcher = watcher;
}

/** Ends what `enable` began, for this worker. See docs/library/debug.md. */
export function disable(space: SharedSpace): void {
  mustBeA(SharedSpace, space, "disable debugging");
  space.watcher = undefined;
  space.kernel.describe_worker(-1, space.kernel.notes_of(space.slot));
}

/** Frames of a stack at least, of which the library's own are some ten: an engine keeps ten if it is not told. */
const FRAMES = 20;

/** Without the message, this function and what called it. */
function stackHere(): string {
  const { stackTraceLimit } = Error;
  // Where intrinsics are frozen, an assignment would throw.
  Reflect.set(Error, "stackTraceLimit", Math.max(stackTraceLimit, FRAMES));
  const { stack = "" } = new Error();
  Reflect.set(Error, "stackTraceLimit", stackTraceLimit);
  const lines = stack.split("\n").filter((line) => !line.startsWith("Error"));
  return lines.slice(2).join("\n");
}

/** What the cycle is that was found, as the notes and lists of its workers say now. */
function deadlock(space: SharedSpace, stuck: number): DeadlockError {
  const lines: string[] = [];
  const isCall = space.kernel.call_of(space.slot) !== 0;
  let worker = space.slot;
  do {
    const report = inspectWorker(space, worker, { beforeItsLook: true });
    const { holds, waitsFor, stack } = report;
    const call = space.kernel.call_of(worker) >>> 0;
    const its = call === 0 || !waitsFor ? undefined : readCall(space, waitsFor.address, call);
    const what = its ? `the call ${its.procedure} of ${nameOf(waitsFor)}` : nameOf(waitsFor);
    lines.push(`${nameOfWorker(report)} ${nameOfHeld(holds)}, waits for ${what}:\n${stack}`);
    worker = space.kernel.keeper_in(stuck, worker);
  } while (worker !== space.slot);
  return new DeadlockError(
    `Cannot ${isCall ? "call" : "lock"}: received a wait that closes a cycle of ${lines.length} workers; expected ${isCall ? "no call under a lock that its procedure takes, nor a circle of calls" : "locks in one order"}\n${lines.join("\n")}`,
  );
}
