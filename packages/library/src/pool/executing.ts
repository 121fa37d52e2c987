/** Which executor this thread is: the same for all copies of the library in a thread. */
import { identityOf } from "../kernel.js";
import type { SharedObject } from "../shared-object.js";
import type { Call } from "../structured-format.js";

/** A job that its submitter executes itself, as there is no record to pass it on in. */
export interface Own {
  /** A copy: what is changed in it, its submitter does not see. */
  readonly call: Call;
  /** It is begun. `stop` tells it to end; `endWorker` is called if it does not. */
  begin(stop: () => void, endWorker: () => void): void;
  /** Its outcome, which is copied, too. */
  end(hasThrown: boolean, value: unknown): void;
}

/** This thread as an executor of a pool, for what it submits to the same pool. */
export interface Executing {
  /** As `nameOf`. */
  readonly pool: string;
  readonly number: number;
  /** The jobs that this thread has submitted and that may still wait, the newest first: of each copy of the library. */
  readonly queues: (() => Iterable<number>)[];
  /** Each takes a job of this thread's that has found no record, if there is one. */
  readonly backlogs: (() => Own | undefined)[];
  /** Whether this thread has submitted what has no outcome yet. */
  readonly waits: (() => boolean)[];
  /** To be called when this thread has submitted: if all that it executes waits, it executes what it has submitted. */
  look(): void;
}

const EXECUTING: unique symbol = Symbol.for("landspout.executing");

const globals = globalThis as { [EXECUTING]?: Executing };

/** By what a pool is known in all threads, and to all copies of the library. */
export function nameOf({ space, handle: { address, identity } }: SharedObject): string {
  return `${identityOf(space.kernel)} ${address} ${identity}`;
}

/** From now on, until it ends. */
export function setExecuting(executing: Executing): void {
  globals[EXECUTING] = executing;
}

/** Undefined: this thread is no executor of the pool. */
export function executingHere(pool: SharedObject): Executing | undefined {
  const executing = globals[EXECUTING];
  return executing?.pool === nameOf(pool) ? executing : undefined;
}
