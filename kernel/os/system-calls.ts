/**
 * The system calls of all kernels: the numbers of `trap`, by groups, and what a to d are. A kernel has some of them; it
 * answers every other number with `SystemError.Unknown`. The instruction `clock` needs none.
 */
export enum SystemCall {
  /** Ends the process; a: its status. Does not return. */
  Exit = 0,
  /** Lets other processes run; returns 0. */
  Yield = 1,
  /** Returns the number of the process, from 1 on. */
  Process = 2,

  /** Writes to the console; a: the address, b: how many bytes. Returns how many it has written: all, or an error. */
  Write = 16,

  /** Returns the microseconds since the machine booted, modulo 2^32. */
  Time = 32,
}

/** What a system call returns that could not be done; as signed numbers below 0. */
export enum SystemError {
  /** The kernel has no such call. */
  Unknown = -1,
  /** An address is out of the process's memory. */
  BadAddress = -2,
}
