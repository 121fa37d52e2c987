/**
 * The classes of objects, by kind. Each one's file adds it: a bundle has those that its program imports, and `receive`, which
 * opens handles of every kind, imports all. A program's own are added when it defines them.
 */
import type { ClusteredKind, Kind } from "./kinds.js";
import type { Existing, SharedObject } from "./shared-object.js";

export type SharedClass = new (existing: Existing) => SharedObject;

const classes = new Map<Kind | ClusteredKind, SharedClass>();

export function addClass(kind: Kind | ClusteredKind, its: SharedClass): void {
  classes.set(kind, its);
  // Bundlers shorten names, and errors say them.
  Object.defineProperty(its, "name", { value: kind.slice(kind.indexOf(":") + 1) });
}

/** Undefined: the program has left it out, or has not defined it. */
export function classOf(kind: Kind | ClusteredKind): SharedClass | undefined {
  return classes.get(kind);
}

/** The kind of which it is the class: of no abstract one, and of none that a program has derived and not defined. */
export function kindOf(value: unknown): Kind | ClusteredKind | undefined {
  for (const [kind, its] of classes) if (its === value) return kind;
  return undefined;
}
