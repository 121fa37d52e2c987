/**
 * What the library needs of Node or the browser beside WebAssembly: who runs this, how many cores there are, and who
 * notices that a worker died.
 */
import type { MessagePort as NodePort } from "node:worker_threads";
import type { SharedSpace } from "./space.js";

type Threads = typeof import("node:worker_threads");

/** Node's threads; undefined elsewhere. Without an import, which browsers would have to resolve. */
const threads: Threads | undefined = globalThis.process?.getBuiltinModule?.("node:worker_threads");

/** Whether this is the thread that waits for events rather than computes. */
export const isMainThread: boolean = threads ? threads.isMainThread : typeof document !== "undefined";

/** How many threads can run at once. */
export function cores(): number {
  return threads ? process.getBuiltinModule("node:os").availableParallelism() : navigator.hardwareConcurrency;
}

/** What a worker sends to the guardian: the port closes when the worker is gone, however it went. */
export interface Lifeline {
  readonly memory: WebAssembly.Memory;
  readonly slot: number;
  readonly incarnation: number;
  readonly port: NodePort;
}

let guardian: { readonly threadId: number } | undefined;

/** Starts the thread that repairs, one for all spaces that this thread makes. Returns its id. */
export function startGuardian(): number {
  if (!threads) return 0;
  if (!guardian) {
    const worker = new threads.Worker(new URL("./guardian.js", import.meta.url), { execArgv: [], stdin: false });
    worker.unref();
    guardian = worker;
  }
  return guardian.threadId;
}

/** Milliseconds between attempts to reach a guardian that is starting. */
const RETRY = 10;

/** Sees to it that this worker's end is noticed, and that nothing is left behind where it ends in good order. */
export function attachTo(space: SharedSpace): void {
  if (!threads || threads.isMainThread) return;
  const { kernel, memory, slot } = space;
  process.once("exit", () => kernel.repair(slot));
  const incarnation = kernel.incarnation_of(slot);
  const send = () => {
    const { port1, port2 } = new threads.MessageChannel();
    port1.unref();
    lifelines.set(space, port1);
    const lifeline: Lifeline = { memory, slot, incarnation, port: port2 };
    threads.postMessageToThread(kernel.guardian(), lifeline, [port2]).catch(() => setTimeout(send, RETRY).unref());
  };
  send();
}

/** By space, kept from being collected, which would close them. */
const lifelines = new Map<SharedSpace, NodePort>();
