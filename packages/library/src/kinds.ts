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
  | "SharedCache";

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
];
