/** The errors of the library. Each has the name of its class in `name`, also one that comes from another worker. */

/**
 * The caller would wait for itself: it holds what it asks for, or blocks the event loop that could release it. With
 * landspout/debug, also: the wait closes a cycle of workers that wait for each other.
 */
export class DeadlockError extends Error {
  override readonly name = "DeadlockError";
}

/** The caller releases something that it does not hold. */
export class NotOwnerError extends Error {
  override readonly name = "NotOwnerError";
}

/** The object has been freed. */
export class FreedError extends Error {
  override readonly name = "FreedError";
}

/** The handle belongs to another space than it must, or to no object. */
export class ForeignHandleError extends Error {
  override readonly name = "ForeignHandleError";
}

/** The space is closed: this worker has closed it, or its guardian has ended with the worker that made it. */
export class SpaceClosedError extends Error {
  override readonly name = "SpaceClosedError";
}

/** The space has no room left, or no slot. */
export class SpaceFullError extends Error {
  override readonly name = "SpaceFullError";
}

/** The channel is closed: nothing can be sent any more. */
export class ChannelClosedError extends Error {
  override readonly name = "ChannelClosedError";
}

/** The call would block a thread that must not block: a browser's main thread. */
export class BlockingError extends Error {
  override readonly name = "BlockingError";
}

/** More workers use the space than there are cores, and a worker that waits for this lock spins. */
export class OversubscribedError extends Error {
  override readonly name = "OversubscribedError";
}

/** The pool is closed, or its maker has ended: nobody executes its tasks any more. */
export class PoolClosedError extends Error {
  override readonly name = "PoolClosedError";
}

/** The pool's queue has no room, and the caller does not want to wait for it. */
export class PoolFullError extends Error {
  override readonly name = "PoolFullError";
}

/** The pool's module exports no function of that name. */
export class NoSuchTaskError extends Error {
  override readonly name = "NoSuchTaskError";
}

/** The worker that executed the task ended before it was done. `cause` is the error that ended it, if there was one. */
export class WorkerDiedError extends Error {
  override readonly name = "WorkerDiedError";
  /** With which the worker ended; undefined in browsers. */
  readonly exitCode: number | undefined;

  /** @internal */
  constructor(message: string, exitCode: number | undefined, cause: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.exitCode = exitCode;
  }
}

/** The worker that executed the call ended before it had answered, or nobody serves the service any more. */
export class CallFailedError extends Error {
  override readonly name = "CallFailedError";
  /** The names of the service and of the procedure. */
  readonly procedure: string;

  /** @internal */
  constructor(message: string, procedure: string) {
    super(message);
    this.procedure = procedure;
  }
}

/** The service is closed, or nobody serves it; or the Binding was disposed of. */
export class ServiceClosedError extends Error {
  override readonly name = "ServiceClosedError";
}

/** All A-stacks of the service are in use, and the caller does not want to wait for one. */
export class ServiceFullError extends Error {
  override readonly name = "ServiceFullError";
}
