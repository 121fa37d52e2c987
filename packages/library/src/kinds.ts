/** The kinds of objects: the names of their classes. */
export type Kind =
  | "Mutex"
  | "Condition"
  | "RwLock"
  | "Semaphore"
  | "Barrier"
  | "Once"
  | "Event"
  | "Counter"
  | "Histogram"
  | "Channel"
  | "McsLock"
  | "TicketLock"
  | "SharedBuffer"
  | "Latch"
  | "Pool"
  | "SharedMap"
  | "Replicated"
  | "SharedCache"
  | "ClusteredObject"
  | "Service";

/** What the handle of a program's own clustered object says: the kind, and the name of its class. */
export type ClusteredKind = `ClusteredObject:${string}`;

/** By their numbers in kernel/library/objects.ts, from 1 on. @internal */
export const KINDS: readonly Kind[] = [
  "Mutex",
  "Condition",
  "RwLock",
  "Semaphore",
  "Barrier",
  "Once",
  "Event",
  "Counter",
  "Histogram",
  "Channel",
  "McsLock",
  "TicketLock",
  "SharedBuffer",
  "Latch",
  "Pool",
  "SharedMap",
  "Replicated",
  "SharedCache",
  "ClusteredObject",
  "Service",
];

/** What the identity of an object says: of a program's own classes, what they all are. */
export function kindIn(kind: Kind | ClusteredKind): Kind {
  const [own] = kind.split(":");
  return own as Kind;
}
