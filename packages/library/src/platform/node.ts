import type { MessagePort } from "node:worker_threads";
import { SpaceClosedError } from "../errors.js";
import { identityOf } from "../kernel.js";
import type { Memory } from "../memory.js";
import type { Lifeline, Platform, WatchedSpace } from "../platform.js";
import { nodeGuardian } from "./guardian-code.js";
import { guardianScript } from "./guardian-script.js";

/** How a worker asks the guardian to watch it: on the guardian's channel, again and again until it is answered. */
export interface Call {
  readonly memory: Memory;
  readonly incarnation: number;
  /** Of the channel on which the worker receives its end of the lifeline; no other has the name. */
  readonly channel: string;
  /** A Reply, 0 until there is one. */
  readonly answered: Int32Array;
}

/** What the guardian answers. */
export const Reply = {
  /** The worker is watched. */
  Watched: 1,
  /** This Node does not let the guardian send a port past the main thread: the worker sends it one. */
  SendPort: 2,
} as const;

/** What a worker sends to the guardian then, through the main thread's event loop. */
export interface Sent {
  readonly call: Call;
  readonly port: MessagePort;
}

/** What the guardian could not repair, for people. */
export type Trouble = string;

/** The channel of a guardian, by the number of its thread. */
export function channelOf(guardian: number): string {
  return `landspout ${guardian}`;
}

/** Milliseconds between calls: a guardian that is starting does not hear them. */
const AGAIN = 2;
/**
 * Milliseconds after which there is no guardian: it starts in some 50, or in some thousand where all cores are busy.
 */
const PATIENCE = 30_000;
/**
 * Milliseconds that a worker waits for the main thread to pass its port on, before it goes on unwatched; else less than
 * one.
 */
const DELIVERY = 100;

/**
 * Node: the guardian holds one end of a message channel for each worker, and hears when Node closes the other end with
 * the worker, however that goes.
 *
 * A worker blocks until it is watched, and takes its slot then. No step of that is the main thread's, which may block
 * for ever: broadcast channels pass messages from thread to thread. To pass a port so, the guardian uses a part of Node
 * that is not documented. Where that is missing, the worker sends the port through the main thread's event loop, and is
 * not watched until that has turned: Node drops what passes there when its sender ends.
 */
export function node(): Platform {
  const threads = process.getBuiltinModule("node:worker_threads");
  let guardian: ReturnType<typeof start> | undefined;
  /** Of a worker: the spaces that it made, whose guardian ends with it. */
  const unwatched = new Set<WeakRef<WatchedSpace>>();

  function start() {
    // From a string: bundlers would leave out its file.
    const worker = new threads.Worker(guardianScript(nodeGuardian), { eval: true, execArgv: [] });
    worker.on("message", (trouble: Trouble) => process.emitWarning(trouble, { code: "LANDSPOUT_REPAIR" }));
    worker.unref();
    return worker;
  }

  function call({ kernel, memory }: WatchedSpace, incarnation: number): Lifeline {
    const channel = `landspout ${identityOf(kernel)} ${incarnation}`;
    const call: Call = { memory, incarnation, channel, answered: new Int32Array(new SharedArrayBuffer(4)) };
    const mine = new threads.BroadcastChannel(channel);
    const guardians = new threads.BroadcastChannel(channelOf(kernel.guardian()));
    try {
      for (const end = performance.now() + PATIENCE; kernel.guardian() !== 0 && performance.now() < end; ) {
        guardians.postMessage(call);
        if (Atomics.wait(call.answered, 0, 0, AGAIN) !== "timed-out") break;
      }
      if (Atomics.load(call.answered, 0) === Reply.SendPort) return send(call, kernel.guardian());
      const port: MessagePort | undefined = threads.receiveMessageOnPort(mine as never)?.message;
      if (port) return lifelineOf(port, Promise.resolve());
    } finally {
      mine.close();
      guardians.close();
    }
    throw new SpaceClosedError(
      "Cannot use the SharedSpace: received a space whose maker has ended: no thread repairs what workers leave; expected a maker that outlives the workers",
    );
  }

  function send(call: Call, guardian: number): Lifeline {
    const { port1, port2 } = new threads.MessageChannel();
    const message: Sent = { call, port: port2 };
    const delivery = threads.postMessageToThread(guardian, message, [port2]);
    Atomics.wait(call.answered, 0, Reply.SendPort, DELIVERY);
    const lifeline = lifelineOf(port1, delivery);
    // Before, the worker does not end of itself. It fails when the maker has ended: told to who awaits `guarded`.
    port1.ref();
    delivery.finally(() => port1.unref()).catch(() => {});
    return lifeline;
  }

  function lifelineOf(port: MessagePort, guarded: Promise<void>): Lifeline {
    port.unref();
    return { guarded, end: () => port.close() };
  }

  if (!threads.isMainThread) {
    process.once("exit", () => {
      for (const reference of unwatched) {
        const space = reference.deref();
        // Handlers that come later get an error: the slot may be another worker's by then.
        space?.kernel.set_guardian(0);
        space?.close();
      }
    });
  }

  return {
    isMainThread: threads.isMainThread,
    threadId: threads.threadId,
    cores: () => process.getBuiltinModule("node:os").availableParallelism(),
    guard: ({ kernel }) => {
      guardian ??= start();
      kernel.set_guardian(guardian.threadId);
    },
    watch: (space, incarnation) => {
      // With the main thread the process ends, and the space.
      if (threads.isMainThread) return UNWATCHED;
      if (guardian !== undefined && space.kernel.guardian() === guardian.threadId) {
        const reference = new WeakRef(space);
        unwatched.add(reference);
        return { ...UNWATCHED, end: () => void unwatched.delete(reference) };
      }
      return call(space, incarnation);
    },
    keepBuffer: threads.markAsUntransferable,
  };
}

const UNWATCHED: Lifeline = { guarded: Promise.resolve(), end: () => {} };
