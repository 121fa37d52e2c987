/** In Node, the global is a getter. */
const { performance: clock } = globalThis;
const ORIGIN = clock.timeOrigin;

/** Milliseconds, by one clock for all threads. */
export function milliseconds(): number {
  return ORIGIN + clock.now();
}

/** Microseconds, 32 bits of them, by the same clock. */
export function microseconds(): number {
  return (milliseconds() * 1000) >>> 0;
}
