import type { MessagePort, Worker } from "node:worker_threads";
import type { Memory } from "../memory.js";
import type { Platform } from "../platform.js";
import type { SharedSpace } from "../space.js";
import { nodeGuardian } from "./guardian-code.js";
import { guardianScript } from "./guardian-script.js";

/** What a worker sends to the guardian: the port closes when the worker is gone, however it went. */
export interface Lifeline {
  readonly memory: Memory;
  readonly slot: number;
  readonly incarnation: number;
  readonly port: MessagePort;
}

/** Milliseconds between attempts to reach the guardian. */
const RETRY = 10;
/** Milliseconds that a worker waits at most for a guardian that is starting; some 50, where there are cores for all. */
const START = 1000;
/** Milliseconds that it waits at most until the guardian has its lifeline; less than one, if the main thread does not block. */
const DELIVERY = 100;

/**
 * Node: each worker sends the guardian an end of a message channel; Node closes the other end with the worker. It passes
 * through the event loop of the main thread, which may block as soon as it hears of the worker, on what that holds: so
 * the worker waits until the guardian has it.
 */
export function node(): Platform {
  const threads = process.getBuiltinModule("node:worker_threads");
  let guardian: Worker | undefined;
  /** This worker's ends, by space; undefined on the main thread, with which the process ends, and the space. */
  const lifelines = new Map<SharedSpace, MessagePort | undefined>();

  async function guard(space: SharedSpace): Promise<void> {
    const { kernel, memory, slot } = space;
    const incarnation = kernel.incarnation_of(slot);
    for (let wait = START; lifelines.has(space); wait = 0) {
      const { port1, port2 } = new threads.MessageChannel();
      port1.unref();
      lifelines.set(space, port1);
      const lifeline: Lifeline = { memory, slot, incarnation, port: port2 };
      try {
        const delivery = threads.postMessageToThread(kernel.await_guardian(wait), lifeline, [port2]);
        if (wait > 0) kernel.await_watchable(slot, DELIVERY);
        await delivery;
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
    guard: (memory) => {
      // From a string: bundlers would leave out its file.
      guardian ??= new threads.Worker(guardianScript(nodeGuardian), { eval: true, execArgv: [] });
      guardian.unref();
      guardian.postMessage(memory);
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
