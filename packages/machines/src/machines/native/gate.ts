/**
 * The start gate: releases all processors of a run together, so that none measures others' start-up.
 *
 *     | arrived | state |      state: CLOSED -> OPEN by the last to arrive, or -> ABANDONED when one cannot come
 */
const ARRIVED = 0;
const STATE = 1;
const CLOSED = 0;
const OPEN = 1;
const ABANDONED = 2;
/** Looks before sleeping: some tens of microseconds, what a thread needs to wake the others. */
const SPINS = 10_000;

/** A closed gate. */
export function createGate(): SharedArrayBuffer {
  return new SharedArrayBuffer(8);
}

/** Waits for all `processors` to arrive; calls `opened` on the last. False if the run was given up instead. */
export function passGate(gate: SharedArrayBuffer, processors: number, opened: () => void): boolean {
  const words = new Int32Array(gate);
  if (Atomics.add(words, ARRIVED, 1) === processors - 1) {
    if (Atomics.compareExchange(words, STATE, CLOSED, OPEN) !== CLOSED) return false;
    Atomics.notify(words, STATE);
    opened();
    return true;
  }
  for (let spin = 0; spin < SPINS && Atomics.load(words, STATE) === CLOSED; spin++);
  while (Atomics.load(words, STATE) === CLOSED) Atomics.wait(words, STATE, CLOSED);
  return Atomics.load(words, STATE) === OPEN;
}

/** Lets those who wait go without running. */
export function abandonGate(gate: SharedArrayBuffer): void {
  const words = new Int32Array(gate);
  if (Atomics.compareExchange(words, STATE, CLOSED, ABANDONED) === CLOSED) Atomics.notify(words, STATE);
}
