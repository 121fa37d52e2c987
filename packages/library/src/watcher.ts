/** What landspout/debug is told of this worker's waits. @internal */
export interface Watcher {
  /**
   * The worker has to block for an object; for a time only, if that is not Infinity. `stack`: for the answer of a call of that
   * Service, by this A-stack.
   */
  begins(object: number, milliseconds: number, stack?: number): void;
  /**
   * The worker is about to sleep, or to spin, after an attempt that told it so. The caller gets what this throws, and
   * gives the attempt up.
   */
  waits(): void;
  ends(): void;
  /** The worker begins to wait without blocking, for an object or for a call's A-stack; to be called when that wait has ended. */
  beginsWithoutBlocking(object: number): () => void;
}
