import { identityOf } from "../kernel.js";
import type { Platform } from "../platform.js";

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
  return {
    isMainThread: typeof document !== "undefined",
    cores: () => navigator.hardwareConcurrency,
    guard: (memory) => {
      guardian ??= new Worker(new URL("./browser-guardian.js", import.meta.url), { type: "module", name: "landspout" });
      guardian.postMessage(memory);
      return 1;
    },
    attach: async ({ kernel, slot }) => {
      // With the page all ends, and the space.
      if (typeof document !== "undefined") return;
      const name = lifelineName(identityOf(kernel), slot, kernel.incarnation_of(slot));
      await new Promise<void>((resolve) => {
        void navigator.locks.request(name, () => {
          resolve();
          return new Promise(() => {});
        });
      });
      kernel.set_watchable(slot);
      const arrivals = new BroadcastChannel(ARRIVALS);
      arrivals.postMessage(slot);
      arrivals.close();
    },
  };
}
