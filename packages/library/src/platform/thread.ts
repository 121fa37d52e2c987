/** What a Pool needs of Node or of the browser to have worker threads. */

/** A thread that this one has started. */
export interface Thread {
  post(message: unknown, transfer: readonly object[]): void;
  /** Ends it, whatever it does. */
  terminate(): void;
  /** It has said that it ends, or is dead: where nobody hears of that otherwise, it counts as ended. */
  ends(): void;
  /** The part of the time in which its event loop had something to do, 0 to 1, since the last call; NaN if nobody knows. */
  utilization(): number;
}

/** What the starter of a thread hears of it. */
export interface Heard {
  /** Of something that nobody caught in it; it ends. */
  error(cause: unknown): void;
  /** Of its end, once. The code is undefined in browsers. */
  exit(code: number | undefined): void;
}

export interface Threads {
  /** Starts a thread that executes pool/executor.ts. It does not keep Node alive. */
  start(options: Readonly<Record<string, unknown>>, heard: Heard): Thread;
  /** In such a thread: the first message to it. */
  begin<Message>(): Promise<Message>;
  /** A message that has come already, where one can look; undefined: there is none. */
  receiveNow(port: MessagePort): { readonly message: unknown } | undefined;
  /** The port does not keep Node alive. */
  unref(port: MessagePort): void;
  /** Bytes of this thread's JavaScript heap; 0 if nobody knows. */
  heap(): number;
  /** For people: something has gone wrong of which no call tells. */
  warn(message: string): void;
  /** Ends this thread. */
  exit(code: number): void;
}
