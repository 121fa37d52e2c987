/** The outcomes of jobs, written by their executor: as values in the space, or by its port where they cannot be written. */
import { described } from "../arguments.js";
import { SpaceFullError } from "../errors.js";
import type { LibraryKernel } from "../kernel.js";
import type { SharedSpace } from "../space.js";
import { Tag } from "../structured-format.js";
import { tagOf } from "../structured-kinds.js";
import { dataCloneError, type Purpose } from "../structured-refusal.js";
import { formsOf, type Thrown } from "../thrown.js";
import { GENERATION, How } from "./layout.js";
import type { ChunkOutcome } from "./map.js";
import type { ToMaker } from "./messages.js";
import type { Records } from "./records.js";
import { Moved } from "./task.js";
import { purposeOfResult, purposeOfThrow, writeCall, writeValue } from "./values.js";

export class Outcomes {
  readonly #space: SharedSpace;
  readonly #kernel: LibraryKernel;
  readonly #pool: number;
  readonly #records: Records;
  readonly #port: MessagePort;
  readonly #maker: number;
  readonly #purposes = new Map<string, Purpose>();
  readonly #room = (bytes: number, job: number) => this.#kernel.pool_room_for_result(this.#pool, job, bytes);

  constructor(space: SharedSpace, pool: number, port: MessagePort, records: Records) {
    const { kernel } = space;
    this.#space = space;
    this.#kernel = kernel;
    this.#pool = pool;
    this.#records = records;
    this.#port = port;
    this.#maker = kernel.pool_maker(pool);
  }

  /** The job has this value. False: it cannot be told, and the job's outcome is an error that says so. */
  value(job: number, name: string, value: unknown, isOfChunk: boolean): boolean {
    if (value === undefined) {
      this.#kernel.pool_complete(this.#pool, job, How.Nothing);
      return true;
    }
    try {
      if (value instanceof Moved) this.#move(job, name, value);
      else if (isOfChunk) writeCall(this.#space, value as ChunkOutcome, this.#purposeOf(name), this.#room, job);
      else writeValue(this.#space, value, this.#purposeOf(name), this.#room, job);
      if (!(value instanceof Moved)) this.#kernel.pool_complete(this.#pool, job, How.Value);
    } catch (error) {
      if (isRefusal(error) && this.#isMakers(job) && this.#post(job, value, [])) return true;
      this.error(job, name, error);
      return false;
    }
    return true;
  }

  /** The job has thrown this. */
  error(job: number, name: string, thrown: unknown): void {
    const purpose = purposeOfThrow(name);
    let refusal: unknown;
    const isTold = (its: Thrown) => {
      try {
        writeValue(this.#space, its, purpose, this.#room, job);
        return true;
      } catch (error) {
        refusal ??= error;
        return false;
      }
    };
    // Each form is made when it is needed: to make an error takes longer than to tell one.
    if (!isSome(formsOf(thrown), isTold) && !isTold([refusal])) isTold([WITHOUT_ROOM]);
    this.#kernel.pool_complete(this.#pool, job, How.Error);
  }

  /** To the maker by the port; to others ArrayBuffers, which are copied, and then detached here. */
  #move(job: number, name: string, { value, transfer }: Moved): void {
    if (this.#isMakers(job)) {
      this.#send(job, value, transfer);
      return;
    }
    const purpose = this.#purposeOf(name);
    for (const one of transfer) {
      if (typeof one === "object" && one !== null && tagOf(one) === Tag.buffer) continue;
      throw dataCloneError(
        `Cannot ${purpose.verb}: received ${described(one)} to move; expected an ArrayBuffer: other things go to the thread that made the Pool`,
      );
    }
    writeValue(this.#space, value, purpose, this.#room, job);
    structuredClone(undefined, { transfer: transfer as Transferable[] });
    this.#kernel.pool_complete(this.#pool, job, How.Value);
  }

  /** False: structured clone does not copy it either. */
  #post(job: number, value: unknown, transfer: readonly object[]): boolean {
    try {
      this.#send(job, value, transfer);
      return true;
    } catch {
      return false;
    }
  }

  #send(job: number, value: unknown, transfer: readonly object[]): void {
    const generation = this.#records.word(job, GENERATION);
    const message: ToMaker = { say: "result", job, generation, value };
    this.#port.postMessage(message, transfer as Transferable[]);
    this.#kernel.pool_complete(this.#pool, job, How.Port);
  }

  /** Whether the thread that has made the pool has submitted it. */
  #isMakers(job: number): boolean {
    return this.#records.word(job, 0) >>> 8 === this.#maker;
  }

  #purposeOf(name: string): Purpose {
    let purpose = this.#purposes.get(name);
    if (!purpose) {
      purpose = purposeOfResult(name);
      this.#purposes.set(name, purpose);
    }
    return purpose;
  }
}

function isSome<Element>(elements: Iterable<Element>, is: (element: Element) => boolean): boolean {
  for (const element of elements) if (is(element)) return true;
  return false;
}

/** The writer's, of a value that it cannot copy. */
function isRefusal(error: unknown): boolean {
  return error instanceof DOMException && error.name === "DataCloneError";
}

/** It fits into the record. */
const WITHOUT_ROOM = Object.defineProperty(
  new SpaceFullError("Cannot tell an error: received a space that is full"),
  "stack",
  { value: undefined },
);
