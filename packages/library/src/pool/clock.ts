const ORIGIN = performance.timeOrigin * 1000;

/** Microseconds, 32 bits of them, by one clock for all threads. */
export function microseconds(): number {
  return (ORIGIN + performance.now() * 1000) >>> 0;
}
