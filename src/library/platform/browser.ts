import { identityOf } from "../kernel.js";
import type { Platform } from "../platform.js";
import type { SharedSpace } from "../space.js";

/** The channel on which workers say which lock they hold, and the guardian that it waits for it. */
export const LIFELINES = "landspout";

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

  function start(): Worker {
    // Bundlers look for these very words.
    const worker = new Worker(new URL("./browser-guardian.js", import.meta.url), { type: "module", name: "landspout" });
    worker.onerror = ({ message }) =>
      reportError(
        new Error(`Cannot watch workers: received ${message || "no module"}; expected browser-guardian.js at its URL`),
      );
    return worker;
  }

  return {
    isMainThread: typeof document !== "undefined",
    threadId: 0,
    cores: () => navigator.hardwareConcurrency,
    guard: (memory) => {
      if (!crossOriginIsolated) {
        throw new Error(
          "Cannot make a SharedSpace: received a page that is not isolated; expected the headers Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp",
        );
      }
      guardian ??= start();
      guardian.postMessage(memory);
      return 1;
    },
    attach: async (space) => {
      // With the page all ends, and the space.
      if (typeof document !== "undefined") return;
      const { kernel, slot } = space;
      const name = lifelineName(identityOf(kernel), slot, kernel.incarnation_of(slot));
      const channel = new BroadcastChannel(LIFELINES);
      const watched = new Promise<void>((resolve) => {
        channel.onmessage = ({ data }) => data === name && resolve();
      });
      lifelines.set(space, () => {});
      const letGo = navigator.locks.request(name, () => {
        // It may have been detached while it waited.
        if (!lifelines.has(space)) return;
        kernel.set_watchable(slot);
        channel.postMessage(name);
        return new Promise<void>((end) => lifelines.set(space, end));
      });
      await Promise.race([watched, letGo]);
      channel.close();
    },
    detach: (space) => {
      lifelines.get(space)?.();
      lifelines.delete(space);
    },
  };
}
