/** When a wait that does not block is given up: its time is over, or its signal aborted. */

/** Milliseconds of the longest timer. */
const LONGEST = 2 ** 31 - 1;

/** One listener, however many wait with a signal: a server has one signal for all its requests. */
interface Listening {
  readonly listener: () => void;
  readonly waits: Set<() => void>;
}

const listening = new WeakMap<AbortSignal, Listening>();

/**
 * Calls one of the two, once, unless it is told to forget them before. Not before this has returned, however long the thread
 * is kept from running: who gives up must have begun to wait.
 *
 * @param timeout milliseconds, above 0; Infinity for ever
 * @returns what forgets them
 */
export function giveUpWhen(
  timeout: number,
  signal: AbortSignal | undefined,
  isOver: () => void,
  isAborted: () => void,
): () => void {
  const end = performance.now() + timeout;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const lookIn = (left: number) => {
    timer = setTimeout(look, Math.min(left, LONGEST));
  };
  const look = () => {
    const left = end - performance.now();
    if (left > 0) lookIn(left);
    else isOver();
  };
  // First: a signal that is none of the platform's may throw.
  if (signal) listen(signal, isAborted);
  if (timeout !== Number.POSITIVE_INFINITY) lookIn(timeout);
  return () => {
    clearTimeout(timer);
    if (signal) forget(signal, isAborted);
  };
}

function listen(signal: AbortSignal, isAborted: () => void): void {
  let those = listening.get(signal);
  if (!those) {
    const waits = new Set<() => void>();
    const listener = () => {
      for (const wait of waits) wait();
    };
    those = { listener, waits };
    listening.set(signal, those);
  }
  if (those.waits.size === 0) signal.addEventListener("abort", those.listener);
  those.waits.add(isAborted);
}

function forget(signal: AbortSignal, isAborted: () => void): void {
  const { waits, listener } = listening.get(signal)!;
  waits.delete(isAborted);
  if (waits.size === 0) signal.removeEventListener("abort", listener);
}
