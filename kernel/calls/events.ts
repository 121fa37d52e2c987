/** What programs and kernels mark of calls, for who measures them. */
export enum CallEvent {
  /** The client's stub begins; value: the procedure. Ends; value: the same. */
  ClientBegins = 64,
  ClientEnds = 65,
  /** The server's stub begins, and ends; value: the procedure. */
  ServerBegins = 66,
  ServerEnds = 67,
  /** The kernel is entered for a call or its return; value: 0 for the call, 1 for the return. */
  KernelEntered = 68,
  /** Arguments or results are copied; value: a `Copy`. */
  Copy = 69,
}

/** Copies of arguments and results, by the letters of Bershad et al., 1990, table III. */
export enum Copy {
  /** The client's stack to the message or A-stack. */
  A,
  /** The sender's domain to the kernel. */
  B,
  /** The kernel to the receiver's domain. */
  C,
  /** The sender's or the kernel's space to the receiver's or the kernel's. */
  D,
  /** The message to the server's stack. */
  E,
  /** The message to the client's results. */
  F,
}
