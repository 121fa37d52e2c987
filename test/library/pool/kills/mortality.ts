/** How threads die: mortal.ts. */
export interface Mortality {
  readonly module: WebAssembly.Module;
  /** Bytes of the module that it replaces. */
  readonly length: number;
  readonly seed: number;
  /** Words: lives so far, deaths, whether threads are mortal yet. */
  readonly control: Int32Array;
  /** Lives that do not end, of so many. */
  readonly spared: number;
  /** Binary logarithm of the points that a thread passes at most before it dies; absent: that of pools. */
  readonly mostPointsLog?: number;
  /** Exports from which on points are counted, of a life that dies early, and of others; absent: those of pools. */
  readonly beginnings?: readonly [readonly string[], readonly string[]];
}

export const LIVES = 0;
export const DEATHS = 1;
/** Not before the pool has started: one none of whose workers has ever worked is given up. */
export const ARE_MORTAL = 2;
