import type { Host, Thread, ThreadListener } from "./host.js";

const GIBIBYTE = 2 ** 30;
/** Where the browser does not say how much memory there is. */
const ASSUMED_MEMORY = 4 * GIBIBYTE;
const ASSUMED_HEAP = GIBIBYTE;
/** Bytes that are made characters at once: they are arguments of a call. */
const AT_ONCE = 8192;

/** What Chromium says beside the standards. */
interface Chromium {
  readonly memory?: { readonly jsHeapSizeLimit: number; readonly usedJSHeapSize: number };
  /** GiB, at most 8. */
  readonly deviceMemory?: number;
}

export const host: Host = {
  node: "",
  cores: () => navigator.hardwareConcurrency,
  load: () => Number.NaN,
  memory: () => {
    const { deviceMemory } = navigator as Chromium;
    return deviceMemory === undefined ? ASSUMED_MEMORY : deviceMemory * GIBIBYTE;
  },
  heap: () => {
    const { memory } = performance as Chromium;
    return {
      left: memory === undefined ? ASSUMED_HEAP : memory.jsHeapSizeLimit - memory.usedJSHeapSize,
      name: "the page's heap",
    };
  },
  turn: () =>
    new Promise((resolve) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        port1.close();
        resolve();
      };
      port2.postMessage(undefined);
    }),
  textOf: (bytes) => {
    let text = "";
    for (let at = 0; at < bytes.length; at += AT_ONCE) {
      text += String.fromCharCode(...bytes.subarray(at, at + AT_ONCE));
    }
    return text;
  },
  compile: (bytes) => new WebAssembly.Module(bytes),
  compileOptimized: (compile) => compile(),
  startSubtreeWorker: (data, listener) => {
    try {
      return start(data, listener);
    } catch {
      // There is no URL in scripts that are no modules; a page that is not isolated cannot pass on shared memory.
      queueMicrotask(listener.onAbsent);
      return { post: () => {}, end: async () => {} };
    }
  },
  serve: <Data, Message, Answer>(
    begin: (data: Data, answer: (message: Answer) => void) => (message: Message) => void,
  ) => {
    let hear: ((message: Message) => void) | undefined;
    self.onmessage = ({ data }) => {
      if (hear === undefined) hear = begin(data, (answer) => self.postMessage(answer));
      else hear(data);
    };
  },
};

function start<Answer>(data: unknown, { onAnswer, onError, onAbsent }: ThreadListener<Answer>): Thread {
  // Bundlers look for these very words.
  const worker = new Worker(new URL("../machines/checked/executions/subtree-worker.js", import.meta.url), {
    type: "module",
    name: "landspout",
  });
  worker.onmessage = ({ data: answer }) => onAnswer(answer);
  // Without a message, it was not loaded.
  worker.onerror = ({ message }) => (message ? onError(new Error(message)) : onAbsent());
  const end = async () => {
    worker.onmessage = worker.onerror = null;
    worker.terminate();
  };
  try {
    worker.postMessage(data);
  } catch (error) {
    void end();
    throw error;
  }
  return { post: (message) => worker.postMessage(message), end };
}
