/**
 * What the library needs of Node or of the browser beside WebAssembly: who runs this, how many threads can run at once, and
 * who notices that a worker died. Without imports of Node's modules, which browsers would have to resolve.
 */
import type { LibraryKernel } from "./kernel.js";
import type { Memory } from "./memory.js";

/** A worker's use of a space. */
export interface WatchedSpace {
  readonly kernel: LibraryKernel;
  readonly memory: Memory;
  /** The worker's; it has it when it is watched. */
  readonly slot: number;
  close(): void;
}

/** What ties a worker to the guardian of a space. */
export interface Lifeline {
  /** Resolves when the worker's end is seen. */
  readonly guarded: Promise<void>;
  /** For who uses the space no more. What the worker still has there is repaired. */
  end(): void;
}

export interface Platform {
  /** Whether this is the thread that waits for events rather than computes. */
  readonly isMainThread: boolean;
  /** Node's number of this thread; 0 in browsers. */
  readonly threadId: number;
  /** How many threads can run at once. */
  cores(): number;
  /** Sees to it that there is a thread that repairs what dead workers leave in a space, one for all that this one makes. */
  guard(space: WatchedSpace): void;
  /**
   * Sees to it that the end of this worker is noticed, which is about to take a slot of the space for an incarnation.
   *
   * @throws {SpaceClosedError} if it would not be
   */
  watch(space: WatchedSpace, incarnation: number): Lifeline;
  /** Sees to it that a buffer, which several values share, is never transferred; where that cannot be, there is none. */
  keepBuffer?(buffer: ArrayBuffer): void;
}
