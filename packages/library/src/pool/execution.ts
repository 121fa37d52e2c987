import { wrong } from "../arguments.js";
import type { Call } from "../structured-format.js";
import { GENERATION } from "./layout.js";
import type { Key } from "./options.js";
import type { Pool } from "./pool.js";
import { Moved, type Task } from "./task.js";

/** What all executions in a thread have in common. */
export interface Place {
  readonly worker: number;
  readonly pool: Pool;
  /** A word of a job's record. */
  word(job: number, offset: number): number;
  /** Whether a job was told to stop; of a job that is over, the record is another's. */
  isToStop(job: number, generation: number): boolean;
}

/** One execution of a job by its executor, which is also what the task finds as `currentTask()`. */
export class Execution implements Task {
  readonly job: number;
  readonly generation: number;
  /** Microseconds, by clock.ts. */
  begun: number;
  readonly name: string;
  readonly key: Key | undefined;
  readonly context: unknown;
  /** Whether the task is called with each of the arguments alone, and how often it is called. */
  readonly isEach: boolean;
  readonly count: number;
  readonly #place: Place;
  #controller: AbortController | undefined;
  #mustStop = false;

  constructor(place: Place, job: number, begun: number, [name, args, context, key, isEach = false]: Call) {
    this.#place = place;
    this.job = job;
    this.generation = place.word(job, GENERATION);
    this.begun = begun;
    this.name = name;
    this.context = context;
    this.key = key as Key | undefined;
    this.isEach = isEach;
    this.count = isEach ? args!.length : 1;
  }

  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    // A task that never returns to its event loop is told here.
    if (this.#mustStop || this.#place.isToStop(this.job, this.generation)) this.stop();
    return this.#controller.signal;
  }

  get pool(): Pool {
    return this.#place.pool;
  }

  get worker(): number {
    return this.#place.worker;
  }

  move<Value>(value: Value, transfer: readonly object[]): Value {
    const what = "move a result";
    if (!Array.isArray(transfer)) throw wrong(what, transfer, "an array of what is to be moved");
    for (const one of transfer) {
      if (typeof one !== "object" || one === null) throw wrong(what, one, "objects in the list of what is to be moved");
    }
    return new Moved(value, transfer) as Value;
  }

  /** The task is to end. */
  stop(): void {
    this.#mustStop = true;
    if (this.#controller && !this.#controller.signal.aborted) this.#controller.abort(stopped(this.name));
  }
}

export function stopped(name: string): DOMException {
  return new DOMException(
    `Cannot go on with ${name}: received a request to stop; expected a submitter that waits for it`,
    "AbortError",
  );
}
