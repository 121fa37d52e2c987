import type { MessagePort } from "node:worker_threads";
import type { Memory } from "../memory.js";
import type { Platform } from "../platform.js";
import type { SharedSpace } from "../space.js";

/** What a worker sends to the guardian: the port closes when the worker is gone, however it went. */
export interface Lifeline {
  readonly memory: Memory;
  readonly slot: number;
  readonly incarnation: number;
  readonly port: MessagePort;
}

/** Milliseconds between attempts to reach a guardian that is starting. */
const RETRY = 10;

/** Node: each worker sends the guardian an end of a message channel; Node closes the other end with the worker. */
export function node(): Platform {
  const threads = process.getBuiltinModule("node:worker_threads");
  let guardian: number | undefined;
  /** This worker's ends, by space; undefined on the main thread, with which the process ends, and the space. */
  const lifelines = new Map<SharedSpace, MessagePort | undefined>();

  async function guard(space: SharedSpace): Promise<void> {
    const { kernel, memory, slot } = space;
    const incarnation = kernel.incarnation_of(slot);
    while (lifelines.has(space)) {
      const { port1, port2 } = new threads.MessageChannel();
      port1.unref();
      lifelines.set(space, port1);
      const lifeline: Lifeline = { memory, slot, incarnation, port: port2 };
      try {
        await threads.postMessageToThread(kernel.guardian(), lifeline, [port2]);
        return;
      } catch {
        await new Promise((resolve) => setTimeout(resolve, RETRY).unref());
      }
    }
  }

  process.once("exit", () => {
    for (const { kernel, slot } of lifelines.keys()) kernel.repair(slot);
  });

  return {
    isMainThread: threads.isMainThread,
    threadId: threads.threadId,
    cores: () => process.getBuiltinModule("node:os").availableParallelism(),
    guard: () => {
      if (guardian === undefined) {
        const worker = new threads.Worker(new URL("./node-guardian.js", import.meta.url), { execArgv: [] });
        worker.unref();
        guardian = worker.threadId;
      }
      return guardian;
    },
    attach: async (space) => {
      lifelines.set(space, undefined);
      if (!threads.isMainThread) await guard(space);
    },
    detach: (space) => {
      lifelines.get(space)?.close();
      lifelines.delete(space);
    },
  };
}
