import type { MessagePort } from "node:worker_threads";
import { SpaceClosedError } from "../errors.js";
import { identityOf } from "../kernel.js";
import type { Memory } from "../memory.js";
import type { Lifeline, Platform } from "../platform.js";
import type { SharedSpace } from "../space.js";
import { nodeGuardian } from "./guardian-code.js";
import { guardianScript } from "./guardian-script.js";

/** How a worker asks the guardian to watch it: on the guardian's channel, again and again until it is answered. */
export interface Call {
  readonly memory: Memory;
  readonly incarnation: number;
  /** Of the channel on which the worker receives its end of the lifeline; no other has the name. */
  readonly channel: string;
  /** Becomes 1 when it is watched. */
  readonly answered: Int32Array;
}

/** What the guardian could not repair, for people. */
export type Trouble = string;

/** The channel of a guardian, by the number of its thread. */
export function channelOf(guardian: number): string {
  return `landspout ${guardian}`;
}

/** Milliseconds between calls: a guardian that is starting does not hear them. */
const AGAIN = 2;
/** Milliseconds after which there is no guardian: it starts in some 50, or in some thousand where all cores are busy. */
const PATIENCE = 30_000;

/**
 * Node: the guardian holds one end of a message channel for each worker, and hears when Node closes the other end with the
 * worker, however that goes.
 *
 * A worker blocks until it is watched, and takes its slot then. No step of that is the main thread's, which may block for
 * ever: broadcast channels pass messages from thread to thread.
 */
export function node(): Platform {
  const threads = process.getBuiltinModule("node:worker_threads");
  let guardian: ReturnType<typeof start> | undefined;
  /** Of a worker: the spaces that it made, whose guardian ends with it. */
  const unwatched = new Set<WeakRef<SharedSpace>>();

  function start() {
    // From a string: bundlers would leave out its file.
    const worker = new threads.Worker(guardianScript(nodeGuardian), { eval: true, execArgv: [] });
    worker.on("message", (trouble: Trouble) => process.emitWarning(trouble, { code: "LANDSPOUT_REPAIR" }));
    worker.unref();
    return worker;
  }

  function call(space: SharedSpace, incarnation: number): MessagePort {
    const { kernel, memory } = space;
    const channel = `landspout ${identityOf(kernel)} ${incarnation}`;
    const answered = new Int32Array(new SharedArrayBuffer(4));
    const mine = new threads.BroadcastChannel(channel);
    const guardians = new threads.BroadcastChannel(channelOf(kernel.guardian()));
    try {
      for (const end = performance.now() + PATIENCE; kernel.guardian() !== 0 && performance.now() < end; ) {
        guardians.postMessage({ memory, incarnation, channel, answered } satisfies Call);
        if (Atomics.wait(answered, 0, 0, AGAIN) !== "timed-out") break;
      }
      const port: MessagePort | undefined = threads.receiveMessageOnPort(mine as never)?.message;
      if (port) return port;
    } finally {
      mine.close();
      guardians.close();
    }
    throw new SpaceClosedError(
      "Cannot use the SharedSpace: received one whose maker has ended, so that nobody repairs what workers leave; expected a maker that outlives them",
    );
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
      const port = call(space, incarnation);
      port.unref();
      return { guarded: Promise.resolve(), end: () => port.close() };
    },
  };
}

const UNWATCHED: Lifeline = { guarded: Promise.resolve(), end: () => {} };
