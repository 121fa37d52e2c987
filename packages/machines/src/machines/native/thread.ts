/** The entry file of a thread that is one processor of the native machine. */
import { parentPort, workerData } from "node:worker_threads";
import { type MachineModule, WITHOUT_MESSAGES } from "../../program/instructions.js";
import { failureName, importsOf } from "../../program/program.js";
import { giveStack, type Instance } from "../../program/stacks.js";
import type { Result } from "../machine.js";
import { passGate } from "./gate.js";
import { pinThread } from "./pinning.js";
import type { RunRequest, ThreadData, ThreadError, ThreadMessage } from "./protocol.js";

const port = parentPort!;
const { processor, core, instructions } = workerData as ThreadData;
const native = new WebAssembly.Instance(instructions).exports as unknown as Omit<
  MachineModule,
  "clock" | "counter" | "fail" | keyof typeof WITHOUT_MESSAGES
> & { configure(processor: number, processors: number): void };
/** `Atomics.pause` exists from V8 13 on; without it a waiting loop has nothing cheap to do. */
const pause = (Atomics as { pause?: () => void }).pause ?? native.pause;

/** Nanoseconds since the machine's epoch, from the cheap clock of this thread, whose own zero is the thread's start. */
function clockSince(epoch: bigint): () => number {
  const offset = Number(process.hrtime.bigint() - epoch) - performance.now() * 1e6;
  return () => performance.now() * 1e6 + offset;
}

function execute(request: RunRequest): ThreadMessage {
  native.configure(processor, request.processors);
  const imported = request.memory ?? new WebAssembly.Memory(request.memoryType);
  const instance: WebAssembly.Instance = new WebAssembly.Instance(
    request.module,
    importsOf(request.memoryType, imported, {
      ...native,
      ...WITHOUT_MESSAGES,
      pause,
      clock: clockSince(request.epoch),
      counter: () => 0,
      fail: (reason: number) => {
        throw new Error(`The program failed: ${failureName(instance, reason)}`);
      },
    }),
  );
  const entry = instance.exports[request.entry];
  if (typeof entry !== "function") throw new Error(`received no function "${request.entry}"; expected an exported one`);
  giveStack(exportsOf(instance), processor, request.processors);
  const opened = () => port.postMessage({ kind: "started" } satisfies ThreadMessage);
  if (!passGate(request.gate, request.processors, opened)) return { kind: "abandoned" };
  const begin = performance.now();
  const result: Result = entry(...request.arguments);
  const nanoseconds = (performance.now() - begin) * 1e6;
  const own = request.memoryType.imported ? imported : exportedMemory(instance);
  const contents = request.memory || !own ? undefined : new Uint8Array(own.buffer).slice();
  return { kind: "done", result, nanoseconds, contents };
}

function exportsOf({ exports }: WebAssembly.Instance): Instance {
  return {
    get(name) {
      const global = exports[name];
      return global instanceof WebAssembly.Global ? global.value >>> 0 : undefined;
    },
    set(name, value) {
      (exports[name] as WebAssembly.Global).value = value;
    },
    call(name, argument) {
      const function_ = exports[name];
      if (typeof function_ !== "function") return false;
      function_(argument);
      return true;
    },
  };
}

function exportedMemory({ exports }: WebAssembly.Instance): WebAssembly.Memory | undefined {
  return Object.values(exports).find((value) => value instanceof WebAssembly.Memory);
}

function describe(error: unknown): ThreadError {
  if (!(error instanceof Error)) return { name: "Error", message: String(error), stack: undefined };
  return { name: error.name, message: error.message, stack: error.stack };
}

port.on("message", (request: RunRequest) => {
  let answer: ThreadMessage;
  try {
    answer = execute(request);
  } catch (error) {
    answer = { kind: "failed", error: describe(error) };
  }
  port.postMessage(answer);
});

port.postMessage({ kind: "up", pinned: core !== undefined && pinThread(core) } satisfies ThreadMessage);
