import { identityOf } from "../kernel.js";
import type { Platform } from "../platform.js";
import type { SharedSpace } from "../space.js";

/** The channel on which workers say that they have come. */
export const ARRIVALS = "landspout";

/** The Web Lock that a worker holds as long as it lives. */
export function lifelineName(identity: string, slot: number, incarnation: number): string {
  return `landspout ${identity} ${slot} ${incarnation}`;
}

/**
 * Browsers: each worker holds a Web Lock, which the browser lets go when the worker is gone, however it went; the guardian
 * waits for it.
 */
export function browser(): Platform {
  let guardian: Worker | undefined;
  /** What lets this worker's locks go, by space. */
  const lifelines = new Map<SharedSpace, () => void>();

  return {
    isMainThread: typeof document !== "undefined",
    threadId: 0,
    cores: () => navigator.hardwareConcurrency,
    guard: (memory) => {
      guardian ??= new Worker(new URL("./browser-guardian.js", import.meta.url), { type: "module", name: "landspout" });
      guardian.postMessage(memory);
      return 1;
    },
    attach: async (space) => {
      // With the page all ends, and the space.
      if (typeof document !== "undefined") return;
      const { kernel, slot } = space;
      const name = lifelineName(identityOf(kernel), slot, kernel.incarnation_of(slot));
      await new Promise<void>((watched) => {
        void navigator.locks.request(name, () => {
          watched();
          return new Promise<void>((end) => lifelines.set(space, end));
        });
      });
      kernel.set_watchable(slot);
      const arrivals = new BroadcastChannel(ARRIVALS);
      arrivals.postMessage(slot);
      arrivals.close();
    },
    detach: (space) => {
      lifelines.get(space)?.();
      lifelines.delete(space);
    },
  };
}
