/** A worker that waits, in the ways that it is told, and says what became of it. Bundled. */
import { parentPort } from "node:worker_threads";
import { receive, type SharedObject } from "#library/index.js";
import { WAYS } from "./ways.js";

export interface Order {
  /** Of WAYS. */
  readonly way: string;
  readonly objects: Record<string, SharedObject>;
  readonly form: "blocking" | "without blocking";
  /** What ends it: the time, or the signal, after so many milliseconds; absent: it waits for ever. */
  readonly end?: { readonly how: "time" | "signal"; readonly milliseconds: number };
}

/** `waits`: it is about to. */
export type Said = "waits" | "has it" | "gave up" | { readonly failed: string };

async function attempt({ way, objects, form, end }: Order): Promise<Said> {
  const { wait, waitAsync } = WAYS[way]!;
  const { how, milliseconds = Number.POSITIVE_INFINITY } = end ?? {};
  if (form === "blocking") {
    const undo = wait!(objects, milliseconds);
    undo?.();
    return undo ? "has it" : "gave up";
  }
  const controller = new AbortController();
  if (how === "signal") setTimeout(() => controller.abort(new Error("changed my mind")), milliseconds);
  try {
    const limits = how === "signal" ? { signal: controller.signal } : how === "time" ? { timeout: milliseconds } : {};
    (await waitAsync(objects, limits))();
    return "has it";
  } catch (error) {
    const { name, message, stack } = error as Error;
    const isExpected = how === "signal" ? message === "changed my mind" : how === "time" && name === "TimeoutError";
    return isExpected ? "gave up" : { failed: `${stack}` };
  }
}

parentPort!.on("message", async (message) => {
  const order = receive<Order>(message);
  parentPort!.postMessage("waits" satisfies Said);
  parentPort!.postMessage(await attempt(order));
});
