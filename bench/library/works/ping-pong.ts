/**
 * Two parties take turns: each waits on the condition until it is its turn, gives the turn to the other, and notifies.
 */
import type { Monitor } from "../peer.js";
import { type Enlist, PROTECTED, type Report, STOP } from "../work.js";

/** The turn after which nobody has one. */
const OVER = 2;

export const pingPong: Enlist = (peer, { handle, party, words }) => {
  const monitor = peer.monitor!.attach(handle as never);
  return () => play(monitor, words, party);
};

function play(monitor: Monitor, words: Int32Array, me: number): Report {
  let operations = 0;
  for (;;) {
    monitor.acquire();
    while (words[PROTECTED] !== me && words[PROTECTED] !== OVER) monitor.wait();
    const over = words[PROTECTED] === OVER;
    const stop = over || Atomics.load(words, STOP) === 1;
    words[PROTECTED] = stop ? OVER : 1 - me;
    if (!over) monitor.notify();
    monitor.release();
    if (stop) return { operations };
    operations++;
  }
}
