/** Threads that serve, one file each. */
import { once } from "node:events";
import { MessageChannel, type MessagePort, Worker } from "node:worker_threads";
import type { Started } from "./peer.js";

/** Resolves when it has said that it serves. */
export async function serverOf(file: string, workerData?: unknown): Promise<Worker> {
  const worker = new Worker(new URL(file, import.meta.url), { workerData });
  await once(worker, "message");
  return worker;
}

/** Servers that serve the ports which they are sent; the callers have the other ends. */
export async function startByPorts(file: string, servers: number, callers: number): Promise<Started> {
  const workers = await Promise.all(Array.from({ length: servers }, () => serverOf(file)));
  const handles = Array.from({ length: callers }, (_, i) => {
    const { port1, port2 } = new MessageChannel();
    const [answers, questions] = [new Int32Array(new SharedArrayBuffer(4)), new Int32Array(new SharedArrayBuffer(4))];
    workers[i % servers]!.postMessage({ port: port1, answers, questions } satisfies Line, [port1]);
    return { handle: { port: port2, answers, questions } satisfies Line, transfer: [port2] };
  });
  return { handles, close: () => endAll(workers) };
}

export interface Line {
  readonly port: MessagePort;
  /** How many answers there were, for who sleeps until there is one. */
  readonly answers: Int32Array;
  /** How many questions, for a server that sleeps until there is one. */
  readonly questions: Int32Array;
}

export async function endAll(workers: readonly Worker[]): Promise<void> {
  await Promise.all(workers.map((worker) => worker.terminate()));
}
