import type { Heard, Thread, Threads } from "./thread.js";

/** Browsers' module workers. Nobody hears of the end of one that ends itself: it says so before. */
export function browserThreads(): Threads {
  function start(options: { readonly name?: string }, { error, exit }: Heard): Thread {
    // Bundlers look for these very words.
    const worker = new Worker(new URL("../pool/executor.js", import.meta.url), {
      type: "module",
      name: options.name ?? "",
    });
    let hasEnded = false;
    const terminate = () => {
      worker.terminate();
      if (hasEnded) return;
      hasEnded = true;
      queueMicrotask(() => exit(undefined));
    };
    worker.onerror = (event) => {
      event.preventDefault();
      error(event.error ?? new Error(event.message || "the script of the pool's workers could not be loaded"));
      terminate();
    };
    return {
      post: (message, transfer) => worker.postMessage(message, transfer as Transferable[]),
      terminate,
      ends: terminate,
      utilization: () => Number.NaN,
    };
  }

  return {
    start,
    begin: () =>
      new Promise((resolve) => {
        globalThis.onmessage = ({ data }: MessageEvent) => {
          globalThis.onmessage = null;
          resolve(data);
        };
      }),
    receiveNow: () => undefined,
    unref: () => {},
    heap: () => 0,
    warn: (message) => console.warn(message),
    exit: () => globalThis.close(),
  };
}
