/** What the library throws; each has the name of its class in `name`, also where it comes from another worker. */

/** The caller would wait for itself: it holds what it asks for, and blocks the event loop that could let it go. */
export class DeadlockError extends Error {
  override readonly name = "DeadlockError";
}

/** Somebody else holds what the caller wants to let go, or nobody does. */
export class NotOwnerError extends Error {
  override readonly name = "NotOwnerError";
}

/** The object has been freed. */
export class FreedError extends Error {
  override readonly name = "FreedError";
}

/** The handle belongs to another space than it must, or to nothing that is there. */
export class ForeignHandleError extends Error {
  override readonly name = "ForeignHandleError";
}

/** The space is closed: this worker has closed it, or what repairs it has ended with the worker that made it. */
export class SpaceClosedError extends Error {
  override readonly name = "SpaceClosedError";
}

/** The space has no room, or no slot, left. */
export class SpaceFullError extends Error {
  override readonly name = "SpaceFullError";
}

/** Nothing can be sent any more: somebody has closed the channel. */
export class ChannelClosedError extends Error {
  override readonly name = "ChannelClosedError";
}

/** The thread must not block: a browser's main thread. */
export class BlockingError extends Error {
  override readonly name = "BlockingError";
}

/** More workers use the space than there are cores, and who waits for the lock would spin. */
export class OversubscribedError extends Error {
  override readonly name = "OversubscribedError";
}
