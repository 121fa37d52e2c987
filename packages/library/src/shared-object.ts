import { aOrAn, mustBeOptions, wrong } from "./arguments.js";
import { toLine } from "./console.js";
import { FreedError } from "./errors.js";
import type { LibraryKernel } from "./kernel.js";
import type { Kind } from "./kinds.js";
import type { Memory } from "./memory.js";
import { ofThisCopy, type SharedSpace } from "./space.js";

/**
 * What is in a space already, and a worker makes itself an object for: its class takes it instead of the space. A class, so
 * that nothing else is taken for it. @internal
 */
export class Existing {
  readonly space: SharedSpace;
  readonly address: number;
  readonly identity: number;

  constructor(space: SharedSpace, address: number, identity: number) {
    this.space = space;
    this.address = address;
    this.identity = identity;
  }
}

/**
 * What the kernel makes in a space.
 *
 * @throws {TypeError} if there is no space, as in JavaScript it can be; or one of another copy of the library
 * @throws {SpaceFullError}
 */
function made(space: SharedSpace, what: string, make: (kernel: LibraryKernel) => number): Existing {
  if (space?.kernel === undefined) {
    throw new TypeError(`Cannot make ${what}: received no space; expected a SharedSpace as the first argument`);
  }
  if (!(ofThisCopy in space)) {
    throw new TypeError(
      `Cannot make ${what}: received a SharedSpace of another copy of the library; expected one of this copy`,
    );
  }
  const address = space.mustHaveRoom(what, make(space.kernel));
  return new Existing(space, address, Atomics.load(space.words(address, 4), address >>> 2));
}

/** What of an object passes from worker to worker: structured clone copies it, `receive` makes the object of it. */
export interface Handle {
  /** The kind of object, the name of its class. */
  readonly landspout: Kind;
  readonly memory: Memory;
  readonly address: number;
  readonly identity: number;
}

/**
 * An object that lives in a space: each worker that received it has an object of its own, and they stand for the same
 * one. To pass it, put it into a message or into `workerData`, and call `receive` on the other side.
 */
export abstract class SharedObject {
  /** What structured clone sees. */
  readonly handle: Handle;
  readonly #space: SharedSpace;
  readonly #words: Int32Array;

  /** @internal `make` is for a space, where nothing exists yet. */
  protected constructor(at: SharedSpace | Existing, kind: Kind, make: (kernel: LibraryKernel) => number) {
    const { space, address, identity } = at instanceof Existing ? at : made(at, aOrAn(kind), make);
    this.#space = space;
    this.#words = space.words(address, 4);
    this.handle = { landspout: kind, memory: space.memory, address, identity };
  }

  get space(): SharedSpace {
    return this.#space;
  }

  /** Whether the object has been freed, by any worker. */
  get freed(): boolean {
    const { address, identity } = this.handle;
    return this.#words[address >>> 2] !== identity;
  }

  /**
   * Frees the object, once: of workers that do so at once, one does. Never blocks, but for a moment where a worker is inside
   * of a Condition. Who waits in the object, in any worker, gets a FreedError, and so does every later call; what workers
   * hold of it is of no use then.
   *
   * A call that another worker is in the middle of, and that does not wait, ends as if it were a little earlier, or with
   * a FreedError; its memory is reused for objects only. So that it cannot change a new object that is made there during
   * that call, free an object when no worker uses it any more.
   *
   * @throws {FreedError} if it was freed before
   */
  free(): void {
    const { address, identity } = this.handle;
    if (this.#space.kernel.free_object(address, identity) === 0) throw this.freedError("free");
  }

  /** `free`, for `using`: by who made the object, not by who received it. */
  [Symbol.dispose](): void {
    this.free();
  }

  /** @internal */
  [toLine](): string {
    const { landspout, address } = this.handle;
    return `${landspout} 0x${address.toString(16)}${this.freed ? " (freed)" : ""}`;
  }

  /** @internal What it was made with: the arguments of its class after the space; of options, all that can be given. */
  protected madeWith(..._given: unknown[]): unknown[] {
    return [];
  }

  /**
   * @internal Compares what it was made with to what was given; what was not given is not compared.
   *
   * @throws {TypeError | RangeError}
   */
  mustBeMadeWith(what: string, given: unknown[]): void {
    const made = this.madeWith(...given);
    const mustEqual = (value: unknown, own: unknown, as: string) => {
      if (value === undefined || value === own) return;
      throw wrong(what, value, `${as}${own}, as the ${this.handle.landspout} of that name was made`, typeof own);
    };
    for (const [i, value] of given.entries()) {
      const own = made[i];
      if (typeof own === "object" && own !== null) {
        mustBeOptions(value, what, Object.keys(own));
        for (const [name, one] of Object.entries(value ?? {}))
          mustEqual(one, own[name as keyof typeof own], `${name}: `);
      } else if (i >= made.length) mustBeOptions(value, what, []);
      else mustEqual(value, own, "");
    }
  }

  /** @internal @throws {FreedError} */
  protected mustExist(what: string): void {
    if (this.freed) throw this.freedError(what);
  }

  /** @internal */
  freedError(what: string): FreedError {
    return new FreedError(`Cannot ${what}: received a ${this.handle.landspout} that was freed; expected one in use`);
  }
}
