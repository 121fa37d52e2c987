/** Why the monitor ends the run: what a kernel's error is on the bare machine, but for the last two. */
export enum Failure {
  /** A WebAssembly trap, `fail`, `trap` or `memory.atomic.wait` in the guest's kernel. */
  GuestFailed = 1,
  /** The guest's kernel refers to what is not its memory. */
  GuestOutOfBounds,
  /** A function that must not return did. */
  GuestReturned,
  /** An instruction has an argument that there is not. */
  GuestArgument,
  /** More contexts and instances, or tables, than the monitor has room for. */
  OutOfNumbers,
  OutOfCompletions,
}
