/** What programs and kernels tell each other about calls: the numbers of traps, and what a call returns that was not made. */

/** System calls from here on are those of calls between domains. */
export enum CallTrap {
  /**
   * Message: a: the binding, b: the procedure, c: the address of the message, d: its bytes. Returns the bytes of the answer,
   * which is in the message's place; or a `CallError`.
   */
  SendMessage = 48,
  /**
   * Message, of a server: answers the call that the thread serves, if it serves one, and waits for the next. a: the address of
   * the answer, where the next message comes to; b: its bytes. Returns procedure | bytes << 16; or a `CallError`.
   */
  ReceiveMessage = 49,
  /**
   * Protected procedure call; the number is this + (procedure << 8) + (binding << 16), so that a to d are the procedure's, as
   * they are. Returns what the procedure does; or a `CallError`.
   */
  CallProtected = 50,
  /** The same on the processor that `SelectProcessor` has named. */
  CallRemote = 51,
  /** a: the processor on which the thread's remote calls are served. */
  SelectProcessor = 52,
  /** Of who serves a protected procedure call: a: the caller's address, b: one's own, c: bytes. Returns 0, or a `CallError`. */
  CopyFromCaller = 53,
  CopyToCaller = 54,
  /** a: the domain. No call enters it any more, and those in it fail. Returns 0, or a `CallError`. */
  Terminate = 55,
  /** a: the processor, which executes nothing any more once it is interrupted for this. Returns 0, or a `CallError`. */
  StopProcessor = 56,
  /** Lightweight call; a: the binding, b: the procedure, c: the A-stack. Returns what the procedure does; or a `CallError`. */
  CallLight = 57,
  /** Of a server's clerk; a: the address of its list, b: how many procedures. Returns 0, or a `CallError`. */
  ExportInterface = 58,
  /** a: the server's domain, b: where to tell the A-stacks: see binding.ts. Returns the binding, or a `CallError`. */
  Bind = 59,
  /** a: the binding, b: the procedure. Returns the first of further A-stacks, see a-stacks.ts; or a `CallError`. */
  BindMore = 60,
  /** Of who serves a lightweight call, as CopyFromCaller and CopyToCaller. */
  CopyFromClient = 61,
  CopyToClient = 62,
  /** Lets other threads be executed. */
  Yield = 63,
  /** The number of the thread, for `AbortCall`. */
  ThreadNumber = 64,
  /** a: the number of a thread. If it is in a call out of the domain, that returns CallAborted. Returns 0, or a `CallError`. */
  AbortCall = 65,
}

/** Of a binding's number: the server is on another machine. */
export const REMOTE: u32 = 0x80000000;

/** As signed numbers far below 0, which procedures must not return. */
export enum CallError {
  /** The server's domain ends, or has ended, before the procedure has returned. */
  CallFailed = -0x7fff_0001,
  /** No such binding. */
  BadBinding = -0x7fff_0002,
  /** An address or a number of bytes that the domain cannot give. */
  BadAddress = -0x7fff_0003,
  /** As many calls at once as there can be. */
  TooManyCalls = -0x7fff_0004,
  /** The processor executes nothing any more, or there is none. */
  ProcessorStopped = -0x7fff_0005,
  /** No such A-stack of the procedure's, or one that is in use. */
  BadAStack = -0x7fff_0006,
  /** The server has not exported its interface. */
  NotExported = -0x7fff_0007,
  /** The client has not waited for the procedure, which goes on. */
  CallAborted = -0x7fff_0008,
}

/** Whether a trap's result says that the call has failed. */
export function isError(result: i32): bool {
  return result <= CallError.CallFailed && result >= CallError.CallAborted;
}
