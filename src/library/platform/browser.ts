import { identityOf } from "../kernel.js";
import type { Memory } from "../memory.js";
import type { Platform } from "../platform.js";
import type { SharedSpace } from "../space.js";
import { browserGuardian } from "./guardian-code.js";
import { guardianScript } from "./guardian-script.js";

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

  /** What it was told before it said that it is there. */
  let untold: Memory[] | undefined = [];

  /** From its file, which every policy for pages allows; from a string where a bundler left the file out. */
  function start(): Worker {
    try {
      // Bundlers look for these very words.
      const worker = new Worker(new URL("./browser-guardian.js", import.meta.url), {
        type: "module",
        name: "landspout",
      });
      worker.onerror = (event) => {
        // Without a message, it was not loaded.
        if (event.message) report(event.message);
        else restart();
      };
      worker.onmessage = () => {
        untold = undefined;
      };
      return worker;
    } catch {
      // There is no URL in scripts that are no modules.
      return startFromString();
    }
  }

  function restart(): void {
    guardian = startFromString();
    for (const memory of untold ?? []) guardian.postMessage(memory);
  }

  function startFromString(): Worker {
    const url = URL.createObjectURL(new Blob([guardianScript(browserGuardian)], { type: "text/javascript" }));
    const worker = new Worker(url, { name: "landspout" });
    worker.onerror = ({ message }) => report(message || "neither its file nor its script");
    worker.onmessage = () => {
      untold = undefined;
      URL.revokeObjectURL(url);
    };
    return worker;
  }

  function report(received: string): void {
    reportError(
      new Error(
        `Cannot watch workers: received ${received}; expected browser-guardian.js beside the page's script, or a policy for pages that allows worker-src blob:`,
      ),
    );
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
      untold?.push(memory);
      guardian.postMessage(memory);
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
