/**
 * The classes of objects, by kind. Each one's file adds it: a bundle has those that its program imports, and `receive`, which
 * opens handles of every kind, imports all.
 */
import type { Kind } from "./kinds.js";
import type { Existing, SharedObject } from "./shared-object.js";

export type SharedClass = new (existing: Existing) => SharedObject;

const classes = new Map<Kind, SharedClass>();

export function addClass(kind: Kind, its: SharedClass): void {
  classes.set(kind, its);
  // Bundlers shorten names, and errors say them.
  Object.defineProperty(its, "name", { value: kind });
}

/** Undefined: the program has left it out. */
export function classOf(kind: Kind): SharedClass | undefined {
  return classes.get(kind);
}

/** The kind of which it is the class: of no abstract one, and of none that a program has derived. */
export function kindOf(value: unknown): Kind | undefined {
  for (const [kind, its] of classes) if (its === value) return kind;
  return undefined;
}
