/**
 * What an object is, as structured clone sees it: by what it was made as, not by its prototype, which may be another realm's,
 * or changed.
 */
import { Tag } from "./structured-format.js";
import { Refusal } from "./structured-refusal.js";

export type ContainerTag = typeof Tag.object | typeof Tag.array | typeof Tag.map | typeof Tag.set | typeof Tag.error;

type ObjectTag =
  | ContainerTag
  | typeof Tag.boxed
  | typeof Tag.date
  | typeof Tag.regExp
  | typeof Tag.buffer
  | typeof Tag.view;

const getter = (prototype: object, name: string) => Object.getOwnPropertyDescriptor(prototype, name)!.get!;

/** What says of objects what they are: it throws for all others. By the name that `toString` gives. */
const PROOFS = new Map<string, readonly [tag: ObjectTag, proof: (this: never) => unknown]>(
  Object.entries({
    Map: [Tag.map, getter(Map.prototype, "size")],
    Set: [Tag.set, getter(Set.prototype, "size")],
    Date: [Tag.date, Date.prototype.getTime],
    RegExp: [Tag.regExp, getter(RegExp.prototype, "dotAll")],
    ArrayBuffer: [Tag.buffer, getter(ArrayBuffer.prototype, "byteLength")],
    Number: [Tag.boxed, Number.prototype.valueOf],
    String: [Tag.boxed, String.prototype.valueOf],
    Boolean: [Tag.boxed, Boolean.prototype.valueOf],
    BigInt: [Tag.boxed, BigInt.prototype.valueOf],
  }),
);

/**
 * The tag of an object by which it is written; undefined if it cannot be copied: it is none that structured clone knows, and
 * says by its `Symbol.toStringTag` that it is more than its properties, as a Promise, a Blob or a WeakMap.
 *
 * @throws {Refusal} of a Proxy that was revoked, which nothing can be asked
 */
export function tagOf(object: object): ObjectTag | undefined {
  if (isArray(object)) return Tag.array;
  const text = Object.prototype.toString.call(object);
  if (text === "[object Object]") return Tag.object;
  if (ArrayBuffer.isView(object)) return Tag.view;
  // An Error has no tag: whatever has one says so only.
  if (object instanceof Error || (text === "[object Error]" && !(Symbol.toStringTag in object))) return Tag.error;
  const [tag, proof] = PROOFS.get(text.slice(8, -1)) ?? [];
  if (tag !== undefined && holds(proof!, object)) return tag;
  const prototype = Object.getPrototypeOf(object);
  const isPlain = prototype === null || Object.getPrototypeOf(prototype) === null;
  return tag !== undefined || isPlain ? Tag.object : undefined;
}

function isArray(object: object): boolean {
  try {
    return Array.isArray(object);
  } catch {
    throw new Refusal("a Proxy that was revoked");
  }
}

function holds(proof: (this: never) => unknown, object: object): boolean {
  try {
    proof.call(object as never);
    return true;
  } catch {
    return false;
  }
}

/** What is in a Number, a String, a Boolean or a BigInt. */
export function unboxed(object: object): unknown {
  return PROOFS.get(kindOf(object))![1].call(object as never);
}

/** The name of what an object is, for messages and as a key of PROOFS. */
export function kindOf(object: object): string {
  return Object.prototype.toString.call(object).slice(8, -1);
}
