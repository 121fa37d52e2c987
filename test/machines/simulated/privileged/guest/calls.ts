/** What the guest's program asks its kernel for, by the numbers of `trap`. */
export enum Call {
  /** a: a number, which comes into the log. */
  Say = 1,
  /** Answers ten times a, and logs all it was given. */
  Sum,
  /** The program's function ends, with a. */
  Exit,
  /** The page a loses its frame, and what is there. */
  Drop,
  /** The thread goes on later, on the next processor. */
  Yield,
  /** Answers 1, and 0 in the copy. */
  Fork,
  /** Calls the function `exits` of the same instance; what that returns. */
  Nest,
  /** Calls the function `captures` of another instance, in a space of its own; what that returns. */
  Serve,
  /** Answers after the time of an interrupt, which is not taken meanwhile. */
  Work,
}

/** What a call returns that its server did not end. */
export const CALL_ABORTED: u32 = 0xffff;
