import type { MessagePort as NodePort, Worker as NodeWorker, WorkerOptions } from "node:worker_threads";
import { compressedExecutor } from "./executor-code.js";
import { guardianScript } from "./guardian-script.js";
import type { Heard, Thread, Threads } from "./thread.js";

/** Apart, so that bundlers do not copy the script as it is: what it imports would not be beside it. */
const here = import.meta.url;

/** Node's worker threads: from their file; from a string where a bundler left that out. */
export function nodeThreads(): Threads {
  const module = process.getBuiltinModule("node:worker_threads");

  function create(options: WorkerOptions): NodeWorker {
    const file = scriptFile();
    if (!file) return new module.Worker(guardianScript(executorCode()), { ...options, eval: true });
    // Workers inherit the option, and Node refuses it for files.
    const isRefused = !options.execArgv && process.execArgv.some((option) => option.startsWith("--input-type"));
    if (isRefused) return new module.Worker(`import(${JSON.stringify(file.href)})`, { ...options, eval: true });
    return new module.Worker(file, options);
  }

  function start(options: WorkerOptions, { error, exit }: Heard): Thread {
    const worker = create(options);
    worker.unref();
    worker.on("error", error);
    worker.on("exit", exit);
    let last = worker.performance.eventLoopUtilization();
    return {
      post: (message, transfer) => worker.postMessage(message, transfer as never),
      terminate: () => void worker.terminate(),
      ends: () => {},
      utilization: () => {
        const now = worker.performance.eventLoopUtilization();
        const { utilization } = worker.performance.eventLoopUtilization(now, last);
        last = now;
        return utilization;
      },
    };
  }

  return {
    start,
    begin: () => new Promise((resolve) => module.parentPort!.once("message", resolve)),
    receiveNow: (port) => module.receiveMessageOnPort(port as unknown as NodePort),
    unref: (port) => (port as unknown as NodePort).unref(),
    heap: () => process.getBuiltinModule("node:v8").getHeapStatistics().used_heap_size,
    warn: (message) => process.emitWarning(message, { code: "LANDSPOUT_POOL" }),
    exit: (code) => process.exit(code),
  };
}

/** Takes some two milliseconds: programs that are bundled start a worker less quickly by that, and are 70 kB smaller. */
function executorCode(): string {
  const bytes = Buffer.from(compressedExecutor, "base64");
  return process.getBuiltinModule("node:zlib").brotliDecompressSync(bytes).toString();
}

/** Undefined: it is not there. */
function scriptFile(): URL | undefined {
  try {
    const url = new URL("../pool/executor.js", here);
    return process.getBuiltinModule("node:fs").existsSync(url) ? url : undefined;
  } catch {
    // There is no URL in scripts that are no modules.
    return undefined;
  }
}
