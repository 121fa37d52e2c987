/** What the machines need of the platform that executes them, beside WebAssembly: of Node, or of a browser. */
export interface Host {
  /** Node's version, without the v; empty in browsers. */
  readonly node: string;
  /** Threads that can run at once. */
  cores(): number;
  /** The operating system's load average of the last minute; NaN in browsers, which do not say it. */
  load(): number;
  /** Bytes of the computer's memory, or of the container's. */
  memory(): number;
  /** What is left of the engine's heap. */
  heap(): Heap;
  /** Lets other work of this thread have its turn. */
  turn(): Promise<void>;
  /** A character for each byte, of the same number. */
  textOf(bytes: Uint8Array): string;
  /** Compiles a module, in a way that executes it as the standard says. */
  compile(bytes: Uint8Array<ArrayBuffer>): WebAssembly.Module;
  /** Lets the engine compile modules by its optimizing compiler alone, where it can be told to. */
  compileOptimized<Compiled>(compile: () => Compiled): Compiled;
  /** Starts a thread of machines/checked/executions/subtree-worker.ts, and gives it what it begins with. */
  startSubtreeWorker<Answer>(data: unknown, listener: ThreadListener<Answer>): Thread;
  /** To be called by such a thread: `begin` gets what it begins with, and what it returns gets each message. */
  serve<Data, Message, Answer>(
    begin: (data: Data, answer: (message: Answer) => void) => (message: Message) => void,
  ): void;
}

export interface Heap {
  /** Bytes that objects which live long may still take. */
  readonly left: number;
  /** What it is, for messages, and how it is enlarged. */
  readonly name: string;
}

export interface Thread {
  post(message: unknown): void;
  /** Ends it, wherever it is; nothing is heard of it any more. */
  end(): Promise<void>;
}

export interface ThreadListener<Answer> {
  onAnswer(answer: Answer): void;
  onError(error: Error): void;
  /** There is no such thread: where it comes from is not to be found, or it cannot be given what it begins with. */
  onAbsent(): void;
}
