/** Calls back in a later turn of the event loop, so that timers, I/O and a page's events have theirs. */
export const nextTurn: (callback: () => void) => void = globalThis.setImmediate ?? byMessages();

/** In browsers: a timer that a timer set would come 4 ms late. */
function byMessages(): typeof nextTurn {
  const { port1, port2 } = new MessageChannel();
  const callbacks: (() => void)[] = [];
  port1.onmessage = () => callbacks.shift()!();
  return (callback) => {
    callbacks.push(callback);
    port2.postMessage(undefined);
  };
}
