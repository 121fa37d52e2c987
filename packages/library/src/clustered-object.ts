import { mustBeFunction } from "./arguments.js";
import { CHEAP_LOOKS, type CheapLooks, cheapLooksOf } from "./cheap-looks.js";
import {
  type ClusteredDefinition,
  type Definition,
  define,
  definitionOf,
  type Here,
  isAlike,
} from "./clustered/definition.js";
import { add, addAfterSnapshot, newsFor, type Position, purposeOf, valueIn } from "./clustered/history.js";
import { mustBeExact, type Words, wordsAt } from "./clustered/words.js";
import { DeadlockError, SpaceFullError } from "./errors.js";
import type { LibraryKernel } from "./kernel.js";
import { Existing, SharedObject } from "./shared-object.js";
import type { SharedSpace } from "./space.js";
import { withWriter } from "./structured-writers.js";
import { inside } from "./waiting.js";

export type { ClusteredDefinition, Here } from "./clustered/definition.js";
export type { Word, Words } from "./clustered/words.js";

/** The word of an object that is its history's version, or for a moment was. */
const VERSION = 1;
/** No object's identity. */
const NO_ONE = -1;
const MOST_BYTES = 2 ** 29;

/** What representatives take that a class broadcasts to; never: it has no `apply`. */
export type UpdateOf<Representative> = Representative extends { apply(update: infer Update): unknown } ? Update : never;

/** The methods of a representative that `broadcast` needs. */
interface Receiving {
  apply?(update: unknown): unknown;
  snapshot?(): unknown;
  restore?(snapshot: unknown): unknown;
}

/**
 * The base class of a program's own clustered objects. To who uses one it is a single object. Each worker has a
 * representative of its own, which it makes on first use and keeps in its own memory. So a call is as fast as one of any
 * JavaScript object, and workers do not wait for each other.
 *
 * What workers share are words, in the space: those of the root, one set for all, and those of the representatives. By
 * default each worker has a set of these on cache lines of its own. `gather` reads them all. `broadcast` gives an update to
 * all representatives. When a worker ends, or dies, its words stay, and the slot's next worker goes on with them.
 *
 * A class is defined once, by a static block in it, in a module that each worker imports. Objects pass through messages and
 * by `named`: `receive` finds the class by the name that it was defined with. A class has no constructor of its own.
 *
 * Every worker of the space may call every method, and none blocks, except for a moment where updates are broadcast faster
 * than they can be copied. Memory: 256 bytes; 128 for up to 16 words of the root; 128 for each of the space's workers, or
 * clusters of them, with up to 15 words; and the history of updates.
 *
 * See docs/library/clustered-object.md.
 *
 * @example
 * ```ts
 * import { ClusteredObject, type Here, SharedSpace } from "landspout";
 *
 * class RoutesHere {
 *   readonly #paths = new Map<string, string>();
 *   readonly #words;
 *   constructor({ words }: Here<"asked">) {
 *     this.#words = words;
 *   }
 *   find(path: string): string | undefined {
 *     this.#words.asked.add(1);
 *     return this.#paths.get(path);
 *   }
 *   apply([path, page]: [string, string]): void {
 *     this.#paths.set(path, page);
 *   }
 * }
 * class Routes extends ClusteredObject<RoutesHere, "asked"> {
 *   static {
 *     Routes.define("Routes", { representative: RoutesHere, words: ["asked"] });
 *   }
 *   find(path: string): string | undefined {
 *     return this.representative.find(path);
 *   }
 * }
 * const routes = new Routes(new SharedSpace());
 * routes.broadcast(["/", "home"]);
 * console.log(routes.find("/"), routes.gather(({ asked }) => asked)); // home [ 1 ]
 * routes.destroy();
 * ```
 */
export class ClusteredObject<
  // biome-ignore lint/suspicious/noExplicitAny: a class in JavaScript names no types
  Representative extends object = any,
  Own extends string = string,
  Root extends string = string,
