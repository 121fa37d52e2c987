import type { Transferable } from "node:worker_threads";
import type { SizeName } from "./values.js";

/** Calls from one thread to another. */
export interface CallPeer {
  /** In the thread that measures: starts so many servers, and says what callers, so many, open them by. */
  start(servers: number, callers: number): Promise<Started>;
  /** In the thread that calls. */
  open(handle: unknown): Opened;
}

export interface Started {
  readonly handles: readonly { readonly handle: unknown; readonly transfer: readonly Transferable[] }[];
  close(): Promise<void>;
}

export interface Opened {
  /** Calls that block; where there are none, it is left out. */
  readonly blocking?: (size: SizeName) => (value: unknown) => unknown;
  /** Calls whose answers are promises. */
  readonly promised?: (size: SizeName) => (value: unknown) => Promise<unknown>;
}
