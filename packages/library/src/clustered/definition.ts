/** What programs say of their own classes of clustered objects, and what tells whether two workers have said the same. */
import { mustBeOptions, mustBeWhole, wrong } from "../arguments.js";
import { addClass, classOf, type SharedClass } from "../classes.js";
import type { SharedObject } from "../shared-object.js";
import type { SharedSpace } from "../space.js";
import type { Words } from "./words.js";

const MOST_WORDS = 64;
const MOST_SERVED = 4096;
const MOST_NAME = 100;
const MOST_HISTORY = 2 ** 29;
const USUAL_HISTORY = 2 ** 16;

/** Where a representative is: what its class is given when a worker makes one. */
export interface Here<Own extends string = string, Root extends string = string> {
  /** Its own words, which it shares with the representatives of its cluster. */
  readonly words: Words<Own>;
  /** The root's words, which all share. */
  readonly root: Words<Root>;
  /** The worker's slot: 1 to the space's `workers`. */
  readonly slot: number;
  readonly space: SharedSpace;
}

/** What a class of clustered objects is made of. */
export interface ClusteredDefinition<
  Representative extends object = object,
  Own extends string = string,
  Root extends string = string,
> {
  /**
   * The class of what each worker makes for itself when it first uses the object. Its methods `apply`, `snapshot` and
   * `restore` are for `broadcast`.
   */
  readonly representative: new (
    here: Here<Own, Root>,
  ) => Representative;
  /** Names of the words of each representative: at most 64. Default: none. */
  readonly words?: readonly Own[] | undefined;
  /** Names of the words of the root: at most 64. Default: none. */
  readonly root?: readonly Root[] | undefined;
  /**
   * How many workers share the words of one representative: each has its own, all have the same, or so many, 1 to 4096, by
   * their slots. Default: "worker".
   */
  readonly degree?: "worker" | "one" | number | undefined;
  /**
   * Bytes of the updates that are kept for workers that have not applied them: 0 to 2^29. Beyond that a snapshot takes their
   * place. Default: 65536.
   */
  readonly history?: number | undefined;
}

/** The same with all that was left out. */
export interface Definition {
  readonly name: string;
  readonly representative: new (here: Here) => object;
  readonly words: readonly string[];
  readonly root: readonly string[];
  /** Workers that a representative serves; 0: all. */
  readonly served: number;
  readonly history: number;
  /** Equal where objects are alike: UTF-8. */
  readonly description: Uint8Array;
}

const definitions = new WeakMap<object, Definition>();
const utf8 = new TextEncoder();

/**
 * @throws {TypeError} if the class is none of clustered objects, or was defined before; if one with other words or another
 *   degree has the name; or of a wrong argument
 */
export function define(its: unknown, base: object, name: string, definition: ClusteredDefinition): void {
  const what = "define a ClusteredObject";
  if (typeof its !== "function" || its === base || Object.getPrototypeOf(its) !== base)
    throw wrong(what, its, "a class that extends ClusteredObject, as in static { Hits.define(...) }");
  if (typeof name !== "string" || name === "" || name.length > MOST_NAME)
    throw wrong(what, name, `a name, a text of 1 to ${MOST_NAME} characters`, "string");
  mustBeOptions(definition, what, ["representative", "words", "root", "degree", "history"]);
  const { representative, words = [], root = [], degree = "worker", history = USUAL_HISTORY } = definition ?? {};
  if (typeof representative !== "function" || !representative.prototype)
    throw wrong(what, representative, "representative: a class");
  mustBeNames(words, what, "words");
  mustBeNames(root, what, "root");
  mustBeDegree(degree, what);
  mustBeWhole(history, what, 0, MOST_HISTORY, "history: bytes");
  if (definitions.has(its)) throw new TypeError(`Cannot ${what}: received ${name} again; expected to define it once`);
  const served = degree === "worker" ? 1 : degree === "one" ? 0 : degree;
  const description = utf8.encode(JSON.stringify([name, served, words, root]));
  // A module that is loaded anew has the same class anew, which takes the place of the former one.
  const former = definitions.get(classOf(`ClusteredObject:${name}`) ?? {})?.description;
  if (former && !isEqual(former, description))
    throw new TypeError(`Cannot ${what}: received the name ${name} of another class; expected a name of its own`);
  const own = { name, representative, words: [...words], root: [...root], served, history, description };
  definitions.set(its, own);
  addClass(`ClusteredObject:${name}`, its as SharedClass);
}

/** @throws {TypeError} if the class was not defined */
export function definitionOf(its: { readonly name: string }): Definition {
  const definition = definitions.get(its);
  if (definition) return definition;
  throw new TypeError(
    `Cannot make a clustered object: received the class ${its.name}, which is not defined; expected static { ${its.name}.define(...) } in it`,
  );
}

function mustBeNames(names: unknown, what: string, as: string): void {
  const isOne = (name: unknown) => typeof name === "string" && name !== "";
  if (!Array.isArray(names) || !names.every(isOne) || new Set(names).size !== names.length)
    throw wrong(what, names, `${as}: different names, texts in an array`);
  mustBeWhole(names.length, what, 0, MOST_WORDS, `${as}: a number of names`);
}

function mustBeDegree(degree: unknown, what: string): void {
  const isNumber = Number.isInteger(degree) && (degree as number) >= 1 && (degree as number) <= MOST_SERVED;
  if (degree === "worker" || degree === "one" || isNumber) return;
  const type = typeof degree === "string" ? "string" : "number";
  throw wrong(what, degree, `degree: "worker", "one" or a number of workers, 1 to ${MOST_SERVED}`, type);
}

/** Whether the description in the space is that of a class. */
export function isAlike({ space, handle }: SharedObject, { description }: Definition): boolean {
  const begin = space.kernel.clustered_description(handle.address) >>> 0;
  if (space.kernel.clustered_described(handle.address) !== description.length) return false;
  return isEqual(description, space.bytes(begin, description.length).subarray(begin, begin + description.length));
}

function isEqual(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => b[i] === byte);
}
