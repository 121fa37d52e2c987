import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { started } from "../library/in-worker.js";

const examples = new URL("../../examples/", import.meta.url);

/** What the body of a worker finds: nothing of the test around it is there. */
export interface WithExample<Module, Data> {
  readonly example: Module;
  /** `workerData`, received. */
  readonly data: Data;
  /** Sends a message to the test. */
  say(message: unknown): void;
}

/** Starts a worker that executes the body with a module of examples/. */
export function withExample<Module, Data>(
  file: string,
  body: (worker: WithExample<Module, Data>) => unknown,
  data: Data,
): Worker {
  const source = `import * as example from ${JSON.stringify(new URL(file, examples))};
    import { receive } from ${JSON.stringify(import.meta.resolve("#library/index.js"))};
    import { parentPort, workerData } from "node:worker_threads";
    const say = (message) => parentPort.postMessage(message);
    await (${body})({ example, data: receive(workerData), say });`;
  return started(new Worker(new URL(`data:text/javascript,${encodeURIComponent(source)}`), { workerData: data }));
}

export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export function start(file: string, ...options: string[]): ChildProcessWithoutNullStreams {
  return startWith([], file, ...options);
}

/** As `start`, with options of Node's own. */
export function startWith(node: string[], file: string, ...options: string[]): ChildProcessWithoutNullStreams {
  return spawn(process.execPath, [...node, fileURLToPath(new URL(file, examples)), ...options]);
}

/** Runs a program of examples/ to its end. */
export function run(file: string, ...options: string[]): Promise<Ended> {
  return ended(start(file, ...options));
}

export function ended(program: ChildProcessWithoutNullStreams): Promise<Ended> {
  let [stdout, stderr] = ["", ""];
  program.stdout.setEncoding("utf8").on("data", (text) => (stdout += text));
  program.stderr.setEncoding("utf8").on("data", (text) => (stderr += text));
  return new Promise((resolve) => program.once("close", (status) => resolve({ status, stdout, stderr })));
}
