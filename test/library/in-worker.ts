import { type ResourceLimits, Worker } from "node:worker_threads";
import type * as Debug from "#library/debug/index.js";
import type * as Library from "#library/index.js";
import { bundle } from "./bundle.js";

const libraryAndDebug = await bundle(new URL("library-and-debug.ts", import.meta.url));

/** What the body of a worker finds: nothing of the test around it is there. */
export interface InWorker<Data> {
  readonly library: typeof Library;
  readonly debug: typeof Debug;
  /** `workerData`, received. */
  readonly data: Data;
  /** Sends a message to the test. */
  say(message: unknown): void;
  /** Hears every message of the test, received. The worker lives until it is terminated. */
  hear<Message>(listener: (message: Message) => void): void;
}

/** Starts a worker that executes the body. Rejections and errors are its `error` events. */
export function inWorker<Data>(
  body: (worker: InWorker<Data>) => unknown,
  data: Data,
  resourceLimits: ResourceLimits = {},
): Worker {
  const source = `import { debug, library } from ${JSON.stringify(libraryAndDebug.href)};
    import { parentPort, workerData } from "node:worker_threads";
    const say = (message) => parentPort.postMessage(message);
    const hear = (listener) => parentPort.on("message", (message) => listener(library.receive(message)));
    await (${body})({ library, debug, data: library.receive(workerData), say, hear });`;
  return started(
    new Worker(new URL(`data:text/javascript,${encodeURIComponent(source)}`), { workerData: data, resourceLimits }),
  );
}

/**
 * From the begin: the last message and the exit may come in one turn of the event loop, before a test that awaits the
 * message.
 */
const exits = new WeakMap<Worker, Promise<number>>();

/** A worker whose exit tests wait for. */
export function started(worker: Worker): Worker {
  exits.set(worker, new Promise((resolve) => worker.once("exit", resolve)));
  return worker;
}

export function exit(worker: Worker): Promise<number> {
  const code = exits.get(worker);
  if (!code) throw new Error("Cannot wait for the exit: received a worker that was not passed to started");
  return Promise.race([code, new Promise<never>((_, reject) => worker.once("error", reject))]);
}

export function message<Message>(worker: Worker): Promise<Message> {
  return new Promise((resolve, reject) => worker.once("message", resolve).once("error", reject));
}
