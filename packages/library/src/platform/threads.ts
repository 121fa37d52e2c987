/** Apart from current.ts, so that programs without a Pool do not carry it. */
import { browserThreads } from "./browser-threads.js";
import { nodeThreads } from "./node-threads.js";
import type { Threads } from "./thread.js";

export const threads: Threads = globalThis.process?.versions?.node ? nodeThreads() : browserThreads();
