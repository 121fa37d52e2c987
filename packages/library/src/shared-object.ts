import { aOrAn, mustBeA, mustBeOptions, wrong } from "./arguments.js";
import { toLine } from "./console.js";
import { FreedError } from "./errors.js";
import type { LibraryKernel } from "./kernel.js";
import type { ClusteredKind, Kind } from "./kinds.js";
import type { Memory } from "./memory.js";
import { SharedSpace } from "./space.js";

/**
 * Something that exists in a space already: an object's class takes it instead of the space. It is a class, so that
 * nothing else is mistaken for it. @internal
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
 * @throws {TypeError} if there is no space, as in JavaScript it can be; or none of this copy of the library
 * @throws {SpaceFullError}
 */
function made(space: SharedSpace, what: string, make: (kernel: LibraryKernel) => number): Existing {
  if (space?.memory === undefined) {
    throw new TypeError(`Cannot make ${what}: received no space; expected a SharedSpace as the first argument`);
  }
  mustBeA(SharedSpace, space, `make ${what}`);
  const address = space.mustHaveRoom(what, make(space.kernel));
  return new Existing(space, address, Atomics.load(space.words(address, 4), address >>> 2));
}

/** What passes from worker to worker: structured clone copies it, and `receive` makes an object of it. */
export interface Handle {
  /** The kind of object, the name of its class; of a program's own class, `ClusteredObject:` and its name. */
  readonly landspout: Kind | ClusteredKind;
  readonly memory: Memory;
  readonly address: number;
  readonly identity: number;
}

/**
 * An object that lives in a space. Each worker that received it has a JavaScript object of its own; all of them stand
 * for the same object. To pass it, put it into a message or into `workerData`, and call `receive` on the other side.
 *
 * See docs/library/shared-space.md.
 *
 * @example
 * ```ts
 * import { Mutex, receive, SharedSpace } from "landspout";
 *
 * const mutex = new Mutex(new SharedSpace());
 * const message = structuredClone({ mutex }); // as postMessage and workerData do
 * receive(message).mutex.withLock(() => console.log(mutex.handle.address));
 * mutex.free();
 * console.log(mutex.freed); // true
 * ```
 */
export abstract class SharedObject {
  /** What structured clone copies. */
  readonly handle: Handle;
  readonly #space: SharedSpace;
  readonly #words: Int32Array;

  /** @internal `make` is for a space, where nothing exists yet. */
  protected constructor(
    at: SharedSpace | Existing,
    kind: Kind | ClusteredKind,
    make: (kernel: LibraryKernel) => number,
  ) {
    const { space, address, identity } = at instanceof Existing ? at : made(at, aOrAn(kind), make);
    this.#space = space;
    this.#words = space.words(address, 4);
    this.handle = { landspout: kind, memory: space.memory, address, identity };
  }

  /** @internal Not `instanceof`: a Proxy, or what is made of a prototype alone, is none. */
  static isOne(value: unknown): value is SharedObject {
    return typeof value === "object" && value !== null && #space in value;
  }

  /** The space that the object lives in. */
  get space(): SharedSpace {
    return this.#space;
  }

  /** Whether a worker, any one, has freed the object. */
  get freed(): boolean {
    const { address, identity } = this.handle;
    return this.#words[address >>> 2] !== identity;
  }

  /**
   * Frees the object. If several workers do so at once, one of them succeeds. Never blocks, except for a moment while a
   * worker is inside a Condition.
   *
   * Every worker that waits in the object gets a FreedError, and so does every later call. What workers hold of it is
   * worthless then.
   *
   * A call in progress that does not wait ends as if it were a little earlier, or throws a FreedError. The memory is
   * reused for objects only. During such a call, a new object may already lie there, and the call could change it. So
   * free an object when no worker uses it any more.
   *
   * @throws {FreedError} if it was freed before
   */
  free(): void {
    const { address, identity } = this.handle;
    if (this.#space.kernel.free_object(address, identity) === 0) throw this.freedError("free");
  }

  /** The same as `free`, for `using`: for the worker that made the object, not for those that received it. */
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
