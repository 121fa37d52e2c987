/**
 * What the library needs of Node or of the browser beside WebAssembly: who runs this, how many threads can run at once, and
 * who notices that a worker died. Without imports of Node's modules, which browsers would have to resolve.
 */
import type { Memory } from "./memory.js";
import { browser } from "./platform/browser.js";
import { node } from "./platform/node.js";
import type { SharedSpace } from "./space.js";

export interface Platform {
  /** Whether this is the thread that waits for events rather than computes. */
  readonly isMainThread: boolean;
  /** Node's number of this thread; 0 in browsers. */
  readonly threadId: number;
  /** How many threads can run at once. */
  cores(): number;
  /**
   * Starts the thread that repairs what dead workers leave behind, one for all spaces that this thread makes, and tells it
   * of a space. Returns its id, above 0.
   */
  guard(memory: Memory): number;
  /**
   * Sees to it that this worker's end is noticed, and that nothing is left behind where it ends in good order. Resolves
   * when the guardian watches.
   */
  attach(space: SharedSpace): Promise<void>;
  /** Undoes `attach`. */
  detach(space: SharedSpace): void;
}

export const platform: Platform = globalThis.process?.versions?.node ? node() : browser();
