import { availableParallelism, loadavg, totalmem } from "node:os";
import { setImmediate } from "node:timers/promises";
import { getHeapStatistics, setFlagsFromString } from "node:v8";
import { parentPort, Worker, workerData } from "node:worker_threads";
import type { Host } from "./host.js";

const MEBIBYTE = 2 ** 20;
const V8 = Number.parseInt(process.versions.v8, 10);
/** Of V8's heap, what only young objects may take: what is kept is not young. V8 does not say it. */
const YOUNG = (V8 >= 13 ? 192 : 48) * MEBIBYTE;
/** Where the limit of both together was made small: most of it is taken to be for the young. */
const SHARE_OF_YOUNG = 0.75;

/** V8's features, all on by default. */
const OFF_WHILE_COMPILING = ["liftoff", "wasm-lazy-compilation"];
if (Number.parseInt(process.versions.node, 10) >= 25) OFF_WHILE_COMPILING.push("wasm-inlining");

/** The first bytes of memory.atomic.wait32 and of wait64. */
const WAITS = [
  [0xfe, 0x01],
  [0xfe, 0x02],
].map((opcode) => Buffer.from(opcode));

/**
 * Whether V8's baseline compiler translates the module wrongly: until version 12, that is in Node 20, a wait overwrites
 * a local variable. Bytes that only look like a wait may say so, too.
 */
function baselineFails({ buffer, byteOffset, byteLength }: Uint8Array<ArrayBuffer>): boolean {
  const bytes = Buffer.from(buffer, byteOffset, byteLength);
  return V8 < 12 && WAITS.some((wait) => bytes.includes(wait));
}

/**
 * V8's flags are the process's: the baseline compiler and lazy compilation are off while this compiles, and on
 * afterwards. So is inlining from Node 25 on, whose optimizing compiler aborts if nothing ran before that says what to
 * inline.
 */
function compileOptimized<Compiled>(compile: () => Compiled): Compiled {
  for (const feature of OFF_WHILE_COMPILING) setFlagsFromString(`--no-${feature}`);
  try {
    return compile();
  } finally {
    for (const feature of OFF_WHILE_COMPILING) setFlagsFromString(`--${feature}`);
  }
}

export const host: Host = {
  node: process.versions.node,
  cores: availableParallelism,
  load: () => loadavg()[0]!,
  // 0, or more than there is, where nothing constrains the process.
  memory: () => Math.min(totalmem(), process.constrainedMemory?.() || Number.POSITIVE_INFINITY),
  heap: () => {
    const { heap_size_limit: most, used_heap_size: used } = getHeapStatistics();
    return {
      left: most - Math.min(YOUNG, SHARE_OF_YOUNG * most) - used,
      name: "V8's heap (NODE_OPTIONS=--max-old-space-size=MIB enlarges it)",
    };
  },
  turn: () => setImmediate(),
  textOf: ({ buffer, byteOffset, byteLength }) => Buffer.from(buffer, byteOffset, byteLength).toString("latin1"),
  compile: (bytes) => {
    const compile = () => new WebAssembly.Module(bytes);
    return baselineFails(bytes) ? compileOptimized(compile) : compile();
  },
  compileOptimized,
  startSubtreeWorker: (data, { onAnswer, onError }) => {
    const file = new URL("../machines/checked/executions/subtree-worker.js", import.meta.url);
    const worker = new Worker(file, { workerData: data });
    worker.on("message", onAnswer).on("error", onError);
    return {
      post: (message) => worker.postMessage(message),
      end: async () => {
        worker.removeAllListeners();
        await worker.terminate();
      },
    };
  },
  serve: (begin) => {
    parentPort!.on(
      "message",
      begin(workerData, (answer) => parentPort!.postMessage(answer)),
    );
  },
};
