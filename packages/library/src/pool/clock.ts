/** In Node, the global is a getter. */
const { performance: clock } = globalThis;
const ORIGIN = clock.timeOrigin * 1000;

/** Microseconds, 32 bits of them, by one clock for all threads. */
export function microseconds(): number {
  return (ORIGIN + clock.now() * 1000) >>> 0;
}
