/** The thread that repairs: it sees the lifelines of workers close. Started by the thread that makes spaces. */
import { parentPort } from "node:worker_threads";
import { identityOf, instantiate, type LibraryKernel } from "./kernel.js";
import type { Lifeline } from "./platform.js";

const kernels = new Map<string, LibraryKernel>();

function kernelOf(memory: WebAssembly.Memory): LibraryKernel {
  const kernel = instantiate(memory);
  const identity = identityOf(kernel);
  const known = kernels.get(identity);
  if (known) return known;
  kernel.enter_as(kernel.workers() + 1);
  kernels.set(identity, kernel);
  return kernel;
}

process.on("workerMessage", ({ memory, slot, incarnation, port }: Lifeline) => {
  const kernel = kernelOf(memory);
  port.once("close", () => {
    // Who ended in good order left nothing, and another may have its slot.
    if (kernel.is_live(slot) === 1 && kernel.incarnation_of(slot) === incarnation) kernel.repair(slot);
  });
  port.unref();
});

// Keeps this thread alive, which is unreferenced where it was started.
parentPort!.on("message", () => {});
