/** The thread that repairs, in browsers: it gets the Web Locks of workers when they are gone. */
import { identityOf, type LibraryKernel } from "../kernel.js";
import type { Memory } from "../memory.js";
import { LIFELINES, lifelineName } from "./browser.js";
import { guardianOf, repair } from "./guardian.js";

/** By the identity of the space. */
const kernels = new Map<string, LibraryKernel>();
const lifelines = new BroadcastChannel(LIFELINES);
const watched = new Set<string>();

/** Waits for the end of every worker that holds its lock by now: before, its lock would be free though it lives. */
function watchAll(): void {
  for (const kernel of kernels.values()) {
    for (let slot = 1; slot <= kernel.workers(); slot++) {
      if (kernel.is_live(slot) === 1 && kernel.is_watchable(slot) === 1) watch(kernel, slot);
    }
  }
}

function watch(kernel: LibraryKernel, slot: number): void {
  const incarnation = kernel.incarnation_of(slot);
  const name = lifelineName(identityOf(kernel), slot, incarnation);
  if (watched.has(name)) return;
  watched.add(name);
  void navigator.locks.request(name, () => {
    watched.delete(name);
    repair(kernel, slot, incarnation);
  });
  lifelines.postMessage(name);
}

lifelines.onmessage = watchAll;

self.onmessage = ({ data }: MessageEvent<Memory>) => {
  const kernel = guardianOf(data);
  kernels.set(identityOf(kernel), kernel);
  watchAll();
};

// It is there: who started it need not start another.
self.postMessage("watching");
