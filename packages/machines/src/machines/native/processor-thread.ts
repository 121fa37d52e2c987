import { Worker } from "node:worker_threads";
import type { Done, RunRequest, ThreadData, ThreadError, ThreadMessage } from "./protocol.js";

/** One processor of the native machine: a worker thread that executes one request at a time. */
export class ProcessorThread {
  readonly processor: number;
  /** Resolves when the thread can take requests: whether it stays on its core. */
  readonly up: Promise<boolean>;
  readonly #worker: Worker;
  #answer: { resolve: (message: ThreadMessage) => void; reject: (reason: Error) => void } | undefined;
  #started: (() => void) | undefined;
  #ended = false;

  constructor(data: ThreadData) {
    this.processor = data.processor;
    // Without the options Node was started with: some are for the main program only, and the thread needs none.
    this.#worker = new Worker(new URL("./thread.js", import.meta.url), { workerData: data, execArgv: [] });
    this.#worker.on("message", (message: ThreadMessage) => this.#receive(message));
    this.#worker.on("error", (error) => this.#end(error));
    this.#worker.on("exit", (code) => this.#end(new Error(`its thread exited with code ${code}`)));
    this.up = this.#nextMessage().then((message) => message.kind === "up" && message.pinned);
  }

  /** Whether the thread has an unanswered request. */
  get running(): boolean {
    return this.#answer !== undefined;
  }

  /** Whether the thread has ended, or is about to. */
  get ended(): boolean {
    return this.#ended;
  }

  /**
   * Executes an entry point; `started` is called if this thread is the one that opens the gate. Rejects with the error
   * that the entry threw. Resolves with undefined when the run was given up before it began.
   */
  async execute(request: RunRequest, started: () => void): Promise<Done | undefined> {
    this.#started = started;
    // Throws where the request cannot be cloned; then there is nothing to wait for.
    this.#worker.postMessage(request);
    const answer = await this.#nextMessage();
    if (answer.kind === "failed") throw revive(answer.error);
    return answer.kind === "done" ? answer : undefined;
  }

  /** Ends the thread wherever it is; an unanswered request rejects. */
  async terminate(): Promise<void> {
    this.#ended = true;
    await this.#worker.terminate();
  }

  #nextMessage(): Promise<ThreadMessage> {
    this.#worker.ref();
    return new Promise((resolve, reject) => {
      this.#answer = { resolve, reject };
    });
  }

  #receive(message: ThreadMessage): void {
    if (message.kind === "started") {
      this.#started?.();
      return;
    }
    this.#worker.unref();
    this.#answer?.resolve(message);
    this.#answer = undefined;
  }

  #end(error: Error): void {
    this.#ended = true;
    this.#answer?.reject(error);
    this.#answer = undefined;
  }
}

function revive({ name, message, stack }: ThreadError): Error {
  const error = new Error(message);
  error.name = name;
  if (stack !== undefined) error.stack = stack;
  return error;
}
