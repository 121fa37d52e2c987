import { identityOf } from "../kernel.js";
import type { Memory } from "../memory.js";
import type { Lifeline, Platform, WatchedSpace } from "../platform.js";
import { browserGuardian } from "./guardian-code.js";
import { guardianScript } from "./guardian-script.js";

/** The channel on which workers say which lock they hold, and the guardian that it waits for it. */
export const LIFELINES = "landspout";

/** The Web Lock that a worker holds as long as it lives. */
export function lifelineName(identity: string, incarnation: number): string {
  return `landspout ${identity} ${incarnation}`;
}

/**
 * Browsers: each worker holds a Web Lock, which the browser lets go when the worker is gone, however it went; the guardian
 * waits for it.
 */
export function browser(): Platform {
  let guardian: Worker | undefined;
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
        `Cannot watch workers: received ${received}; expected browser-guardian.js beside the page's script, or a Content-Security-Policy with worker-src blob:`,
      ),
    );
  }

  return {
    isMainThread: typeof document !== "undefined",
    threadId: 0,
    cores: () => navigator.hardwareConcurrency,
    guard: ({ memory }) => {
      if (!crossOriginIsolated) {
        throw new Error(
          "Cannot make a SharedSpace: received a page that is not isolated; expected the headers Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp",
        );
      }
      guardian ??= start();
      untold?.push(memory);
      guardian.postMessage(memory);
    },
    // With the page all ends, and the space.
    watch: (space, incarnation) => (typeof document === "undefined" ? hold(space, incarnation) : UNWATCHED),
  };
}

const UNWATCHED: Lifeline = { guarded: Promise.resolve(), end: () => {} };

/** Holds the Web Lock of an incarnation. It gets it at its first return to the event loop, when it has a slot. */
function hold(space: WatchedSpace, incarnation: number): Lifeline {
  const { kernel } = space;
  const name = lifelineName(identityOf(kernel), incarnation);
  const channel = new BroadcastChannel(LIFELINES);
  const watched = new Promise<void>((resolve) => {
    channel.onmessage = ({ data }) => data === name && resolve();
  });
  let hasEnded = false;
  let letGo = () => {};
  const held = navigator.locks.request(name, () => {
    if (hasEnded) return;
    kernel.set_watchable(space.slot);
    channel.postMessage(name);
    return new Promise<void>((resolve) => {
      letGo = resolve;
    });
  });
  const end = () => {
    hasEnded = true;
    letGo();
  };
  return { guarded: Promise.race([watched, held]).then(() => channel.close()), end };
}
