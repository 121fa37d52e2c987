/** What the machine and the threads that are its processors say to each other. */

/** Data a thread is started with. */
export interface ThreadData {
  readonly processor: number;
  /** The core to stay on, or undefined to let the operating system choose. */
  readonly core: number | undefined;
  readonly instructions: WebAssembly.Module;
}

/** Asks a thread to execute an entry point. */
export interface RunRequest {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly entry: string;
  readonly arguments: readonly number[];
  readonly processors: number;
  readonly gate: SharedArrayBuffer;
  /** `process.hrtime` of the machine at which its clock is 0, in nanoseconds. */
  readonly epoch: bigint;
}

/** What a thread says: that it is up; that it opened the gate; and one answer to each request. */
export type ThreadMessage =
  | { readonly kind: "up"; readonly pinned: boolean }
  | { readonly kind: "started" }
  | { readonly kind: "done"; readonly result: number | bigint | undefined; readonly nanoseconds: number }
  | { readonly kind: "failed"; readonly error: ThreadError }
  | { readonly kind: "abandoned" };

export type Done = Extract<ThreadMessage, { kind: "done" }>;

/** An error as it crosses from a thread: structured cloning would lose the class of a trap. */
export interface ThreadError {
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
}
