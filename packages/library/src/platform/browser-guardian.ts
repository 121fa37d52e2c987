/** The thread that repairs, in browsers: it gets the Web Locks of workers when they are gone. */
import { identityOf, type LibraryKernel } from "../kernel.js";
import type { Memory } from "../memory.js";
import { LIFELINES, lifelineName } from "./browser.js";
import { guardianOf, repair } from "./guardian.js";

interface Guarded {
  readonly memory: Memory;
  readonly kernel: LibraryKernel;
}

/** By the identity of the space. */
const spaces = new Map<string, Guarded>();
const lifelines = new BroadcastChannel(LIFELINES);
const watched = new Set<string>();

/** Waits for the end of every worker that holds its lock by now: before, its lock would be free though it lives. */
function watchAll(): void {
  for (const space of spaces.values()) {
    const { kernel } = space;
    for (let slot = 1; slot <= kernel.workers(); slot++) {
      if (kernel.is_live(slot) === 1 && kernel.is_watchable(slot) === 1) watch(space, kernel.incarnation_of(slot));
    }
  }
}

function watch({ memory, kernel }: Guarded, incarnation: number): void {
  const name = lifelineName(identityOf(kernel), incarnation);
  if (watched.has(name)) return;
  watched.add(name);
  void navigator.locks.request(name, () => {
    watched.delete(name);
    repair(memory, incarnation, console.warn);
  });
  lifelines.postMessage(name);
}

lifelines.onmessage = watchAll;

self.onmessage = ({ data: memory }: MessageEvent<Memory>) => {
  const kernel = guardianOf(memory);
  spaces.set(identityOf(kernel), { memory, kernel });
  watchAll();
};

// It is there: who started it need not start another.
self.postMessage("watching");
