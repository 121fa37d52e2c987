/** What the machine and the threads that are its processors say to each other. */

import type { Memory } from "../../program/program.js";
import type { Result } from "../machine.js";

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
  readonly memoryType: Memory;
  /** The memory, if the program imports a shared one; others cannot be sent, and the thread's instance has its own. */
  readonly memory: WebAssembly.Memory | undefined;
  readonly entry: string;
  readonly arguments: readonly (number | bigint)[];
  readonly processors: number;
  readonly gate: SharedArrayBuffer;
  /** `process.hrtime` of the machine at which its clock is 0, in nanoseconds. */
  readonly epoch: bigint;
}

/** What a thread says: that it is up; that it opened the gate; and one answer to each request. */
export type ThreadMessage =
  | { readonly kind: "up"; readonly pinned: boolean }
  | { readonly kind: "started" }
  | {
      readonly kind: "done";
      readonly result: Result;
      readonly nanoseconds: number;
      /** What the instance's own memory holds; undefined if nobody can see it, or it was sent. */
      readonly contents: Uint8Array | undefined;
    }
  | { readonly kind: "failed"; readonly error: ThreadError }
  | { readonly kind: "abandoned" };

export type Done = Extract<ThreadMessage, { kind: "done" }>;

/** An error as it crosses from a thread: structured cloning would lose the class of a trap. */
export interface ThreadError {
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
}