> extends SharedObject {
  /** The root's words: of all workers the same. */
  readonly root: Words<Root>;
  readonly #definition: Definition;
  readonly #kernel: LibraryKernel;
  readonly #address: number;
  readonly #identity: number;
  /** The identity and the version, as other memory: they never move. */
  readonly #words: Int32Array;
  #representative: Representative | undefined;
  #own: Words<Own> | undefined;
  #version = 0;
  /** The identity, or NO_ONE: the next use looks whether it may have the representative. */
  #trusted = NO_ONE;
  readonly #looks: CheapLooks;
  /** How far the representative has applied the history. */
  #position: Position | undefined;
  /** The representative is being made, or is in the middle of an update. */
  #isBusy = false;

  /** @internal */
  constructor(existing: Existing);
  /**
   * @throws {TypeError} if the class was not defined
   * @throws {SpaceFullError}
   */
  constructor(space: SharedSpace);
  constructor(at: SharedSpace | Existing) {
    const definition = definitionOf(new.target);
    super(at, `ClusteredObject:${definition.name}`, (kernel) => created(at as SharedSpace, kernel, definition));
    this.#definition = definition;
    this.#kernel = this.space.kernel;
    this.#address = this.handle.address;
    this.#identity = this.handle.identity;
    this.#looks = cheapLooksOf(this.space);
    const first = this.#address >>> 2;
    this.#words = this.space.words(this.#address, (VERSION + 1) * 4).subarray(first, first + VERSION + 1);
    const root = at instanceof Existing ? this.#opened() : this.#kernel.clustered_root(this.#address) >>> 0;
    this.root = wordsAt(this, definition.root as readonly Root[], root);
  }

  /**
   * Says what a class is made of: once, in a static block of the class.
   *
   * @param name by which `receive` finds the class: 1 to 100 characters. In all workers it stands for the same class
   * @throws {TypeError} {RangeError} if an argument is wrong, the class was defined before, or one with other words or another
   *   degree has the name
   */
  static define<Representative extends object, Own extends string, Root extends string>(
    this: new (
      space: SharedSpace,
    ) => ClusteredObject<Representative, Own, Root>,
    name: string,
    definition: ClusteredDefinition<Representative, Own, Root>,
  ): void {
    // biome-ignore lint/complexity/noThisInStatic: of the class that is defined
    define(this, ClusteredObject, name, definition as unknown as ClusteredDefinition);
  }

  /**
   * This worker's representative, which has applied what was broadcast before, as far as this worker can know of it. The same
   * object every time. Do not keep it: only this property makes it apply what is new, and throws when the object is destroyed.
   *
   * If its constructor, `apply` or `restore` throws, so does this; the next use makes a new one.
   *
   * @throws {FreedError}
   * @throws {DeadlockError} if its own constructor, `apply`, `snapshot` or `restore` asks for it
   * @throws {DOMException} of name `DataCloneError`, if no memory is left for an update; its cause says why
   */
  get representative(): Representative {
    const words = this.#words;
    const isOther = (words[0]! ^ this.#trusted) | (words[VERSION]! ^ this.#version);
    return isOther === 0 && --this.#looks.left > 0 ? (this.#representative as Representative) : this.#look();
  }

  /**
   * The words of the representative that serves this worker.
   *
   * @throws {FreedError}
   */
  get words(): Words<Own> {
    if (this.#own) return this.#own;
    const begin = inside(this, () => this.#kernel.clustered_join(this.#address) >>> 0, "use its words");
    this.#own = wordsAt(this, this.#definition.words as readonly Own[], begin);
    return this.#own;
  }

  /**
   * Gives an update to the representatives of all workers: each applies it by its method `apply`, before its next use. All
   * apply the same updates in the same order. A worker that dies meanwhile has broadcast it, or it has not.
   *
   * Who makes its representative later applies all updates so far. They are kept up to as many bytes as the class's
   * `history` says. Beyond that, this worker's representative tells by `snapshot` what they have made of it. That value takes
   * the place of the updates, and others `restore` it.
   *
   * @param update is copied as a Channel copies a message
   * @returns how many updates there are, this one included, modulo 2^32
   * @throws {TypeError} if the representative has no `apply`
   * @throws {DOMException} of name `DataCloneError`, if the update or the snapshot cannot be copied
   * @throws {SpaceFullError} if the space is full; or the history, and the representative has no `snapshot` and `restore`
   * @throws {FreedError}
   * @throws {DeadlockError} as `representative`
   */
  broadcast(update: UpdateOf<Representative>): number {
    const { name, history, representative } = this.#definition;
    const what = `broadcast to a ${name}`;
    const { apply, snapshot, restore } = representative.prototype as Receiving;
    mustBeFunction(apply, what, "a representative with the method apply(update)");
    this.mustExist(what);
    this.#mustNotBeBusy(what);
    return withWriter((writer) => {
      writer.write(update, this.space, MOST_BYTES, purposeOf(what, "update"));
      for (;;) {
        let version = add(this, writer, history, what);
        if (version === undefined) {
          if (typeof snapshot !== "function" || typeof restore !== "function")
            throw new SpaceFullError(
              `Cannot ${what}: received an update with which all take more than ${history} bytes; expected a representative with snapshot and restore, or a larger history`,
            );
          version = withWriter((state) => {
            const [value, position] = this.#snapshot();
            state.write(value, this.space, MOST_BYTES, purposeOf(what, "snapshot"));
            return addAfterSnapshot(this, position, state, writer, what);
          });
        }
        if (version !== undefined) return version;
      }
    });
  }

  /**
   * Calls a function for each representative that there is or was, with its words' values, and returns the results. Nothing is
   * lost of workers that have ended. A word is read whole, one after the other. So what is read is exact while nobody writes,
   * and has in any case what was written before the call.
   *
   * @param read is given the values by name, and the number of the representative, from 0 on
   * @throws {TypeError} if `read` is not a function
   * @throws {RangeError} if a word is beyond 2^53 - 1
   * @throws {FreedError}
   */
  gather<Result>(read: (values: Readonly<Record<Own, number>>, representative: number) => Result): Result[] {
    mustBeFunction(read, "gather", "read");
    const { words } = this.#definition;
    const all: [number, Record<string, number>][] = [];
    const readAll = () => {
      const last = this.#kernel.clustered_representatives(this.#address);
      for (let i = 0; i < last; i++) {
        const begin = this.#kernel.clustered_words(this.#address, i) >>> 0;
        if (begin === 0) continue;
        const load = (name: string, at: number) => mustBeExact(name, this.#kernel.word_load(begin + 8 * at));
        all.push([i, Object.fromEntries(words.map((name, at) => [name, load(name, at)]))]);
      }
    };
    inside(this, readAll, "gather");
    return all.map(([i, values]) => read(values as Record<Own, number>, i));
  }

  /** The same as `free`, by the name that clustered objects have for it. Waits for nobody. @throws {FreedError} */
  destroy(): void {
    this.free();
  }

  /** Where the root's words are, of an object that another worker made; undefined: it was freed. */
  #opened(): number | undefined {
    if (this.#kernel.enter_object(this.#address, this.#identity) === 0) return undefined;
    try {
      if (isAlike(this, this.#definition)) return this.#kernel.clustered_root(this.#address) >>> 0;
    } finally {
      this.#kernel.leave_object();
    }
    const { name } = this.#definition;
    throw new TypeError(
      `Cannot use a ${name}: received an object of another class, or one that another worker has defined otherwise; expected the same name, degree and words`,
    );
  }

  #look(): Representative {
    const what = `use a ${this.#definition.name}`;
    this.mustExist(what);
    this.#mustNotBeBusy(what);
    this.#kernel.replicated_look(this.#address);
    if (this.#representative === undefined || this.#kernel.replicated_version.value !== this.#version) this.#catchUp();
    this.#looks.left = CHEAP_LOOKS;
    this.#trusted = this.#identity;
    return this.#representative as Representative;
  }

  #catchUp(): void {
    const { snapshot, updates, position } = newsFor(this, this.#position);
    this.#trusted = NO_ONE;
    this.#isBusy = true;
    try {
      this.#representative ??= this.#made();
      const receiving = this.#representative as Receiving;
      if (snapshot) receiving.restore!(valueIn(snapshot, this));
      for (const update of updates) receiving.apply!(valueIn(update, this));
      this.#position = position;
      this.#version = position.version;
    } catch (error) {
      // It may have applied a part.
      this.#representative = undefined;
      this.#position = undefined;
      throw error;
    } finally {
      this.#isBusy = false;
    }
  }

  #made(): Representative {
    const { words, root, space } = this;
    const here: Here<Own, Root> = { words, root, slot: space.slot, space };
    return new this.#definition.representative(here as Here) as Representative;
  }

  /** What this worker's representative is, of what version. */
  #snapshot(): [unknown, Position] {
    const representative = this.#look() as Receiving;
    const position = this.#position!;
    this.#trusted = NO_ONE;
    this.#isBusy = true;
    try {
      return [representative.snapshot!(), position];
    } finally {
      this.#isBusy = false;
    }
  }

  /** @throws {DeadlockError} */
  #mustNotBeBusy(what: string): void {
    if (!this.#isBusy) return;
    throw new DeadlockError(
      `Cannot ${what}: received a call from its own representative's constructor, apply, snapshot or restore; expected one after that`,
    );
  }
}

function created(space: SharedSpace, kernel: LibraryKernel, { served, root, words, description }: Definition): number {
  const address = kernel.clustered_create(served, root.length, words.length, description.length) >>> 0;
  if (address === 0) return 0;
  const begin = kernel.clustered_description(address) >>> 0;
  space.bytes(begin, description.length).set(description, begin);
  return address;
}
